"""Strategic coopetition: interdependence and complementarity."""
