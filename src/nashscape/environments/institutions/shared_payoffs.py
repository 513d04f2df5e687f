"""Institutions that move what others get: mixed payoffs, and aversion to inequity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.institutions.protocol import BareInstitution, Round, Settled, account


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Mixing(BareInstitution):
    """Players who are paid `(I + D) π`; made by `mixing`.

    Attributes:
        dependence: D, `[n, n]`.
        name: what its measures are called by.
    """

    dependence: Any
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> Any:
        n = len(environment.players)
        if np.shape(self.dependence) != (n, n):
            raise InputError(
                f"{environment.name} has {n} players; {self.name} has numbers for {list(np.shape(self.dependence))}"
            )
        return self

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        return Settled(state, self._account(played.paid))

    @override
    def exactly(self, environment: Any) -> Callable[[jax.Array, Any], jax.Array]:
        """The account from a round's rewards and actions."""
        return lambda rewards, actions: self._account(rewards)

    def _account(self, paid: jax.Array) -> jax.Array:
        return account(jnp.asarray(self.dependence, paid.dtype) @ paid)


@public()
def mixing(dependence: npt.ArrayLike, *, name: str = "mixing") -> Mixing:
    """Payoff mixing: players are paid `U = (I + D) π` of what each round pays; as `games.payoff_mixing` does of games.

    Where columns of D do not sum to zero payoff comes from outside, or is burnt, which its account tells.

    Args:
        dependence: D, `[n, n]`, such as `games.altruism(3, 0.5)` or `games.sharing([0, 0, 1])`.
        name: what its measures are called by.

    Raises:
        InputError: for what is no square matrix.

    Example:
        >>> from nashscape import games
        >>> from nashscape.environments import governed
        >>> print(governed(games.prisoners_dilemma(), mixing(games.altruism(2, 1.0))).exact().table())
              C     D
        C  6, 6  5, 5
        D  5, 5  2, 2
    """
    weights = finite_array(dependence, "dependence", ndim=2)
    if weights.shape[0] != weights.shape[1]:
        raise InputError(f"dependence is a square matrix; got shape {list(weights.shape)}")
    return Mixing(weights, name)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class InequityAversion(BareInstitution):
    """Players who mind getting less than others, and more; made by `inequity_aversion`.

    Attributes:
        envy: α, `[n]`.
        guilt: β, `[n]`.
        memory: how much of the smoothed rewards is kept from round to round.
        name: what its measures are called by.
    """

    envy: Any
    guilt: Any
    memory: Any
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> Any:
        n = len(environment.players)
        if len(self.envy) not in (1, n) or n < 2:
            raise InputError(f"{environment.name} has {n} players; {self.name} has numbers for {len(self.envy)}")
        return self

    @override
    def begin(self, environment: Any) -> Any:
        return jnp.zeros(len(environment.players))

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        smoothed = self.memory * state + played.paid.astype(state.dtype)
        ahead = smoothed[None, :] - smoothed[:, None]
        less = jnp.sum(jnp.maximum(ahead, 0.0), axis=1)
        more = jnp.sum(jnp.maximum(-ahead, 0.0), axis=1)
        felt = -(self.envy * less + self.guilt * more) / (len(smoothed) - 1)
        return Settled(smoothed.astype(state.dtype), account(felt.astype(played.paid.dtype)))


@public()
def inequity_aversion(
    *,
    envy: float | Sequence[float] = 5.0,
    guilt: float | Sequence[float] = 0.05,
    memory: float = 0.0,
    averse: Sequence[bool] | None = None,
    name: str = "inequity aversion",
) -> InequityAversion:
    """Aversion to inequity: players feel it as a loss if others got more, or less, than they did.

        u_i = r_i − α_i/(n−1) Σ_j max(e_j − e_i, 0) − β_i/(n−1) Σ_j max(e_i − e_j, 0),   e ← λ e + r

    Nothing changes hands: what is felt stands as burnt in the account.

    Args:
        envy: α, one number or one for each player.
        guilt: β, likewise.
        memory: λ, how much of what was got before still counts; 0 for this round alone.
        averse: for each player whether it feels so; all by default.
        name: what its measures are called by.

    Raises:
        InputError: for numbers out of their ranges, and anything but truth values for `averse`.

    Example:
        >>> inequity_aversion(envy=5, guilt=0.05).memory
        np.float64(0.0)

    Source: E. Fehr, K. Schmidt (1999); over time, E. Hughes et al., arXiv 1803.08884 (2018).
    """
    own = [finite_array(np.atleast_1d(one), what, ndim=1) for one, what in ((envy, "envy"), (guilt, "guilt"))]
    counts = {len(one) for one in own} - {1}
    who = np.ones(max(counts, default=1), bool) if averse is None else _who(averse)
    if len(counts | ({len(who)} - {1})) > 1:
        raise InputError(
            f"envy, guilt and averse are for {[len(own[0]), len(own[1]), len(who)]} players; give one number for all, "
            "or one for each"
        )
    alpha, beta = (np.where(who, one, 0.0) for one in np.broadcast_arrays(*own))
    return InequityAversion(alpha, beta, np.float64(finite_number(memory, "memory", low=0.0, high=1.0)), name)


def _who(averse: Any) -> npt.NDArray[np.bool_]:
    given = np.asarray(averse)
    if given.ndim != 1 or given.dtype != bool:
        raise InputError(f"averse says of each player whether it minds, as in [True, False]; got {averse!r}")
    return given
