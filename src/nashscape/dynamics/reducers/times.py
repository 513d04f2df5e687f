"""Reducers of times: when a statistic of payoffs was beyond a level."""

from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError, choice, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reducers.of_payoffs import STATISTICS
from nashscape.dynamics.reduction import Reducer, Seen


@dataclass(frozen=True)
class Time(Reducer):
    """When a statistic of payoffs was beyond a level. Made by `first_time` and `last_time`."""

    level: Any = 0.0
    statistic: str = "welfare"
    above: bool = True
    last: bool = False
    name: str = "time"

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.full((), -1, jnp.int32)

    def add(self, carried: Any, seen: Seen) -> Any:
        """This step, if the level is passed and it is the first or the last time that counts."""
        value = STATISTICS[self.statistic](seen.payoffs)
        beyond = value > self.level if self.above else value < self.level
        counts = beyond if self.last else beyond & (carried < 0)
        return jnp.where(counts, seen.step.astype(jnp.int32), carried)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)


jax.tree_util.register_dataclass(
    Time, data_fields=["level"], meta_fields=["statistic", "above", "last"], drop_fields=["name"]
)


@public()
def first_time(statistic: str, *, above: float | None = None, below: float | None = None) -> Time:
    """Updates made when a statistic of payoffs was first above, or below, a level; −1 where it never was.

    Args:
        statistic: "welfare", "least", "range" or "gini".
        above: the level that it must exceed, in payoff units.
        below: the level that it must stay under; give one of the two.

    Example:
        >>> first_time("welfare", above=7.0).name
        'first_welfare_above_7'
    """
    return _time(statistic, above, below, last=False)


@public()
def last_time(statistic: str, *, above: float | None = None, below: float | None = None) -> Time:
    """Updates made when a statistic of payoffs was last above, or below, a level; −1 where it never was.

    >>> last_time("range", above=0.5).name
    'last_range_above_0.5'
    """
    return _time(statistic, above, below, last=True)


def _time(statistic: str, above: Any, below: Any, *, last: bool) -> Time:
    statistic = choice(statistic, "statistic", STATISTICS)
    if (above is None) == (below is None):
        raise InputError("say either above=… or below=…, not both")
    side = "below" if above is None else "above"
    level = finite_number(below if above is None else above, side)
    name = f"{'last' if last else 'first'}_{statistic}_{side}_{level:g}"
    return Time(level, statistic, above is not None, last, name)
