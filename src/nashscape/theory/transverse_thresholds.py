"""Couplings at which players who do alike begin, or cease, to part."""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, Unpack, overload

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Bracket, InputError, citations, finite_number, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.searching import Search
from nashscape.core.sign_changes import sign_changes_of
from nashscape.learning import Rule
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.learning.fields import field_of
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import is_linear
from nashscape.theory.families import Family, family_of
from nashscape.theory.likeness import likeness
from nashscape.theory.option_types import TransverseOptions
from nashscape.theory.thresholds import TRANSVERSE, Threshold, asked_along, inner_strategies, made
from nashscape.theory.transverse import transverse_spectrum

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-10
"""Rates within it of zero, in units of the largest or of one, are rounding, as in `transverse_spectrum`."""

CLOSE = 1e-9
"""How far a probability may be from that of a player who does the same."""


@overload
def transverse_threshold(game: Any, *, rule: Rule | None = None, **options: Unpack[TransverseOptions]) -> Threshold: ...
@overload
def transverse_threshold(
    game: Any, *, rule: Sequence[Rule], **options: Unpack[TransverseOptions]
) -> ByRule[Threshold]: ...
@public()
def transverse_threshold(
    game: Any,
    *,
    dial: Any = None,
    low: float | None = None,
    high: float | None = None,
    at: Sequence[Any] | None = None,
    rule: Rule | Sequence[Rule] | None = None,
    parameter: str | None = None,
    samples: int = 65,
    tolerance: float = 1e-9,
) -> Any:
    """The values, of couplings or of another number, at which small differences between players who do alike begin or
    cease to grow.

    What changes its sign is the largest real part of the eigenvalues of the rule's field across symmetric profiles, at
    strategies that stay the same while the number varies; see `transverse_spectrum`. Below zero players who do nearly
    alike come together, so that what holds on the diagonal holds near it; above it they part.

    Args:
        game: see `threshold`; one whose players are exchangeable and read each other.
        dial: what varies, see `threshold`; by default "coupling".
        low: lower end of the range; by default that of the dial, 0 for couplings.
        high: upper end; for couplings 2.
        at: symmetric strategies between the pure ones, one per player; by default all actions alike.
        rule: how they learn, or a list of rules; policy gradient by default.
        parameter: name of the number; by default that of the dial.
        samples: values at which the rate is evaluated first; by default 65.
        tolerance: the widest bracket.

    Returns:
        A `Threshold`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for players who are not exchangeable, and strategies that players who do alike do not play, at
            any value that is looked at: none but even ones where all they read adds up to nothing, as at κ = −1.

    Example:
        >>> from nashscape import games
        >>> transverse_threshold(games.prisoners_dilemma(), at=[0.75, 0.75], high=1.5)
        <Threshold of the transverse rate in prisoners_dilemma over coupling in [0, 1.5]: ...>

    Source: the rate as in `transverse_spectrum`; the search is ours.
    """
    positive_integer(samples, "samples", at_least=3)
    finite_number(tolerance, "tolerance", low=0.0, low_open=True)

    def run(learned: Rule | None) -> Threshold:
        along = family_of(game, dial, learned, parameter)
        return _found(along, along.ends(low, high), at, samples, tolerance)

    return usual_or_many(rule, run)


def _found(
    along: Family, ends: tuple[float, float], at: Sequence[Any] | None, samples: int, tolerance: float
) -> Threshold:
    first = along(ends[0])
    strategies = inner_strategies(first.game, at)

    def rate(value: float) -> float:
        here = along(value)
        if not is_linear(here.game.semantics):
            raise InputError(
                f"a transverse rate is of players who read each other; give open_source({here.game.name}, coupling)"
            )
        own = _of_one(here.game, strategies)
        _check_alike(here.game, own, strategies, f"at {along.parameter} {value:g}")
        found = transverse_spectrum(here.game, own, here.rule)
        return found.across_rate if np.isfinite(found.across_rate) else 0.0

    found = _beyond_rounding(rate, *ends, samples, tolerance)
    asked = {**asked_along(along, first), "strategies": strategies, "range": ends, "samples": samples}
    provenance = record("threshold", {**asked, "target": TRANSVERSE}, sources=[citations.OPEN_SOURCE])
    return made(first.game, along.parameter, TRANSVERSE, strategies, ends, found, None, provenance)


def _beyond_rounding(rate: Callable[[float], float], low: float, high: float, samples: int, tolerance: float) -> Search:
    """Changes of sign of a rate that is zero to rounding at places, where it touches zero or all along.

    Those count that are there whether rounding adds to the rate or takes from it; where it touches zero from one side
    only one of both finds a pair.
    """
    known = functools.cache(rate)
    scan = {float(x): known(float(x)) for x in np.linspace(low, high, samples)}
    floor = ROUNDING * max(1.0, float(np.abs(list(scan.values())).max()))

    def shifted(by: float) -> Search:
        return sign_changes_of(lambda x: known(x) + by, low, high, samples=samples, tolerance=tolerance)

    more, less = shifted(floor), shifted(-floor)
    both = [*((one, True) for one in more.brackets), *((one, False) for one in less.brackets)]
    both.sort(key=lambda pair: pair[0].middle)
    found = [
        Bracket(min(one.low, other.low), max(one.high, other.high), one.rises)
        for (one, raised), (other, also) in itertools.pairwise(both)
        if raised != also and one.rises == other.rises
    ]
    promise = f"{more.promise}; the rate counts as zero within {floor:.1g}"
    return Search(tuple(found), scan, False, promise, more.interrupted or less.interrupted)


def _of_one(learners: ParametricGame, strategies: Sequence[Any]) -> Floats:
    """The parameters of the first player, `[m]`, under which it plays its strategy if the others do as it does.

    They exist where the parameters of given strategies of all players do not, as at κ = 1.
    """
    semantics: Any = learners.semantics
    own = semantics.slices[0]
    alike, matrix = likeness(learners), np.asarray(semantics.matrix, np.float64)
    together = sum(matrix[own, part] @ turned for part, turned in zip(semantics.slices, alike, strict=True))
    with jax.enable_x64(True):
        logits = np.asarray(semantics.inner.parameters([jnp.asarray(one, "float64") for one in strategies]))
    return np.asarray(np.linalg.lstsq(together, (logits - np.asarray(semantics.bias))[own])[0])


def _check_alike(learners: ParametricGame, own: Floats, strategies: Sequence[Any], where: str) -> None:
    """Raise `InputError` unless all players play their strategies where they do as the first one does."""
    profile = (likeness(learners) @ own).ravel()
    for player, (played, wanted) in enumerate(zip(field_of(learners).strategies(profile), strategies, strict=True)):
        if np.abs(played - wanted).max() > CLOSE:
            raise InputError(
                f"the strategies are not those of players who do alike: {where}, if the others did as player 1 does, "
                f"player {player + 1} would play {played.round(4).tolist()}, not {np.asarray(wanted).round(4).tolist()}"
                "; give other strategies, or another range"
            )
