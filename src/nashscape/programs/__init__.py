"""Programs that read each other: agents who search for proofs, who simulate, who compare texts; their games."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
