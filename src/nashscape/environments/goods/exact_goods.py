"""A public good over time as a Markov game over what has been given; chance has a part in the last payment alone."""

from itertools import product
from typing import Any, NamedTuple

import numpy as np

from nashscape.games.forms.markov_game import MarkovGame

MOST_MOVES = 2**22
"""States times joint actions of games that are written out."""


class PotState(NamedTuple):
    """What each has given, in units; the rounds that were played; whether it is all over."""

    given: tuple[int, ...]
    played: int
    over: bool


def listed(goods: Any) -> list[PotState] | None:
    """All states that can come about, the first one first and the end last; None where they are too many."""
    gifts, n = [int(own) for own in goods.gifts], goods.size
    joint, sums = float(len(gifts)) ** n, {0}
    found: list[PotState] = []
    for played in range(goods.rounds):
        if (len(found) + float(len(sums)) ** n) * joint * n > MOST_MOVES:
            return None
        found += [PotState(given, played, False) for given in product(sorted(sums), repeat=n)]
        sums = {one + own for one in sums for own in gifts}
    return [*found, PotState((0,) * n, 0, True)]


def markov_game(goods: Any) -> MarkovGame | None:
    """The game over all states; None where they are too many."""
    states = listed(goods)
    if states is None:
        return None
    gifts, n, unit = np.array(goods.gifts, int), goods.size, float(goods.unit)
    profiles = np.array(list(product(range(len(gifts)), repeat=n)))
    number = {state: k for k, state in enumerate(states)}
    over = len(states) - 1
    payoffs = np.zeros((n, len(states), len(profiles)))
    successors = []
    for k, state in enumerate(states):
        if state.over:
            successors.append((over,) * len(profiles))
            continue
        given = np.array(state.given) + gifts[profiles]
        payoffs[:, k] = -unit * gifts[profiles].T
        if state.played + 1 < goods.rounds:
            successors.append(tuple(number[PotState(tuple(own), state.played + 1, False)] for own in given.tolist()))
            continue
        successors.append((over,) * len(profiles))
        spared = np.where(given.sum(axis=1) >= int(goods.threshold), 1.0, float(goods.spared))
        values = np.asarray(goods.values, float)
        payoffs[:, k] += (spared[:, None] * values + (1 - spared[:, None]) * float(goods.refund) * unit * given).T
    return MarkovGame(
        payoffs.reshape(n, len(states), *(len(gifts),) * n), None, tuple(successors), np.eye(len(states))[0],
        float(goods.discount), goods.rounds, goods.name, goods.players, (goods.levels,) * n,
        tuple(_named(state, unit) for state in states),
    )  # fmt: skip


def _named(state: PotState, unit: float) -> str:
    if state.over:
        return "over"
    return f"round {state.played + 1}, given {' '.join(f'{own * unit:.10g}' for own in state.given)}"
