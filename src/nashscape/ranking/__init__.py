"""Who is better, and how sure that is: rankings of players from the results of their matches, without JAX."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
