"""Valves between restrainers and takers, exactly: what each gets of an episode, by who restrains and what they see."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from nashscape import games
from nashscape.core.graphs import adjacency
from nashscape.games.forms.dense_game import DenseGame
from nashscape.theory import SchellingDiagram, schelling_diagram

PLAYERS, ROUNDS = 4, 100
UNIT = 1000
"""Amounts here are whole thousandths of the capacity."""
QUARTER, INITIAL, CAPACITY, THRESHOLD = 25, 500, 1000, 500
RATES = (30, 42, 53, 65, 77, 88, 100)
"""The published ones."""

SEEN = ("stock", "own total", "ring", "complete")
"""Information structures, see `restrains`."""


class Pool(NamedTuple):
    """Where an episode is: the stock, what was there before the last round, last and all takings of each player."""

    stock: Fraction
    before: Fraction
    last: tuple[Fraction, ...]
    totals: tuple[Fraction, ...]


def restrains(seen: str, player: int, pool: Pool) -> bool:
    """Whether a restrainer leaves its valve shut.

    It opens it where the stock is above the threshold, and where it is provoked:

    * "stock": never.
    * "own total": while the others have taken more than it has, on average. It knows that from the stock, its own total
      and the rounds, as long as nothing is lost to the capacity.
    * "ring", "complete": after a round in which a neighbour took though the stock was not above the threshold.
    """
    if pool.stock > THRESHOLD:
        return False
    if seen == "stock":
        return True
    if seen == "own total":
        return (sum(pool.totals) - pool.totals[player]) <= (PLAYERS - 1) * pool.totals[player]
    near = adjacency(f"{seen}:{PLAYERS}")[player]
    return pool.before > THRESHOLD or not any(took and near[j] for j, took in enumerate(pool.last))


class Episode(NamedTuple):
    """What became of an episode.

    Attributes:
        totals: what each player took.
        rounds: that were played.
        depleted: whether the stock was exhausted.
        most: the largest stock there was, in thousandths.
    """

    totals: tuple[Fraction, ...]
    rounds: int
    depleted: bool
    most: Fraction


@cache
def episode(rate: int, takers: tuple[bool, ...], seen: str = "stock", order: str = "take first") -> Episode:
    """An episode of the valves; who is no taker restrains. Amounts are in parts of the capacity.

    Stock that is too little is shared evenly among those who take.

    Args:
        rate: Δ, in thousandths.
        takers: of each player whether it always takes.
        seen: what restrainers see.
        order: of a round, as of `environments.common_pool`; of "test last" all is over as soon as not all could take.
    """
    none = (Fraction(0),) * PLAYERS
    pool, most = Pool(Fraction(INITIAL), Fraction(INITIAL), none, none), Fraction(INITIAL)
    for played in range(1, ROUNDS + 1):
        before = _grown(pool.stock, rate) if order == "regenerate first" else pool.stock
        opens = [own or not restrains(seen, i, pool) for i, own in enumerate(takers)]
        each = min(Fraction(QUARTER), before / max(sum(opens), 1))
        took = tuple(each * own for own in opens)
        left = before - sum(took)
        after = left if order == "regenerate first" else _grown(left, rate)
        totals = tuple(a + b for a, b in zip(pool.totals, took, strict=True))
        pool = Pool(after, pool.stock, took, totals)
        if (after < PLAYERS * QUARTER) if order == "test last" else left <= 0:
            return Episode(_parts(totals), played, True, most / UNIT)
        most = max(most, after)
    return Episode(_parts(pool.totals), ROUNDS, False, most / UNIT)


def _grown(stock: Fraction, rate: int) -> Fraction:
    return min(Fraction(CAPACITY), stock + rate)


def _parts(totals: Sequence[Fraction]) -> tuple[Fraction, ...]:
    return tuple(own / UNIT for own in totals)


@cache
def restraint_game(rate: int, seen: str) -> DenseGame:
    """Everybody chooses to restrain or to take for a whole episode, and gets what it took."""
    rows = [episode(rate, takers, seen).totals for takers in product((False, True), repeat=PLAYERS)]
    payoffs = np.array(rows, object).T.reshape(PLAYERS, *(2,) * PLAYERS)
    return games.dense(payoffs, actions=[["restrain", "take"]] * PLAYERS, name="restraint")


def mixed_diagram(rate: int, seen: str, graph: str, weight: Any) -> SchellingDiagram:
    """The Schelling diagram where everybody also gets a weight times what its neighbours on a graph get."""
    neighbours = adjacency(f"{graph}:{PLAYERS}").astype(int)
    dependence: Any = [[Fraction(weight) * int(own) for own in row] for row in neighbours]
    return schelling_diagram(games.payoff_mixing(restraint_game(rate, seen), dependence))
