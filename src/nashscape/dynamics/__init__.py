"""Running rules: single trajectories, and many starts in one compiled program."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
