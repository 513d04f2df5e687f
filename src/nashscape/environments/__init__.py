"""Games that are played round by round, as environments of other libraries: PettingZoo and Gymnasium."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
