"""Strategic coopetition: sequential interaction and reciprocity."""
