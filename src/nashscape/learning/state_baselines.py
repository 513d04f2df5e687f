"""A baseline for every state and round of sampled plays: what the other plays got from there on.

With payoffs `r_t` of the rounds and any numbers `b_t` that depend on the play before the action of round t alone,

    Σ_t r_t ▢_t − Σ_t b_t (▢_t − ▢_{t−1}),      ▢_t = the probability of rounds 0 to t over its own value,

has the same expected derivatives of every order as without the baselines, `▢_t` having those of the score function.
Collected by `▢_t` the payoff of round t becomes `r_t − b_t + b_{t+1}`, with `b_T = 0`: Mao et al. (2019), for DiCE.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.learning.records import Layout


def less_values(layout: Layout, records: jax.Array, paid: Callable[[jax.Array], list[jax.Array]]) -> jax.Array:
    """Payoffs of the rounds with a baseline per state and round, `[rounds, n, B, W]`.

    Args:
        layout: of the records.
        records: of the plays, `[words, B, W]`.
        paid: the payoff of every player in a round, each `[B, W]`.
    """

    def back(carry: tuple[jax.Array, jax.Array], number: jax.Array) -> Any:
        to_go, later = carry
        now = jnp.stack(paid(number))
        to_go = to_go + now
        state, _ = layout.round(records, number)
        value = _of_the_others(to_go, state, layout.states)
        return (to_go, value), now - value + later

    nothing = jnp.zeros((len(layout.shape), *records.shape[1:]), jax.eval_shape(paid, jnp.int32(0))[0].dtype)
    rounds = jnp.arange(layout.rounds, dtype=jnp.int32)
    made: jax.Array = lax.scan(back, (nothing, nothing), rounds, reverse=True)[1]
    return made


def _of_the_others(to_go: jax.Array, state: jax.Array, states: int) -> jax.Array:
    """For every play the mean of `to_go`, `[n, B, W]`, over the other plays in its state, zero where it is alone."""

    def one(s: jax.Array, values: jax.Array) -> jax.Array:
        here = (state == s.astype(state.dtype)).astype(to_go.dtype)
        others = jnp.sum(here, axis=0) - 1.0
        sums = jnp.sum(here * to_go, axis=1, keepdims=True) - to_go
        return jnp.where((here > 0) & (others > 0), sums / jnp.maximum(others, 1.0), values)

    return lax.fori_loop(0, states, one, jnp.zeros_like(to_go))
