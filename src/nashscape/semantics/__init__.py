"""How parameters become strategies, and games whose players choose parameters."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
