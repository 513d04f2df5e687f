"""Reducers of spread: how much the strategies still move late in a run."""

import math
from dataclasses import dataclass, replace
from typing import Any, Self

import jax
import jax.numpy as jnp

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reducers.paths import point_of
from nashscape.dynamics.reduction import Reducer, Seen


@dataclass(frozen=True)
class LateSpread(Reducer):
    """How far apart the late values of every probability are. Made by `late_spread`.

    Attributes:
        last: how many of the last updates count; None where it is a share of them.
        share: which share of the updates counts; None where it is a number of them.
        since: updates made at the first profile that counts; None until it is known when runs end.
        name: of the reducer.
    """

    last: int | None = None
    share: float | None = None
    since: Any = None
    name: str = "late_spread"

    def for_run(self, steps: int) -> Self:
        """The same, with the first profile that counts.

        Raises:
            InputError: for more of the last updates than there are.
        """
        late = math.ceil(self.share * steps) if self.last is None else self.last  # type: ignore[operator]
        if late > steps:
            raise InputError(f"{self.name} asks for the last {late} updates; runs have {steps}")
        return replace(self, since=steps - late)

    def init(self, seen: Seen) -> Any:
        """Nothing is as large as the least, nor as small as the largest."""
        point = point_of(seen, "strategies")
        return jnp.full_like(point, jnp.inf), jnp.full_like(point, -jnp.inf)

    def add(self, carried: Any, seen: Seen) -> Any:
        """The least and the largest, of late profiles."""
        least, largest = carried
        point = point_of(seen, "strategies")
        late = seen.step >= (0 if self.since is None else self.since)
        return jnp.where(late, jnp.minimum(least, point), least), jnp.where(late, jnp.maximum(largest, point), largest)

    @override
    def finish(self, carried: Any) -> jax.Array:
        least, largest = carried
        return jnp.asarray(largest - least)


jax.tree_util.register_dataclass(LateSpread, data_fields=["since"], meta_fields=["last", "share"], drop_fields=["name"])


@public()
def late_spread(last: int | None = None, *, share: float | None = None) -> LateSpread:
    """Largest minus least value of every probability over the end of a run, `[Σ a_i]`, players side by side.

        s_k = max_{t ≥ T − m} x_tk − min_{t ≥ T − m} x_tk

    over the profile before the last m updates and those after each of them. It is 0 for a run at rest, and stays large
    for one that cycles. In a game with continuous actions it is of the coordinates of points.

    Args:
        last: m, the number of updates that count.
        share: instead, the share of all updates that counts, rounded up to a whole number of them; above 0, at most 1.

    Raises:
        InputError: unless one of the two is given; where runs are made, for more updates than they have.

    Example:
        >>> from nashscape import basin_map, games, pg
        >>> found = basin_map(games.stag_hunt(), pg(), grid=3, steps=400, reducers=late_spread(share=0.1))
        >>> found.reduced["late_spread"].shape, bool((found.reduced["late_spread"] < 0.01).all())
        ((1, 3, 3, 4), True)
    """
    if (last is None) == (share is None):
        raise InputError("say either last=…, a number of updates, or share=…, a share of them")
    if last is not None:
        return LateSpread(last=positive_integer(last, "last"))
    return LateSpread(share=finite_number(share, "share", low=0.0, high=1.0, low_open=True))
