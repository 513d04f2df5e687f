"""Equilibria of games in which players know their own types alone."""
