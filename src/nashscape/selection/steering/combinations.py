"""Several numbers at once: the cheapest combination that brings a target about often enough."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    Provenance,
    Result,
    Status,
    finite_number,
)
from nashscape.core.brackets import Answer
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import check_stop, until_stopped
from nashscape.core.options.rows import NO_AUDIT, QUIET
from nashscape.dynamics import Starts
from nashscape.dynamics.case import Case
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.targets import THRESHOLD
from nashscape.learning import Box, Estimator, Rule, Schedule, check_rule, meta_mapg, pg
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.learning.dial import Dial
from nashscape.selection.option_types import CombinationOptions
from nashscape.selection.steering.combination_costs import priced
from nashscape.selection.steering.measuring import Measured, Measuring, measuring_of
from nashscape.semantics import Playable, parametric

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Combination(Result):
    """Combinations of several numbers, tried in the order of their costs until one reaches what is wanted.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        parameters: names of the numbers.
        target: name of the target.
        at_least: the share, or the probability, that is wanted.
        tried: the combinations that were tried, cheapest first, `[K, P]`.
        costs: what each costs, `[K]`.
        shares: the share at each.
        trials: runs at each, `[K]`.
        unsettled: runs at each that are not known to stay where they are, `[K]`.
        movable: where the wanted share is not reached, but would be if all of these came to reach the target, `[K]`.
        verdicts: whether the wanted share is reached there; None where it was left open.
        combinations: how many there are.
        status: UNDECIDED where a cheaper one was left open, UNRESOLVED where longer runs could make a cheaper one do,
            INTERRUPTED where the search did not end.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "combination"
    picture: ClassVar[str] = "nashscape.figures.combinations:combination_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_combination"
    as_table: ClassVar[str] = "nashscape.selection.steering.tables:combination_table"
    computed: ClassVar[tuple[str, ...]] = ("cheapest", "cost")

    game: str
    rule: str
    parameters: tuple[str, ...]
    target: str
    at_least: float
    tried: Floats
    costs: Floats
    shares: tuple[Estimate, ...]
    trials: npt.NDArray[np.int64]
    unsettled: npt.NDArray[np.int64]
    movable: npt.NDArray[np.bool_]
    verdicts: tuple[Answer, ...]
    combinations: int
    status: Status
    provenance: Provenance

    @property
    def cheapest(self) -> dict[str, float] | None:
        """The cheapest combination that reaches the wanted share; None where none does."""
        if not self.verdicts[-1]:
            return None
        return dict(zip(self.parameters, self.tried[-1].tolist(), strict=True))

    @property
    def cost(self) -> float | None:
        """What it costs."""
        return float(self.costs[-1]) if self.verdicts[-1] else None

    @property
    def advice(self) -> str:
        """What to do about the status."""
        if self.status is not Status.UNRESOLVED:
            return self.status.advice
        return f"{self._unsettled()}. Raise steps to see."

    def _unsettled(self) -> str:
        k = int(np.flatnonzero(self.movable)[0])
        where = ", ".join(f"{name} = {x:g}" for name, x in zip(self.parameters, self.tried[k].tolist(), strict=True))
        return f"longer runs could do at cost {self.costs[k]:g}, where {self.unsettled[k]} runs are unsettled: {where}"

    def __repr__(self) -> str:
        """Rule, game and the cheapest combination, as one line."""
        what = f"<Combination {self.rule} on {self.game}: {self.target} at least {self.at_least:g}"
        tried = f"{len(self.costs)} of {self.combinations} tried"
        end = self.standing + (f": {self._unsettled()}" if self.status is Status.UNRESOLVED else "")
        if self.cheapest is None:
            return f"{what}, reached by none, {tried}; {end}>"
        best = ", ".join(f"{name} = {value:g}" for name, value in self.cheapest.items())
        return f"{what} at cost {self.cost:g}: {best}, {tried}; {end}>"


