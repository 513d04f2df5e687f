"""Bounds of fields and of updates over whole boxes of parameters, rounded outwards."""
