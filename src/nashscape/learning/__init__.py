"""Learning rules: the terms, where they come from, how they become updates."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
