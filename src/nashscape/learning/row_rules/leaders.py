"""Following the regularised leader in every row, with entropy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import Source, choice
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.row_rules.mirror_descent import not_negative
from nashscape.learning.row_rules.row_rule import ORDERS, RowRule, logs_of, normalised

LEADER = Source(
    "follow_the_regularised_leader",
    "Shalev-Shwartz: Online Learning and Online Convex Optimization. Foundations and Trends in Machine Learning 4, "
    "107–194, 2012.",
)


@dataclass(frozen=True, repr=False)
class RegularisedLeader(RowRule):
    """`σ ∝ σ_0 exp(η_t Σ_s v_s)`. Made by `follow_regularised_leader`.

    Attributes:
        name: what tables and figures call it.
        rate: η, a schedule.
        order: see `RowRule`.
        shapes: see `RowRule`.
    """

    name: str = "follow_regularised_leader"
    rate: Any = 0.1
    order: str = "simultaneous"
    shapes: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"rate": -1})

    @property
    @override
    def sources(self) -> tuple[Source, ...]:
        return (LEADER,)

    @override
    def begin(self, theta: jax.Array) -> tuple[Any, ...]:
        return tuple((theta, jnp.zeros(shape, theta.dtype)) for shape in self.shapes)

    @override
    def next(self, oracle: Oracle, player: int, seen: Sequence[jax.Array], own: Any, step: jax.Array) -> Any:
        (start, sums), legal = own, oracle.legal[player]
        sums = sums + jnp.asarray(self.values(oracle, seen, player).counterfactual, sums.dtype)
        first = logs_of(oracle.strategies(start)[player], legal)
        rate = jnp.asarray(self.rate(step), sums.dtype)
        return normalised(first + rate * sums, legal), (start, sums)


jax.tree_util.register_dataclass(
    RegularisedLeader, data_fields=["rate"], meta_fields=["order", "shapes"], drop_fields=["name"]
)


@public()
def follow_regularised_leader(rate: Any = 0.1, *, order: str = "simultaneous") -> RegularisedLeader:
    """Follow the regularised leader in every row, with entropy: `σ(a|r) ∝ σ_0(a|r) exp(η_t Σ_s v_s(r, a))`.

    The best answer to the sum of all counterfactual values so far, less `1/η_t` times the divergence from the start
    σ_0. From an even start this is CFR with Hedge in place of regret matching; in a normal form with a constant rate it
    is `mirror_descent`. The step size plays no part.

    Args:
        rate: η, in one over payoff units, a number or a schedule of the step.
        order: "simultaneous", all players from the same strategies; or "sequential", one after another.

    Raises:
        InputError: as `mirror_descent`.

    Example:
        >>> from nashscape import games, theory
        >>> found = theory.tree_play(games.kuhn_poker(), follow_regularised_leader(0.5), steps=500)
        >>> bool(found.nash_conv < 0.05)
        True

    Source: Shalev-Shwartz (2012); Zinkevich, Johanson, Bowling, Piccione (2007) for the sums in every row.
    """
    return RegularisedLeader(rate=not_negative(rate, "rate"), order=choice(order, "order", ORDERS))
