"""Reports: one self-contained HTML page with text, figures, tables, and where the numbers come from."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
