"""Fingerprints: what a strategy gets of one that follows another, and now and then does what it will."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.errors import InputError
from nashscape.tournaments.known_strategies import SOURCES
from nashscape.tournaments.named import strategy
from nashscape.tournaments.pairs import shares_of_pair
from nashscape.tournaments.stages import AXELROD, Length, stage_of
from nashscape.tournaments.strategies import Strategy, dual

Floats = npt.NDArray[np.float64]

MOST_POINTS = 201


@dataclass(frozen=True, eq=False)
class Fingerprint(Result):
    """The mean score of a strategy against a probe that cooperates anyway, or defects anyway, with some probability.

    Attributes:
        strategy: name.
        probe: name.
        axis: the probabilities, from 0 to 1.
        scores: at x, how likely the probe cooperates anyway, and y, how likely it defects anyway, `[points, points]`.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "fingerprint"
    picture: ClassVar[str] = "nashscape.figures.tournaments:fingerprint_figure"
    as_table: ClassVar[str] = "nashscape.tournaments.tournament_tables:fingerprint_table"
    as_columns: ClassVar[str] = "nashscape.tournaments.tournament_tables:columns_of_fingerprint"
    as_grid: ClassVar[str] = "nashscape.tournaments.tournament_tables:grid_of_fingerprint"

    strategy: str
    probe: str
    axis: Floats
    scores: Floats
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """What it is of, and the range of the scores."""
        ends = f"scores from {self.scores.min():.4g} to {self.scores.max():.4g}"
        return f"<Fingerprint of {self.strategy}, probe {self.probe}: {ends}>"


@public()
def fingerprint(
    member: Strategy | str, probe: Strategy | str = "TFT", stage: Any = AXELROD, *, points: int = 21
) -> Fingerprint:
    """The score of a strategy against a probe with errors of both kinds, for ever, exactly up to rounding.

    The probe cooperates with probability x and defects with probability y, whatever happened; otherwise it does what
    the strategy named would do. Where x + y is above 1 it is the dual of that strategy with 1 − y and 1 − x.

    Args:
        member: the strategy.
        probe: the strategy that the other follows.
        stage: payoffs of a round, as for `tournament`.
        points: along each of the two probabilities, from 2 to 201.

    Raises:
        InputError: for an unknown strategy, and a number of points out of its range.

    Example:
        >>> found = fingerprint("ALLD", points=3)
        >>> found.scores.round(6).tolist()
        [[1.0, 1.0, 1.0], [3.0, 3.0, 3.0], [5.0, 5.0, 5.0]]

    Source: Ashlock and Kim (2008).
    """
    payoffs = stage_of(stage)
    one, other = (strategy(own, stage) for own in (member, probe))
    count = positive_integer(points, "points", at_least=2)
    if count > MOST_POINTS:
        raise InputError(f"points along each probability are at most {MOST_POINTS}; got {count}")
    axis = [Fraction(k, count - 1) for k in range(count)]
    own = np.array(list(map(float, payoffs.own)))
    always = Length(None, Fraction(1), Fraction(0))
    scores = np.array([
        [float(np.dot(list(map(float, shares_of_pair(one, with_errors(other, x, y), always, exact=False))), own))
         for y in axis] for x in axis
    ])  # fmt: skip
    asked = {"strategy": one, "probe": other, "stage": [payoffs.first, payoffs.second], "points": count}
    return Fingerprint(
        strategy=one.name,
        probe=other.name,
        axis=np.array(list(map(float, axis))),
        scores=scores,
        status=Status.COMPLETE,
        provenance=record("fingerprint", asked, sources=[SOURCES["fingerprinting"]]),
    )


def with_errors(probe: Strategy, x: Fraction, y: Fraction) -> Strategy:
    """The probe that cooperates anyway with probability x, and defects anyway with probability y.

    >>> from nashscape.tournaments import strategy
    >>> with_errors(strategy("TFT"), Fraction(1, 4), Fraction(1, 2)).definition
    '1/2: 1/2 1/4 1/2 1/4'
    """
    if x + y > 1:
        return with_errors(dual(probe), 1 - y, 1 - x)
    return replace(probe, cooperates=tuple(x + (1 - x - y) * p for p in probe.cooperates))
