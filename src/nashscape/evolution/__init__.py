"""What evolution does in finite populations: who takes over, and what is left where mutants go on coming."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
