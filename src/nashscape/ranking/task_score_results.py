"""Scores of agents in many tasks: percentiles over tasks, and who is nowhere worse than whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, choice, finite_array

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CLOSE = 1e-9
"""How far normalised scores may differ that are the same but for rounding, for each unit of their size and of one."""


class Dominance(NamedTuple):
    """Who dominates whom: nowhere lower, and higher somewhere; `[agents, agents]` each, of the row over the column.

    Attributes:
        here: by the scores as they are.
        surely: whatever scores within the intervals are the right ones.
        perhaps: for some scores within the intervals.
    """

    here: Bools
    surely: Bools
    perhaps: Bools


@dataclass(frozen=True, eq=False)
class TaskScores(Result):
    """What agents score in tasks, in units of a reference for each task; made by `task_scores`.

    Attributes:
        agents: names.
        tasks: names.
        scores: the mean score of every agent in every task, as given, `[agents, tasks]`.
        zeros: what counts as 0 in every task, `[tasks]`.
        references: what counts as 1, `[tasks]`.
        normalised: `(score − zero)/(reference − zero)`, `[agents, tasks]`.
        low: lower ends of the intervals of these, all of them together at the level, `[agents, tasks]`.
        high: upper ends.
        most_low: lower ends of narrower intervals, of which for no agent more than `missed` are too high, `[agents,
            tasks]`.
        most_high: upper ends, of which no more than that are too low.
        missed: how many; where it is 0 these are the same.
        levels: the percentiles that are told, from 0 to 100.
        means: of every agent over tasks.
        interquartile_means: of every agent over all its runs of all tasks.
        runs: how many each agent has of every task, `[agents]`.
        confidence: level of intervals.
        sureness: what the intervals rest on, in words.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "task scores"
    picture: ClassVar[str] = "nashscape.figures.task_percentiles:task_scores_figure"
    as_columns: ClassVar[str] = "nashscape.ranking.task_score_tables:columns_of_task_scores"
    as_table: ClassVar[str] = "nashscape.ranking.task_score_tables:task_scores_table"

    agents: tuple[str, ...]
    tasks: tuple[str, ...]
    scores: Floats
    zeros: Floats
    references: Floats
    normalised: Floats
    low: Floats
    high: Floats
    most_low: Floats
    most_high: Floats
    missed: int
    levels: tuple[float, ...]
    means: tuple[Estimate, ...]
    interquartile_means: tuple[Estimate, ...]
    runs: npt.NDArray[np.int64]
    confidence: float
    sureness: str
    status: Status
    provenance: Provenance

    def percentiles(self, levels: Sequence[float] | None = None) -> tuple[Floats, Floats, Floats]:
        """Percentiles over tasks of each agent's normalised scores, and their ends, `[agents, percentiles]` each.

        A percentile rises with every score, so those of the ends hold it wherever all scores are in their intervals.
        Where m of the narrower ones miss, the k-th worst score is still no lower than the (k − m)-th of their lower
        ends. Of both ends the nearer one is told.

        Args:
            levels: from 0, the worst task, to 100, the best; by default those of the result.

        Raises:
            InputError: for others.
        """
        wanted = checked_levels(self.levels if levels is None else levels)
        value, low, high = (percentiles_of(own, wanted) for own in (self.normalised, self.low, self.high))
        least = percentiles_of(self.most_low, wanted, up=-self.missed)
        most = percentiles_of(self.most_high, wanted, up=self.missed)
        return value, np.maximum(low, least), np.minimum(high, most)

    def dominance(self, over: str = "percentiles") -> Dominance:
        """Who is nowhere lower than whom and somewhere higher.

        Args:
            over: "percentiles" of the result, or "tasks", which is harder.

        Raises:
            InputError: for anything else.
        """
        by_tasks = choice(over, "over", ("percentiles", "tasks")) == "tasks"
        value, low, high = (self.normalised, self.low, self.high) if by_tasks else self.percentiles()
        return Dominance(_nowhere_lower(value, value), _nowhere_lower(low, high), _nowhere_lower(high, low))

    def __repr__(self) -> str:
        """How many agents and tasks, and the first agents with the median of their scores, as one line."""
        middles = self.percentiles([50])[0][:, 0]
        told = ", ".join(f"{name} {own:.4g}" for name, own in list(zip(self.agents, middles, strict=True))[:3])
        more = ", …" if len(self.agents) > 3 else ""
        return f"<TaskScores of {len(self.agents)} agents in {len(self.tasks)} tasks, medians: {told}{more}>"


def _nowhere_lower(ours: Floats, theirs: Floats) -> Bools:
    """Whether rows of the one are nowhere lower than rows of the other, and somewhere higher, `[agents, agents]`."""
    one, other = ours[:, None], theirs[None]
    near = CLOSE * (1.0 + np.where(np.isfinite(one), np.abs(one), 0.0))
    made: Bools = np.all(one >= other - near, axis=-1) & np.any(one > other + near, axis=-1)
    np.fill_diagonal(made, False)
    return made


def percentiles_of(values: Floats, levels: Sequence[float], *, up: int = 0) -> Floats:
    """Percentiles of every row, with straight lines between sorted values, `[rows, percentiles]`.

    Unlike NumPy's they are infinite, and not NaN, between a number and an infinite one.

    Args:
        values: `[rows, tasks]`.
        levels: from 0 to 100.
        up: by how many tasks up, or down, each is looked up: beyond the last it is infinite.

    >>> percentiles_of(np.array([[0.0, -np.inf, 4.0]]), [0, 25, 50, 75]).tolist()
    [[-inf, -inf, 0.0, 2.0]]
    >>> percentiles_of(np.array([[0.0, 1.0, 4.0]]), [0, 25, 50, 100], up=1).tolist()
    [[1.0, 2.5, 4.0, inf]]
    """
    beyond = np.full((len(values), abs(up)), np.inf * (up or 1))
    ordered = np.sort(np.concatenate([values, beyond], axis=1), axis=1)
    place = np.asarray(levels, float) / 100.0 * (values.shape[1] - 1) + max(up, 0)
    below = np.floor(place).astype(np.int64)
    part, above = place - below, np.minimum(below + 1, ordered.shape[1] - 1)
    with np.errstate(invalid="ignore"):
        between = (1.0 - part) * ordered[:, below] + part * ordered[:, above]
    made: Floats = np.where(part == 0.0, ordered[:, below], between)
    return made


def checked_levels(levels: Sequence[float]) -> tuple[float, ...]:
    """Percentiles that rise from 0 to 100.

    Raises:
        InputError: for others.
    """
    found = np.atleast_1d(finite_array(levels, "percentiles"))
    if found.ndim > 1 or not found.size or found.min() < 0 or found.max() > 100 or (np.diff(found) <= 0).any():
        raise InputError(f"percentiles rise from 0, the worst task, to 100, the best, such as 10, 20, 50; got {levels}")
    return tuple(found.tolist())
