"""Which targets a map looks for when nobody names them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.dynamics import THRESHOLD, Target, as_target
from nashscape.games import DenseGame
from nashscape.theory import pure_equilibria

MOST = 100
"""Targets that labels have codes for."""


def choose_targets(game: DenseGame, targets: Any, threshold: float = THRESHOLD) -> tuple[Target, ...]:
    """The named targets, or all strict pure equilibria, the one with the largest total payoff first.

    The first target is the one that first-hit times refer to.

    >>> from nashscape import games
    >>> [target.name for target in choose_targets(games.stag_hunt(), None)]
    ['CC', 'DD']

    Raises:
        InputError: for a target that is not a profile of the game, or one that is named twice.
    """
    if targets is None:
        # strict by more than rounding
        least = 1e-9 * float(np.ptp(game.payoffs))
        strict = [equilibrium for equilibrium in pure_equilibria(game) if equilibrium.margin > least]
        strict.sort(key=lambda equilibrium: -float(sum(equilibrium.payoffs)))
        if len(strict) > MOST:
            raise InputError(f"{game.name} has {len(strict)} strict pure equilibria; name at most {MOST} targets")
        return tuple(as_target(game, equilibrium.profile, threshold) for equilibrium in strict)
    if isinstance(targets, str | Target) or (isinstance(targets, tuple) and not _are_profiles(game, targets)):
        targets = [targets]
    chosen = tuple(as_target(game, target, threshold) for target in targets)
    if len(chosen) > MOST:
        raise InputError(f"at most {MOST} targets can be told apart; got {len(chosen)}")
    if len({target.profile for target in chosen}) < len(chosen):
        raise InputError(f"a target is named twice: {', '.join(target.name for target in chosen)}")
    return chosen


def _are_profiles(game: DenseGame, targets: Sequence[Any]) -> bool:
    """Whether a tuple lists targets, rather than being one profile such as ("C", "D")."""
    try:
        game.profile(targets)
    except InputError:
        return True
    return False
