"""Reducers of hits: when a run was first in the region of a target."""

from dataclasses import dataclass, replace
from typing import Any, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reduction import Reducer, Seen
from nashscape.dynamics.targets import THRESHOLD, Region
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.semantics import ParametricGame


@dataclass(frozen=True)
class FirstHit(Reducer):
    """When a target first held. Made by `first_hit`."""

    region: Region | None = None
    target: Any = None
    threshold: float = THRESHOLD
    name: str = "first_hit"

    def for_game(self, game: ParametricGame) -> Self:
        """The same, with the region of a target of the game.

        Raises:
            InputError: where there is no such target.
        """
        [goal, *_] = choose_targets(game, self.target, self.threshold) or [None]
        if goal is None:
            raise InputError(f"{game.name} has no strict pure equilibrium to reach; name a profile as target")
        name = f"first_hit_{goal.name}" if self.name == "first_hit" else self.name
        return replace(self, region=goal.region(game.game.strategy_shapes), target=goal, name=name)

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.full((), -1, jnp.int32)

    def add(self, carried: Any, seen: Seen) -> Any:
        """This step, if the target holds and never did."""
        assert self.region is not None, "looked up for the game"
        inside = self.region.contains(seen.strategies)
        return jnp.where(inside & (carried < 0), seen.step.astype(jnp.int32), carried)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)


jax.tree_util.register_dataclass(
    FirstHit, data_fields=["region"], meta_fields=[], drop_fields=["target", "threshold", "name"]
)


@public()
def first_hit(target: Any = None, threshold: float = THRESHOLD) -> FirstHit:
    """Updates made when a target first held, −1 where it never did.

    Of the first target every run knows it already, `runs.first_hit`; of the others it is computed where asked for, and
    `runs.hits(target)` gives either.

    Args:
        target: a profile; by default the first of `choose_targets`.
        threshold: probability of the target's actions that counts as reached; by default 0.82.

    Raises:
        InputError: where runs are made, for a target that the game does not have.

    Example:
        >>> from nashscape import entry_probability, games, pg
        >>> found = entry_probability(games.stag_hunt(), pg(), n=100, reducers=first_hit("DD"))
        >>> bool((found.hits("DD")[found.reached("DD")] >= 0).all()), int(found.hits("DD")[found.reached("CC")].max())
        (True, -1)
    """
    return FirstHit(None, target, threshold)
