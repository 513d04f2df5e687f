"""Means of strategies, of their logarithms, and of sigmoids of noisy logits."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.custom_derivatives import SymbolicZero


def mixture(weights: jax.Array, values: jax.Array, logs: bool) -> jax.Array:
    """The mean of strategies `[M, …]` with weights `[M]`; where logarithms are given, its logarithm.

    >>> half = jnp.array([0.5, 0.5])
    >>> mixture(half, jnp.array([[-1000.0, 0.0], [-1001.0, 0.0]]), True).round(3).tolist()   # no logarithm of zero
    [-1000.38..., 0.0]
    """
    if not logs:
        return jnp.tensordot(weights, values, 1, precision=lax.Precision.HIGHEST)
    highest = lax.stop_gradient(jnp.max(values, axis=0))
    return jnp.log(mixture(weights, jnp.exp(values - highest), False)) + highest


def mean_sigmoid(logit: jax.Array, noise: jax.Array, weights: jax.Array) -> jax.Array:
    """`Σ_m w_m σ(z + ε_m)` for one logit z and M values of noise.

    >>> round(float(mean_sigmoid(jnp.float32(1.0), jnp.array([-1.0, 1.0]), jnp.array([0.5, 0.5]))), 4)
    0.6904
    """
    return _mean_polynomial((0.0, 1.0), logit, noise, weights)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _mean_polynomial(
    coefficients: tuple[float, ...], logit: jax.Array, noise: jax.Array, weights: jax.Array
) -> jax.Array:
    """`Σ_m w_m P(σ(z + ε_m))`. Derivatives of a sigmoid are polynomials in it, so those of this mean are such means.

    Derivatives of any order are then sums over the noise that are made once, where automatic differentiation would
    carry every derivative through every value of the noise: several times as many operations.
    """
    return jnp.sum(weights * _polynomial(coefficients, jax.nn.sigmoid(logit + noise)))


def _mean_polynomial_jvp(coefficients: tuple[float, ...], primals: Any, tangents: Any) -> tuple[Any, Any]:
    logit, noise, weights = primals
    slope = _slope(coefficients)
    value = _mean_polynomial(coefficients, logit, noise, weights)
    change = jnp.zeros_like(value)
    if not isinstance(tangents[0], SymbolicZero):
        change = change + _mean_polynomial(slope, logit, noise, weights) * tangents[0]
    if not isinstance(tangents[1], SymbolicZero):
        change = change + jnp.sum(weights * _polynomial(slope, jax.nn.sigmoid(logit + noise)) * tangents[1])
    if not isinstance(tangents[2], SymbolicZero):
        change = change + jnp.sum(tangents[2] * _polynomial(coefficients, jax.nn.sigmoid(logit + noise)))
    return value, change


# told which tangents are zero, as those of the noise nearly always are
_mean_polynomial.defjvp(_mean_polynomial_jvp, symbolic_zeros=True)


def _slope(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    """The coefficients of `dP(σ)/dz = P'(σ) (σ − σ²)`."""
    slope = [0.0] * (len(coefficients) + 1)
    for power, coefficient in enumerate(coefficients):
        slope[power] += power * coefficient
        slope[power + 1] -= power * coefficient
    return tuple(slope)


def _polynomial(coefficients: tuple[float, ...], values: jax.Array) -> jax.Array:
    total = jnp.full_like(values, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * values + coefficient
    return total
