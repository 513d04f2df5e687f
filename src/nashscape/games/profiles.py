"""Mixed strategies as people write them, checked against a game."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, distribution, probability
from nashscape.games.protocol import Game


def mixed_profile(game: Game, strategies: Sequence[Any]) -> tuple[npt.NDArray[np.float64], ...]:
    """One mixed strategy per player as float64 arrays of shape [a_i], each with sum one.

    A strategy is an array of a_i probabilities, or for a player with two actions the probability of the first
    one. Sums within 1e-6 of one are accepted and made exact.

    >>> from nashscape import games
    >>> games.mixed_profile(games.stag_hunt(), [0.25, [0.5, 0.5]])
    (array([0.25, 0.75]), array([0.5, 0.5]))

    Raises `InputError` for a wrong number of strategies or of probabilities, and for probabilities which are
    negative, not finite or do not sum to one.
    """
    entries = list(strategies) if hasattr(strategies, "__iter__") else None
    if entries is None or isinstance(strategies, str) or len(entries) != len(game.players):
        got = "no list of strategies" if entries is None or isinstance(strategies, str) else f"{len(entries)}"
        raise InputError(f"{game.name} needs {len(game.players)} strategies, one per player; got {got}")
    return tuple(
        _mixed_strategy(entry, f"the strategy of {player}", len(names))
        for entry, player, names in zip(entries, game.players, game.actions, strict=True)
    )


def _mixed_strategy(entry: Any, name: str, size: int) -> npt.NDArray[np.float64]:
    if not isinstance(entry, Sequence) and np.ndim(entry) == 0 and size == 2:
        first = probability(entry, name)
        return np.array([first, 1.0 - first])
    return distribution(entry, name, size)
