"""What a round pays, apart from what players are rewarded with: private, integrated and cooperative payoffs."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp

Numbers = Mapping[str, jax.Array]

NOTHING = 1e-10
"""Who invests no more creates nothing together with others."""


def together(invested: jax.Array) -> jax.Array:
    """What is created together, the geometric mean of what all invest; 0 where one invests nothing.

    >>> round(float(together(jnp.array([2.0, 8.0]))), 4), float(together(jnp.array([2.0, 0.0])))
    (4.0, 0.0)
    """
    mean = jnp.exp(jnp.log(jnp.maximum(invested, NOTHING)).mean())
    return jnp.where((invested > NOTHING).all(), mean, 0.0)


def private(invested: jax.Array, synergy: jax.Array, numbers: Numbers) -> jax.Array:
    """`π_i = e_i − a_i + θ ln(1 + a_i) + α_i γ g(a)`, `[n]`."""
    alone = numbers["endowment"] - invested + numbers["worth"] * jnp.log1p(invested)
    return alone + numbers["share"] * synergy * together(invested)


def integrated(own: jax.Array, weights: jax.Array) -> jax.Array:
    """`U_i = π_i + Σ_j w_ij π_j`, `[n]`.

    >>> integrated(jnp.array([1.0, 10.0]), jnp.array([[0.0, 0.5], [0.25, 0.0]])).tolist()
    [6.0, 10.25]
    """
    return own + weights @ own


def shared(payoffs: jax.Array) -> jax.Array:
    """The mean, for everybody."""
    return jnp.full_like(payoffs, payoffs.mean())
