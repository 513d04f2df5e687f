"""What a continuation is: branches of equilibria of learning over a parameter, and where they bifurcate."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]
Whole = npt.NDArray[np.int64]

ENDS = {
    "range": "the parameter left its range",
    "box": "a parameter of a player left the box; interior zeros often run off to infinity beyond it",
    "point": "at a bifurcation point from which other branches were followed",
    "loop": "closed: back where it began",
    "budget": "as many points as were asked for; raise max_points",
    "lost": "no step was short enough: a corner of the field, or of the family",
}
"""How the end of a branch came about."""

KINDS = {
    "fold": "two zeros meet and vanish: the branch turns round",
    "pitchfork": "a branch that turns round there meets one that goes on: two zeros part from a third",
    "transcritical": "two branches cross, and go on on both sides",
    "line": "at this one value a whole line of zeros crosses the branch",
    "Hopf": "a complex pair of eigenvalues crosses the imaginary axis: a cycle is born or dies",
    "branch point": "branches meet in a way that is none of these, or was not resolved",
}
"""Kinds of bifurcation."""


@dataclass(frozen=True, eq=False)
class Branch:
    """A curve of zeros of the field, at points in the order in which it runs.

    Attributes:
        values: of the parameter, `[K]`; the ends of the brackets of its bifurcations are among them.
        theta: the players' parameters, `[K, d]`.
        strategies: what each player plays, `[K, a_i]`.
        eigenvalues: of the field's Jacobian, without what changes no strategy, largest real part first, `[K, r]`.
        unstable: how many have a positive real part, `[K]`.
        neutral: how many have none, up to rounding, `[K]`; where a branch begins at a branch point, those that vanish.
        ends: how its first and last end came about, keys of `theory.branches.ENDS`.
    """

    values: Floats
    theta: Floats
    strategies: tuple[Floats, ...]
    eigenvalues: Complex
    unstable: Whole
    neutral: Whole
    ends: tuple[str, str]

    @property
    def stable(self) -> npt.NDArray[np.bool_]:
        """Where the flow comes back after any small disturbance, `[K]`: all real parts are negative."""
        return np.asarray((self.unstable == 0) & (self.neutral == 0))

    def __repr__(self) -> str:
        """Range and ends, as one line."""
        return (
            f"<Branch of {len(self.values)} points from {self.values[0]:.6g} ({self.ends[0]}) to "
            f"{self.values[-1]:.6g} ({self.ends[1]}), stable at {int(self.stable.sum())}>"
        )


@dataclass(frozen=True, eq=False)
class BifurcationPoint:
    """A place where equilibria appear, vanish, meet or lose their stability.

    Attributes:
        kind: a key of `theory.branches.KINDS`.
        low: the parameter there is not below this,
        high: and not above this. Both come from points of the branch on either side, and an allowance for rounding.
            Where Newton's method failed in between they lie further apart than was asked.
        theta: the players' parameters, `[d]`, near it.
        strategies: what each player plays there.
        branch: number of the branch on which it was found.
        others: numbers of the branches that were followed from it.
        multiplicity: how many directions, besides the branch's own, a zero can move in there; one is the generic case.
        frequency: at a Hopf point the imaginary part of the eigenvalue, in radians per unit of time; else zero.
    """

    kind: str
    low: float
    high: float
    theta: Floats
    strategies: tuple[Floats, ...]
    branch: int
    others: tuple[int, ...]
    multiplicity: int
    frequency: float

    def __repr__(self) -> str:
        """Kind and bracket, as one line."""
        return f"<BifurcationPoint {self.kind} in [{self.low:.8g}, {self.high:.8g}] on branch {self.branch}>"


@dataclass(frozen=True, eq=False)
class Continuation(Result):
    """Zeros of a learning field over a parameter. Made by `continuation`.

    They are equilibria of *learning*: points where the rule rests. Whether a player could gain there by something
    else than small steps is not said.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        parameter: name of the parameter.
        low: least value.
        high: largest value.
        branches: the curves that were found.
        points: the bifurcations on them.
        probabilities: whether strategies are probabilities of actions; else they are points.
        searched: how branches were looked for; nothing says that there are no others.
        status: UNRESOLVED where a branch ended for lack of points or steps, or more branches were left.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "continuation"
    picture: ClassVar[str] = "nashscape.figures.bifurcations:bifurcation_figure"
    as_table: ClassVar[str] = "nashscape.theory.following.tables:continuation_table"

    game: str
    rule: str
    parameter: str
    low: float
    high: float
    branches: tuple[Branch, ...]
    points: tuple[BifurcationPoint, ...]
    probabilities: bool
    searched: str
    status: Status
    provenance: Provenance

    def of_kind(self, kind: str) -> tuple[BifurcationPoint, ...]:
        """The bifurcations of one kind.

        Raises:
            InputError: for what is no key of `theory.branches.KINDS`.
        """
        if kind not in KINDS:
            raise InputError(f"there are no bifurcations of kind {kind!r}; kinds are {', '.join(KINDS)}")
        return tuple(point for point in self.points if point.kind == kind)

    def __repr__(self) -> str:
        """Rule, game, range and what was found, as one line."""
        kinds = [f"{len(self.of_kind(kind))} {kind}" for kind in KINDS if self.of_kind(kind)]
        return (
            f"<Continuation {self.rule} on {self.game} over {self.parameter} from {self.low:g} to {self.high:g}: "
            f"{len(self.branches)} branches, {', '.join(kinds) or 'no bifurcations'}; {self.status.value}>"
        )
