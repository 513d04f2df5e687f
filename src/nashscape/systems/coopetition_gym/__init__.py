"""Coopetition-Gym: mixed-motive environments whose rewards are apart from payoffs."""
