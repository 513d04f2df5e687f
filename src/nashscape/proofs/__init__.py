"""What is proved of learners: enclosures of their updates, and certificates of where starts end."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
