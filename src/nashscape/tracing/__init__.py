"""Programs written out entry by entry, bounds of what they compute, and compiled ones that are kept."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
