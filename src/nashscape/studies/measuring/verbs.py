"""What studies ask that takes more than one call of a verb: gains over another rule, predictors, distances."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Status, choice
from nashscape.core.question import Question
from nashscape.core.statistics.rank_statistics import area_under_curve, rank_correlation
from nashscape.dynamics import reducers as reduce
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.selection import alignment, basin_map, compare, entry_probability, separatrix
from nashscape.selection.predictors import predictor
from nashscape.semantics import parametric
from nashscape.studies.seeds import derived

Floats = npt.NDArray[np.float64]
RUNS: Mapping[str, Callable[..., Any]] = {"entry_probability": entry_probability, "basin_map": basin_map}
PREDICTORS = ("alignment", "margin", "cumulative_alignment")
AMONG = ("all", "missed")
BASELINE = "baseline"
"""What else than a study's replicates has seeds derived from one."""


@dataclass(frozen=True)
class Prediction:
    """How well a quantity tells which starts are gained.

    Attributes:
        auc: area under the ROC curve; None where all starts that count are gained, or none.
        spearman: rank correlation with what each start gains; None where either is all alike.
        gained: starts that are gained.
        counted: starts that count.
        question: of the rule's runs.
        status: of the rule's runs.
    """

    auc: Estimate | None
    spearman: Estimate | None
    gained: int
    counted: int
    question: Question
    status: Status


@dataclass(frozen=True)
class Gain:
    """What a rule gains over another.

    Attributes:
        compared: the comparison of shares, whose attributes this has as well.
        found: the runs of the rule.
        welfare: run by run how much more all players together have after the last update, in payoff units.
    """

    compared: Any
    found: Any
    welfare: Floats

    def __getattr__(self, name: str) -> Any:
        """An attribute of the comparison."""
        if name.startswith("__") or "compared" not in vars(self):
            raise AttributeError(name)
        return getattr(self.compared, name)


def gain(
    game: Any, rule: Any, *, against: Any, outcome: str | None = None, independent: bool = False,
    runs: str = "entry_probability", seed: int = 0, **options: Any,
) -> Any:  # fmt: skip
    """A rule against another from the same starts with the same noise, or with noise of its own; see `compare`.

    And how much more the players get.
    """
    run = RUNS[choice(runs, "runs", RUNS)]
    result = run(game, rule, seed=seed, **options)
    baseline = run(game, against, seed=derived(seed, 1, BASELINE) if independent else seed, **options)
    compared: Callable[..., Any] = compare
    welfare = [np.asarray(own.reduced["end_payoffs"], np.float64).sum(axis=-1) for own in (result, baseline)]
    return Gain(compared(result, baseline, outcome, independent=independent), result, welfare[0] - welfare[1])


def prediction(
    game: Any, rule: Any, *, against: Any, by: Sequence[str] = PREDICTORS, within: int = 5, among: str = "missed",
    target: Any = None, runs: str = "basin_map", independent: bool = False, seed: int = 0, **options: Any,
) -> Mapping[str, Prediction]:  # fmt: skip
    """What tells, at the start or after a few updates, which starts a rule gains over another.

    By the alignment at the start of what the rule adds to the own gradients; by the margin, the least probability of an
    action of the target at the start; and by the alignment that has come together after `within` updates. Gained is a
    start that ends in the target more often under the rule. With `independent` noise the two maps, and the runs along
    which alignment is added up, share no random numbers.
    """
    names = [choice(own, "predictor", PREDICTORS) for own in ([by] if isinstance(by, str) else by)]
    goals = choose_targets(parametric(game), target)
    if not goals:
        raise InputError(
            f"{parametric(game).name} has no strict pure equilibrium to gain; say target = 'CC' or the like"
        )
    goal, run = goals[0], RUNS[choice(runs, "runs", RUNS)]
    if runs == "entry_probability" and options.get("starts") is None:
        options["starts"] = usual_starts(runs, parametric(game))
    if independent and runs != "basin_map":
        raise InputError(
            "noise of their own is for maps, whose starts are the same all the same; say runs = 'basin_map'"
        )
    early = (reduce.cumulative_alignment(goal.name, until=within), reduce.path_at([0]))
    purposes = ("", BASELINE, "early")
    seeds = [derived(seed, k, purposes[k]) if independent else seed for k in range(3)]
    results = [
        run(game, one, targets=goal.name, seed=own, reducers=along, **options)
        for one, own, along in zip((rule, against, rule), seeds, ((), (), early), strict=True)
    ]
    values = _quantities(game, rule, goal, results[2], names, seed, options)
    if not independent:
        cells = {name: own.reshape(_cells(results[0])) for name, own in values.items()}
        judged = predictor(results[0], results[1], cells, outcome=goal.name, among=among)
        return {name: _of_predictor(own) for name, own in judged.items()}
    reached = [_by_start(found.reached(goal.name)) for found in results[:2]]
    counts = reached[1] < 1 if choice(among, "among", AMONG) == "missed" else np.ones(len(reached[1]), bool)
    return {name: _judged(own, reached[0] - reached[1], counts, results[0]) for name, own in values.items()}


