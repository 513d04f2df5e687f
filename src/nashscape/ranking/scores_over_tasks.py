"""`task_scores`: agents compared by what they score in many tasks, without one scale for all tasks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    InputError,
    Source,
    Status,
    finite_number,
    interquartile_mean,
    record,
    stratified_mean,
)
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.core.statistics.interquartile_means import PRECIPICE
from nashscape.ranking.score_tables import scores_of
from nashscape.ranking.task_intervals import together
from nashscape.ranking.task_score_results import TaskScores, checked_levels

Floats = npt.NDArray[np.float64]

OPEN_ENDED = Source(
    "open_ended_learning", "Open-Ended Learning Team (Stooke et al.): Open-Ended Learning Leads to Generally Capable "
    "Agents. 2021.", "https://arxiv.org/abs/2107.12808",
)  # fmt: skip

USUAL = (10, 20, 30, 40, 50)


@public()
def task_scores(
    scores: Any,
    *,
    reference: Any = "best",
    zero: Any = 0.0,
    percentiles: Sequence[float] = USUAL,
    bounds: tuple[float, float] | None = None,
    shared_runs: bool = False,
    level: float = 0.95,
    tasks: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
) -> TaskScores:
    """Agents compared over many tasks: normalised scores, their percentiles over tasks, and who dominates whom.

    In each task a score counts as `(score − zero)/(reference − zero)`, so that no task counts for more because it pays
    in larger numbers. The q-th percentile over tasks is what an agent reaches in all but q of a hundred tasks. One
    agent dominates another where no percentile is lower and one is higher (Pareto).

    With several runs every mean score has an interval, all of them together at the level: Student's, which is
    approximate; or, where `bounds` are known, one that covers at least at its level. Percentiles rise with every score,
    so that those of the ends hold them; a bootstrap of percentiles would not, since noise spreads the tasks of an agent
    that are alike. Of 30 tasks or more there are narrower intervals too, of which one in 30 may miss: the percentile is
    then looked up as many tasks further down, or up. Zeros and references are taken as known.

    Args:
        scores: the path of a CSV file, or a data frame, with the columns agent, task, score, and perhaps run; rows
            (agent, task, score) or (agent, task, score, run); or a dict from agents to numbers `[tasks]` or `[runs,
            tasks]`.
        reference: what counts as 1 in each task: "best", the best agent's mean there; numbers `[tasks]`, such as the
            `values` of `against_nash`; or a dict by task.
        zero: what counts as 0: a number for all tasks, numbers `[tasks]`, a dict by task, or "worst", the worst agent's
            mean; then shifts of a task change nothing either.
        percentiles: from 0, the worst task, to 100, the best.
        bounds: the least and the largest score that is possible in any task, where these are known.
        shared_runs: whether a run is one and the same in all tasks, such as one training, so that the scores of a run
            hang on each other: then means are those of runs, and there are no narrower intervals.
        level: confidence level.
        tasks: names of the tasks of a dict.
        columns: names of the columns of the agent, the task, the score, and perhaps the run, where a table has others.

    Raises:
        InputError: for scores that cannot be read, missing ones, references that are not above zeros, scores outside
            the bounds.

    Example:
        >>> found = task_scores({"general": [4, 50, 3], "special": [0, 100, 0]})
        >>> found
        <TaskScores of 2 agents in 3 tasks, medians: general 1, special 0>
        >>> found.normalised.tolist()
        [[1.0, 0.5, 1.0], [0.0, 1.0, 0.0]]
        >>> found.dominance().here[0].tolist()  # of percentiles up to the median
        [False, True]

    Source: Stooke et al. (2021), for percentiles and dominance; Agarwal et al. (2021) for interquartile
    means.
    """
    given, levels = scores_of(scores, tasks, columns), checked_levels(percentiles)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    means = np.stack([own.mean(0) for own in given.runs])
    zeros = _of_tasks(zero, "zero", "worst", means.min(0), given.tasks)
    units = _of_tasks(reference, "reference", "best", means.max(0), given.tasks) - zeros
    _check_units(units, zeros, given.tasks)
    runs = [(own - zeros) / units for own in given.runs]
    ends = together(given, bounds, level, shared_runs=shared_runs)
    low, high, most_low, most_high = ((own - zeros) / units for own in ends[:4])
    mean = [own.mean(1, keepdims=True) if shared_runs else own for own in runs]
    asked = {"scores": dict(zip(given.agents, given.runs, strict=True)), "tasks": given.tasks, "zero": zeros,
             "reference": zeros + units, "percentiles": levels, "bounds": bounds, "shared_runs": shared_runs,
             "level": level}  # fmt: skip
    return TaskScores(
        agents=given.agents,
        tasks=given.tasks,
        scores=means,
        zeros=zeros,
        references=zeros + units,
        normalised=(means - zeros) / units,
        low=low,
        high=high,
        most_low=most_low,
        most_high=most_high,
        missed=ends.missed,
        levels=levels,
        means=tuple(stratified_mean(own, level) for own in mean),
        interquartile_means=tuple(interquartile_mean(own, level, shared_runs=shared_runs) for own in runs),
        runs=np.array([len(own) for own in runs]),
        confidence=level,
        sureness=ends.how,
        status=Status.COMPLETE,
        provenance=record("task scores", asked, sources=[OPEN_ENDED, PRECIPICE], notes=ends.notes),
    )


def _of_tasks(given: Any, name: str, word: str, usual: Floats, tasks: Sequence[str]) -> Floats:
    """A number for each task, of one for all, one for each, those by name, or a word for what agents score."""
    if isinstance(given, str):
        if given != word:
            raise InputError(f"{name} is {word!r}, or numbers, one for each task; got {given!r}")
        return usual
    if isinstance(given, Mapping):
        if set(given) != set(tasks):
            wrong = sorted(map(str, set(given) ^ set(tasks)))
            raise InputError(f"{name} by task needs a number for every task and no other; see {', '.join(wrong)}")
        given = [given[task] for task in tasks]
    return one_or_each(given, name, len(tasks))


def _check_units(units: Floats, zeros: Floats, tasks: Sequence[str]) -> None:
    wrong = np.flatnonzero(units <= 1e-12 * np.abs(zeros))
    if len(wrong):
        k = int(wrong[0])
        raise InputError(f"the reference of {tasks[k]}, {zeros[k] + units[k]:g}, is not above what counts as zero "
                         f"there, {zeros[k]:g}; give reference= or zero= for it, such as zero='worst', or leave out "
                         "tasks in which nobody scores")  # fmt: skip
