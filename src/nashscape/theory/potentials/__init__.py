"""Potentials of games: whether there is one, and how much of a game is one."""
