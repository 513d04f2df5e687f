"""Mixed strategies as people write them, checked against a game."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, distribution, probability
from nashscape.core.calls import public
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.offers import has_tree
from nashscape.games.protocol import GameLike


@public()
def mixed_profile(game: "GameLike", strategies: Sequence[Any]) -> tuple[npt.NDArray[np.float64], ...]:
    """One mixed strategy per player as float64 arrays of shape [a_i], or [S, a_i] over S states, each row with sum one.

    A strategy is an array of a_i probabilities, or for a player with two actions the probability of the first
    one. In a game over states it is a list of these, one per state; one number stands for the same in every state.
    Sums within 1e-6 of one are accepted and made exact.

    >>> from nashscape import games
    >>> games.mixed_profile(games.stag_hunt(), [0.25, [0.5, 0.5]])
    (array([0.25, 0.75]), array([0.5, 0.5]))

    Raises `InputError` for a wrong number of strategies or of probabilities, and for probabilities which are
    negative, not finite or do not sum to one.
    """
    given = as_game(game)
    shapes = given.strategy_shapes
    entries = list(strategies) if hasattr(strategies, "__iter__") else None
    if entries is None or isinstance(strategies, str) or len(entries) != len(given.players):
        got = "no list of strategies" if entries is None or isinstance(strategies, str) else f"{len(entries)}"
        raise InputError(f"{given.name} needs {len(given.players)} strategies, one per player; got {got}")
    made = tuple(
        _strategy(entry, f"the strategy of {player}", shape)
        for entry, player, shape in zip(entries, given.players, shapes, strict=True)
    )
    for player, own, mask in zip(given.players, made, legal_actions(given), strict=True):
        if (own[~mask] > 0).any():
            row, action = np.argwhere(~mask & (own > 0))[0]
            raise InputError(f"the strategy of {player} in row {row} gives action {action} a probability, which is not "
                             "there; `legal` says which actions a row has")  # fmt: skip
    return made


def legal_actions(game: Any) -> tuple[npt.NDArray[np.bool_], ...]:
    """Which entries of each player's strategy are actions that there are: all, but in games in extensive form."""
    if has_tree(game):
        return game.legal
    return tuple(np.ones(shape, bool) for shape in game.strategy_shapes)


def _strategy(entry: Any, name: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    if len(shape) == 1:
        return _mixed_strategy(entry, name, shape[0])
    if np.ndim(entry) == 0 and shape[1] == 2:
        return np.tile(_mixed_strategy(entry, name, shape[1]), (shape[0], 1))
    rows = list(entry) if hasattr(entry, "__iter__") else []
    if len(rows) != shape[0]:
        raise InputError(
            f"{name} needs a mixed strategy for each of {shape[0]} states; got {len(rows) if rows else repr(entry)}"
        )
    return np.stack([_mixed_strategy(row, f"{name} in state {s}", shape[1]) for s, row in enumerate(rows)])


def _mixed_strategy(entry: Any, name: str, size: int) -> npt.NDArray[np.float64]:
    if not isinstance(entry, Sequence) and np.ndim(entry) == 0 and size == 2:
        first = probability(entry, name)
        return np.array([first, 1.0 - first])
    return distribution(entry, name, size)
