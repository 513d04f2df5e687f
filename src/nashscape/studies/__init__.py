"""Declared experiments: what is varied, what is measured, how results are kept.

Names are loaded when they are first used: what keeps results needs no JAX, and processes that work on items import what
these need, and no more.
"""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
