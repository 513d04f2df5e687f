"""Reducers of alignment: how far the updates of a run, taken together, go towards a target."""

from dataclasses import dataclass, replace
from typing import Any, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.directions import likelier, straight
from nashscape.dynamics.reducers.paths import named, point_of
from nashscape.dynamics.reduction import Reducer, Seen
from nashscape.dynamics.targets import PointTarget, Target, has_actions
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.semantics import ParametricGame


@dataclass(frozen=True)
class CumulativeAlignment(Reducer):
    """How far updates go towards a target. Made by `cumulative_alignment`."""

    target: Any = None
    of: str = "parameters"
    until: int | None = None
    name: str = "cumulative_alignment"

    def for_game(self, game: ParametricGame) -> Self:
        """The same, with a target of the game.

        Raises:
            InputError: where there is no such target, or parameters have no direction to it.
        """
        goal = _goal(game, self.target)
        if self.of == "parameters" and not has_actions(goal):
            raise InputError(
                f"{game.name} is played with points: no action becomes likelier; "
                "say cumulative_alignment(…, of='strategies'), the way straight to the target's point"
            )
        return replace(self, target=goal)

    def for_run(self, steps: int) -> Self:
        """The same reducer.

        Raises:
            InputError: where runs end before `until`.
        """
        if self.until is not None and self.until > steps:
            raise InputError(f"{self.name} asks for the first {self.until} updates; runs have {steps}")
        return self

    def init(self, seen: Seen) -> Any:
        """At the first profile, with no way behind."""
        return point_of(seen, self.of), self._unit(seen), jnp.zeros((), seen.theta.dtype)

    def add(self, carried: Any, seen: Seen) -> Any:
        """The update that led here, along the direction where it was made."""
        before, unit, total = carried
        point = point_of(seen, self.of)
        part = jnp.sum((point - before) * unit)
        counts = True if self.until is None else seen.step <= self.until
        return point, self._unit(seen), total + jnp.where(counts, part, 0.0)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried[2])

    def _unit(self, seen: Seen) -> jax.Array:
        """The direction at a profile, of length one; zero at the target itself."""
        if self.of == "parameters":
            towards = likelier(seen.game, seen.theta, self.target.places)
        else:
            towards = straight(point_of(seen, self.of), self.target, seen.game.game.strategy_shapes)
        length = jnp.sqrt(jnp.sum(jnp.square(towards)))
        return towards / jnp.where(length == 0, 1.0, length)


jax.tree_util.register_dataclass(
    CumulativeAlignment, data_fields=["until"], meta_fields=["target", "of"], drop_fields=["name"]
)


def _goal(game: ParametricGame, target: Any) -> Target | PointTarget:
    goals = choose_targets(game, target)
    if not goals:
        raise InputError(f"{game.name} has no strict pure equilibrium to point to; name a profile as target")
    return goals[0]


@public()
def cumulative_alignment(target: Any = None, of: str = "parameters", until: int | None = None) -> CumulativeAlignment:
    """How far the updates of a run go towards a target, each measured along the direction where it is made.

        A = Σ_t ⟨x_{t+1} − x_t, u(x_t)⟩,   u = d/|d|

    Of parameters (logits, mostly) d is `∇_θ Σ_i log σ_i(θ)[a*_i]`, as in `alignment`; of strategies `x* − x`, straight
    to the target's, without the rows of which the target says nothing. Updates are those really made: with step size,
    noise and projection. In units of x. At the target itself nothing counts. Runs that come to where d is infinite
    (an action of the target has probability 0) have no number.

    Args:
        target: the profile; by default the first of `choose_targets`.
        of: "parameters" (default), or "strategies" for probabilities, and for points of continuous actions.
        until: how many of the first updates count; by default all. Of a few it is known early in a run.

    Raises:
        InputError: for another `of`; where runs are made, for a target that the game does not have, parameters without
            a direction to it, and for more updates than there are.

    Example:
        >>> from nashscape import entry_probability, games, pg
        >>> entry = entry_probability(games.stag_hunt(), pg(), reducers=cumulative_alignment("CC", until=5))
        >>> early = entry.reduced["cumulative_alignment"]
        >>> bool(early[entry.reached("CC")].mean() > early[~entry.reached("CC")].mean())
        True
    """
    if until is not None:
        until = positive_integer(until, "until")
    return CumulativeAlignment(target, of, until, named("cumulative_alignment", of, "parameters"))
