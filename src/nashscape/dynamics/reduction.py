"""What a reducer is, and how reducers are carried through the compiled program."""

import abc
import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.semantics import ParametricGame


class Seen:
    """What a reducer sees of a run at one step: the profile after `step` updates.

    Attributes:
        game: the game with parameters.
        theta: the flat profile of parameters, `[d]`.
        step: updates made so far, a traced whole number.
    """

    def __init__(self, game: ParametricGame, theta: jax.Array, step: jax.Array) -> None:
        """Nothing is computed before it is asked for."""
        self.game, self.theta, self.step = game, theta, step

    @functools.cached_property
    def strategies(self) -> tuple[jax.Array, ...]:
        """The players' strategies, of shapes `[a_i]`."""
        return self.game.strategies(self.theta)

    @functools.cached_property
    def payoffs(self) -> jax.Array:
        """Expected payoffs, `[n]`, in payoff units, less what the semantics charges."""
        return self.game.less_costs(self.game.game.expected_payoffs(self.strategies), self.theta)


class Reducer(abc.ABC):
    """Three pure functions that make one number, or one small array, of a run.

    A run of T updates has T + 1 profiles. `init` makes what is carried along, `add` takes in the profiles one after
    another, the first included, and `finish` makes the number. Memory does not grow with T. A reducer is a pytree whose
    numbers are arguments of the compiled program; its name is for people and results only. Where a profile is not
    finite any more, because the run diverged, so are the sums over it.

    Example:
        >>> from dataclasses import dataclass
        >>> @jax.tree_util.register_dataclass
        ... @dataclass(frozen=True)
        ... class Highest(Reducer):
        ...     name = "highest welfare"
        ...     def init(self, seen):
        ...         return seen.payoffs.sum()
        ...     def add(self, carried, seen):
        ...         return jnp.maximum(carried, seen.payoffs.sum())
        ...     def finish(self, carried):
        ...         return carried
        >>> from nashscape import games
        >>> from nashscape.semantics import parametric
        >>> [reducer.name for reducer in check_reducers([Highest()], parametric(games.stag_hunt()))]
        ['highest welfare']
    """

    name: str

    def renamed(self, name: str) -> Self:
        """The same reducer under another name."""
        return cast(Self, replace(cast(Any, self), name=name))

    def for_game(self, game: ParametricGame) -> Self:
        """The reducer for a game: itself, unless there is something to look up, such as a target by its name."""
        return self

    def for_run(self, steps: int) -> Self:
        """The reducer for runs of so many updates: itself, unless what it takes in depends on when they end."""
        return self

    @abc.abstractmethod
    def init(self, seen: Seen) -> Any:
        """What is carried before any profile is taken in, a pytree of arrays; `seen` is the first profile."""

    @abc.abstractmethod
    def add(self, carried: Any, seen: Seen) -> Any:
        """Take in one profile; gives arrays of the same shapes and types."""

    @abc.abstractmethod
    def finish(self, carried: Any) -> jax.Array:
        """The number, or the array of any shape, that the run comes to."""


def begun(reducers: Sequence[Reducer], seen: Seen) -> tuple[Any, ...]:
    """What all reducers carry before the first profile."""
    return tuple(jax.tree.map(jnp.asarray, reducer.init(seen)) for reducer in reducers)


def taken_in(reducers: Sequence[Reducer], carried: Sequence[Any], seen: Seen) -> tuple[Any, ...]:
    """What all reducers carry after one more profile."""
    return tuple(reducer.add(own, seen) for reducer, own in zip(reducers, carried, strict=True))


def finished(reducers: Sequence[Reducer], carried: Sequence[Any]) -> tuple[jax.Array, ...]:
    """The results of all reducers."""
    return tuple(jnp.asarray(reducer.finish(own)) for reducer, own in zip(reducers, carried, strict=True))


def results(reducers: Sequence[Reducer], game: ParametricGame, precision: str) -> tuple[jax.ShapeDtypeStruct, ...]:
    """Shape and type of what every reducer gives for one run."""

    def one_run(game: ParametricGame, theta: jax.Array) -> tuple[jax.Array, ...]:
        return finished(reducers, begun(reducers, Seen(game, theta, jnp.int32(0))))

    with jax.enable_x64(precision == "float64"):
        made = jax.eval_shape(one_run, game, jax.ShapeDtypeStruct((game.dimension,), precision))
    return cast(tuple[jax.ShapeDtypeStruct, ...], made)


def check_reducers(reducers: Any, game: ParametricGame) -> tuple[Reducer, ...]:
    """One reducer, or several of different names, that fit a game, as a tuple.

    Raises:
        InputError: for anything that is not a reducer, for two of one name, and for one whose `add` changes the shapes
            or types of what it carries.
    """
    several = reducers if isinstance(reducers, list | tuple) else (reducers,)
    given = tuple(_for_game(one, game) for one in several)
    names = [reducer.name for reducer in given]
    if len(set(names)) < len(names):
        raise InputError(f"two reducers are called the same: {', '.join(names)}; rename one with reducer.renamed('…')")
    return given


def _for_game(reducer: Any, game: ParametricGame) -> Reducer:
    if not _is_reducer(reducer):
        hint = "call it, as in reducers.welfare()" if callable(reducer) else "make one, as in reducers.welfare()"
        raise InputError(f"expected a reducer, got {reducer!r}; {hint}")
    fitted: Reducer = reducer.for_game(game)
    _check_carried(fitted, game)
    return fitted


def _is_reducer(value: Any) -> bool:
    return isinstance(value, Reducer)  # class: the base that all reducers derive from


def _check_carried(reducer: Reducer, game: ParametricGame) -> None:
    def both(theta: jax.Array) -> Any:
        seen = Seen(game, theta, jnp.int32(0))
        made = jax.tree.map(jnp.asarray, reducer.init(seen))
        return made, jax.tree.map(jnp.asarray, reducer.add(made, seen))

    made, left = jax.eval_shape(both, jax.ShapeDtypeStruct((game.dimension,), "float32"))
    if _layout(made) != _layout(left):
        raise InputError(
            f"reducer {reducer.name!r} carries {made} at first and {left} after a profile; make them alike"
        )


def _layout(carried: Any) -> Any:
    leaves, structure = jax.tree.flatten(carried)
    return structure, [(leaf.shape, leaf.dtype) for leaf in leaves]
