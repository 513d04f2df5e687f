"""Intervals of the scores of agents in tasks, all of them together."""

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bounded_mean, clopper_pearson, finite_array
from nashscape.ranking.score_tables import ScoreTable

Floats = npt.NDArray[np.float64]


def together(
    given: ScoreTable, bounds: tuple[float, float] | None, level: float
) -> tuple[Floats, Floats, str, tuple[str, ...]]:
    """Ends of all mean scores, `[agents, tasks]`, all together at the level; what they are; and what is to be known."""
    ends = None if bounds is None else finite_array(bounds, "bounds", shape=(2,))
    if ends is not None:
        _check_bounds(given, ends)
    if all(len(own) == 1 for own in given.runs):
        means = np.concatenate(given.runs)
        return means, means, "one score each, taken as exact", ("one run of each task: nothing is known of chance",)
    each = 1.0 - (1.0 - level) / (len(given.agents) * len(given.tasks))
    made = np.stack([_student(own, each) if ends is None else _bounded(own, ends, each) for own in given.runs])
    unknown = int(np.isinf(made[:, 0]).sum())
    notes = (f"all runs agree in {unknown} of {made[:, 0].size} scores, or there is one, so that nothing is known of "
             "their spread; with bounds= they have intervals",) if unknown else ()  # fmt: skip
    how = "Student's intervals" if ends is None else "intervals of bounded scores"
    return made[:, 0], made[:, 1], f"{how} of all scores together at {100 * level:g} %", notes


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
