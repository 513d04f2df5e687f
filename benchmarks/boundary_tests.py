"""Boundary tests of many games at once: how many a second, and the dense search that proves nothing beside it."""

import time
from typing import Any

import numpy as np

from benchmarks.rows import Row, paired_ratio
from benchmarks.sizes import Size

SIZES = {Size.FULL: (5000, 3), Size.QUICK: (1000, 1), Size.TINY: (40, 1)}
"""Games, and repetitions."""

BOUND = 4.0
POINTS = 2001


def run(size: Size) -> list[Row]:
    """See the module."""
    import nashscape as ns

    random = np.random.default_rng(1)
    count, repetitions = SIZES[size]
    payoffs = random.normal(size=(count, 2, 2, 2))
    couplings = random.uniform(-0.5, 1.5, size=count)
    plain = [ns.games.dense(u) for u in payoffs]
    games = [ns.open_source(game, k) for game, k in zip(plain, couplings, strict=True)]
    first = plain[0].profile_name((0, 0))
    ns.theory.boundary_tests(games[:64], first, bound=BOUND)
    ours, theirs, found = [], [], None
    for _ in range(repetitions):
        began = time.perf_counter()
        found = ns.theory.boundary_tests(games, first, bound=BOUND)
        ours.append(count / (time.perf_counter() - began))
        began = time.perf_counter()
        gains = _dense(payoffs, couplings)
        theirs.append(count / (time.perf_counter() - began))
    assert found is not None
    assert (gains[found.verdicts == "yes"] <= 1e-12).all()
    verdicts = ", ".join(f"{name} {int((found.verdicts == name).sum())}" for name in ("yes", "no", "undecided"))
    return [
        Row("boundary tests a second", max(ours), unit="/s", least=5000.0, details=f"{count} games: {verdicts}"),
        Row(
            "boundary tests: against dense search in NumPy",
            paired_ratio(ours, theirs),
            against="dense search in NumPy",
            details=f"{POINTS} points a player, which prove nothing: {np.median(theirs):,.0f} games a second",
        ),
    ]


def _dense(payoffs: Any, couplings: Any) -> Any:
    """The largest gain of either player at equally spaced points, from the corner of first actions."""
    t = np.linspace(-BOUND, BOUND, POINTS)
    k = couplings[:, None]
    mine, other = 1 / (1 + np.exp(-(t + k * BOUND))), 1 / (1 + np.exp(-(k * t + BOUND)))
    gains = []
    for table in (payoffs[:, 0], payoffs[:, 1].transpose(0, 2, 1)):
        a, b, c, d = (table[:, i, j, None] for i in (0, 1) for j in (0, 1))
        value = mine * (a * other + b * (1 - other)) + (1 - mine) * (c * other + d * (1 - other))
        gains.append(value.max(axis=1) - value[:, -1])
    return np.max(gains, axis=0)
