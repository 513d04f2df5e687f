"""Running rules: single trajectories, and many starts in one compiled program."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
