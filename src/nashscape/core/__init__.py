"""What every floor of the library stands on: input checks, outcome codes, estimates, provenance, results, options.

Nothing imported here knows what a game is, and nothing imported here loads JAX or SciPy. Names are loaded when they are
first used: help texts need the table of options, and not NumPy.
"""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
