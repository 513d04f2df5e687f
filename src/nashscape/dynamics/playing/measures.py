"""What episodes come to: returns, payoffs, shares of actions, and what the environment measures."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.environments.spaces import Space, is_discrete
from nashscape.learning.plays.records import Plays

Floats = npt.NDArray[np.float64]

SHARE = "share of "


def first_episodes(plays: Plays) -> jax.Array:
    """Which rounds belong to the episode that began first, `[T, B]`."""
    return jnp.cumsum(plays.begins, axis=0) == 1


def measured(game: Any, plays: Plays) -> dict[str, jax.Array]:
    """Measures of B episodes that were played whole, by name: `[B, n]`, or `[B, …]` of what is no player's.

    See `behaviour` for what they are. What the environment measures is summed over the episode.

    Raises:
        InputError: for a measure of the environment that is called as one that every environment has.
    """
    # payoffs may be whole numbers, and discounts are none
    rewards = plays.rewards.astype(jnp.result_type(plays.rewards, jnp.float32))
    counted = first_episodes(plays).astype(rewards.dtype)
    rounds = jnp.sum(counted, axis=0)
    weights = counted * _discounts(game, rewards)
    paid = jnp.einsum("tb,tbn->bn", counted, rewards)
    made = {
        "return": paid,
        "discounted return": jnp.einsum("tb,tbn->bn", weights, rewards),
        "payoff": paid / rounds[:, None],
        "rounds": rounds,
        **_shares(game, plays, counted),
    }
    check_own_names(game, made, plays.measures)
    for name, own in plays.measures.items():
        made[name] = jnp.einsum("tb,tb...->b...", counted, own.astype(counted.dtype))
    return made


def check_own_names(game: Any, made: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    """Refuse a measure of an environment that is called as one that every environment has."""
    for name in own:
        if name in made:
            raise InputError(f"{game.name} measures {name!r}, which is known of every environment; call it otherwise")


def _discounts(game: Any, rewards: jax.Array) -> jax.Array:
    """`γ^t`, counted from the first round, `[T, 1]`."""
    times = jnp.arange(rewards.shape[0], dtype=rewards.dtype)
    return jnp.power(jnp.asarray(game.discount, rewards.dtype), times)[:, None]


def _shares(game: Any, plays: Plays, counted: jax.Array) -> dict[str, jax.Array]:
    """In which share of the rounds in which it may every player takes action k, `[B, n]`; never with fewer actions.

    Of rounds with a single legal action, as of who waits for its turn, nothing is counted.
    """
    spaces = game.action_spaces
    return {
        numbered_share(k): jnp.stack(
            [
                _share(k, counted, drawn, own) if is_discrete(space) else jnp.full_like(counted[0], jnp.nan)
                for space, drawn, own in zip(spaces, plays.actions, plays.legal, strict=True)
            ],
            axis=-1,
        )
        for k in range(most_actions(spaces))
    }


def _share(k: int, counted: jax.Array, drawn: jax.Array, legal: jax.Array | None) -> jax.Array:
    """How often an action is taken among the rounds in which it, and another, is legal, `[B]`."""
    if legal is not None:
        if k >= legal.shape[-1]:
            return jnp.zeros_like(counted[0])
        counted = counted * (legal[..., k] & (jnp.sum(legal, axis=-1) > 1))
    return jnp.sum(counted / jnp.maximum(jnp.sum(counted, axis=0), 1.0) * (drawn == k), axis=0)


def numbered_share(k: int) -> str:
    """The measure of how often action k is taken, where actions have no names."""
    return f"{SHARE}action {k}"


def most_actions(spaces: tuple[Space, ...]) -> int:
    """The largest number of actions that a player has."""
    return max((own.n for own in spaces if is_discrete(own)), default=0)  # type: ignore[union-attr]


def by_name(game: Any, means: Mapping[str, Floats]) -> dict[str, Floats]:
    """The same with shares of actions under the names that actions have, which programs do not know.

    A player without an action of some name never takes it.
    """
    names = [own.names if is_discrete(own) else () for own in game.action_spaces]
    made = dict(means)
    if not any(names) or not means:
        return made
    # by number: programs give what they measure in the order of the letters, action 10 before action 9
    numbered = [made.pop(numbered_share(k)) for k in range(most_actions(game.action_spaces))]
    for name in dict.fromkeys(one for own in names for one in own):
        columns = [
            numbered[own.index(name)][..., i] if name in own else np.zeros_like(numbered[0][..., i])
            for i, own in enumerate(names)
        ]
        made[f"{SHARE}{name}"] = np.stack(columns, axis=-1)
    return made
