"""Targets of games that are only played: what has to be seen of behaviour in evaluation episodes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, unknown
from nashscape.core.calls import public
from nashscape.games.naming import player_index

Floats = npt.NDArray[np.float64]

TOGETHER: Mapping[str, Callable[[Floats], Any]] = MappingProxyType({
    "mean": lambda own: own.mean(axis=-1),
    "sum": lambda own: own.sum(axis=-1),
    "least": lambda own: own.min(axis=-1),
    "most": lambda own: own.max(axis=-1),
})  # fmt: skip
"""What can be made of a measure of all players, beside that of one of them."""


@dataclass(frozen=True)
class Behaviour:
    """A target that is seen in play: a mean over evaluation episodes between two bounds. Made by `behaviour`.

    Attributes:
        name: how tables call it.
        measure: of what, by name.
        at_least: the least value that counts, −inf for none.
        at_most: the largest one.
        of: of whom: one of `TOGETHER`, or a player.
    """

    name: str
    measure: str
    at_least: float
    at_most: float
    of: str | int = "mean"

    @property
    def profile(self) -> tuple[Any, ...]:
        """What tells targets apart."""
        return self.measure, self.at_least, self.at_most, self.of

    def value(self, game: Any, means: Mapping[str, Floats], axes: int = 0) -> Floats:
        """The number that is looked at, from means `[…]` or `[…, n]` of measures by name: `[…]`.

        Args:
            game: whose players there are.
            means: of every measure.
            axes: how many axes `…` stands for, such as two of runs and moments.

        Raises:
            InputError: for what nobody measures, and what is no number of an episode, or of every player in it.
        """
        if self.measure not in means:
            raise unknown("measure", self.measure, means)
        own = means[self.measure]
        if own.ndim == axes:
            return own
        if own.shape[axes:] != (len(game.players),):
            raise InputError(
                f"{self.measure} is an array {list(own.shape[axes:])} in {game.name}; a target is seen in a number of "
                f"an episode, or one for each of its {len(game.players)} players: let the environment measure those"
            )
        if self.of in TOGETHER:
            return np.asarray(TOGETHER[str(self.of)](own))
        return np.asarray(own[..., player_index(game, self.of)])

    def holds(self, game: Any, means: Mapping[str, Floats], axes: int = 0) -> npt.NDArray[np.bool_]:
        """Whether the value lies within the bounds; never where it is no number."""
        value = self.value(game, means, axes)
        return np.asarray((value >= self.at_least) & (value <= self.at_most))


@public()
def behaviour(
    name: str,
    measure: str = "return",
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    of: str | int = "mean",
) -> Behaviour:
    """A target of a game that is only played: the mean of a measure over evaluation episodes lies within bounds.

    Every environment has "return", what a player is paid in an episode, "discounted return", `Σ_t γ^t r_t`, "payoff",
    what it is paid in a round, and "rounds"; "share of C" where actions have names, else "share of action 0" and so on,
    in how many of the rounds in which it has that choice a player takes that action, 0 where it never has it; and what
    the environment measures itself, summed over the episode.

    Args:
        name: how tables call the target.
        measure: of what.
        at_least: the least value that counts. A threshold is part of the question: say it before the runs.
        at_most: the largest value that counts.
        of: of whom, where every player has one: "mean" (default), "sum", "least" or "most" of all, or a player.

    Raises:
        InputError: without a bound, for bounds the wrong way round, and what is no number.

    Example:
        >>> behaviour("cooperates", "share of C", at_least=0.8, of="least")
        Behaviour(name='cooperates', measure='share of C', at_least=0.8, at_most=inf, of='least')
    """
    for own, what in ((name, "name"), (measure, "measure")):
        if not isinstance(own, str) or not own.strip():
            raise InputError(f"the {what} of a behaviour is a text; got {own!r}")
    if at_least is None and at_most is None:
        raise InputError(f"say what counts as {name}: behaviour({name!r}, {measure!r}, at_least=…) or at_most=…")
    low = -math.inf if at_least is None else finite_number(at_least, "at_least")
    high = math.inf if at_most is None else finite_number(at_most, "at_most")
    if low > high:
        raise InputError(f"at_least is {low:g} and at_most {high:g}: nothing lies between")
    if measure.startswith("share of ") and of != "sum" and not (low <= 1 and high >= 0):
        raise InputError(f"{measure} is a share, from 0 to 1, of {name}; got bounds {low:g} and {high:g}")
    if isinstance(of, str) and not of.strip():
        raise InputError("of is a player, or one of mean, sum, least, most")
    return Behaviour(name, measure, low, high, of)


def is_behaviour(value: Any) -> bool:
    """Whether a target is seen in play."""
    return hasattr(value, "measure") and hasattr(value, "holds")
