"""Strategies of a repeated game with two actions: what is remembered as states, and how likely each cooperates."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number, exact_values, fraction_text

Ints = npt.NDArray[np.int64]

LAST_ROUND = np.tile(np.arange(1, 5).reshape(2, 2), (5, 1, 1))
"""What follows in every state of a memory-one strategy: start, CC, CD, DC, DD, the own action first."""
OUTPUTS = {"C": Fraction(1), "D": Fraction(0)}
SHORT = {p: letter for letter, p in OUTPUTS.items()}
"""What states play is written as."""


@dataclass(frozen=True, eq=False, repr=False)
class Strategy:
    """A strategy of a repeated game with two actions, C and D, by states of which the first is where it begins.

    Made by `memory_one`, `automaton` or `strategy`.

    Attributes:
        name: of the strategy.
        cooperates: of every state how likely it plays C, exactly.
        moves: the state that follows on the own action and the other's, C before D, `[states, 2, 2]`.
    """

    name: str
    cooperates: tuple[Fraction, ...]
    moves: Ints

    @property
    def deterministic(self) -> bool:
        """Whether nothing is left to chance."""
        return all(p in (0, 1) for p in self.cooperates)

    @property
    def remembers_one_round(self) -> bool:
        """Whether its states are start, CC, CD, DC, DD."""
        return np.array_equal(self.moves, LAST_ROUND)

    @property
    def definition(self) -> str:
        """The text of which `strategy` makes it again, exactly."""
        return self._told(str)

    def _told(self, written: Callable[[Fraction], str]) -> str:
        if self.remembers_one_round:
            first, *rest = map(written, self.cooperates)
            return f"{first}: {' '.join(rest)}"
        plays = [SHORT.get(p) or written(p) for p in self.cooperates]
        # where nothing hangs on own actions, what follows on those of the other is enough
        sees = 2 if np.array_equal(self.moves[:, 0], self.moves[:, 1]) else 4
        after = self.moves.reshape(-1, 4)[:, :sees].tolist()
        return " / ".join(f"{play} {' '.join(map(str, own))}" for play, own in zip(plays, after, strict=True))

    def plays(self, slip: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
        """How likely C and D are played in every state, where an action is another than was meant with `slip`."""
        return tuple((p + slip - 2 * slip * p, 1 - p - slip + 2 * slip * p) for p in self.cooperates)

    def named(self, name: str) -> "Strategy":
        """The same under another name."""
        return replace(self, name=str(name))

    def to_dict(self) -> dict[str, Any]:
        """What it is, for questions."""
        return {"name": self.name, "strategy": self.definition}

    def __repr__(self) -> str:
        """Name and definition, of long fractions the first digits."""
        return f"<Strategy {self.name}: {self._told(fraction_text)}>"


@public()
def memory_one(probabilities: Any, *, first: Any = 1, name: str | None = None) -> Strategy:
    """A strategy that remembers the last round.

    Args:
        probabilities: of C after CC, CD, DC and DD, the own action first: numbers, or texts such as "1/3".
        first: probability of C in the first round.
        name: by default the numbers.

    Raises:
        InputError: for anything but four probabilities.

    Example:
        >>> memory_one([1, "1/3", 1, "1/3"], name="generous")
        <Strategy generous: 1: 1 1/3 1 1/3>
    """
    numbers = exact_values(probabilities, "probabilities after CC, CD, DC, DD")
    if len(numbers) != 4:
        raise InputError(f"a memory-one strategy has 4 probabilities, after CC, CD, DC, DD; got {len(numbers)}: that "
                         "of the first round is first=, by default 1")  # fmt: skip
    chances = tuple(_chance(p, "a probability of a strategy") for p in (exact_number(first, "first"), *numbers))
    made = Strategy("", chances, LAST_ROUND)
    return made.named(made._told(fraction_text) if name is None else name)


@public()
def automaton(states: str | Sequence[str], *, name: str | None = None) -> Strategy:
    """A finite automaton, a text for each state: what it plays there, and the numbers of the states that follow.

    Two numbers are for C and D of the other; four are for CC, CD, DC and DD, the own action first. It begins in
    state 0.

    Args:
        states: a text for each, or one text with a slash between them. It plays C, D, or C with a probability.
        name: by default the text.

    Raises:
        InputError: for a state without two or four that follow, and for numbers that are no states.

    Example:
        >>> automaton("C 0 1 / C 0 2 / D 0 2", name="TF2T").deterministic
        True
    """
    parts = re.split(r"\s/|/\s", states) if isinstance(states, str) else states
    listed = list(parts) if hasattr(parts, "__iter__") else []
    rows = [row.split() for row in listed if isinstance(row, str) and row.strip()]
    if not rows or len(rows) != len(listed):
        raise InputError(f'an automaton is a text for each state, such as "C 0 1 / D 0 1"; got {states!r}')
    chances = tuple(_output(row[0]) for row in rows)
    moves = []
    for k, (_, *after) in enumerate(rows):
        known = [int(own) for own in after if own.isdecimal() and int(own) < len(rows)]
        if len(after) not in (2, 4) or len(known) != len(after):
            raise InputError(
                f"state {k} of an automaton needs what it plays and 2 or 4 numbers of states from 0 to "
                f"{len(rows) - 1}; got {' '.join(rows[k])!r}"
            )
        moves.append(known * 2 if len(known) == 2 else known)
    made = Strategy("", chances, np.array(moves, np.int64).reshape(-1, 2, 2))
    return made.named(made._told(fraction_text) if name is None else name)


def _output(text: str) -> Fraction:
    named = "what a state plays, C, D or a probability,"
    return OUTPUTS[text] if text in OUTPUTS else _chance(exact_number(text, named), named)


def _chance(value: Fraction, name: str) -> Fraction:
    if not 0 <= value <= 1:
        raise InputError(f"{name} must be from 0 to 1; got {fraction_text(value)}")
    return value


def dual(given: Strategy) -> Strategy:
    """The strategy that does the opposite of what another would do that had done the opposite.

    >>> dual(automaton("C 0 1 / D 0 1 1 1")).definition
    'D 0 1 0 1 / C 1 1 0 1'
    """
    return replace(given, name=f"dual of {given.name}", cooperates=tuple(1 - p for p in given.cooperates),
                   moves=given.moves[:, ::-1])  # fmt: skip
