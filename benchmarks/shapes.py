"""Larger games must not fall off the fast path: the rate per payoff entry against that of two players, two actions."""

import numpy as np

from benchmarks.rows import Row, paired_ratio, rates
from benchmarks.sizes import Size
from nashscape.dynamics import Setup, make_setup, run_starts, starts
from nashscape.games import dense
from nashscape.learning import meta_mapg

STEPS = 140
SIZES = {Size.FULL: (100_000, 7), Size.QUICK: (10_000, 3), Size.TINY: (200, 1)}
"""Starts, and repetitions."""

SHAPES = {
    "two players, two actions": (2, 2),
    "two players, three actions": (3, 3),
    "three players, two actions": (2, 2, 2),
}


def run(size: Size) -> list[Row]:
    """See the module."""
    count, repetitions = SIZES[size]
    setups = {name: _setup(shape) for name, shape in SHAPES.items()}
    for setup in setups.values():
        _rate(setup, count)  # compiles
    measured: dict[str, list[float]] = {name: [] for name in setups}
    for _ in range(repetitions):
        for name, setup in setups.items():
            measured[name].append(_rate(setup, count) * _entries(SHAPES[name]))
    small, *larger = SHAPES
    return [
        Row(
            f"exact, {name}",
            paired_ratio(measured[name], measured[small]),
            least=0.25,
            against=small,
            details=f"payoff entries × steps: {rates(measured[name])}; {small} {rates(measured[small])}",
        )
        for name in larger
    ]


def _entries(shape: tuple[int, ...]) -> int:
    return len(shape) * int(np.prod(shape))


def _setup(shape: tuple[int, ...]) -> Setup:
    payoffs = np.random.default_rng(len(shape)).normal(size=(len(shape), *shape))
    return make_setup(dense(payoffs), meta_mapg())


def _rate(setup: Setup, count: int) -> float:
    """Trajectory-steps per second."""
    indices = np.arange(count, dtype=np.int64)
    _, cost = run_starts(setup, starts.normal(std=1.35), indices, steps=STEPS)
    return cost.trajectory_steps / cost.run_seconds
