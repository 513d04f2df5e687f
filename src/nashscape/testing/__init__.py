"""Conformance kits: what every game, semantics, rule, estimator, schedule and result must do, as this library's own do.

    from nashscape.testing import check_game
    check_game(MyGame())           # AssertionError or InputError, in words, where it does not

They look at random places and at what follows from the definitions; they do not know what a game is meant to be.
"""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
