"""Comparing arms by the scores of their runs, in one task or in several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    PerformanceProfile,
    Provenance,
    Result,
    Status,
    choice,
    interquartile_mean,
    performance_profile,
    probability_of_improvement,
    record,
)
from nashscape.core.calls import public
from nashscape.core.statistics.interquartile_means import EXPANDED, PRECIPICE, score_table

Floats = npt.NDArray[np.float64]
THRESHOLDS = 101
"""Scores at which a profile is taken, if none are given."""


@dataclass(frozen=True, eq=False)
class ScoreComparison(Result):
    """Arms by the scores of their runs: what the middle half gets, how much of each arm scores how much, who improves.

    Attributes:
        measure: what the scores are of.
        reference: the arm that the others are compared with.
        tasks: names of the tasks.
        scores: of every arm, `[runs, tasks]`.
        shared_runs: whether a row is one run in all tasks.
        middles: of every arm the interquartile mean of all its scores, with its interval.
        improvements: of every other arm the probability that one of its runs scores higher than one of the reference,
            in the mean over tasks; each interval holds by itself.
        profiles: of every arm the share of scores above each threshold, with intervals and a band.
        level: confidence level.
        status: complete.
        provenance: question, seed and versions.
    """

    question_kind: ClassVar[str] = "score comparison"
    picture: ClassVar[str] = "nashscape.figures.score_comparisons:score_comparison_figure"
    as_table: ClassVar[str] = "nashscape.selection.comparing.score_tables:score_table_of"
    as_columns: ClassVar[str] = "nashscape.selection.comparing.score_tables:columns_of_scores"
    computed: ClassVar[tuple[str, ...]] = ("means",)

    measure: str
    reference: str
    tasks: tuple[str, ...]
    scores: Mapping[str, Floats]
    shared_runs: bool
    middles: Mapping[str, Estimate]
    improvements: Mapping[str, Estimate]
    profiles: Mapping[str, PerformanceProfile]
    level: float
    status: Status
    provenance: Provenance

    @property
    def means(self) -> dict[str, float]:
        """Of every arm the mean of all its scores."""
        return {name: float(own.mean()) for name, own in self.scores.items()}

    def __repr__(self) -> str:
        """The interquartile mean of every arm, as one line."""
        told = ", ".join(
            f"{name} {own.value:.4g} [{own.low:.4g}, {own.high:.4g}]" for name, own in self.middles.items()
        )
        return f"<ScoreComparison of {self.measure}, interquartile means: {told}>"


@public()
def compare_scores(
    scores: Mapping[str, npt.ArrayLike],
    *,
    reference: str | None = None,
    tasks: Sequence[str] | None = None,
    thresholds: npt.ArrayLike | None = None,
    level: float = 0.95,
    interval: str = "expanded",
    shared_runs: bool = False,
    resamples: int = 4000,
    seed: int = 0,
    measure: str = "score",
) -> ScoreComparison:
    """Compare arms by the scores of independent runs: interquartile means, chances of improvement, profiles.

    Scores of several tasks are pooled for means and profiles, so they need a common scale; chances of improvement are
    taken task by task, and do not. Runs of different arms are taken as independent of each other; arms may have
    different numbers of them.

    Args:
        scores: of every arm by name, `[runs]`, or `[runs, tasks]`; larger is better.
        reference: the arm that the others are compared with; by default the first.
        tasks: their names; by default they are numbered.
        thresholds: at which profiles are taken, rising; by default 101 from the lowest score of all to the highest.
        level: confidence level.
        interval: of the interquartile means, "expanded" or "percentile", see `interquartile_mean`.
        shared_runs: whether a row is one run in all tasks, whose scores may depend on each other; by default every
            entry is a run of its own.
        resamples: of the bootstrap.
        seed: of the bootstrap.
        measure: what the scores are of, for tables and pictures.

    Raises:
        InputError: for no arms, scores that are none, different tasks, and a reference that is no arm.

    Example:
        >>> found = compare_scores({"ppo": [2.0, 2.1, 2.0, 2.9, 2.0], "shaped": [2.8, 2.9, 2.0, 3.0, 2.9]})
        >>> print(found.improvements["shaped"])
        0.7800 [0.3594, 0.9573] (DeLong, Wilson 95 %, n = 10)

    Source: Agarwal et al. (2021).
    """
    tables = _tables(scores)
    count = {own.shape[1] for own in tables.values()}
    names = tuple(map(str, range(1, max(count) + 1))) if tasks is None else tuple(map(str, tasks))
    if count != {len(names)} or len(set(names)) < len(names):
        each = ", ".join(f"{name} {own.shape[1]}" for name, own in tables.items())
        raise InputError(f"all arms need the same tasks, each with a name of its own; got {names} for {each} tasks")
    against = choice(next(iter(tables)) if reference is None else reference, "reference", tables)
    tau = _thresholds(tables) if thresholds is None else np.asarray(thresholds)
    how: dict[str, Any] = {"level": level, "shared_runs": shared_runs}
    drawn: dict[str, Any] = {"interval": interval, "resamples": resamples}
    middles = {name: interquartile_mean(own, **how, **drawn, seed=seed) for name, own in tables.items()}
    better = {
        name: probability_of_improvement(own, tables[against], **how)
        for name, own in tables.items()
        if name != against
    }  # fmt: skip
    profiles = {name: performance_profile(own, tau, **how) for name, own in tables.items()}
    asked = {"scores": tables, "reference": against, "tasks": names, "thresholds": tau, "measure": str(measure)}
    sources = [PRECIPICE, EXPANDED] if interval == "expanded" else [PRECIPICE]
    return ScoreComparison(
        measure=str(measure),
        reference=against,
        tasks=names,
        scores=tables,
        shared_runs=bool(shared_runs),
        middles=middles,
        improvements=better,
        profiles=profiles,
        level=float(level),
        status=Status.COMPLETE,
        provenance=record("score comparison", {**asked, **how, **drawn}, seed=seed, sources=sources),
    )


def _tables(scores: Mapping[str, npt.ArrayLike]) -> dict[str, Floats]:
    """The scores of every arm, `[runs, tasks]`."""
    if not hasattr(scores, "items") or not scores:
        raise InputError(f"scores are those of each arm by name, such as {{'pg': [0.2, 0.9]}}; got {scores!r}")
    return {str(name): score_table(own, f"scores of {name}") for name, own in scores.items()}


def _thresholds(tables: Mapping[str, Floats]) -> Floats:
    every = np.concatenate([own.ravel() for own in tables.values()])
    return np.unique(np.linspace(every.min(), every.max(), THRESHOLDS))
