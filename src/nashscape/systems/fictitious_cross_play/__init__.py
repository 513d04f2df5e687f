"""Fictitious cross-play: equilibria of teams that self-play does not find."""
