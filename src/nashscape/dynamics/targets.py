"""Targets: sets of strategies that a run can be said to have reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.core.options import default
from nashscape.dynamics.playing.behaviours import is_behaviour
from nashscape.games import Game, has_rows, has_tree, is_chain, names_actions
from nashscape.games.forms.trees.outcomes import outcome
from nashscape.games.naming import profile_name, pure_profile, row_profile, row_profile_name

if TYPE_CHECKING:
    from typing_extensions import TypeIs

THRESHOLD: float = default("threshold")
"""Probability of the target's action that counts as reached; the one of arXiv 2605.18078."""


@dataclass(frozen=True)
class Target:
    """The strategies under which every player plays the action of a pure profile with at least a probability.

    Attributes:
        name: how tables call it, "CC".
        profile: one action index per player; in a game of which strategies have rows, a player may have one per row,
            None where it may do anything.
        threshold: the least probability of these actions, for every player.
        state: in a game over states, the index of the state in which the actions are played; otherwise None.
    """

    name: str
    profile: tuple[Any, ...]
    threshold: float = THRESHOLD
    state: int | None = None

    @property
    def places(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Where in each player's strategy the probabilities are that the target is about.

        >>> Target("CD", (0, 1)).places, Target("CD", (0, 1), state=2).places, Target("", ((0, 1), 1)).places[0]
        ((((0,),), ((1,),)), (((2, 0),), ((2, 1),)), ((0, 0), (1, 1)))
        """
        return tuple(self._places(own) for own in self.profile)

    def _places(self, own: Any) -> tuple[tuple[int, ...], ...]:
        if np.ndim(own):
            return tuple((row, action) for row, action in enumerate(own) if action is not None)
        return ((own,),) if self.state is None else ((self.state, own),)

    def pure(self, shapes: Sequence[tuple[int, ...]]) -> list[npt.NDArray[np.float64]]:
        """Pure strategies of these shapes, in which the actions are played; a single one in every row.

        Rows in which a player may do anything are all zeros.
        """
        made = [np.zeros(shape) for shape in shapes]
        for strategy, own in zip(made, self.profile, strict=True):
            if np.ndim(own):
                for row, action in self._places(own):
                    strategy[row, action] = 1.0
            else:
                strategy[..., own] = 1.0
        return made

    def region(self, shapes: Sequence[tuple[int, ...]]) -> "Region":
        """The same as bounds on strategies of these shapes."""
        lower = [np.zeros(shape) for shape in shapes]
        for own, places in zip(lower, self.places, strict=True):
            for place in places:
                own[place] = self.threshold
        return Region(tuple(lower), tuple(np.ones(shape) for shape in shapes))


@dataclass(frozen=True)
class PointTarget:
    """The points near a point of a game with continuous actions.

    Attributes:
        name: how tables call it.
        point: one tuple of coordinates per player.
        radius: the largest distance in any coordinate.
    """

    name: str
    point: tuple[tuple[float, ...], ...]
    radius: float = 0.1

    def __post_init__(self) -> None:
        """Keep the point as tuples, whether it is given so or as arrays, such as those of a `PointEquilibrium`."""
        given = tuple(tuple(np.asarray(own, dtype=np.float64).ravel().tolist()) for own in self.point)
        object.__setattr__(self, "point", given)

    @property
    def profile(self) -> tuple[tuple[float, ...], ...]:
        """What tells targets apart."""
        return self.point

    def region(self, shapes: Sequence[tuple[int, ...]]) -> "Region":
        """The same as bounds on the points."""
        points = [np.asarray(own, dtype=np.float64) for own in self.point]
        return Region(tuple(own - self.radius for own in points), tuple(own + self.radius for own in points))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Region:
    """A target as a compiled program sees it: least and largest value of every entry of every strategy."""

    lower: tuple[Any, ...]
    upper: tuple[Any, ...]

    def contains(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """Whether one profile of strategies lies in the region."""
        inside = [
            jnp.all((own >= low) & (own <= high))
            for own, low, high in zip(strategies, self.lower, self.upper, strict=True)
        ]
        return jnp.stack(inside).all()

    def contains_each(self, strategies: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
        """Whether each of N profiles lies in the region; `strategies[i]` has shape `[N, …]`."""
        inside = [
            ((own >= low.astype(own.dtype)) & (own <= high.astype(own.dtype))).reshape(len(own), -1).all(axis=1)
            for own, low, high in zip(strategies, self.lower, self.upper, strict=True)
        ]
        return np.asarray(np.logical_and.reduce(inside))


def region(shapes: Sequence[tuple[int, ...]], target: Target | PointTarget | None) -> Region:
    """The region of a target, or one that nothing reaches where there is no target."""
    if target is not None:
        return target.region(shapes)
    nowhere = tuple(np.full(shape, np.inf) for shape in shapes)
    return Region(nowhere, nowhere)


@public()
def as_target(game: Game, value: Any, threshold: float = THRESHOLD) -> Target | PointTarget:
    """A target from a profile: "CC", ("C", "D"), (0, 1), or a target already made.

    In a Markov game it is the actions in the state that is most likely at the start, in other games of which strategies
    have rows the actions in all rows: "left right/up" is left in the first row, right in the second, and up in all of
    the other player's. In a game in extensive form it may also be an outcome, plays by name as "enter yield", in which
    every move on the way counts and no other, or have a star in rows that are left open. In a game with continuous
    actions it is a `PointTarget`.

    >>> from nashscape import games
    >>> as_target(games.stag_hunt(), "CC")
    Target(name='CC', profile=(0, 0), threshold=0.82, state=None)

    Raises:
        InputError: when it is not a profile of the game, or the threshold is not above one half: two different
            targets would then overlap.
    """
    if is_behaviour(value):
        raise InputError(
            f"{value.name!r} is seen in play, and {game.name} is computed: name a profile, or play the game, "
            "environments.of_game(game), by name played:game=…"
        )
    if has_point(value):
        return _checked_point(game, value)
    if not names_actions(game):
        raise InputError(f"{game.name} has no actions to name; give dynamics.PointTarget(name, point, radius)")
    if has_actions(value):
        found = _profile_target(game, value.profile, value.threshold)
        return replace(found, name=value.name, state=found.state if value.state is None else _state(game, value))
    return _profile_target(game, value, threshold)


def _state(game: Any, target: Target) -> int:
    """The state of a target, which the game has to have."""
    states = len(game.rows[0]) if is_chain(game) else 0
    if not 0 <= (state := target.state if target.state is not None else -1) < states:
        raise InputError(f"target {target.name!r} is of state {target.state}; {game.name} has {states or 'no'} states")
    return state


def _profile_target(game: Any, value: Any, threshold: float) -> Target:
    threshold = finite_number(threshold, "threshold", low=0.5, high=1.0, low_open=True)
    if has_tree(game):
        return Target(*outcome(game, value), threshold)
    if has_rows(game) and not is_chain(game):
        rows = row_profile(game, value)
        return Target(row_profile_name(game, rows), rows, threshold)
    profile = pure_profile(game, value)
    return Target(profile_name(game, profile), profile, threshold, first_row(game))


def first_row(game: Any) -> int | None:
    """The row in which a joint action is looked at: the likeliest first state; None where strategies have no rows."""
    return int(np.argmax(game.initial)) if is_chain(game) else None


def is_target(value: Any) -> bool:
    """Whether a value is a target that has been made: it has a `name`, a `profile` that tells it apart, a `region`."""
    return all(hasattr(value, name) for name in ("name", "profile", "region"))


def has_point(value: Any) -> "TypeIs[PointTarget]":
    """Whether a target is one around a `point`."""
    return is_target(value) and hasattr(value, "point")


def has_actions(value: Any) -> "TypeIs[Target]":
    """Whether a target is one of pure actions, each with at least a probability."""
    return is_target(value) and hasattr(value, "threshold")


def _checked_point(game: Game, target: PointTarget) -> PointTarget:
    shapes = tuple(np.shape(own) for own in target.point)
    if shapes != tuple(game.strategy_shapes):
        raise InputError(f"the point of {target.name!r} has shapes {shapes}; {game.name} needs {game.strategy_shapes}")
    finite_number(target.radius, "radius", low=0.0, low_open=True)
    return target
