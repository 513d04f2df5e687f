"""Programs written out entry by entry, bounds of what they compute, and compiled ones that are kept."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
