"""Where the outcome of noise-free runs switches along a straight line of starts."""

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
    finite_number,
    positive_integer,
)
from nashscape.core.calls import given, verb
from nashscape.core.options.rows import PROTOCOL
from nashscape.core.sizes import check_size
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import bytes_of_run
from nashscape.dynamics.runs import Labels
from nashscape.dynamics.starts import strategies_to_parameters
from nashscape.dynamics.targets import THRESHOLD
from nashscape.games import mixed_profile, point_profile
from nashscape.learning import Box, Rule, Schedule
from nashscape.learning.by_rule import ByRule, one_or_many
from nashscape.selection.edges.bisection import NOISE, STEPS, Prober, goals_for, narrowed, switches
from nashscape.selection.option_types import LineOptions
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line(Result):
    """Where on the straight line between two profiles the outcome of runs switches to or from a target.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the targets, the one in question first.
        start: strategies at the beginning, one array per player.
        end: strategies at the end.
        scanned: shares of the way that were tried first, from 0 to 1, `[S]`.
        labels: outcome codes there, `[S]`.
        inner: for every switch found the nearest start that does reach the target, as a share of the way, `[C]`.
        outer: the nearest start that does not, `[C]`.
        outer_labels: outcome codes at `outer`, `[C]`.
        status: UNRESOLVED where an outer end was out of budget: more steps would move it.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "line"
    picture: ClassVar[str] = "nashscape.figures.lines:line_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_line"
    as_table: ClassVar[str] = "nashscape.selection.edges.tables:line_table"
    computed: ClassVar[tuple[str, ...]] = ("crossings",)

    game: str
    rule: str
    targets: tuple[str, ...]
    start: tuple[Floats, ...]
    end: tuple[Floats, ...]
    scanned: Floats
    labels: Labels
    inner: Floats
    outer: Floats
    outer_labels: Labels
    status: Status
    provenance: Provenance

    @property
    def target(self) -> str:
        """The target in question."""
        return self.targets[0]

    @property
    def crossings(self) -> tuple[Estimate, ...]:
        """Every switch that was found, as a share of the way, in order.

        Each bracket has runs of both kinds at its ends, so at least one switch lies inside; there may be an odd number
        more. Two switches between neighbouring points of the scan can escape it.
        """
        return tuple(self._brackets(np.zeros(1), np.ones(1)))

    @property
    def crossing(self) -> Estimate:
        """The only switch, as a share of the way.

        Raises:
            InputError: when none or several were found.
        """
        return self._only(self.crossings)

    def probability(self, player: int = 0) -> Estimate:
        """The probability of a player's first action at the only switch.

        Raises:
            InputError: when none or several were found, or the player does not exist.
        """
        if not 0 <= player < len(self.start):
            raise InputError(f"there is no player number {player!r}; they are numbered from 0 to {len(self.start) - 1}")
        return self._only(self._brackets(self.start[player].ravel()[:1], self.end[player].ravel()[:1]))

    def _brackets(self, start: Floats, end: Floats) -> list[Estimate]:
        ends = start + np.stack([self.inner, self.outer], axis=1) * (end - start)
        return [bracket(low, (low + high) / 2, high, "bisection") for low, high in np.sort(ends, axis=1).tolist()]

    def _only(self, found: Sequence[Estimate]) -> Estimate:
        if len(found) != 1:
            raise InputError(f"the line has {len(found)} switches of {self.target}, not one; look at crossings")
        return found[0]

    def __repr__(self) -> str:
        """Rule, game, target and switches, as one line."""
        places = ", ".join(f"{float(one):.5g}" for one in self.crossings) or "nowhere"
        return f"<Line {self.rule} on {self.game}: {self.target} switches at {places}; {self.standing}>"


@overload
def along(
    game: "Playable",
    rules: Rule,
    start: Sequence[Any],
    end: Sequence[Any],
    target: Any = None,
    **options: Unpack[LineOptions],
) -> Line: ...
@overload
def along(
    game: "Playable",
    rules: Sequence[Rule],
    start: Sequence[Any],
    end: Sequence[Any],
    target: Any = None,
    **options: Unpack[LineOptions],
) -> ByRule[Line]: ...
@verb(**NOISE)
def along(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    start: Sequence[Any],
    end: Sequence[Any],
    target: Any = None,
    *,
    scan: int = 129,
    tolerance: float = 1e-9,
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
    """Where runs from the straight line between two profiles switch between reaching a target and not reaching it.

    First `scan` equally spaced starts are run; between neighbours that end differently the switches are then bracketed
    by bisection, all at once. What is bracketed is the edge of the set of starts that are in the target after `steps`
    updates. It comes near the separatrix of the endless dynamics from within the target's basin, exponentially fast
    in the number of steps; where the line crosses an equilibrium that both sides leave, as on the diagonal of
    symmetric games, it is where that equilibrium lies.

    Args:
        game: a game, or a game with a semantics; any number of players and actions.
        rules: a rule, or a list of rules.
        start: the profile at the beginning, one strategy per player (for two actions the probability of the first).
        end: the profile at the end.
        target: the profile to reach; by default the first of `choose_targets`.
        scan: starts tried first, both ends included; by default 129.
        tolerance: widest bracket, as a share of the way; by default 1e-9.
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
        A `Line` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg, meta_mapg
        >>> lines = along(games.stag_hunt(), [pg(), meta_mapg()], [0.1, 0.1], [0.9, 0.9])
        >>> print(lines["pg"].probability())
        0.6667 [0.6667, 0.6667] (bisection)
        >>> lines["meta_mapg"]
        <Line meta_mapg on stag_hunt: CC switches at 0.5424; complete>
    """
    options = given(locals(), PROTOCOL)
    learners = parametric(game)
    goals = goals_for(learners, target, threshold)
    own = {"targets": goals, "threshold": threshold, "steps": steps, "precision": precision}
    scan = positive_integer(scan, "scan", at_least=2)
    tolerance = finite_number(tolerance, "tolerance", low=1e-15)
    for profile in (start, end):
        strategies_to_parameters(learners, profile)
    ends = [_strategies(learners, profile) for profile in (start, end)]
    first, last = (np.concatenate([own.ravel() for own in one]) for one in ends)

    def run(rule: Rule) -> Line:
        asked = case_of(learners, rule, options, **own)
        check_size("runs", scan, bytes_of_run(asked), lambda most: f"scan = {most:,} fits")
        prober = Prober(asked)
        shares = np.linspace(0.0, 1.0, scan)

        def ask(places: Floats) -> Labels:
            profiles = first + places.ravel()[:, None] * (last - first)
            return prober.labels(profiles).reshape(places.shape)

        codes = ask(shares)
        inner, outer, beyond = switches(shares, codes)
        found = narrowed(ask, inner, outer, beyond, tolerance)
        question = {"start": ends[0], "end": ends[1], "scan": scan, "tolerance": tolerance}
        return Line(
            game=learners.name, rule=rule.name, targets=tuple(goal.name for goal in goals), start=ends[0], end=ends[1],
            scanned=shares, labels=codes, inner=found.inner, outer=found.outer, outer_labels=found.labels,
            status=found.status, provenance=prober.provenance("line", question),
        )  # fmt: skip

    return one_or_many(rules, run)


def _strategies(learners: ParametricGame, profile: Any) -> tuple[Floats, ...]:
    if learners.semantics.domain == "points":
        return tuple(np.asarray(own) for own in point_profile(learners.game, profile))
    return mixed_profile(learners.game, profile)
