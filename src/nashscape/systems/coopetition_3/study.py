"""The published configurations of teams, as data."""

PRODUCTIVITIES = (10.0, 15.0, 20.0, 25.0, 30.0)
ELASTICITIES = (0.4, 0.45, 0.5, 0.55, 0.6)
COSTS = (1.5, 2.0, 2.5, 3.0, 3.5)
SIZES = (3, 4, 5, 6, 8)
LOYALTIES = (0.0, 0.3, 0.5, 0.7, 0.9)
"""The 3,125 published configurations, of which efforts are between LOW and HIGH."""
LOW, HIGH = 0.01, 50.0

UNEVEN = (0.2, 0.5, 0.5, 0.1)
"""Loyalties of which two are the largest."""
