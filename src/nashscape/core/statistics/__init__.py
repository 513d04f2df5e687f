"""Intervals and tests: how well something is known that was sampled."""
