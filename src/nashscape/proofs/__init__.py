"""What is proved of learners: enclosures of their updates, and certificates of where starts end."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
