"""Four exact basin maps through the command line, against a C kernel of the same updates."""

import ctypes
import time
from collections.abc import Mapping
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import native, problem
from benchmarks.command import Finished, nashscape
from benchmarks.rows import Row, paired_ratio, rates
from benchmarks.sizes import Size
from nashscape.core import target_code
from nashscape.core.machine import cores

ALL = tuple(problem.RULES)
SIZES: dict[Size, tuple[int, dict[int, int], tuple[str, ...]]] = {
    Size.FULL: (316, {100: 5, 316: 5, 1000: 3}, ALL),
    Size.QUICK: (100, {100: 2, 316: 2}, ALL),
    Size.TINY: (10, {6: 1, 9: 1}, ALL[-1:]),
}
"""The grid on which agreement is looked at, for every grid that is timed the repetitions, and the rules."""

LEAST_TIMED = 0.05
"""The kernel is called again until it has run for so many seconds."""

ONE_DEVICE = {"JAX_NUM_CPU_DEVICES": "1", "OMP_NUM_THREADS": "1"}


class Problem(ctypes.Structure):
    """`struct problem` of kernels/exact.c."""

    _fields_ = [
        ("logits", ctypes.POINTER(ctypes.c_float)),
        ("grid", ctypes.c_int64),
        ("step_sizes", ctypes.POINTER(ctypes.c_float)),
        ("steps", ctypes.c_int64),
        ("payoffs", ctypes.POINTER(ctypes.c_float)),
        ("own", ctypes.c_float),
        ("peer", ctypes.c_float),
        ("bound", ctypes.c_float),
        ("reached", ctypes.c_float),
    ]


class Kernel:
    """The C kernel for one grid and some rules."""

    def __init__(self, grid: int, rules: tuple[str, ...] = ALL) -> None:
        self.grid, self.rules = grid, rules
        self.run = native.load("exact").exact_map
        # kept, since the structure holds only their addresses
        self.arrays = [problem.axis_logits(grid), problem.step_sizes(), problem.PAYOFFS]

    def labels(self, rule: str, threads: int) -> npt.NDArray[np.int8]:
        """One map: 0 where both end at the first action, 1 at the second, 2 elsewhere."""
        own, peer = problem.RULES[rule]
        logits, step_sizes, payoffs = map(native.floats, self.arrays)
        reached = np.log(problem.THRESHOLD / (1.0 - problem.THRESHOLD))
        eta = problem.INNER_LR
        asked = Problem(
            logits, self.grid, step_sizes, problem.STEPS, payoffs, eta * own, eta * peer, problem.BOUND, reached
        )
        found = np.empty(self.grid**2, np.int8)
        self.run(ctypes.byref(asked), own > 0, peer > 0, threads, found.ctypes.data_as(ctypes.c_void_p))
        return found

    def rate(self, threads: int) -> float:
        """Trajectory-steps per second over all maps, the kernel being warm."""
        began, rounds = time.perf_counter(), 0
        while time.perf_counter() - began < LEAST_TIMED or rounds == 0:
            for rule in self.rules:
                self.labels(rule, threads)
            rounds += 1
        return rounds * len(self.rules) * self.grid**2 * problem.STEPS / (time.perf_counter() - began)


def run(size: Size) -> list[Row]:
    """See the module."""
    alike, grids, rules = SIZES[size]
    rows = [_agreement(Kernel(alike, rules))]
    peaks: dict[int, int] = {}
    for grid, repetitions in grids.items():
        kernel = Kernel(grid, rules)
        for devices in sorted({cores(), 1}, reverse=True):
            row, peak = _compared(kernel, devices, repetitions)
            rows.append(row)
            # all cores come first
            peaks.setdefault(grid, peak)
    return [*rows, _memory(peaks)]


def _agreement(kernel: Kernel) -> Row:
    """The two must give the same map before their speeds mean anything."""
    maps = _maps(kernel, "--cells").data()["rules"]
    share = min(float(np.mean(_coded(maps[rule]) == kernel.labels(rule, cores()))) for rule in kernel.rules)
    if share < 0.999:
        raise RuntimeError(f"the kernel and the library agree on a share of {share:.5f} of the cells only")
    details = f"share of {kernel.grid**2:,} cells, worst of {', '.join(kernel.rules)}"
    return Row("exact map: agreement with C", share, unit="", least=0.999, details=details)


def _maps(kernel: Kernel, *options: str, environment: Mapping[str, str] | None = None) -> Finished:
    """The same maps by the command line."""
    rules = [part for rule in kernel.rules for part in ("--rule", rule)]
    return nashscape(
        "basin", "stag-hunt", *rules, "--grid", str(kernel.grid), "--json", *options, environment=environment
    )


def _coded(one: dict[str, Any]) -> npt.NDArray[np.int8]:
    labels = np.asarray(one["labels"]).ravel()
    return np.where(labels == target_code(0), 0, np.where(labels == target_code(1), 1, 2)).astype(np.int8)


def _compared(kernel: Kernel, devices: int, repetitions: int) -> tuple[Row, int]:
    ours, theirs, walls, peaks = [], [], [], []
    environment = ONE_DEVICE if devices == 1 else {}
    kernel.rate(devices)
    for _ in range(repetitions):
        before = kernel.rate(devices)
        command = _maps(kernel, environment=environment)
        theirs.append((before + kernel.rate(devices)) / 2)
        ours.append(_rate(command, devices))
        walls.append(command.seconds)
        peaks.append(command.peak)
    details = f"nashscape {rates(ours)}, C {rates(theirs)}; whole command {median(walls):.1f} s"
    name = f"exact map, {kernel.grid**2:,} starts, {devices} device{'s' if devices > 1 else ''}"
    return Row(name, paired_ratio(ours, theirs), least=0.7, against="C", details=details), min(peaks)


def _rate(command: Finished, devices: int) -> float:
    costs = [one["provenance"] for one in command.data()["rules"].values()]
    used = {cost["devices"] for cost in costs}
    if used != {devices}:
        raise RuntimeError(f"the command line used {used} devices; {devices} were meant")
    return sum(cost["trajectory_steps"] for cost in costs) / sum(cost["run_seconds"] for cost in costs)


def _memory(peaks: dict[int, int]) -> Row:
    """Trajectories must not be kept: a start may cost its result, but not two numbers per step."""
    few, many = min(peaks), max(peaks)
    per_start = (peaks[many] - peaks[few]) / (many**2 - few**2)
    whole = ", ".join(f"{peaks[grid] / 2**20:,.0f} MiB at {grid**2:,}" for grid in (few, many))
    trajectory = 2 * 4 * problem.STEPS
    return Row("exact map: memory per start", per_start, unit="B", most=trajectory, details=f"peak {whole} starts")
