"""What an institution may look at: what an environment measures of its players, or what they do."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.environments.institutions.protocol import Round
from nashscape.environments.spaces import is_discrete

PAYOFF = "payoff"


@dataclass(frozen=True)
class Base:
    """What is looked at, of every player in a round. Made by `base_of`.

    Attributes:
        name: of a measure, an action, or "payoff".
        measured: whether the environment measures it.
        places: of an action, its number for every player; −1 for who has none of that name.
    """

    name: str
    measured: bool = False
    places: tuple[int, ...] = ()

    def of_round(self, environment: Any, played: Round) -> jax.Array:
        """It in a round, `[n]`; payoff as it is, also below zero, and an action where others could have been taken."""
        if self.measured:
            return played.step.measures[self.name].astype(played.paid.dtype)
        found = self.of(played.paid, played.actions)
        if not self.places:
            return found
        # who waits for its turn has an action all the same
        masks = environment.legal(played.before)
        return jnp.stack([one if own is None else one * (own.sum() > 1) for one, own in zip(found, masks, strict=True)])

    def of(self, rewards: jax.Array, actions: Any) -> jax.Array:
        """The same from a round's rewards and actions alone, for what is no measure."""
        if not self.places:
            return rewards
        return jnp.stack([(own == at).astype(rewards.dtype) for own, at in zip(actions, self.places, strict=True)])


def base_of(environment: Any, on: str, who: str) -> Base:
    """What is called so in an environment.

    Raises:
        InputError: for what an environment neither measures nor lets players do.
    """
    measured, names = measures_of(environment), [getattr(own, "names", ()) for own in environment.action_spaces]
    if on in measured:
        return Base(on, measured=True)
    if on == PAYOFF:
        return Base(on)
    known = list(dict.fromkeys(one for own in names for one in own))
    if on not in known:
        offered = ", ".join(map(repr, (*measured, *known, PAYOFF)))
        raise InputError(f"{who} looks at {on!r}, which {environment.name} does not offer; it offers {offered}")
    return Base(on, places=tuple(own.index(on) if on in own else -1 for own in names))


def measures_of(environment: Any) -> tuple[str, ...]:
    """The names of what an environment measures of every player, `[n]`."""
    key = jax.random.key(0)
    state, _ = jax.eval_shape(lambda env, key: env.reset(key), environment, key)
    actions = tuple(
        jax.ShapeDtypeStruct((), jnp.int32) if is_discrete(own) else jax.ShapeDtypeStruct(own.shape, jnp.float32)
        for own in environment.action_spaces
    )
    step = jax.eval_shape(lambda env, *given: env.step(*given), environment, key, state, actions)
    return tuple(name for name, own in step.measures.items() if own.shape == (len(environment.players),))
