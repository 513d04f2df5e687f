"""Taxes and subsidies: what players pay, or get, for what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.institutions.bases import PAYOFF, Base, base_of
from nashscape.environments.institutions.protocol import BareInstitution, Round, Settled


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Tax(BareInstitution):
    """A tax on a measure, an action or payoff; made by `tax`.

    Attributes:
        rate: of a unit of what is taxed, in payoff units.
        back: the share of the proceeds that is handed back, evenly.
        on: what is taxed.
        name: what its measures are called by.
    """

    rate: Any
    back: Any
    on: Base = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Tax":
        return replace(self, on=base_of(environment, self.on.name, self.name))

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        return Settled(state, self._account(self.on.of_round(environment, played)))

    @override
    def exactly(self, environment: Any) -> Callable[[jax.Array, Any], jax.Array] | None:
        # of a payoff that is drawn what is above zero is not that of its mean
        drawn = self.on.name == PAYOFF and not getattr(environment, "certain", False)
        if self.on.measured or drawn:
            return None
        return lambda rewards, actions: self._account(self.on.of(rewards, actions))

    def _account(self, base: jax.Array) -> jax.Array:
        # a loss is neither taxed nor made good
        paid = self.rate * (jnp.maximum(base, 0.0) if self.on.name == PAYOFF and not self.on.measured else base)
        raised = jnp.sum(paid)
        return jnp.append(self.back * raised / len(paid) - paid, (1.0 - self.back) * raised)


@public()
def tax(on: str, rate: float, *, back: float = 1.0, name: str | None = None) -> Tax:
    """A tax: every player pays `rate` times what is taxed, of which a share is handed back to all evenly.

        transfer_i = −t x_i + b (t/n) Σ_j x_j,   burnt: (1 − b) t Σ_j x_j

    With a rate below zero it is a subsidy: with `back=0` it is paid from outside, with `back=1` by all evenly.

    Args:
        on: what is taxed: a measure of the environment, `[n]`, such as "taken"; the name of an action, which is then
            taxed each time it is taken; or "payoff", what is paid in the round where it is above zero.
        rate: t, in payoff units for a unit of it.
        back: b, from 0 (all is burnt) to 1.
        name: what its measures are called by; "tax on …" by default.

    Raises:
        InputError: for numbers out of their ranges; `governed` refuses what the environment does not offer.

    Example:
        >>> from nashscape import games
        >>> from nashscape.environments import governed
        >>> print(governed(games.prisoners_dilemma(), tax("D", 2.0)).exact().table())
              C     D
        C  3, 3  1, 4
        D  4, 1  1, 1
    """
    kept = finite_number(rate, "rate")
    return Tax(
        np.float64(kept),
        np.float64(finite_number(back, "back", low=0.0, high=1.0)),
        Base(str(on)),
        name or (f"tax on {on}" if kept >= 0 or on == PAYOFF else f"subsidy of {on}"),
    )
