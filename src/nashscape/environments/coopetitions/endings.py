"""Tests by which episodes are terminated, on the trust of players in each other."""

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp

Test = Callable[[jax.Array, jax.Array], jax.Array]


def mean_apart(matrix: jax.Array) -> jax.Array:
    """The mean of what stands off the diagonal.

    >>> float(mean_apart(jnp.array([[1.0, 0.25], [0.5, 1.0]])))
    0.375
    """
    n = len(matrix)
    return (matrix.sum() - jnp.trace(matrix)) / (n * (n - 1))


def _never(trust: jax.Array, bound: jax.Array) -> jax.Array:
    return jnp.asarray(False)


def _mean_below(trust: jax.Array, bound: jax.Array) -> jax.Array:
    return mean_apart(trust) < bound


def _mean_at_least(trust: jax.Array, bound: jax.Array) -> jax.Array:
    return mean_apart(trust) >= bound


def _in_first_below(trust: jax.Array, bound: jax.Array) -> jax.Array:
    return trust[1:, 0].mean() < bound


TESTS: Mapping[str, Test] = {
    "never": _never,
    "mean_below": _mean_below,
    "mean_at_least": _mean_at_least,
    "in_first_below": _in_first_below,
}
"""By name: never; mean trust too low; high enough; trust of all others in the first player too low."""
