"""Reducers of places: where a run ended, where it was after chosen numbers of updates, how far out it came."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reducers.paths import named, point_of
from nashscape.dynamics.reduction import Reducer, Seen


@dataclass(frozen=True)
class LastProfile(Reducer):
    """Where a run ended. Made by `last_profile`."""

    of: str = "strategies"
    name: str = "last_profile"

    @override
    def init(self, seen: Seen) -> Any:
        return point_of(seen, self.of)

    def add(self, carried: Any, seen: Seen) -> Any:
        """This profile in place of the one before."""
        return point_of(seen, self.of)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)


@dataclass(frozen=True)
class PathAt(Reducer):
    """Where a run was after chosen numbers of updates. Made by `path_at`."""

    steps: tuple[Any, ...] = (0,)
    of: str = "strategies"
    name: str = "path_at"

    def for_run(self, steps: int) -> Self:
        """The same.

        Raises:
            InputError: where runs end before one of the chosen steps.
        """
        if max(self.steps) > steps:
            raise InputError(f"{self.name} asks for step {max(self.steps)}; runs end after {steps} updates")
        return self

    def init(self, seen: Seen) -> Any:
        """Not a number, for steps that a run does not come to."""
        point = point_of(seen, self.of)
        return jnp.full((len(self.steps), *point.shape), jnp.nan, point.dtype)

    def add(self, carried: Any, seen: Seen) -> Any:
        """This profile, where it is one of the chosen."""
        chosen = jnp.stack([jnp.asarray(step) == seen.step for step in self.steps])
        return jnp.where(chosen[:, None], point_of(seen, self.of)[None, :], carried)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)


@dataclass(frozen=True)
class LargestParameter(Reducer):
    """How far out a run came. Made by `largest_parameter`."""

    name: str = "largest_parameter"

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.zeros((), seen.theta.dtype)

    def add(self, carried: Any, seen: Seen) -> Any:
        """The larger of this profile's and the largest before; not a number once a run is not finite."""
        return jnp.maximum(carried, jnp.max(jnp.abs(seen.theta)))

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)


jax.tree_util.register_dataclass(LastProfile, data_fields=[], meta_fields=["of"], drop_fields=["name"])
jax.tree_util.register_dataclass(PathAt, data_fields=["steps"], meta_fields=["of"], drop_fields=["name"])
jax.tree_util.register_dataclass(LargestParameter, data_fields=[], meta_fields=[], drop_fields=["name"])


@public()
def last_profile(of: str = "strategies") -> LastProfile:
    """The profile after the last update: all strategies side by side, `[Σ a_i]`, or the parameters, `[d]`.

    >>> last_profile().name, last_profile("parameters").name
    ('last_profile', 'last_profile_of_parameters')

    Raises `InputError` for another kind of profile.
    """
    return LastProfile(of, named("last_profile", of, "strategies"))


@public()
def path_at(steps: Iterable[int], of: str = "strategies") -> PathAt:
    """The profiles after chosen numbers of updates, `[K, Σ a_i]`, or the parameters there, `[K, d]`.

    Args:
        steps: numbers of updates, 0 for the start, in any order; none may be larger than the T updates of the runs.
        of: "strategies" (default), side by side, or "parameters".

    Raises:
        InputError: for no steps, or such as are no whole numbers; where runs are made, for steps after their end.

    Example:
        >>> from nashscape import entry_probability, games, pg
        >>> found = entry_probability(games.stag_hunt(), pg(), n=3, steps=20, reducers=path_at([0, 10, 20]))
        >>> found.reduced["path_at"].shape
        (3, 3, 4)
    """
    chosen = tuple(positive_integer(step, "step", at_least=0) for step in steps)
    if not chosen:
        raise InputError("path_at needs at least one step, such as path_at([0, 10, 100])")
    return PathAt(chosen, of, named("path_at", of, "strategies"))


@public()
def largest_parameter() -> LargestParameter:
    """The largest size of a parameter in any of the T + 1 profiles, `max_{t,k} |θ_tk|`, in units of the parameters.

    Where the parameters are logits it says how near to pure strategies a run came; 8 is the bound of the usual box.

    >>> largest_parameter().name
    'largest_parameter'
    """
    return LargestParameter()
