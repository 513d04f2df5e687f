"""Payoffs in a lower precision, without losing what decides how players learn.

Learning sees payoffs through what a change of the own action gains, `d = u_i(a, ·) − u_i(b, ·)`, and adds them up over
what the others may do. The payoffs of a player *survive* rounding to a type with unit roundoff u (2⁻²⁴ for float32,
2⁻⁵³ for float64) when every such difference that is not zero has

    2u · max |u_i| ≤ ε |d|,      ε = 10⁻³,

so that it keeps its sign, and changes by a thousandth at most, whichever way its ends are rounded, and is not lost
beside the largest payoff; payoffs that are equal are rounded to equal numbers. Payoffs that survive are rounded as they
are. Where they do not,

1. the median of each player's payoffs is subtracted from all of them, exactly, and the rest is rounded once, if it then
   survives: one constant per player changes no derivative of its utility. More is never removed: what others' actions
   alone decide moves peer-learning, coupling and welfare. Sampled updates and reducers do see a constant, and keep it;
2. or float64 is taken;
3. or, where float64 does not tell payoffs apart either, it is refused. A difference below ε of the player's largest one
   does not count there: it is a near-tie, which doubles hold as exactly as they were given.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice
from nashscape.games.forms.payoff_tables import Floats, changed, payoff_tables

PRECISIONS = ("float32", "float64")
EPSILON = 1e-3
"""The largest share of a difference of payoffs that rounding may change."""


@dataclass(frozen=True)
class RoundedGame:
    """A game whose payoffs may be cast to a precision.

    Attributes:
        game: the game as it was, or without constants. Its numbers are doubles; casting them rounds for the first time,
            or not at all.
        precision: "float32" or "float64", as asked or higher.
        removed: what was subtracted from every player's payoffs, `[n]`; zero where nothing was.
        notes: what was done otherwise than asked, in sentences.
    """

    game: Any
    precision: str
    removed: Floats
    notes: tuple[str, ...] = ()


def rounded_game(game: Any, precision: str, *, constants: bool = True) -> RoundedGame:
    """The game for this precision, or for the least in which its payoffs survive.

    Args:
        game: any game; one that is not kept as payoffs is left as it is.
        precision: "float32" or "float64".
        constants: whether a constant may be removed from each player's payoffs.

    Raises:
        InputError: for payoffs that do not survive in double precision either.

    Example:
        >>> from nashscape import games
        >>> found = rounded_game(games.stag_hunt().affine(shift=1e7), "float32")
        >>> found.game.payoffs[0].tolist(), found.removed.tolist()
        ([[2.0, -2.0], [1.0, 0.0]], [10000002.0, 10000002.0])
    """
    asked, tables = choice(precision, "precision", PRECISIONS), payoff_tables(game)
    if tables is None:
        return RoundedGame(game, asked, np.zeros(len(game.players)))
    _check_exact(game)
    for tried in PRECISIONS[PRECISIONS.index(asked) :]:
        found = [_constants(own, tried, constants) for own in tables]
        kept = [own for own in found if own is not None]
        if len(kept) < len(found):
            continue
        raised = () if tried == asked else (raised_note(asked),)
        removed = np.array([sum(own) for own in kept])
        if not any(any(own) for own in kept):
            return RoundedGame(game, tried, removed, raised)
        less = [[partial(_difference, constant=c, precision=tried) for c in own] for own in kept]
        return RoundedGame(changed(game, less), tried, removed, (*raised, _note(game, removed)))
    raise InputError(_refusal(game, tables))


def _check_exact(game: Any) -> None:
    """Refuse exact payoffs whose differences doubles do not hold at all."""
    exact = getattr(game, "exact_payoffs", None)
    if exact is None:
        return
    for i, (player, own) in enumerate(zip(game.players, exact, strict=True)):
        table, doubles = (np.moveaxis(each, i, 0).reshape(each.shape[i], -1) for each in (own, game.payoffs[i]))
        columns = [(sorted(given), seen) for given, seen in zip(table.T.tolist(), doubles.T, strict=True)]
        largest = max(given[-1] - given[0] for given, _ in columns)
        for given, seen in columns:
            lost = [b - a for a, b in itertools.pairwise(given) if a != b and float(a) == float(b)]
            if lost and max(lost) > Fraction(EPSILON) * largest:
                raise InputError(
                    f"payoffs of {player} in {game.name} differ by {float(max(lost)):.3g}, and are equal as doubles, "
                    f"{seen.max():.10g}: learners cannot tell them apart. Subtract a constant first, "
                    "game.affine(shift=…), which is done exactly, or give them in another unit"
                )


def survives(game: Any, precision: str) -> bool:
    """Whether the payoffs of a game survive rounding to this precision as they are; True for a game without any."""
    tables = payoff_tables(game)
    return tables is None or all(_constants(own, precision, may_shift=False) is not None for own in tables)


def _constants(tables: Sequence[Floats], precision: str, may_shift: bool) -> list[float] | None:
    """What to subtract from the tables of one player: nothing, or their medians; None where neither helps."""
    if not any(len(own) for own in _lost(tables, precision)):
        return [0.0 for _ in tables]
    medians = [_median(own) for own in tables]
    rounded = [own - constant for own, constant in zip(tables, medians, strict=True)]
    return medians if may_shift and not any(len(own) for own in _lost(tables, precision, rounded)) else None


def _lost(tables: Sequence[Floats], precision: str, rounded: Sequence[Floats] | None = None) -> list[Floats]:
    """The differences of each table of a player that do not survive where it, or what is in its place, is rounded."""
    limits = np.finfo(precision)
    # products of two payoffs, of which most rules are made, have to be numbers as well
    least, most = np.sqrt(float(limits.tiny)) / EPSILON, np.sqrt(float(limits.max)) * EPSILON
    exempt = 0.0
    if precision == "float64" and rounded is None:  # doubles are what was given, near-ties included
        exempt = EPSILON * max(float(np.ptp(own, axis=0).max()) for own in tables)
    # what is added up in a play, and over what the others may do, is rounded together
    larger = sum(float(np.abs(values).max()) for values in (tables if rounded is None else rounded))
    found: list[Floats] = []
    for own in tables:
        # of ordered payoffs the neighbours differ least
        apart = np.diff(np.sort(own, axis=0), axis=0)
        hidden = 2.0 * float(limits.epsneg) * larger > EPSILON * apart
        found.append(apart[(apart > exempt) & (hidden | (apart < least) | (larger > most))])
    return found


def _median(values: Floats) -> float:
    """An entry in the middle: a mean would be moved by a single payoff that is far from all others."""
    return float(np.partition(values.ravel(), (values.size - 1) // 2)[(values.size - 1) // 2])


def _difference(values: npt.NDArray[Any], constant: float, precision: str) -> Floats:
    """`values − constant`, rounded once to this precision.

    Knuth's sum without error gives the difference in two parts. For float32 it is first rounded to odd: a double whose
    last bit says that something is missing is rounded on to fewer digits as the exact difference would be (Boldo and
    Melquiond, 2008).
    """
    near = values - constant
    back = near - values
    rest = (values - (near - back)) + (-constant - back)
    if precision == "float64":
        return near
    even = (near.view(np.int64) & 1) == 0
    odd = np.where((rest != 0) & even, np.nextafter(near, np.copysign(np.inf, rest)), near)
    return odd.astype(np.float32).astype(np.float64)


def _refusal(game: Any, tables: Sequence[Sequence[Floats]]) -> str:
    for player, each in zip(game.players, tables, strict=True):
        for own, lost in zip(each, _lost(each, "float64"), strict=True):
            if len(lost):
                return (
                    f"payoffs of {player} in {game.name} cannot be told apart in double precision: a change of action "
                    f"gains {lost.max():.3g} beside payoffs of {np.abs(own).max():.3g}. Give payoffs in another "
                    "unit where all are tiny or huge; else lower the largest: an action that is never to be taken need "
                    "only cost a few times the range of the others"
                )
    raise AssertionError("some payoffs were lost")


def raised_note(asked: str) -> str:
    """What a result says that was computed in a higher precision than asked."""
    return (
        f"computed in float64: in {asked} differences of payoffs between actions would lose their sign or more than a "
        "thousandth of their size"
    )


def _note(game: Any, removed: Floats) -> str:
    each = zip(game.players, removed.tolist(), strict=True)
    parts = ", ".join(f"{constant:.10g} of {player}" for player, constant in each if constant)
    return (
        f"a constant was removed before rounding: {parts} was subtracted exactly from payoffs, which no learner sees; "
        "reported payoffs include it"
    )
