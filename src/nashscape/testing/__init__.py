"""Conformance kits: what every game, semantics, rule, estimator, schedule and result must do, as this library's own do.

    from nashscape.testing import check_game
    check_game(MyGame())           # AssertionError or InputError, in words, where it does not

They look at random places and at what follows from the definitions; they do not know what a game is meant to be.
"""

from nashscape.testing.estimators import check_estimator
from nashscape.testing.games import check_game
from nashscape.testing.packages import check_package
from nashscape.testing.results import check_result
from nashscape.testing.rules import check_rule
from nashscape.testing.schedules import check_schedule
from nashscape.testing.semantics import check_semantics

__all__ = [
    "check_estimator", "check_game", "check_package", "check_result", "check_rule", "check_schedule", "check_semantics",
]  # fmt: skip
