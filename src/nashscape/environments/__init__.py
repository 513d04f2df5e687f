"""Games that are played round by round: environments of ours and of other libraries, and games as theirs."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
