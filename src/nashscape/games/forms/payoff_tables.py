"""The numbers that a game's payoffs are kept as, whatever its form, and the game without one constant per player."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.games.forms.anonymous_game import AnonymousGame
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.markov_game import MarkovGame
from nashscape.games.forms.polymatrix_game import PolymatrixGame

Floats = npt.NDArray[np.float64]
Change = Callable[[Floats], Floats]


def payoff_tables(game: Any) -> list[list[Floats]] | None:
    """For every player the tables `[own actions, …]` whose sum is its payoff; None for a game not kept as payoffs.

    Entries of one column are what a change of the own action chooses between.

    >>> from nashscape import games
    >>> [own[0].tolist() for own in payoff_tables(games.stag_hunt())]
    [[[4.0, 0.0], [3.0, 2.0]], [[4.0, 0.0], [3.0, 2.0]]]
    """
    if isinstance(game, DenseGame):
        return [[_own_first(own, i)] for i, own in enumerate(np.asarray(game.payoffs))]
    if isinstance(game, MarkovGame):
        return [[_own_first(own, 1 + i)] for i, own in enumerate(np.asarray(game.payoffs))]
    if isinstance(game, AnonymousGame):
        known = np.indices(game.by_count.shape[2:]).sum(axis=0) < game.n_players
        return [[np.asarray(own)[:, known]] for own in game.by_count]
    if isinstance(game, PolymatrixGame):
        own, together, spans = np.asarray(game.own), np.asarray(game.interactions), _spans(game.sizes)
        return [[own[mine, None], *(together[mine, other] for other in spans if other != mine)] for mine in spans]
    return None


def _spans(sizes: Sequence[int]) -> list[slice]:
    """Where each player's actions lie among those of all."""
    return [slice(int(end) - size, int(end)) for size, end in zip(sizes, np.cumsum(sizes), strict=True)]


def _own_first(payoffs: Floats, axis: int) -> Floats:
    return np.moveaxis(payoffs, axis, 0).reshape(payoffs.shape[axis], -1)


def changed(game: Any, changes: Sequence[Sequence[Change]]) -> Any:
    """The game with every number of every table changed by a function of its own: `changes` is like the tables."""
    if isinstance(game, DenseGame | MarkovGame):
        made = [change(own) for own, [change] in zip(np.asarray(game.payoffs), changes, strict=True)]
        return dataclasses.replace(game, payoffs=np.stack(made))
    if isinstance(game, AnonymousGame):
        made = [change(own) for own, [change] in zip(np.asarray(game.by_count), changes, strict=True)]
        return dataclasses.replace(game, by_count=np.stack(made))
    own, together = np.array(game.own), np.array(game.interactions)
    spans = _spans(game.sizes)
    for mine, [first, *rest] in zip(spans, changes, strict=True):
        own[mine] = first(own[mine])
        for other, change in zip([other for other in spans if other != mine], rest, strict=True):
            together[mine, other] = change(together[mine, other])
    return dataclasses.replace(game, own=own, interactions=together)
