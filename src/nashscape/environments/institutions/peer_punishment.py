"""Punishment by peers: after a round every player may pay to harm one other."""

from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.institutions.bases import Base, base_of
from nashscape.environments.institutions.protocol import BareInstitution, Round, Settled, Stage


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Punishment(BareInstitution):
    """Players may punish each other after every round; made by `punishment`.

    Attributes:
        cost: what punishing costs.
        harm: what it costs who is punished.
        error: the chance that it hits somebody else.
        sight: the chance that what somebody did is seen as it was; else it is seen as zero.
        on: what players see of each other before they choose.
        name: what its measures are called by.
    """

    cost: Any
    harm: Any
    error: Any
    sight: Any
    on: Base = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Punishment":
        return replace(self, on=base_of(environment, self.on.name, self.name))

    @override
    def stage(self, environment: Any) -> Stage:
        players = environment.players
        return Stage(
            tuple(
                (f"{self.name} of nobody", *(f"{self.name} of {one}" for one in players if one != own))
                for own in players
            )
        )

    @override
    def begin(self, environment: Any) -> Any:
        return jnp.zeros(len(environment.players))

    @override
    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        return tuple(state[_others_first(i, len(state))] for i in range(len(state)))

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        did = self.on.of_round(environment, played)
        seen = jnp.where(jax.random.bernoulli(key, self.sight, did.shape), did, 0.0)
        return Settled(seen.astype(state.dtype), jnp.zeros(len(did) + 1, played.paid.dtype))

    @override
    def decides(self, key: jax.Array, environment: Any, state: Any, chosen: jax.Array) -> Settled:
        n = len(state)
        order = jnp.asarray([_others_first(i, n) for i in range(n)])
        slips, astray = jax.random.split(key)
        wrong = jax.random.bernoulli(slips, self.error, (n,))
        hit = jnp.where(wrong, jax.random.randint(astray, (n,), 1, n), chosen)
        acts = chosen > 0
        aimed = jnp.take_along_axis(order, jnp.where(acts, hit, 0)[:, None], axis=1)[:, 0]
        struck = jnp.sum(jax.nn.one_hot(aimed, n) * acts[:, None], axis=0)
        pays = self.cost * acts + self.harm * struck
        told = {f"{self.name} given": acts.astype(pays.dtype), f"{self.name} received": struck}
        return Settled(jnp.zeros_like(state), jnp.append(-pays, jnp.sum(pays)), told)


def _others_first(player: int, n: int) -> np.ndarray:
    """A player itself, then all others: choice 0 is nobody, choice k the k-th of the others."""
    return np.array([player, *(j for j in range(n) if j != player)])


@public()
def punishment(
    *,
    cost: float = 1.0,
    harm: float = 3.0,
    on: str = "payoff",
    error: float = 0.0,
    sight: float = 1.0,
    name: str = "punishment",
) -> Punishment:
    """Punishment by peers: after every round each player sees what all did and may pay to harm one of them.

    Whoever punishes pays `cost`, whoever is punished loses `harm`, once for each who punishes it; both are burnt.

    Args:
        cost: of punishing once, in payoff units.
        harm: to who is punished.
        on: what is seen of everybody: a measure of the environment, an action, or "payoff".
        error: the chance that who punishes hits a random one of the others.
        sight: the chance, for each player and round, that what it did is seen; else it is seen as zero, by all.
        name: what its choices and measures are called by.

    Raises:
        InputError: for numbers out of their ranges; `governed` refuses what the environment does not offer.

    Example:
        >>> from nashscape import games
        >>> from nashscape.environments import governed
        >>> env = governed(games.prisoners_dilemma(), punishment(on="D"))
        >>> env.action_spaces[0].names
        ('C', 'D', 'punishment of nobody', 'punishment of player 2')
    """
    return Punishment(
        np.float64(finite_number(cost, "cost", low=0.0)),
        np.float64(finite_number(harm, "harm", low=0.0)),
        np.float64(finite_number(error, "error", low=0.0, high=1.0)),
        np.float64(finite_number(sight, "sight", low=0.0, high=1.0)),
        Base(str(on)),
        name,
    )
