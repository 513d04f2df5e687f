"""Which equilibrium is reached: basin maps, separatrices, entry probabilities, comparisons, alignment, handoffs."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
