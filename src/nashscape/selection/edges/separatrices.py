"""Separatrices: the boundary of a target's basin as a line with its error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Provenance,
    Result,
    Status,
    bracket,
    finite_array,
    finite_number,
    target_code,
)
from nashscape.core.calls import given, verb
from nashscape.core.options.rows import PROTOCOL
from nashscape.core.sizes import check_size
from nashscape.dynamics import endpoint_grid
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import a_grid, bytes_of_run
from nashscape.dynamics.runs import Labels
from nashscape.dynamics.starts import MOST_CELLS
from nashscape.dynamics.targets import THRESHOLD
from nashscape.learning import Box, Rule, Schedule
from nashscape.learning.by_rule import ByRule, one_or_many
from nashscape.selection.edges import contours
from nashscape.selection.edges.bisection import NOISE, STEPS, Floats, Prober, goals_for
from nashscape.selection.edges.boundaries import find_boundary
from nashscape.selection.option_types import SeparatrixOptions
from nashscape.semantics import Playable, parametric

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Distances(Result):
    """How far N starts lie from a separatrix, in probability units.

    Attributes:
        value: Euclidean distance to the line, positive inside the target's basin, `[N]`.
        error: how much it may be off, `[N]`: half the bracket and one and a half times the chord error of the chords
            that can be nearest. An estimate for a boundary that is smooth within a cell, not a bound.
        rim: distance to the rim of the square that was looked at, `[N]`; where it is the smaller one, a boundary
            beyond the rim could be nearer.
        status: that of the separatrix.
        provenance: that of the separatrix.
    """

    question_kind: ClassVar[str] = "distances"
    picture: ClassVar[str] = "nashscape.figures.distances:distance_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_distances"

    value: Floats
    error: Floats
    rim: Floats
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Number and range, as one line."""
        spread = f"from {self.value.min():.4g} to {self.value.max():.4g}" if len(self.value) else "none"
        return f"<Distances of {len(self.value)} starts, {spread}; {self.standing}>"


@dataclass(frozen=True, eq=False)
class Separatrix(Result):
    """The boundary of a target's basin: points on the edges of a grid and, for two players, the chords between them.

    Every point lies on an edge whose two ends run to different outcomes, in a bracket with both kinds of runs at its
    ends: at least one switch lies inside. An edge that the boundary crosses an even number of times is not seen as
    crossed, and of an odd number one crossing is found; so are parts of the basin that miss all nodes of the grid.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the targets, the one in question first.
        axis: probabilities of the first action at the nodes of the grid, the same for all players, `[G]`.
        labels: outcome codes at the nodes, `[G, …, G]`.
        inner: for every crossed edge the nearest start that reaches the target, `[E, n]`.
        outer: the nearest start that does not, `[E, n]`.
        outer_labels: outcome codes at `outer`, `[E]`.
        chords: numbers of the two points that each chord joins, `[S, 2]`; none for more than two players.
        squares: the square of the grid in which it lies, by the index of its lower left node, `[S, 2]`.
        chord_errors: distance between its middle and the boundary, measured across it, `[S]`; the diagonal of a cell
            where the boundary was not found there.
        status: UNRESOLVED where an outer end was out of budget: more steps would move it.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "separatrix"
    picture: ClassVar[str] = "nashscape.figures.boundaries:separatrix_figure"
    as_table: ClassVar[str] = "nashscape.selection.edges.tables:separatrix_table"

    game: str
    rule: str
    targets: tuple[str, ...]
    axis: Floats
    labels: Labels
    inner: Floats
    outer: Floats
    outer_labels: Labels
    chords: Whole
    squares: Whole
    chord_errors: Floats
    status: Status
    provenance: Provenance

    @property
    def target(self) -> str:
        """The target in question."""
        return self.targets[0]

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Which nodes of the grid reach the target, `[G, …, G]`."""
        return np.asarray(self.labels == target_code(0))

    @property
    def points(self) -> Floats:
        """The middles of the brackets, `[E, n]`."""
        return (self.inner + self.outer) / 2

    @property
    def widths(self) -> Floats:
        """The lengths of the brackets, in probability, `[E]`."""
        return np.asarray(np.linalg.norm(self.outer - self.inner, axis=1))

    @property
    def lines(self) -> tuple[Floats, ...]:
        """The points in order, one array `[K, 2]` per connected line; the first and last of a loop are the same."""
        return tuple(self.points[line] for line in contours.curves(self.chords))

    def distance(self, points: npt.ArrayLike) -> Distances:
        """How far starts lie from the line, in probability, positive inside the target's basin.

        Args:
            points: probabilities of the first actions of both players, `[N, 2]`, within the square that was looked at.

        Raises:
            InputError: for points outside, for more than two players, or where no boundary was found.
        """
        points = finite_array(points, "points", shape=(None, 2))
        low, high = self.axis[0], self.axis[-1]
        if (points < low).any() or (points > high).any():
            raise InputError(f"points must lie between {low:g} and {high:g}, where the separatrix was looked for")
        ends = self._chord_ends()
        value, least, most = contours.distances(points, *ends, self._errors())
        sign = np.where(contours.within(points, self.axis, self.inside, self.squares, ends), 1.0, -1.0)
        return Distances(
            value=sign * value,
            error=np.maximum(value - least, most - value),
            rim=np.minimum(points - low, high - points).min(axis=1),
            status=self.status,
            provenance=self.provenance.asking("distances", points=points),
        )

    def crossings(self, start: Sequence[float], end: Sequence[float]) -> tuple[Estimate, ...]:
        """Where a straight line meets the separatrix, as shares of the way, in order.

        The brackets come from the brackets of the points and the chord errors; `along` finds crossings to a tolerance.

        Args:
            start: probabilities of the first actions at the beginning, `[2]`.
            end: the same at the end.
        """
        ends = finite_array([start, end], "start and end", shape=(2, 2))
        if not (length := float(np.linalg.norm(ends[1] - ends[0]))):
            raise InputError("the line has no length; give two different profiles")
        met, shares, sines = contours.meetings(ends[0], ends[1], *self._chord_ends())
        off = np.minimum(self._errors()[met] / np.maximum(sines, 1e-12) / length, 1.0)
        return tuple(bracket(share - e, share, share + e, "chords") for share, e in zip(shares, off, strict=True))

    def _errors(self) -> Floats:
        # half as much again: a smooth boundary need not be farthest from its chord at the middle
        return np.asarray(1.5 * self.chord_errors + self.widths[self.chords].max(axis=1) / 2)

    def _chord_ends(self) -> tuple[Floats, Floats]:
        if self.labels.ndim != 2:
            raise InputError(f"only the boundary of two players is joined to a line; here are {self.labels.ndim}")
        if not len(self.chords):
            raise InputError(f"no boundary of {self.target} was found in the square; widen low and high")
        return self.points[self.chords[:, 0]], self.points[self.chords[:, 1]]

    def __repr__(self) -> str:
        """Rule, game, target and number of points, as one line."""
        return (
            f"<Separatrix {self.rule} on {self.game}: boundary of {self.target}, {len(self.inner)} points within "
            f"{self.widths.max(initial=0.0):.1g}; {self.standing}>"
        )


