"""What episodes come to: returns, payoffs, shares of actions, and what the environment measures."""

from typing import Any

import jax
import jax.numpy as jnp

from nashscape.environments.spaces import is_discrete
from nashscape.learning.plays.records import Plays


def first_episodes(plays: Plays) -> jax.Array:
    """Which rounds belong to the episode that began first, `[T, B]`."""
    return jnp.cumsum(plays.begins, axis=0) == 1


def measured(game: Any, plays: Plays) -> dict[str, jax.Array]:
    """Measures of B episodes that were played whole, by name: `[B, n]`, or `[B, …]` of what is no player's.

    See `behaviour` for what they are. What the environment measures is summed over the episode.
    """
    counted = first_episodes(plays).astype(plays.rewards.dtype)
    rounds = jnp.sum(counted, axis=0)
    weights = counted * _discounts(game, plays)
    paid = jnp.einsum("tb,tbn->bn", counted, plays.rewards)
    made = {
        "return": paid,
        "discounted return": jnp.einsum("tb,tbn->bn", weights, plays.rewards),
        "payoff": paid / rounds[:, None],
        "rounds": rounds,
        **_shares(game, plays, counted / rounds),
    }
    for name, own in plays.measures.items():
        made[name] = jnp.einsum("tb,tb...->b...", counted, own.astype(counted.dtype))
    return made


def _discounts(game: Any, plays: Plays) -> jax.Array:
    """`γ^t`, counted from the first round, `[T, 1]`."""
    times = jnp.arange(plays.rewards.shape[0], dtype=plays.rewards.dtype)
    return jnp.power(jnp.asarray(game.discount, plays.rewards.dtype), times)[:, None]


def _shares(game: Any, plays: Plays, weights: jax.Array) -> dict[str, jax.Array]:
    """In which share of its rounds every player takes the action of a name; no number for who has no such action."""
    spaces = game.action_spaces
    names = dict.fromkeys(name for own in spaces if is_discrete(own) for name in own.names)
    return {
        f"share of {name}": jnp.stack(
            [
                jnp.sum(weights * (drawn == own.names.index(name)), axis=0)
                if is_discrete(own) and name in own.names
                else jnp.full(weights.shape[1:], jnp.nan, weights.dtype)
                for own, drawn in zip(spaces, plays.actions, strict=True)
            ],
            axis=-1,
        )
        for name in names
    }
