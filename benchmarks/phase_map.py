"""A phase diagram of 200×200 games with 441 starts in each: seconds, compilations, memory, and the rate against C."""

import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np

from benchmarks.exact_map import Kernel
from benchmarks.rows import Row, paired_ratio, rates, times
from benchmarks.sizes import Size
from nashscape.core.machine import cores

STEPS = 300
STARTS = 441
SIZES = {Size.FULL: (50, 200, 3, 316), Size.QUICK: (50, 100, 1, 316), Size.TINY: (2, 4, 1, 8)}
"""Cells on a side of the small and of the large diagram, repetitions, and the grid of the C kernel."""


def run(size: Size) -> list[Row]:
    """See the module."""
    few, many, repetitions, grid = SIZES[size]
    kernel = Kernel(grid)
    kernel.rate(cores())
    large, theirs = [], []
    for _ in range(repetitions):
        before = kernel.rate(cores())
        large.append(_diagram(many))
        theirs.append((before + kernel.rate(cores())) / 2)
    small = _diagram(few)
    ours = [one["updates"] / one["seconds"] for one in large]
    runs = many**2 * STARTS
    asked = f"{many}×{many} games, {STARTS} starts, {STEPS} steps: {runs / 1e6:.1f} million runs"
    seconds = [one["seconds"] for one in large]
    walls = [one["wall"] for one in large]
    growth = (min(one["peak"] for one in large) - small["peak"]) / (many**2 - few**2)
    peaks = ", ".join(
        f"{one['peak'] / 2**20:,.0f} MiB at {side}×{side}" for side, one in ((few, small), (many, large[0]))
    )
    compilations = [one["compilations"] for one in (small, *large)]
    return [
        Row("phase map: trajectories", min(seconds), unit="s", most=60.0, details=f"{asked}; {times(seconds)}"),
        Row("phase map: everything", min(walls), unit="s", details="making games, compiling and running"),
        Row("phase map: programs compiled", max(compilations), unit="", most=1.0, details="for any number of cells"),
        Row(
            "phase map: against C", paired_ratio(ours, theirs), against="C",
            details=f"updates: {rates(ours)}, C {rates(theirs)}",
        ),
        # a cell costs its games' numbers and its counts, not its runs
        Row("phase map: memory per cell", growth, unit="B", most=4.0 * STARTS, details=f"peak {peaks}"),
    ]  # fmt: skip


def _diagram(size: int) -> dict[str, Any]:
    """Measure one in a process of its own, so that its peak is its own."""
    command = [sys.executable, "-c", f"from benchmarks.phase_map import measure; measure({size})"]
    environment = {**os.environ, "JAX_NUM_CPU_DEVICES": str(cores())}
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return dict(json.loads(ended.stdout))


def measure(size: int) -> None:
    """Print what a diagram of `size`² cells took, as JSON."""
    import resource

    import nashscape as ns
    from nashscape.dynamics.cells import compiled_cells
    from nashscape.dynamics.program import compiled

    def make(kappa: float, T: float) -> Any:
        return ns.open_source(ns.games.prisoners_dilemma(T=T), kappa)

    began = time.perf_counter()
    found = ns.phase_diagram(
        make, np.linspace(0.0, 1.5, size), values=np.linspace(3.2, 6.0, size), parameter="T", n=STARTS, steps=STEPS,
        diagonal=None,
    )  # fmt: skip
    wall = time.perf_counter() - began
    cost = found.provenance
    unit = 1 if sys.platform == "darwin" else 1024
    print(
        json.dumps(
            {
                "seconds": cost.run_seconds,
                "updates": cost.trajectory_steps,
                "wall": wall,
                "compilations": compiled_cells.cache_info().misses + compiled.cache_info().misses,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit,
            }
        )
    )
