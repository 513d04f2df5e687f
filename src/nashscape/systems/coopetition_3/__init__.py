"""Strategic coopetition: collective action and loyalty."""
