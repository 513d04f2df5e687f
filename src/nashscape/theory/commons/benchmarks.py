"""The most that a planner gets of a common pool, exactly, and what players get in an equilibrium of it."""

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.sizes import check_size
from nashscape.environments.commons.common_pool import CommonPool
from nashscape.environments.commons.exact_pools import totals
from nashscape.environments.commons.regenerations import written

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_ENTRIES = 2**25
EQUAL = 1e-9
"""Of units: what is no further from the best is as good."""


class CommonsPlan(NamedTuple):
    """What all take of a pool together, from its first round on; amounts as the pool has them.

    Attributes:
        total: of the whole episode, discounted.
        taken: in each round that is played.
        stocks: before each of them.
    """

    total: Fraction
    taken: tuple[Fraction, ...]
    stocks: tuple[Fraction, ...]


class CommonsEquilibrium(NamedTuple):
    """A subgame-perfect equilibrium in which all demand the same.

    Attributes:
        total: what all get together, discounted.
        demands: of each player, in each round that is played.
        dominant: whether in every round and at every stock the most is best against whatever all others demand alike.
        only: whether there is no other equilibrium of this kind.
    """

    total: float
    demands: tuple[float, ...]
    dominant: bool
    only: bool


@public()
def commons_planner(pool: CommonPool) -> CommonsPlan:
    """The most that all can take of a common pool together over its rounds, exactly, by dynamic programming.

    `V_t(R) = max_D (g(R, D) + γ V_{t+1}(R'))` over what can be demanded in all, with g what is then taken; numbers are
    fractions, so that the optimum is that of the pool as written. After a collapse there is nothing.

    Args:
        pool: of whole units.

    Raises:
        InputError: for a stock of real numbers, and too many stocks and demands.

    Example:
        >>> from nashscape import environments
        >>> plan = commons_planner(environments.fishery())
        >>> plan.total, [int(own) for own in plan.taken]
        (Fraction(650, 1), [50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 100])

    Source: R. Bellman, Dynamic Programming, 1957.
    """
    _whole(pool)
    sums, unit, gamma = np.array(totals(pool)), written(pool.unit), written(pool.discount)
    check_size("stocks and demands", (int(pool.capacity) + 1) * len(sums), 40.0, _coarser, most=MOST_ENTRIES)
    got, ahead, fallen = _moves(pool, sums)
    exact: Any = np.int64 if gamma == 1 else object
    values: Any = np.zeros(len(got), exact)
    choices = []
    for _ in range(pool.rounds):
        later = np.where(fallen, 0 * values[0], values[ahead])
        worth = got.astype(exact) + (later if gamma == 1 else gamma * later)
        best = np.array(worth.argmax(axis=1), np.int64)
        values = worth[np.arange(len(best)), best]
        choices.append(best)
    stock, taken, stocks = int(pool.initial), [], []
    for best in reversed(choices):
        k = best[stock]
        taken.append(int(got[stock, k]) * unit)
        stocks.append(stock * unit)
        if fallen[stock, k]:
            break
        stock = int(ahead[stock, k])
    return CommonsPlan(Fraction(values[int(pool.initial)]) * unit, tuple(taken), tuple(stocks))


@public()
def commons_equilibrium(pool: CommonPool) -> CommonsEquilibrium:
    """A subgame-perfect equilibrium of a common pool in which all demand the same, by backward induction.

    From the last round on, at every stock: the largest demand from which nobody gains who demands something else once,
    the others as before, and all going on in equilibrium. Values are compared in double precision.

    Args:
        pool: of whole units, with a clock, as equilibria of a game without end are many more.

    Raises:
        InputError: for other pools, units that are drawn one by one, too many stocks and demands, and where at some
            stock there is no such equilibrium.

    Example:
        >>> from nashscape import environments
        >>> commons_equilibrium(environments.fishery(rationing="proportional"))
        CommonsEquilibrium(total=100.0, demands=(100.0,), dominant=True, only=True)

    Source: R. Selten, Zeitschrift für die gesamte Staatswissenschaft 121, 1965.
    """
    _whole(pool)
    if not pool.clock:
        raise InputError("without a clock the game does not end; take a pool with clock=True")
    if pool.rationing == "random":
        raise InputError('what one gets of units that are drawn one by one is not computed; take '
                         'rationing="proportional"')  # fmt: skip
    demands, k = np.array(pool.demands, np.int64), len(pool.levels)
    check_size("stocks and demands", (int(pool.capacity) + 1) * k * k, 80.0, _coarser, most=MOST_ENTRIES)
    # of all others' demand, which is the same, and the own one
    joint = ((pool.size - 1) * demands[:, None] + demands).ravel()
    got, ahead, fallen = _moves(pool, joint)
    own = got * np.divide(np.tile(demands, k), joint, out=np.zeros(len(joint)), where=joint > 0)
    values, dominant, only, chosen = np.zeros(len(got)), True, True, []
    alive = np.arange(len(got)) >= max(int(pool.collapse), 1)
    for t in reversed(range(pool.rounds)):
        worth = (own + float(pool.discount) * np.where(fallen, 0.0, values[ahead])).reshape(-1, k, k)
        best = worth >= worth.max(axis=2, keepdims=True) - EQUAL
        rest = np.einsum("sjj->sj", best)
        if not rest[alive].any(axis=1).all():
            raise InputError(f"in round {t + 1} there is a stock at which no demand is an equilibrium if all make it")
        level = k - 1 - rest[:, ::-1].argmax(axis=1)
        values = worth[np.arange(len(worth)), level, level]
        dominant, only = dominant and bool(best[alive][:, :, -1].all()), only and bool((rest[alive].sum(1) == 1).all())
        chosen.append(level)
    stock, path = int(pool.initial), []
    for level in reversed(chosen):
        j = int(level[stock])
        path.append(float(demands[j]) * float(pool.unit))
        if fallen[stock, j * k + j]:
            break
        stock = int(ahead[stock, j * k + j])
    total = pool.size * float(values[int(pool.initial)]) * float(pool.unit)
    return CommonsEquilibrium(total, tuple(path), dominant, only)


def _whole(pool: Any) -> None:
    if not getattr(pool, "whole", False):
        raise InputError("what is computed here is of common pools of whole units; give common_pool a unit, as unit=1")


def _coarser(most: int) -> str:
    return f"{most:,} fit; take a coarser unit or fewer demands"


def _moves(pool: CommonPool, sums: Ints) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """What is taken at each stock of each sum of demands, the next stock, and whether that is a collapse, `[S, D]`."""
    table = np.asarray(pool.regrowth.table, np.int64)
    before = (table if pool.order == "regenerate first" else np.arange(len(table)))[:, None]
    got = np.where(sums <= before, sums, 0 if pool.rationing == "all or nothing" else before)
    left = before - got
    ahead = left if pool.order == "regenerate first" else table[left]
    tested = ahead if pool.order == "test last" else left
    return got, ahead, (tested < int(pool.collapse)) | (tested <= 0)
