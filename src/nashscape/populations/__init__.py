"""Pools of strategies, what grows them, and which equilibrium that leads to."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