@overload
def cheapest_combination(
    game: "Playable",
    parameters: Mapping[Any, npt.ArrayLike],
    prices: Mapping[Any, float | Callable[[float], float]],
    target: Any = None,
    at_least: float = 0.5,
    *,
    rule: Rule | None = None,
    **options: Unpack[CombinationOptions],
) -> Combination: ...
@overload
def cheapest_combination(
    game: "Playable",
    parameters: Mapping[Any, npt.ArrayLike],
    prices: Mapping[Any, float | Callable[[float], float]],
    target: Any = None,
    at_least: float = 0.5,
    *,
    rule: Sequence[Rule],
    **options: Unpack[CombinationOptions],
) -> ByRule[Combination]: ...
@verb(**NO_AUDIT)
def cheapest_combination(
    game: "Playable",
    parameters: Mapping[Any, npt.ArrayLike],
    prices: Mapping[Any, float | Callable[[float], float]],
    target: Any = None,
    at_least: float = 0.5,
    *,
    rule: Rule | Sequence[Rule] | None = None,
    about: str | None = None,
    starts: Starts | None = None,
    n: int | None = None,
    grid: int | None = None,
    region: tuple[float, float] = (0.05, 0.95),
    error: float = 0.05,
    most_trials: int = 4096,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
    steps: int | None = None,
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
) -> Any:
    """The cheapest combination of several numbers, on a grid, for which a target is reached often enough.

    Combinations are tried in the order of their costs `Σ_k c_k(x_k)`, so that the first which reaches the wanted share
    is the cheapest of the grid; nothing is assumed of how shares depend on the numbers.

    Args:
        game: a game, or a game with a semantics.
        parameters: for every number its values: by a name or path that `steer` knows, a `Dial`, or a function.
        prices: for every number its price per unit, or a function from a value to its cost; never negative.
        target: the profile to reach; by default the first of `choose_targets`.
        at_least: the share that is wanted; by default 0.5.
        rule: how the players learn, or a list of rules; by default `pg()` where only the game is changed, else
            `meta_mapg()`.
        about: see `steer`, as for all others.
        starts: where runs start; by default `starts.normal(std=1.35)`.
        n: number of starts; by default 400.
        grid: cells per player; by default 51.
        region: of the grid; by default (0.05, 0.95).
        error: the probability with which any answer about a distribution may be wrong, shared by all combinations; by
            default 0.05.
        most_trials: runs of one combination at most; by default 4096.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        level: confidence level of intervals of random starts; by default 0.95.
        progress: called with (combinations tried, combinations).
        steps: updates of each run; by default 140 on a grid, else 260.
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: starts that advance together; results do not depend on it.

    Returns:
        A `Combination`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for input that does not fit.

    Example:
        >>> from nashscape import games
        >>> cheapest_combination(
        ...     games.stag_hunt(), {"peer": [0, 1, 2, 3, 4], "warm_up": [0, 10, 20, 40]}, {"peer": 1, "warm_up": 0.1},
        ...     "CC", 0.4, grid=21,
        ... )
        <Combination meta_mapg then pg on stag_hunt: CC at least 0.4 at cost 4: peer = 2, warm_up = 20, 11 of 20 tried;
        complete>
    """
    options = given(locals(), ("steps", *QUIET))
    at_least = finite_number(at_least, "at_least", low=0.0, high=1.0, low_open=True)
    dials, values, costs = priced(parameters, prices)
    asked = _Combinations(dials, values, costs)
    usual = pg() if all(dial.place == 0 for dial in dials) else meta_mapg()
    learners = parametric(game)

    def run(learned: Rule | None) -> Combination:
        measuring = measuring_of(
            learners, usual if learned is None else check_rule(learned), lambda case: asked.turned(case, 0), target,
            at_least, about=about, starts=starts, n=n, grid=grid, region=region, error=error, most_trials=most_trials,
            threshold=threshold, level=level, options=options,
        )  # fmt: skip
        return asked.answer(measuring, progress)

    return usual_or_many(rule, run)


@dataclass(frozen=True)
class _Combinations:
    """Values of several dials, the cheapest first, and what they cost."""

    dials: tuple[Dial, ...]
    values: Floats
    costs: Floats

    def turned(self, case: Case, k: int) -> Case:
        """The case in which the numbers have the values of combination k."""
        pairs = zip(self.dials, self.values[k].tolist(), strict=True)
        return functools.reduce(lambda made, own: own[0](made, own[1]), pairs, case)

    def answer(self, measuring: Measuring, progress: Callable[[int, int], None] | None) -> Combination:
        """Try one after the other, until one does."""
        done: list[Measured] = []
        count = len(self.values)
        with until_stopped(lambda: not done) as stop:
            for k in range(count):
                check_stop()
                done.append(measuring(self.turned(measuring.case, k), error=measuring.error / count))
                if progress is not None:
                    progress(len(done), count)
                if done[-1].verdict:
                    break
        return self._gathered(measuring, done, Status.INTERRUPTED if stop.early else _status(done))

    def _gathered(self, measuring: Measuring, done: list[Measured], status: Status) -> Combination:
        first, names = self.turned(measuring.case, 0), tuple(dial.name for dial in self.dials)
        spent = done[0].provenance.together(*(one.provenance for one in done[1:]))
        asked: dict[str, Any] = {
            "parameters": names, "dials": self.dials, "at_least": measuring.wanted, "about": measuring.about,
            "values": self.values,
        }  # fmt: skip
        if measuring.about == "distribution":
            asked = {**asked, "error": measuring.error, "most_trials": measuring.most}
        return Combination(
            game=first.game.name,
            rule=first.rule.name,
            parameters=names,
            target=measuring.case.goals[0].name,
            at_least=measuring.wanted,
            tried=self.values[: len(done)],
            costs=self.costs[: len(done)],
            shares=tuple(one.share for one in done),
            trials=np.array([one.trials for one in done]),
            unsettled=np.array([one.unsettled for one in done]),
            movable=np.array([one.movable for one in done]),
            verdicts=tuple(one.verdict for one in done),
            combinations=len(self.values),
            status=status,
            provenance=spent.asking("combination", **asked, costs=self.costs),
        )


def _status(done: list[Measured]) -> Status:
    """Of a search that came to its end."""
    if any(one.verdict is None for one in done):
        return Status.UNDECIDED
    if done[-1].status is Status.DIVERGED:
        return Status.DIVERGED
    return Status.UNRESOLVED if any(one.movable for one in done) else Status.COMPLETE
