"""Goals as formulas over what may be true of an outcome, and games that pay each player 1 where its goal holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, unknown
from nashscape.core.calls import public
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame

Bools = npt.NDArray[np.bool_]
Literal = tuple[str, bool]

NAME = re.compile(r"[^&|~()]+")


@dataclass(frozen=True)
class Goal:
    """A goal in disjunctive normal form: one of its options holds, each of which is a list of literals that all hold.

    Attributes:
        options: of each option its literals, a predicate and whether it is to be true.
    """

    options: tuple[tuple[Literal, ...], ...]

    @property
    def predicates(self) -> tuple[str, ...]:
        """The predicates that it speaks of, each once."""
        return tuple(dict.fromkeys(name for option in self.options for name, _ in option))

    def holds(self, truths: Mapping[str, npt.ArrayLike]) -> Bools:
        """Where the goal holds.

        Args:
            truths: of each predicate whether it is true, arrays of one shape.

        Returns:
            Truth values of this shape.

        Raises:
            InputError: for a predicate of which nothing is told.
        """
        for name in self.predicates:
            if name not in truths:
                raise unknown("predicate", name, truths)
        ways = [[np.asarray(truths[name], bool) == wanted for name, wanted in option] for option in self.options]
        return np.logical_or.reduce([np.logical_and.reduce(own) for own in ways])

    def __str__(self) -> str:
        """As it is written: `red & ~near | together`."""
        return " | ".join(
            " & ".join(f"{'' if wanted else '~'}{name}" for name, wanted in option) for option in self.options
        )


@public()
def goal(text: str) -> Goal:
    """A goal from its text: options with `|` between them, of literals with `&` between, `~` before what must not be.

    Args:
        text: such as "red & ~near | together".

    Raises:
        InputError: for what is no such formula, and an option that wants a predicate to be both.

    Example:
        >>> found = goal("red & ~near | together")
        >>> found.options
        ((('red', True), ('near', False)), (('together', True),))
        >>> found.holds({"red": [1, 1, 0], "near": [1, 0, 1], "together": [0, 0, 1]}).tolist()
        [False, True, True]
    """
    if not isinstance(text, str):
        raise InputError(f"a goal is a text, such as 'red & ~near | together'; got {text!r}")
    return Goal(tuple(_option(part, text) for part in text.split("|")))


def _option(part: str, text: str) -> tuple[Literal, ...]:
    made: dict[str, bool] = {}
    for word in part.split("&"):
        bare = word.strip()
        wanted = not bare.startswith("~")
        name = bare[not wanted :].strip()
        if not NAME.fullmatch(name):
            raise InputError(f"a goal is options with | between them, of predicates with & between them and ~ before "
                             f"those that must not be, such as 'red & ~near | together'; got {text!r}")  # fmt: skip
        if made.setdefault(name, wanted) != wanted:
            raise InputError(
                f"the option {part.strip()!r} of a goal wants {name} to be true and not to be; leave it out"
            )
    return tuple(made.items())


@public()
def goal_game(
    predicates: Mapping[str, npt.ArrayLike],
    goals: Sequence[Goal | str],
    *,
    actions: Any = None,
    players: Sequence[str] | None = None,
    name: str = "goals",
) -> DenseGame:
    """The game in which each player is paid 1 where its goal holds of the outcome, else 0.

    Args:
        predicates: of each name whether it is true at every profile, `[a_1, …, a_n]`.
        goals: of each player, as `goal` takes them, or made by it.
        actions: names, as `dense` takes them.
        players: names.
        name: of the game.

    Raises:
        InputError: for predicates of different shapes, goals that speak of others, and not one goal for each player.

    Example:
        >>> same = [[1, 0], [0, 1]]
        >>> goal_game({"same": same}, ["same", "~same"]).payoffs[1].tolist()
        [[0.0, 1.0], [1.0, 0.0]]

    Source: Stooke et al. (2021), for goals in disjunctive normal form.
    """
    truths = {str(key): np.asarray(own, bool) for key, own in dict(predicates).items()}
    shapes = {own.shape for own in truths.values()}
    if len(shapes) != 1:
        raise InputError(f"predicates are truth values of one shape, one axis for each player; got {sorted(shapes)}")
    shape = shapes.pop()
    if isinstance(goals, str) or len(goals) != len(shape) or not shape:
        raise InputError(f"there is a goal for each of {len(shape)} players; got {goals!r}")
    made = [goal(str(own)) for own in goals]
    return dense(
        np.stack([own.holds(truths) for own in made]).astype(float), actions=actions, players=players, name=name
    )
