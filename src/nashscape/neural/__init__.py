"""Policies that are networks, what they are trained by, and what is remembered for it."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
