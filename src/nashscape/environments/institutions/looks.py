"""What players see under institutions: what they see of the environment, the stage, what institutions show."""

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

from nashscape.environments.institutions.flattening import bounds_of_flat, flat
from nashscape.environments.spaces import Space, reals

if TYPE_CHECKING:
    from nashscape.environments.institutions.governed_environment import Governed
    from nashscape.environments.institutions.governed_state import GovernedState


def looks(governed: "Governed", state: "GovernedState") -> tuple[jax.Array, ...]:
    """Of every player: the environment's observation as it is where nothing is added, else one flat array."""
    added = _added(governed, state)
    if added is None:
        return state.seen
    inside = [flat(own, space) for own, space in zip(state.seen, governed.environment.observation_spaces, strict=True)]
    return tuple(
        jnp.concatenate([one, *(part.astype(one.dtype) for part in more)])
        for one, more in zip(inside, added, strict=True)
    )


def space_of(governed: "Governed", player: int) -> Space:
    """What one player sees."""
    space: Space = governed.environment.observation_spaces[player]
    more = _sizes(governed)[player]
    if not more:
        return space
    low, high = bounds_of_flat(space, more)
    return reals(len(low), low, high)


def _sizes(governed: "Governed") -> list[int]:
    """How many numbers are added to what each player sees."""
    n = len(governed.players)

    def parts(environment: Any, institutions: Any) -> list[Any]:
        return [own.shows(environment, own.begin(environment)) for own in institutions]

    given = jax.eval_shape(parts, governed.environment, governed.institutions)
    stages = governed.stages.count if governed.stages.count > 1 else 0
    return [stages + sum(own[i].size for own in given if own is not None) for i in range(n)]


def _added(governed: "Governed", state: "GovernedState") -> list[list[jax.Array]] | None:
    """What is added to what each player sees; None for nothing."""
    parts = [
        own
        for one, before in zip(governed.institutions, state.own, strict=True)
        if (own := one.shows(governed.environment, before)) is not None
    ]
    count = governed.stages.count
    if count > 1:
        parts.insert(0, (jax.nn.one_hot(state.at, count),) * len(governed.players))
    return [[part[i].ravel() for part in parts] for i in range(len(governed.players))] if parts else None
