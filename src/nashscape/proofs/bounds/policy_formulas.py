"""Policy gradients of one-shot games as formulas of strategies whose values are given.

They are traced once, to be run on intervals or polynomials: how strategies depend on logits is known there better than
from exponentials. `known` holds for every player its strategy, where it has a softmax, or four numbers, the sigmoid of
its logit and three derivatives of it. Strategies are differentiated by `dp = p (dz − Σ p dz)`. Payoffs are combined
before they are multiplied by probabilities, so that what is common to them has no part in the bounds.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax


@jax.custom_jvp
def _softmax(logits: jax.Array, strategy: jax.Array) -> jax.Array:
    return strategy


@_softmax.defjvp
def _softmax_jvp(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
    strategy = _softmax(*primals)
    return strategy, strategy * (tangents[0] - jnp.sum(strategy * tangents[0]))


def sigmoid(logit: jax.Array, orders: jax.Array, order: int = 0) -> jax.Array:
    """The derivative of some order of a sigmoid; values of all orders are given, `[4]`."""

    @jax.custom_jvp
    def at(logit: jax.Array, orders: jax.Array) -> jax.Array:
        return orders[order]

    @at.defjvp
    def change(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
        here, values = primals
        return at(here, values), sigmoid(here, values, order + 1) * tangents[0]

    return jnp.asarray(at(logit, orders))


def strategy(logits: jax.Array, known: jax.Array) -> jax.Array:
    """The strategy of a player as a function of its logits, whose value is known."""
    if len(logits) > 1:
        return jnp.asarray(_softmax(logits, known))
    first = sigmoid(logits[0], known)
    return jnp.stack([first, 1.0 - first])


def averaged(payoffs: jax.Array, strategies: Sequence[jax.Array], but: set[int]) -> jax.Array:
    """Payoffs expected over the strategies of all players but some, whose axes stay."""
    for k in reversed(range(len(strategies))):
        if k not in but:
            payoffs = jnp.tensordot(payoffs, strategies[k], axes=([1 + k], [0]), precision=lax.Precision.HIGHEST)
    return payoffs


def _slope(values: jax.Array, axis: int, p: jax.Array, b: int, first: jax.Array | None) -> jax.Array:
    """How an average over an axis, with the weights p, changes with logit b: `p_b Σ_a p_a (x_b − x_a)`.

    For a sigmoid, whose first derivative is given, `s′ (x_0 − x_1)`.
    """
    parts = [lax.index_in_dim(values, a, axis, keepdims=False) for a in range(len(p))]
    if first is not None:
        return first * (parts[0] - parts[1])
    return p[b] * sum(p[a] * (parts[b] - parts[a]) for a in range(len(p)) if a != b)


def field_slopes(payoffs: jax.Array, known: Sequence[jax.Array], logits: Sequence[jax.Array], place: int) -> jax.Array:
    """The derivative of the field by one logit, `[D]`.

    With `G_b = Σ_a p_a E[u(b) − u(a)]` it is for logits of one player `p_b (δ_bc − p_c) G_b − p_b p_c G_c`.
    """
    n = len(logits)
    ends = np.cumsum([0, *(len(own) for own in logits)])
    k = int(np.searchsorted(ends, place, side="right")) - 1
    c = place - int(ends[k])
    p = [strategy(own, given) for own, given in zip(logits, known, strict=True)]
    orders = [given if len(own) == 1 else None for own, given in zip(logits, known, strict=True)]
    slopes = [None if given is None else given[1] for given in orders]
    rows: list[jax.Array] = []
    for j in range(n):
        own, entries = payoffs[j], range(len(logits[j]))
        if j != k:
            # differences of both players first
            both = averaged(own[None], p, {j, k})
            axis = 2 if j < k else 1
            turned = _slope(both, axis, p[k], c, slopes[k])
            rows += [_slope(turned, 1, p[j], b, slopes[j])[0] for b in entries]
            continue
        values = averaged(own[None], p, {j})[0]
        given = orders[j]
        if given is not None:
            rows.append(given[2] * (values[0] - values[1]))
            continue
        better = [sum(p[j][a] * (values[b] - values[a]) for a in entries if a != b) for b in entries]
        rows += [
            p[j][b] * ((1.0 - 2.0 * p[j][c]) * better[c]) if b == c else -(p[j][b] * p[j][c] * (better[b] + better[c]))
            for b in entries
        ]
    return jnp.stack(rows)
