"""A common pool of whole units as a Markov game over its stocks, whose moves leave nothing to chance."""

from itertools import product
from typing import Any, NamedTuple

import numpy as np

from nashscape.environments.commons.rationings import mean_rationed
from nashscape.games.forms.markov_construction import MOST_ROUNDS
from nashscape.games.forms.markov_game import MarkovGame

MOST_MOVES = 2**24
"""Chances of the next state after a state and a joint action, of games that are written out."""

MOST_PAYOFFS = 2**21


class PoolState(NamedTuple):
    """A stock in units; the rounds that were played where players see them, else 0; whether it is all over."""

    stock: int
    played: int
    over: bool


def after(pool: Any, stock: int, total: int) -> tuple[int, bool]:
    """The next stock where so much is demanded in all, and whether the pool has then collapsed."""
    table = pool.regrowth.table
    before = int(table[stock]) if pool.order == "regenerate first" else stock
    unmet = 0 if pool.rationing == "all or nothing" else before
    left = before - (total if total <= before else unmet)
    then = left if pool.order == "regenerate first" else int(table[left])
    tested = then if pool.order == "test last" else left
    fallen = tested < pool.collapse or tested <= 0
    return (left if fallen else then), fallen


def listed(pool: Any) -> list[PoolState] | None:
    """All states that can come about, the first one first; None where there is no exact game."""
    endless = not pool.clock and float(pool.discount) == 1.0
    joint = len(pool.levels) ** pool.size
    if not pool.whole or pool.totals or pool.seen is not None or endless or joint > MOST_PAYOFFS:
        return None
    if pool.clock and pool.rounds > MOST_ROUNDS:
        return None
    first = PoolState(int(pool.initial), 0, False)
    found, new = {first: None}, [first]
    while new:
        reached = {_next(pool, state, total): None for state in new for total in totals(pool)}
        new = [state for state in reached if state not in found]
        found |= dict.fromkeys(new)
        if len(found) ** 2 * joint > MOST_MOVES or pool.size * len(found) * joint > MOST_PAYOFFS:
            return None
    return list(found)


def totals(pool: Any) -> list[int]:
    """Everything that can be demanded in all, in units, rising."""
    sums = {0}
    for _ in range(pool.size):
        sums = {one + int(own) for one in sums for own in pool.demands}
    return sorted(sums)


def _next(pool: Any, state: PoolState, total: int) -> PoolState:
    if state.over:
        return state
    stock, fallen = after(pool, state.stock, total)
    played = state.played + 1 if pool.clock else 0
    return (
        PoolState(0, 0, True) if fallen or (pool.clock and played >= pool.rounds) else PoolState(stock, played, False)
    )


def markov_game(pool: Any) -> MarkovGame | None:
    """The game; None where there is none, or what is got of a drawn ration on average takes too long."""
    states = listed(pool)
    if states is None:
        return None
    number = {state: k for k, state in enumerate(states)}
    demands, unit = [int(own) for own in pool.demands], float(pool.unit)
    profiles = list(product(demands, repeat=pool.size))
    payoffs = np.zeros((pool.size, len(states), len(profiles)))
    successors = []
    for k, state in enumerate(states):
        successors.append(tuple(number[_next(pool, state, sum(profile))] for profile in profiles))
        before = int(pool.regrowth.table[state.stock]) if pool.order == "regenerate first" else state.stock
        for j, profile in enumerate([] if state.over else profiles):
            got = mean_rationed(pool.rationing, before, profile)
            if got is None:
                return None
            payoffs[:, k, j] = unit * got
    shape = (len(demands),) * pool.size
    return MarkovGame(
        payoffs.reshape(pool.size, len(states), *shape), None, tuple(successors), np.eye(len(states))[0],
        float(pool.discount), pool.rounds if pool.clock else None, pool.name, pool.players,
        (pool.levels,) * pool.size, tuple(_named(pool, state, unit) for state in states),
    )  # fmt: skip


def _named(pool: Any, state: PoolState, unit: float) -> str:
    if state.over:
        return "over"
    stock = f"stock {state.stock * unit:.10g}"
    return f"round {state.played + 1}, {stock}" if pool.clock else stock
