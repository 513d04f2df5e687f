"""What can be said about a game without simulating it: best responses, regret, equilibria."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
