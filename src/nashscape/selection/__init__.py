"""Which equilibrium is reached: basin maps, separatrices, entry probabilities, comparisons, alignment, handoffs."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
