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
from nashscape.cli.machine import cores
from nashscape.games import stag_hunt
from nashscape.learning import rule_by_name, sampled
from nashscape.selection import basin_map

SIZES = {Size.FULL: (21, 192, 11), Size.QUICK: (21, 192, 3), Size.TINY: (5, 16, 1)}
"""The grid, plays in a batch, and repetitions, each with a seed of its own."""

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
    grid, batch, repetitions = SIZES[size]
    kernel = native.load("sampled").sampled_runs
    # OpenMP's threads keep a core busy for a while after they are done: the library does not come next
    ways: dict[str, Callable[[int], tuple[Shares, float]]] = {
        "C, every play drawn": partial(_c, kernel, grid, batch),
        "NumPy, every play drawn": partial(_numpy, numpy_sampled.pairs, grid, batch),
        "NumPy, counts drawn": partial(_numpy, numpy_sampled.counts, grid, batch),
        "nashscape": partial(_library, grid, batch),
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
    _check(shares, grid)
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


def _library(grid: int, batch: int, seed: int) -> tuple[Shares, float]:
    rules = [rule_by_name(rule) for rule in problem.RULES]
    maps = basin_map(stag_hunt(), rules, grid=grid, estimator=sampled(batch=batch), rollouts=1, seed=seed)
    shares = {name: float(one.reached("CC").mean()) for name, one in maps.items()}
    return shares, sum(one.provenance.run_seconds for one in maps.values())


def _starts(grid: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    axis = problem.axis_logits(grid)
    return np.repeat(axis, grid), np.tile(axis, grid)


def _numpy(draw: numpy_sampled.Draw, grid: int, batch: int, seed: int) -> tuple[Shares, float]:
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    ends = {rule: numpy_sampled.final_logits(draw, rule, *_starts(grid), batch, rng) for rule in problem.RULES}
    return {rule: _cooperative(*end) for rule, end in ends.items()}, time.perf_counter() - began


def _c(kernel: Callable[..., None], grid: int, batch: int, seed: int) -> tuple[Shares, float]:
    shares = {}
    began = time.perf_counter()
    for number, (rule, (own, peer)) in enumerate(problem.RULES.items()):
        x, y = _starts(grid)
        step_sizes = problem.step_sizes()
        eta = problem.INNER_LR
        asked = Problem(
            native.floats(x), native.floats(y), len(x), native.floats(step_sizes), problem.STEPS, batch,
            native.floats(problem.PAYOFFS), eta * own, eta * peer, problem.BOUND, 1000 * seed + number,
        )  # fmt: skip
        ends = [np.empty_like(x), np.empty_like(y)]
        kernel(ctypes.byref(asked), own > 0, peer > 0, cores(), *map(native.floats, ends))
        shares[rule] = _cooperative(*ends)
    return shares, time.perf_counter() - began


def _cooperative(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]) -> float:
    reached = np.log(problem.THRESHOLD / (1.0 - problem.THRESHOLD))
    return float(((x >= reached) & (y >= reached)).mean())


def _check(shares: dict[str, list[Shares]], grid: int) -> None:
    """All ways must agree within errors: runs from fixed starts vary less than draws of one common share."""
    for rule in problem.RULES:
        means = {way: float(np.mean([one[rule] for one in found])) for way, found in shares.items()}
        runs = grid**2 * len(shares["nashscape"])
        for (way, one), (other, two) in itertools.combinations(means.items(), 2):
            middle = (one + two) / 2
            if abs(one - two) > 4.5 * np.sqrt(2.0 * middle * (1.0 - middle) / runs):
                raise RuntimeError(f"{rule}: {way} finds a share of {one:.4f}, {other} {two:.4f}")
