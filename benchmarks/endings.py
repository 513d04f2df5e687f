"""What it takes to say where runs are going, against the runs themselves in double precision."""

import time

import numpy as np

from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape import meta_mapg, open_source, pg
from nashscape.dynamics import Settling, Setup, as_target, label_starts, make_setup, run_starts, starts
from nashscape.games import donation, random_game, stag_hunt

SIZES = {Size.FULL: (100_000, 7), Size.QUICK: (20_000, 3), Size.TINY: (50, 1)}
"""Runs, and repetitions."""


def run(size: Size) -> list[Row]:
    """See the module."""
    count, repetitions = SIZES[size]
    hunt = make_setup(stag_hunt(), pg())
    others = {
        "Meta-MAPG": make_setup(stag_hunt(), meta_mapg()),
        "three actions": make_setup(random_game((3, 3), seed=1), pg()),
        "three players": make_setup(random_game((2, 2, 2), seed=2), pg()),
        "coupled": make_setup(open_source(donation(benefit=3, cost=1), 0.5), pg()),
    }
    rows = [_row("two actions", hunt, 140, count, repetitions, 1.0)]
    rows += [_row("two actions", hunt, steps, count, repetitions, 0.1) for steps in (2_000, 8_000)]
    return rows + [_row(name, setup, 2_000, count, repetitions, None) for name, setup in others.items()]


def _row(name: str, setup: Setup, steps: int, count: int, repetitions: int, most: float | None) -> Row:
    own, whole = [], []
    for k in range(repetitions + 1):
        seconds = _seconds(setup, steps, count)
        if k:  # the first compiles
            own.append(seconds[0])
            whole.append(seconds[1])
    return Row(
        f"endings, {name}, {steps} steps",
        paired_ratio([both - alone for both, alone in zip(whole, own, strict=True)], own),
        most=most,
        against="the runs without labels",
        details=f"{count:,} runs in double precision: {times(own)}; with labels {times(whole)}",
    )


def _seconds(setup: Setup, steps: int, count: int) -> tuple[float, float]:
    """Of runs without labels, and with them."""
    targets = [as_target(setup.game.game, (k,) * len(setup.game.game.players)) for k in range(2)]
    source, indices = starts.normal(std=1.35), np.arange(count, dtype=np.int64)
    how = {"steps": steps, "precision": "float64"}
    began = time.perf_counter()
    run_starts(setup, source, indices, **how)
    between = time.perf_counter()
    label_starts(setup, source, indices, targets, settling=Settling(), audit=False, **how)
    return between - began, time.perf_counter() - between
