"""What is played: finite games, their mixed profiles, and the games that have names."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
