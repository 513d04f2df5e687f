"""Sampled 21×21 maps of four rules, against NumPy and C."""

import ctypes
import itertools
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks import native, numpy_sampled, problem
from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape.core.machine import cores
from nashscape.games import stag_hunt
from nashscape.learning import rule_by_name, sampled
from nashscape.selection import basin_map

Asked = tuple[int, int, tuple[str, ...]]
"""The grid, plays in a batch, and the rules."""

USUAL = 21, 192, tuple(problem.RULES)
SIZES: dict[Size, tuple[int, Asked]] = {
    Size.FULL: (11, USUAL),
    Size.QUICK: (3, USUAL),
    Size.TINY: (1, (5, 16, ("meta_mapg",))),
}
"""Repetitions, each with a seed of its own, and of what."""

Shares = dict[str, float]
"""For every rule the share of runs that end where both play the first action."""


class Problem(ctypes.Structure):
    """`struct problem` of kernels/sampled.c."""

    _fields_ = [
        ("x", ctypes.POINTER(ctypes.c_float)),
        ("y", ctypes.POINTER(ctypes.c_float)),
        ("count", ctypes.c_int64),
        ("step_sizes", ctypes.POINTER(ctypes.c_float)),
        ("steps", ctypes.c_int64),
        ("batch", ctypes.c_int64),
        ("payoffs", ctypes.POINTER(ctypes.c_float)),
        ("own", ctypes.c_float),
        ("peer", ctypes.c_float),
        ("bound", ctypes.c_float),
        ("seed", ctypes.c_uint64),
    ]


def run(size: Size) -> list[Row]:
    """See the module."""
    repetitions, asked = SIZES[size]
    kernel = native.load("sampled").sampled_runs
    # OpenMP's threads keep a core busy for a while after they are done: the library does not come next
    ways: dict[str, Callable[[int], tuple[Shares, float]]] = {
        "C, every play drawn": partial(_c, kernel, asked),
        "NumPy, every play drawn": partial(_numpy, numpy_sampled.pairs, asked),
        "NumPy, counts drawn": partial(_numpy, numpy_sampled.counts, asked),
        "nashscape": partial(_library, asked),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    shares: dict[str, list[Shares]] = {way: [] for way in ways}
    ways["nashscape"](0)  # compiles
    ways["C, every play drawn"](0)  # starts its threads
    for seed in range(1, 1 + repetitions):
        for way, measure in ways.items():
            found, took = measure(seed)
            shares[way].append(found)
            seconds[way].append(took)
    _check(shares, asked)
    wanted = {"NumPy, every play drawn": 4.0, "NumPy, counts drawn": 1.0}
    return [
        Row(
            f"sampled map, {way}",
            paired_ratio(seconds[way], seconds["nashscape"]),
            least=wanted.get(way),
            against=way,
            details=f"nashscape {times(seconds['nashscape'])}, {way} {times(seconds[way])}",
        )
        for way in list(ways)[:-1]
    ]


def _library(asked: Asked, seed: int) -> tuple[Shares, float]:
    grid, batch, names = asked
    rules = [rule_by_name(name) for name in names]
    maps = basin_map(stag_hunt(), rules, grid=grid, estimator=sampled(batch=batch), rollouts=1, seed=seed)
    shares = {name: float(one.reached("CC").mean()) for name, one in maps.items()}
    return shares, sum(one.provenance.run_seconds for one in maps.values())


def _starts(grid: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    axis = problem.axis_logits(grid)
    return np.repeat(axis, grid), np.tile(axis, grid)


def _numpy(draw: numpy_sampled.Draw, asked: Asked, seed: int) -> tuple[Shares, float]:
    grid, batch, names = asked
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    ends = {rule: numpy_sampled.final_logits(draw, rule, *_starts(grid), batch, rng) for rule in names}
    return {rule: _cooperative(*end) for rule, end in ends.items()}, time.perf_counter() - began


def _c(kernel: Callable[..., None], asked: Asked, seed: int) -> tuple[Shares, float]:
    grid, batch, names = asked
    shares = {}
    began = time.perf_counter()
    for number, rule in enumerate(names):
        own, peer = problem.RULES[rule]
        x, y = _starts(grid)
        step_sizes = problem.step_sizes()
        eta = problem.INNER_LR
        given = Problem(
            native.floats(x), native.floats(y), len(x), native.floats(step_sizes), problem.STEPS, batch,
            native.floats(problem.PAYOFFS), eta * own, eta * peer, problem.BOUND, 1000 * seed + number,
        )  # fmt: skip
        ends = [np.empty_like(x), np.empty_like(y)]
        kernel(ctypes.byref(given), own > 0, peer > 0, cores(), *map(native.floats, ends))
        shares[rule] = _cooperative(*ends)
    return shares, time.perf_counter() - began


def _cooperative(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]) -> float:
    reached = np.log(problem.THRESHOLD / (1.0 - problem.THRESHOLD))
    return float(((x >= reached) & (y >= reached)).mean())


def _check(shares: dict[str, list[Shares]], asked: Asked) -> None:
    """All ways must agree within errors: runs from fixed starts vary less than draws of one common share."""
    grid, _, names = asked
    for rule in names:
        means = {way: float(np.mean([one[rule] for one in found])) for way, found in shares.items()}
        runs = grid**2 * len(shares["nashscape"])
        for (way, one), (other, two) in itertools.combinations(means.items(), 2):
            middle = (one + two) / 2
            if abs(one - two) > 4.5 * np.sqrt(2.0 * middle * (1.0 - middle) / runs):
                raise RuntimeError(f"{rule}: {way} finds a share of {one:.4f}, {other} {two:.4f}")
