"""Orchards: grid worlds in which players take apples, Harvest and Cleanup."""
