"""Monitoring: an authority that looks at some players and fines who does too much, more with every time."""

from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.institutions.bases import Base, base_of
from nashscape.environments.institutions.protocol import BareInstitution, Round, Settled

LARGEST = 1e24
"""Times the first fine, from which on fines grow no more: accounts stay numbers."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Monitoring(BareInstitution):
    """Fines for who is seen above a limit; made by `monitoring`.

    Attributes:
        limit: what may be done.
        fine: for the first time.
        growth: how many times as much every further time costs.
        most: the largest fine.
        chance: that a player is looked at in a round.
        error: the chance that what is seen of a player who is looked at is wrong.
        cost: of looking at a player once.
        on: what is looked at.
        name: what its measures are called by.
    """

    limit: Any
    fine: Any
    growth: Any
    most: Any
    chance: Any
    error: Any
    cost: Any
    on: Base = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Monitoring":
        return replace(self, on=base_of(environment, self.on.name, self.name))

    @override
    def begin(self, environment: Any) -> Any:
        return jnp.zeros(len(environment.players))

    @override
    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        return tuple(state[i : i + 1] for i in range(len(state)))

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        did = self.on.of_round(environment, played)
        looks, errs = jax.random.split(key)
        watched = jax.random.bernoulli(looks, self.chance, did.shape)
        wrong = jax.random.bernoulli(errs, self.error, did.shape)
        guilty = watched & ((did > self.limit) ^ wrong)
        times = jnp.minimum(self.growth**state, LARGEST)
        fines = guilty * jnp.minimum(self.fine * times, self.most).astype(did.dtype)
        # whoever is looked at pays nothing for it; what looking costs is borne by all evenly
        looking = self.cost * jnp.sum(watched) / len(did)
        paid = fines + looking
        told = {f"{self.name}: fined": guilty.astype(did.dtype)}
        return Settled(state + guilty, jnp.append(-paid, jnp.sum(paid)), told)


@public()
def monitoring(
    on: str, limit: float, fine: float, *, growth: float = 1.0, most: float | None = None, chance: float = 1.0,
    error: float = 0.0, cost: float = 0.0, name: str = "monitoring",
) -> Monitoring:  # fmt: skip
    """Monitoring with fines: who is looked at and did more than the limit pays a fine, more with every time.

        fine_i = min(f g^{k_i}, m), where k_i is how often player i was fined before in the episode

    With `growth` above 1 sanctions are graduated: a first offence costs little. Fines are burnt, and so is what looking
    costs, which all bear evenly. Players see how often they were fined.

    Args:
        on: what is looked at: a measure of the environment, an action (which counts 1), or "payoff".
        limit: what may be done; more than this is fined.
        fine: f, of the first time, in payoff units.
        growth: g, 1 for fines that stay the same.
        most: m; None for no largest fine, but 10²⁴ times the first one.
        chance: that a player is looked at in a round.
        error: the chance that the guilty are taken for innocent, and the innocent for guilty.
        cost: of looking at one player once, in payoff units.
        name: what its measures are called by.

    Raises:
        InputError: for numbers out of their ranges; `governed` refuses what the environment does not offer.

    Example:
        >>> from nashscape import environments, games
        >>> watched = environments.governed(games.prisoners_dilemma(), monitoring("D", 0, 4.0, chance=0.5))
        >>> watched.name
        'prisoners_dilemma with monitoring'
    """
    return Monitoring(
        np.float64(finite_number(limit, "limit")),
        np.float64(finite_number(fine, "fine", low=0.0)),
        np.float64(finite_number(growth, "growth", low=1.0)),
        np.float64(np.inf if most is None else finite_number(most, "most", low=0.0)),
        np.float64(finite_number(chance, "chance", low=0.0, high=1.0)),
        np.float64(finite_number(error, "error", low=0.0, high=1.0)),
        np.float64(finite_number(cost, "cost", low=0.0)),
        Base(str(on)),
        name,
    )
