"""Differential games with one-sided information: what the informed player conceals, and until when."""