@overload
def separatrix(
    game: "Playable", rules: Rule, target: Any = None, **options: Unpack[SeparatrixOptions]
) -> Separatrix: ...
@overload
def separatrix(
    game: "Playable", rules: Sequence[Rule], target: Any = None, **options: Unpack[SeparatrixOptions]
) -> ByRule[Separatrix]: ...
@verb(**NOISE)
def separatrix(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    target: Any = None,
    *,
    grid: int = 41,
    low: float = 0.05,
    high: float = 0.95,
    tolerance: float = 1e-6,
    threshold: float = THRESHOLD,
    steps: int = STEPS,
    precision: str = "float64",
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """The boundary of the starts that are in a target after so many noise-free updates, for two actions each.

    The nodes of a grid from `low` to `high`, both included so that the line reaches the rim, are run first; the edges
    between nodes of which one reaches the target are bisected, all at once. For two players the points are joined
    square by square (where all four edges of a square are crossed, its centre decides), and the distance of the
    boundary from the middle of every chord is measured by bisection across it. The boundary at a finite number of steps
    comes near that of the endless dynamics exponentially fast; small step sizes give that of the flow.

    Args:
        game: a game in which every player has two actions, or such a game with a semantics.
        rules: a rule, or a list of rules.
        target: the profile to reach; by default the first of `choose_targets`.
        grid: nodes per player; by default 41.
        low: least probability of the first action; by default 0.05.
        high: largest probability; by default 0.95.
        tolerance: widest bracket, in probability; by default 1e-6.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        steps: updates of each run; by default 1000.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).

    Returns:
        A `Separatrix` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg
        >>> found = separatrix(games.stag_hunt(), pg(), grid=21)
        >>> found
        <Separatrix pg on stag_hunt: boundary of CC, 38 points within 4e-07; complete>
        >>> found.distance([[0.9, 0.9], [0.5, 0.5]]).value.round(3).tolist()
        [0.33, -0.235]
    """
    options = given(locals(), PROTOCOL)
    learners = parametric(game)
    shapes = learners.game.strategy_shapes
    if any(shape != (2,) for shape in shapes) or learners.semantics.domain == "points":
        raise InputError(f"a separatrix needs players with two actions; {learners.name} has {shapes}: see along")
    goals = goals_for(learners, target, threshold)
    own = {"targets": goals, "threshold": threshold, "steps": steps, "precision": precision}
    tolerance = finite_number(tolerance, "tolerance", low=1e-15)
    axis = np.asarray(endpoint_grid(len(shapes), grid, low=low, high=high).axis)

    def run(rule: Rule) -> Separatrix:
        asked = case_of(learners, rule, options, **own)
        each = bytes_of_run(asked) + 64 * len(shapes)
        check_size("runs", len(axis) ** len(shapes), each, a_grid(len(shapes)), most=MOST_CELLS)
        prober = Prober(asked)
        found = find_boundary(prober, axis, len(shapes), tolerance)
        question = {"grid": len(axis), "low": axis[0], "high": axis[-1], "tolerance": tolerance}
        return Separatrix(
            game=learners.name, rule=rule.name, targets=tuple(goal.name for goal in goals), axis=axis,
            labels=found.labels, inner=found.inner, outer=found.outer, outer_labels=found.outer_labels,
            chords=found.chords, squares=found.squares, chord_errors=found.chord_errors, status=found.status,
            provenance=prober.provenance("separatrix", question),
        )  # fmt: skip

    return one_or_many(rules, run)
