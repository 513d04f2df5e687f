"""The study of the card: universalisers, planner and equilibrium, newcomers, and messages among players of rules.

Bounds were written before any figure was seen. Those of newcomers and of the one who does not listen are months that
follow by hand from whole numbers.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.environments import (
    CommonPool,
    efficiency,
    fishery,
    gini,
    pasture,
    play_commons,
    pollution,
    pool_player,
)
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.govsim import taking
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, exactly, holds, mean_above, near
from nashscape.theory import commons_equilibrium, commons_planner

SOURCE = Source(
    "govsim", "Piatti, Jin, Kleiman-Weiner, Schölkopf, Sachan, Mihalcea: Cooperate or Collapse: Emergence of "
    "Sustainable Cooperation in a Society of LLM Agents. NeurIPS 2024.", "https://arxiv.org/abs/2404.16698",
)  # fmt: skip

EPISODES = {"quick": 200, "full": 1_000, "thorough": 10_000}
"""Of what is drawn."""
FIGURES = 43
POOLS: tuple[Callable[..., CommonPool], ...] = (fishery, pasture, pollution)
SMALL = ((3, 6, 2), (4, 5, 1), (5, 4, 1))
"""Players, capacity, and below what the pool collapses."""
STARTS = (6, 8, 10, 12, 14)
"""First demands of those who imitate: 50 in all, which the lake bears."""


def _rows(episodes: int, seed: int) -> Iterator[Row]:
    yield from _universalisers()
    yield from _planner()
    yield from _taking_all(episodes, seed)
    yield from _dominance()
    yield from _newcomers()
    yield from _messages(episodes, seed)


def _universalisers() -> Iterator[Row]:
    for make in POOLS:
        run = play_commons(make(), "universaliser", episodes=3)
        said = run.pool
        yield near("universalisers", f"{said}: months of twelve", 12, run.survival.value, 0)
        yield holds("universalisers", f"{said}: ten each in every month", bool((run.taken == 10).all()), "all of them")
        yield near("universalisers", f"{said}: total", 600, run.total.value, 0)
        yield near("universalisers", f"{said}: Gini coefficient", 0, run.gini.value, 0)


def _planner() -> Iterator[Row]:
    for make in POOLS:
        plan = commons_planner(make())
        half = plan.taken == (Fraction(50),) * 11 + (Fraction(100),)
        yield holds("planner", f"{make.__name__}: 650, half of it in eleven months and all in the last",
                    plan.total == 650 and half, "in fractions")  # fmt: skip
        yield holds("efficiency", f"{make.__name__}: 600 of the planner's total are 12/13",
                    Fraction(600) / plan.total == Fraction(12, 13), "in fractions")  # fmt: skip
    yield near("efficiency", "as a number", 0.923, efficiency(600, 650), 5e-4)


def _taking_all(episodes: int, seed: int) -> Iterator[Row]:
    rest = commons_equilibrium(fishery(rationing="proportional"))
    yield holds("take-all", "equilibrium by backward induction: all demand 100 in month one, and it is over",
                rest.demands == (100.0,) and rest.dominant and rest.only, "dominant, and the only one")  # fmt: skip
    yield near("take-all", "its total", 100, rest.total, 1e-9)
    even = play_commons(fishery(rationing="proportional"), "greedy", episodes=3, seed=seed)
    yield holds("take-all", "the same part of every demand is met: 20 each", bool((even.payoffs == 20).all()), "in all")
    drawn = play_commons(fishery(), "greedy", episodes=episodes, seed=seed)
    yield holds("take-all", "tons drawn one by one: month one and 100 in all, by chance in other parts",
                bool((drawn.survived == 1).all() and (drawn.payoffs.sum(axis=1) == 100).all()), "in all")  # fmt: skip


def _dominance() -> Iterator[Row]:
    left = np.arange(1, 101)
    yield near("dominance", "the most that what is left is worth, of each ton", 0.4,
               float((taking.later(left) / left).max()), 1e-12)  # fmt: skip
    for last, when in ((True, "last month"), (False, "other months")):
        yield above("dominance", f"published numbers, {when}: least gain of demanding all", 0.0,
                    exactly(taking.least_gain(last=last)))  # fmt: skip
    for n, capacity, collapse in SMALL:
        gains = [taking.least_gain_drawn(n, capacity, collapse, last=last) for last in (True, False)]
        yield above("dominance", f"{n} players, pool of {capacity}, tons drawn one by one: least gain", 0.0,
                    exactly(min(gains)))  # fmt: skip
    yield near("two-players", "two players, pool of 6: least gain of taking all", 0.0,
               taking.least_gain_drawn(2, 6, 2, last=False), 1e-12)  # fmt: skip
    yield near("ton-by-ton", "what the ton costs that leaves 4 and not 5", 2.0,
               float(taking.later(5) - taking.later(4)), 0)  # fmt: skip


def _newcomers() -> Iterator[Row]:
    lake, found = fishery(), []
    for demand in range(101):
        last = pool_player("steady", amount=demand, arrives=3)
        run = play_commons(lake, ["universaliser"] * 4 + [last], episodes=1)
        month, left = taking.last_month(demand)
        found.append((int(run.survived[0]), bool(run.collapsed[0])) == (month, left < taking.COLLAPSE))
    yield holds("newcomer", "month of the collapse, or none, of every demand from 0 to 100", found, "as by hand")
    for demand, month in ((100, 3), (56, 3), (55, 4), (30, 5)):
        yield near("newcomer", f"one who takes {demand}: the month in which it is over", month,
                   taking.last_month(demand)[0], 0)  # fmt: skip
    for demand in (11, 12):
        month, left = taking.last_month(demand, months=1_000)
        yield holds("newcomer", f"one who takes {demand}: a thousand months", month == 1_000 and left >= 45, "borne")


def _messages(episodes: int, seed: int) -> Iterator[Row]:
    lake = fishery()
    alone, off = (
        play_commons(lake, [pool_player("payoff-biased", start=own, rate=rate) for own in STARTS], episodes=episodes,
                     seed=seed) for rate in (0.0, 1.0)
    )  # fmt: skip
    on = play_commons(lake, "universaliser", episodes=3)
    yield holds("imitation", "who demand 6, 8, 10, 12 and 14 and do not imitate: 12 months, 600, Gini .16",
                bool((alone.survived == 12).all() and (alone.payoffs.sum(axis=1) == 600).all()
                     and np.allclose(gini(alone.payoffs), 0.16)), "exactly")  # fmt: skip
    yield mean_above("imitation", "who imitate from there: months lost of twelve", 3.0, _spread(12 - off.survived))
    yield mean_above("message", "tons gained where all act on the share that is announced", 200.0,
                     _spread(on.payoffs[0].sum() - off.payoffs.sum(axis=1)))  # fmt: skip
    deaf = play_commons(
        lake, ["universaliser"] * 4 + [pool_player("payoff-biased", start=STARTS[-1])], episodes=episodes, seed=seed
    )
    yield mean_above("one-deaf", "four act on it, one imitates from 14: share of episodes that collapse", 0.9,
                     _spread(deaf.collapsed.astype(float)))  # fmt: skip
    yield near("one-deaf", "the month in which it is over if that one keeps to 14", 9,
               taking.last_month(14, arrives=1)[0], 0)  # fmt: skip


def _spread(values: npt.NDArray[Any]) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("govsim", EPISODES, _rows, of="episodes", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
