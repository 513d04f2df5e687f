"""What can be said about a game without simulating it: best responses, regret, equilibria."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
