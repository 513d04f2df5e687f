"""What one would write without this library: `vmap` over `scan`, with automatic differentiation of a softmax."""

import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from benchmarks import problem
from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape.dynamics import Endings, make_setup, run_starts, starts
from nashscape.games import stag_hunt
from nashscape.learning import meta_mapg

OWN, PEER = problem.RULES["meta_mapg"]
SIZES = {Size.FULL: (100_000, 5), Size.QUICK: (10_000, 3), Size.TINY: (200, 1)}
"""Starts, and repetitions."""


def utilities(theta: jax.Array) -> jax.Array:
    """Expected payoffs; a logit against zero is a probability."""
    first, second = (jax.nn.softmax(jnp.stack([own, jnp.zeros_like(own)])) for own in theta)
    return jnp.einsum("iab,a,b->i", problem.PAYOFFS, first, second)


def step(theta: jax.Array, size: Any) -> tuple[jax.Array, None]:
    """One update of Meta-MAPG."""
    gradient = jax.jacrev(utilities)(theta)
    hessian = jax.hessian(utilities)(theta)
    base = jnp.array([gradient[0, 0], gradient[1, 1]])
    own = jnp.array([hessian[0, 0, 0], hessian[1, 1, 1]]) * base
    peer = jnp.array([hessian[1, 1, 0] * gradient[0, 1], hessian[0, 0, 1] * gradient[1, 0]])
    moved = theta + size * (base + problem.INNER_LR * (OWN * own + PEER * peer))
    return jnp.clip(moved, -problem.BOUND, problem.BOUND), None


@jax.jit
def endings(theta: jax.Array) -> jax.Array:
    """Where the runs from starts `[N, 2]` end."""
    return jax.vmap(lambda one: jax.lax.scan(step, one, problem.step_sizes())[0])(theta)


def run(size: Size) -> list[Row]:
    """See the module."""
    count, repetitions = SIZES[size]
    points = np.random.default_rng(0).normal(0.0, 1.35, (count, 2)).astype(np.float32)
    _check(points)
    ours, plain = [], []
    for _ in range(repetitions):
        ours.append(_ours(points)[1])
        began = time.perf_counter()
        np.asarray(endings(points))
        plain.append(time.perf_counter() - began)
    details = f"{count:,} starts: nashscape {times(ours)}, plain vmap {times(plain)}"
    return [Row("times faster than plain vmap", paired_ratio(plain, ours), against="plain vmap", details=details)]


def _ours(points: npt.NDArray[np.float32]) -> tuple[Endings, float]:
    found, cost = run_starts(
        make_setup(stag_hunt(), meta_mapg()),
        starts.parameters(points),
        np.arange(len(points)),
        steps=problem.STEPS,
    )
    return found, cost.run_seconds


def _check(points: npt.NDArray[np.float32]) -> None:
    """Both must end at the same places; starts on a separatrix may part."""
    same = np.isclose(_ours(points)[0].theta, np.asarray(endings(points)), atol=0.01).all(axis=1).mean()
    if same < 0.999:
        raise RuntimeError(f"plain vmap and the library agree on a share of {same:.5f} of the starts only")