def _cells(found: Any) -> tuple[int, ...]:
    """The shape of starts: of the cells of a map, or of the runs of an entry."""
    shape: tuple[int, ...] = found.labels.shape
    return shape[1:] if len(shape) > 1 else shape


def _of_predictor(own: Any) -> Prediction:
    return Prediction(own.auc, own.spearman, int(own.gained.sum()), len(own.values), own.question, own.status)


def _judged(values: Floats, change: Floats, counts: npt.NDArray[np.bool_], found: Any) -> Prediction:
    known = counts & np.isfinite(values)
    x, moved = values[known], change[known]
    gained = moved > 0
    auc = area_under_curve(x[gained], x[~gained]) if 0 < gained.sum() < gained.size else None
    ordered = all(np.unique(own).size > 1 for own in (x, moved))
    spearman = rank_correlation(x, moved) if ordered else None
    return Prediction(auc, spearman, int(gained.sum()), int(known.sum()), found.question, found.status)


def _quantities(
    game: Any, rule: Any, goal: Any, found: Any, names: Sequence[str], seed: int, options: Mapping[str, Any]
) -> dict[str, Floats]:
    """One number for every start, by name."""
    made = {}
    for name in names:
        if name == "cumulative_alignment":
            made[name] = _by_start(found.reduced["cumulative_alignment"])
        elif name == "margin":
            made[name] = _by_start(_margin(parametric(game), goal, found))
        else:
            where = {key: options[key] for key in ("grid", "low", "high", "n", "step_size") if key in options}
            if "layout" not in vars(found):
                where |= {"at": options.get("starts"), "n": len(found.labels), "seed": seed}
            seen = alignment(game, rule, goal.name, **_like(found, where))
            made[name] = (seen.projections["total"] - seen.projections.get("base", 0.0)).ravel()
    return made


def _like(found: Any, where: dict[str, Any]) -> dict[str, Any]:
    """Where alignment looks: at the starts of the runs."""
    if "layout" in vars(found):
        return {**where, "grid": len(found.layout.axis), "low": found.layout.low, "high": found.layout.high}
    return where


def _margin(learners: Any, goal: Any, found: Any) -> Floats:
    """The least probability of the target's actions at the start, run by run."""
    shapes = learners.game.strategy_shapes
    start = np.asarray(found.reduced["path_at"], np.float64).reshape(*found.labels.shape, -1)
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    own = [
        start[..., a:b].reshape(*start.shape[:-1], *shape) for a, b, shape in zip(ends, ends[1:], shapes, strict=False)
    ]
    chosen = [strategy[(..., *place)] for strategy, places in zip(own, goal.places, strict=True) for place in places]
    return np.asarray(np.min(chosen, axis=0))


def _by_start(values: npt.ArrayLike) -> Floats:
    """Means over the rollouts of a map; of an entry the values."""
    made = np.asarray(values, np.float64)
    return np.asarray(made.mean(axis=0).ravel() if made.ndim > 1 else made)


def separatrix_distance(game: Any, rule: Any, *, points: Any, target: Any = None, **options: Any) -> Any:
    """How far starts lie from the boundary of the target's basin; see `Separatrix.distance`."""
    return separatrix(game, rule, target, **options).distance(np.atleast_2d(np.asarray(points, float)))
