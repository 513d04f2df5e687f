"""Pruning as a game: neurons that choose how far they participate."""
