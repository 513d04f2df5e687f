"""Pictures of results: Matplotlib figures that need no display, no global state and no colour vision.

`result.plot()` and `draw` find the function by the name that the result's class carries, `picture`; they are loaded
when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
