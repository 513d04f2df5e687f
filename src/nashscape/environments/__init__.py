"""Games that are played round by round, as environments of other libraries: PettingZoo and Gymnasium."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
