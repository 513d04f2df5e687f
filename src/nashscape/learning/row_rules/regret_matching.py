"""Counterfactual regret minimisation: regret matching in every information set, with all its variants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import Source, choice, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.asking import SAMPLED_ROW_VALUES
from nashscape.learning.oracle import Oracle
from nashscape.learning.row_rules.row_rule import ORDERS, RowRule
from nashscape.learning.row_values import RowValues

ROUNDING = 16.0
"""Sums of regrets of less than so many units of rounding are none."""

CFR = Source(
    "cfr",
    "Zinkevich, Johanson, Bowling, Piccione: Regret Minimization in Games with Incomplete Information. Advances in "
    "Neural Information Processing Systems 20, 2007.",
)
CFR_PLUS = Source(
    "cfr_plus",
    "Tammelin, Burch, Johanson, Bowling: Solving Heads-up Limit Texas Hold'em. International Joint Conference on "
    "Artificial Intelligence, 645–652, 2015.",
)
SAMPLING = Source(
    "monte_carlo_cfr",
    "Lanctot, Waugh, Zinkevich, Bowling: Monte Carlo Sampling for Regret Minimization in Extensive Games. Advances in "
    "Neural Information Processing Systems 22, 2009.",
)


@dataclass(frozen=True, repr=False)
class RegretMatching(RowRule):
    """In every row actions in proportion to their positive regrets. Made by `cfr`, `cfr_plus` and `sampled_cfr`.

    Attributes:
        name: what tables and figures call it.
        order: see `RowRule`.
        plus: whether sums of regrets are kept from falling below zero.
        averaging: see `RowRule`.
        explore: in samples, how likely a player whose regrets are looked at does anything; None for exact values.
        shapes: see `RowRule`.
    """

    name: str = "cfr"
    order: str = "simultaneous"
    plus: bool = False
    averaging: str = "uniform"
    explore: Any = None
    shapes: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    @property
    @override
    def needs(self) -> frozenset[str]:
        return super().needs if self.explore is None else super().needs | {SAMPLED_ROW_VALUES}

    @property
    @override
    def sources(self) -> tuple[Source, ...]:
        more = [SAMPLING] if self.explore is not None else [CFR_PLUS] if self.plus else []
        return (CFR, *more)

    @override
    def begin(self, theta: jax.Array) -> tuple[Any, ...]:
        return tuple(jnp.zeros(shape, theta.dtype) for shape in self.shapes)

    @override
    def values(self, oracle: Oracle, seen: Sequence[jax.Array], player: int) -> RowValues:
        if self.explore is None:
            return super().values(oracle, seen, player)
        return oracle.sampled_row_values(seen, self.explore, player)[player]

    @override
    def next(self, oracle: Oracle, player: int, seen: Sequence[jax.Array], own: Any, step: jax.Array) -> Any:
        values, legal = self.values(oracle, seen, player), jnp.asarray(oracle.legal[player])
        worth = values.counterfactual
        regrets = worth - jnp.sum(jnp.where(legal, worth * seen[player], 0.0), axis=-1, keepdims=True)
        sums = jnp.where(legal, own + jnp.asarray(regrets, own.dtype), 0.0)
        sums = jnp.where(jnp.abs(sums) <= _rounding(values, own, legal), 0.0, sums)
        sums = jnp.maximum(sums, 0.0) if self.plus else sums
        return matched(sums, legal), sums


jax.tree_util.register_dataclass(
    RegretMatching, data_fields=["explore"], meta_fields=["order", "plus", "averaging", "shapes"], drop_fields=["name"]
)


def _rounding(values: RowValues, own: jax.Array, legal: jax.Array) -> jax.Array:
    """Up to which sums of regrets are rounding, which would otherwise decide between one action and all alike.

    In units of what the player gets anywhere, so that a row to which others lead as rarely as zeros are rounded is
    left alone too; nobody loses more by that.
    """
    worth = jnp.max(jnp.where(legal, jnp.abs(values.given_reached), 0.0))
    unit = ROUNDING * float(np.finfo(own.dtype).eps)
    sizes: jax.Array = unit * (worth + jnp.max(jnp.abs(own), axis=-1, keepdims=True))
    return sizes


def matched(sums: jax.Array, legal: Any) -> jax.Array:
    """Legal actions in proportion to positive regrets, all alike where there are none.

    >>> sums = jnp.asarray([[3.0, -1.0, 1.0], [-1.0, -2.0, 5.0]])
    >>> matched(sums, jnp.asarray([[True, True, True], [True, True, False]])).tolist()
    [[0.75, 0.0, 0.25], [0.5, 0.5, 0.0]]
    """
    positive = jnp.where(legal, jnp.maximum(sums, 0.0), 0.0)
    total = jnp.sum(positive, axis=-1, keepdims=True)
    even = jnp.where(legal, 1.0, 0.0)
    even = even / jnp.sum(even, axis=-1, keepdims=True)
    return jnp.where(total > 0, positive / jnp.where(total > 0, total, 1.0), even)


@public()
def cfr(*, order: str = "simultaneous") -> RegretMatching:
    """Counterfactual regret minimisation: regret matching in every information set.

    Every row r sums up what it would have been worth to do a there, always, once the others and chance lead to it:
    `R(r, a) ← R(r, a) + v(r, a) − Σ_b σ(b|r) v(r, b)`, where v are counterfactual values, and plays
    `σ(a|r) ∝ max(R(r, a), 0)`, all legal actions alike where none is positive. Of two players with opposite interests
    the *averages* come to an equilibrium, weighted by how often the player's own moves lead to the row; the last
    strategies need not, see `theory.tree_play`. In a normal form it is regret matching. The step size plays no part.

    Args:
        order: "simultaneous", all players from the same strategies; or "sequential", one after another, which is also
            called alternating updates.

    Raises:
        InputError: for an unknown order; from a run with a game that is neither in extensive nor in normal form.

    Example:
        >>> from nashscape import games, theory
        >>> found = theory.tree_play(games.kuhn_poker(), cfr(), steps=500)
        >>> bool(found.nash_conv < 0.05)
        True

    Source: Zinkevich, Johanson, Bowling, Piccione (2007); Hart, Mas-Colell (2000) for regret matching.
    """
    return RegretMatching(order=choice(order, "order", ORDERS))


@public()
def cfr_plus(*, order: str = "sequential") -> RegretMatching:
    """CFR+: sums of regrets never fall below zero, players move one after another, later rounds count more.

    `R(r, a) ← max(R(r, a) + v(r, a) − Σ_b σ(b|r) v(r, b), 0)`; averages that are asked for of it weigh round t by t.

    Args:
        order: as in `cfr`; by default "sequential", as published.

    Raises:
        InputError: as `cfr`.

    Example:
        >>> from nashscape import games, theory
        >>> found = theory.tree_play(games.kuhn_poker(), cfr_plus(), steps=200)
        >>> bool(found.nash_conv < 0.005)
        True

    Source: Tammelin, Burch, Johanson, Bowling (2015).
    """
    return RegretMatching(name="cfr_plus", order=choice(order, "order", ORDERS), plus=True, averaging="linear")


@public()
def sampled_cfr(*, explore: float = 0.6, order: str = "simultaneous") -> RegretMatching:
    """CFR by outcome sampling: regrets are estimated, without bias, from one play for each player in each round.

    The player whose regrets are looked at moves with `(1 − ε) σ + ε/|A|`, all others and chance as they do; which play
    comes is a matter of the run's seed. Averages take the strategies themselves and are not sampled.

    Args:
        explore: ε, in (0, 1].
        order: as in `cfr`.

    Raises:
        InputError: for other numbers and orders; from a run with a game that is not in extensive form.

    Example:
        >>> from nashscape import games, theory
        >>> found = theory.tree_play(games.kuhn_poker(), sampled_cfr(), steps=3000, seed=1)
        >>> bool(found.nash_conv < 0.4)
        True

    Source: Lanctot, Waugh, Zinkevich, Bowling (2009).
    """
    tried = finite_number(explore, "explore", low=0.0, low_open=True, high=1.0)
    return RegretMatching(name="sampled_cfr", order=choice(order, "order", ORDERS), explore=tried)
