"""A small lattice dilemma as a Markov game, whose states are what all did last."""

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.games.forms.markov_construction import markov
from nashscape.games.forms.markov_game import MarkovGame

Floats = npt.NDArray[np.float64]

MOST_STATES = 128
"""Transitions are written out: of so many states they take 16 MB."""


def joint_actions(count: int, players: int) -> npt.NDArray[np.int32] | None:
    """All that players may do together, `[count^players, players]`; None where that is more than `MOST_STATES`.

    >>> joint_actions(2, 2).tolist(), joint_actions(2, 9)
    ([[0, 0], [0, 1], [1, 0], [1, 1]], None)
    """
    if players > np.log(MOST_STATES) / np.log(count) + 1e-9:
        return None
    return np.array(list(product(range(count), repeat=players)), np.int32)


def markov_game(env: Any) -> MarkovGame | None:
    """The same game without end, from a state that is drawn evenly; None where there are too many."""
    payoffs, neighbours = np.asarray(env.payoffs, float), np.asarray(env.neighbours)
    players, count = len(neighbours), len(payoffs)
    every = joint_actions(count, players)
    if every is None:
        return None
    stage = np.zeros((players, *(count,) * players))
    for joint in every:
        for i, (own, share) in enumerate(zip(neighbours, np.asarray(env.shares, float), strict=True)):
            stage[i][tuple(joint)] = share * sum(payoffs[joint[i], joint[j]] for j in own if j < players)
    onward = np.eye(len(every)).reshape(*stage.shape[1:], len(every))
    moves = np.broadcast_to(onward, (len(every), *onward.shape))
    names = tuple(env.actions) or tuple(map(str, range(count)))
    return markov(
        stage[:, None], moves, discount=float(env.discount), initial=np.full(len(every), 1 / len(every)),
        actions=[names] * players, players=env.players, name=env.name,
        states=[" ".join(names[a] for a in joint) for joint in every],
    )  # fmt: skip
