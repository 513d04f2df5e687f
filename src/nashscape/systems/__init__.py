"""Published systems: a card each, with every claim and whether it holds here, and a study that computes them again.

Names are loaded when they are first used: reading cards imports no JAX.
"""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
