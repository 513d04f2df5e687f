"""The best that one player can do in a Markov decision process."""

from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.tracing.linear_systems import solve_in_a_loop

if TYPE_CHECKING:
    from nashscape.games.forms.markov_game import MarkovGame

MOST_IMPROVEMENTS = 200


def best_values(paid: jax.Array, moves: jax.Array, game: "MarkovGame") -> jax.Array:
    """The largest discounted payoff from each state, `[S]`.

    With a horizon by recursion from the last round, `v ← max_a u(s, a) + γ Σ_t P(t | s, a) v(t)`; without one by
    policy iteration (Howard 1960), which solves for the value of a policy and improves it until it stays.

    Args:
        paid: what a round pays, `[S, a]`.
        moves: probabilities of the next state, `[S, a, S]`.
        game: horizon and discount.
    """

    def ahead(values: jax.Array) -> jax.Array:
        return paid + game.discount * jnp.einsum("sat,t->sa", moves, values, precision=lax.Precision.HIGHEST)

    if game.horizon is not None:
        horizon, none = game.horizon, jnp.zeros(paid.shape[0], paid.dtype)

        def round_before(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            return carry[0] + 1, jnp.max(ahead(carry[1]), axis=1)

        # a loop of this kind, unlike one of known length, can be written out entry by entry
        return lax.while_loop(lambda carry: carry[0] < horizon, round_before, (jnp.zeros((), jnp.int32), none))[1]

    def value_of(policy: jax.Array) -> jax.Array:
        rows = jnp.take_along_axis(moves, policy[:, None, None], axis=1)[:, 0]
        own = jnp.take_along_axis(paid, policy[:, None], axis=1)[:, 0]
        return solve_in_a_loop(jnp.eye(paid.shape[0], dtype=paid.dtype) - game.discount * rows, own, pivots=False)

    def improve(carry: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array, jax.Array]:
        policy, _, count = carry
        better = jnp.argmax(ahead(value_of(policy)), axis=1)
        return better, policy, count + 1

    def goes_on(carry: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
        policy, before, count = carry
        return jnp.any(policy != before) & (count < MOST_IMPROVEMENTS)

    first = jnp.argmax(paid, axis=1)
    policy, _, _ = lax.while_loop(goes_on, improve, (first, first - 1, jnp.zeros((), jnp.int32)))
    # ties may flip for ever within rounding: the larger of the last value and one step ahead of it is as good
    values = value_of(policy)
    return jnp.maximum(values, jnp.max(ahead(values), axis=1))
