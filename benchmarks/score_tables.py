"""Tables of memory-one strategies, everybody against everybody, against solving pair by pair."""

import time

import numpy as np
import numpy.typing as npt

from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape.tournaments import memory_one_scores

SIZES = {Size.FULL: (10_000, 3_000, 3), Size.QUICK: (3_000, 500, 2), Size.TINY: (40, 10, 1)}
"""How many strategies, how many pairs the other way solves, whose time is scaled up, and repetitions."""

WANTED = 20.0
"""Seconds for 10,000 strategies."""
AXELROD = np.array([3.0, 0.0, 5.0, 1.0])

Floats = npt.NDArray[np.float64]


def run(size: Size) -> list[Row]:
    """See the module."""
    count, pairs, repetitions = SIZES[size]
    draws = np.random.default_rng(0)
    given = draws.uniform(size=(count, 5))
    some = draws.integers(0, count, (pairs, 2))
    ours, theirs = [], []
    for _ in range(repetitions):
        began = time.perf_counter()
        table = memory_one_scores(given)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        solved = np.array([_one_pair(given[i], given[j]) for i, j in some])
        theirs.append((time.perf_counter() - began) * count**2 / pairs)
        if np.abs(table[some[:, 0], some[:, 1]] - solved).max() > 1e-9:
            raise RuntimeError("the table is not what linear systems of pairs give")
    details = f"nashscape {times(ours)}, pair by pair {times(theirs)}, scaled up from {pairs} pairs, same scores"
    rows = [
        Row("score table: times faster than pair by pair", paired_ratio(theirs, ours), against="NumPy", details=details)
    ]
    most = WANTED if size is Size.FULL else None
    told = f"{count:,} memory-one strategies, {count**2:,} ordered pairs, in the long run"
    return [*rows, Row("score table: all pairs", min(ours), unit="s", most=most, details=told)]


def _one_pair(one: Floats, other: Floats) -> float:
    """A mean payoff by the linear system of one chain, as it is usually written."""
    p, q = one[1:], other[[1, 3, 2, 4]]
    moves = np.stack([p * q, p * (1 - q), (1 - p) * q, (1 - p) * (1 - q)], axis=1)
    system = np.vstack([(moves.T - np.eye(4))[:3], np.ones(4)])
    return float(np.linalg.solve(system, np.array([0.0, 0.0, 0.0, 1.0])) @ AXELROD)
