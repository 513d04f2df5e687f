"""Reports: one self-contained HTML page with text, figures, tables, and where the numbers come from."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
