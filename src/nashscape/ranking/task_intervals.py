"""Intervals of the scores of agents in tasks, all of them together."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bounded_mean, clopper_pearson, finite_array
from nashscape.ranking.score_tables import ScoreTable

Floats = npt.NDArray[np.float64]


TASKS_A_MISS = 30
"""Tasks for each of which one interval of the narrower ones may miss."""


class Ends(NamedTuple):
    """Intervals of the scores of agents in tasks.

    Attributes:
        low: lower ends of intervals that hold all together, `[agents, tasks]`.
        high: upper ends.
        most_low: lower ends of narrower ones, of which for no agent more than `missed` are too high, `[agents, tasks]`.
        most_high: upper ends, of which no more than that are too low.
        missed: how many.
        how: what they are, in words.
        notes: what is to be known, in sentences.
    """

    low: Floats
    high: Floats
    most_low: Floats
    most_high: Floats
    missed: int
    how: str
    notes: tuple[str, ...]


def together(given: ScoreTable, bounds: tuple[float, float] | None, level: float, *, shared_runs: bool) -> Ends:
    """Ends of all mean scores of all agents, of both kinds and all together at the level.

    Where tasks are many and their runs are independent half of the error is spent on each kind. Of T intervals that
    miss on a side with probability a, more than m do with probability `P(B > m)`, B binomial of T trials at a.
    """
    ends = None if bounds is None else finite_array(bounds, "bounds", shape=(2,))
    if ends is not None:
        _check_bounds(given, ends)
    if all(len(own) == 1 for own in given.runs):
        means = np.concatenate(given.runs)
        notes = ("one run of each task: nothing is known of chance",)
        return Ends(means, means, means, means, 0, "one score each, taken as exact", notes)
    agents, tasks = len(given.agents), len(given.tasks)
    missed = 0 if shared_runs else tasks // TASKS_A_MISS
    error = (1.0 - level) / (2 if missed else 1)
    low, high = _ends(given, ends, 1.0 - error / (agents * tasks))
    most_low, most_high = low, high
    if missed:
        most_low, most_high = _ends(given, ends, 1.0 - 2.0 * _one_side(missed, tasks, error / (2 * agents)))
    unknown = int(np.isinf(low).sum())
    told = (f"all runs agree in {unknown} of {low.size} scores, or there is one, so that nothing is known of their "
            "spread; with bounds= they have intervals",) if unknown else ()  # fmt: skip
    how = "Student's intervals" if ends is None else "intervals of bounded scores"
    return Ends(low, high, most_low, most_high, missed, f"{how} of all scores together at {100 * level:g} %", told)


def _one_side(missed: int, tasks: int, error: float) -> float:
    """The probability a with which each of so many may miss, that more than some miss with that of the error."""
    from scipy.special import betaincinv

    return float(betaincinv(missed + 1, tasks - missed, error))


def _ends(given: ScoreTable, bounds: Floats | None, level: float) -> Floats:
    """Ends of all mean scores, each at the level, `[2, agents, tasks]`."""
    each = [_student(own, level) if bounds is None else _bounded(own, bounds, level) for own in given.runs]
    return np.stack(each, axis=1)


def _check_bounds(given: ScoreTable, ends: Floats) -> None:
    every = np.concatenate([own.ravel() for own in given.runs])
    least, most = float(every.min()), float(every.max())
    if not ends[0] < ends[1] or least < ends[0] or most > ends[1]:
        raise InputError(f"bounds are the least and the largest score possible; got {ends[0]:g} and {ends[1]:g}, and "
                         f"scores from {least:g} to {most:g}")  # fmt: skip


def _student(runs: Floats, level: float) -> Floats:
    """The ends of Student's intervals of means, `[2, tasks]`; endless where runs say nothing of their spread."""
    from scipy.special import stdtrit

    count, mean = len(runs), runs.mean(0)
    if count == 1:
        return np.stack([np.full(len(mean), -np.inf), np.full(len(mean), np.inf)])
    spread = np.where(np.ptp(runs, axis=0) > 0, runs.std(0, ddof=1) / np.sqrt(count), np.inf)
    half = float(stdtrit(count - 1, (1 + level) / 2)) * spread
    return np.stack([mean - half, mean + half])


def _bounded(runs: Floats, ends: Floats, level: float) -> Floats:
    """The same of bounded scores: Clopper and Pearson's where all are the least or the largest, else by betting."""
    made = [_bounded_one(own, float(ends[0]), float(ends[1]), level) for own in runs.T]
    return np.array([[one.low for one in made], [one.high for one in made]])


def _bounded_one(own: Floats, low: float, high: float, level: float) -> Estimate:
    if not np.isin(own, (low, high)).all():
        return bounded_mean(own, low, high, level)
    one = clopper_pearson(int((own == high).sum()), len(own), level)
    least, most = (low + (high - low) * end for end in (one.low, one.high))
    return Estimate(float(own.mean()), least, most, level, one.method)
