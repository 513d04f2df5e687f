"""Pictures of results: Matplotlib figures that need no display, no global state and no colour vision.

`result.plot()` and `draw` find the function by the name that the result's class carries, `picture`; they are loaded
when they are first used.
"""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
