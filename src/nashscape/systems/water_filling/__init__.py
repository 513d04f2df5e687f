"""Iterative water-filling: power control over shared carriers."""
