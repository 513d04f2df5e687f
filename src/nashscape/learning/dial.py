"""A dial: the one notion of a number that varies, from a value to a change of what is played and how it is learned."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, TypeVar

from nashscape.core import InputError, finite_number
from nashscape.semantics import ParametricGame


class Turned(Protocol):
    """What dials turn: a game with a semantics, a rule, perhaps more, and `but`, which changes some of it."""

    @property
    def game(self) -> ParametricGame: ...  # noqa: D102
    @property
    def rule(self) -> Any: ...  # noqa: D102
    def but(self, **changes: Any) -> Self: ...  # noqa: D102


T = TypeVar("T", bound=Turned)


@dataclass(frozen=True)
class Learning:
    """A game and how it is learned: what a dial turns where nothing is run.

    Attributes:
        game: with its semantics; None only where a dial is still to give it.
        rule: how the players learn; None for policy gradient.
    """

    game: Any
    rule: Any = None

    def but(self, **changes: Any) -> Self:
        """The same with some things changed.

        Raises:
            InputError: for anything else than the game and the rule.
        """
        if others := sorted(changes.keys() - {"game", "rule"}):
            raise InputError(
                f"what varies here is a game or a rule, and never {others[0]}: see sweep and steer for numbers of runs"
            )
        return replace(self, **changes)


@dataclass(frozen=True)
class Dial:
    """A number that varies: from a case and a value to the case in which the number has it.

    Whatever is varied is one of these: `sweep`, `steer`, `explain`, `cheapest_combination`, `phase_diagram`,
    `threshold` and `continuation` take one, its name, or a function from a value to what changes.

    Attributes:
        name: what tables and figures call it.
        turn: from a case and a value to a case.
        low: usual lower end; None where there is none.
        high: usual upper end.
        whole: whether values are whole numbers.
        pays: whether payoffs of the game may change with it, so that its price is payoff spent.
        place: in which order dials that are turned together are: the game (0), the rule (1), all else (2).
        now: from a case to the value that the number has in it, or None where it has none, or none that is fixed.
        label: what axes call it; by default its name.

    Example:
        >>> from nashscape import games, meta_mapg, sampled, sweep
        >>> batch = Dial("batch", lambda case, value: case.but(estimator=sampled(batch=value)), 1, 4096, whole=True)
        >>> found = sweep(games.stag_hunt(), batch, [4, 64], rule=meta_mapg(), n=16, steps=10)
        >>> [one.question["estimator"]["batch"] for one in found.results]
        [4, 64]
    """

    name: str
    turn: Callable[[Any, Any], Any]
    low: float | None = None
    high: float | None = None
    whole: bool = False
    pays: bool = False
    place: int = 2
    now: Callable[[Any], float | None] = lambda case: None
    label: str = ""

    def to_dict(self) -> dict[str, Any]:
        """What decides the answer at a value, for questions: where else it may be turned does not."""
        return {"name": self.name, "turn": self.turn, "whole": self.whole}

    def end(self, which: str, given: float | None = None) -> float:
        """The lower or upper end of a range, "low" or "high": a given number, else the usual one.

        Raises:
            InputError: where neither is known.
        """
        usual: float | None = getattr(self, which)
        if given is None and usual is None:
            raise InputError(f"{self.name}, a function of a value, says nothing of its range; give low and high")
        return finite_number(usual if given is None else given, which)

    def __call__(self, case: T, value: float) -> T:
        """The case at a value; an error says at which."""
        try:
            made: T = self.turn(case, int(value) if self.whole else value)
        except InputError as error:
            # an error of a function of the user's is the cause itself
            raise InputError(f"at {self.name} = {value:g}: {error}") from (error.__cause__ or error)
        if not hasattr(made, "but"):
            raise InputError(f"the turn of dial {self.name} gives a case, such as case.but(steps=value); got {made!r}")
        return made
