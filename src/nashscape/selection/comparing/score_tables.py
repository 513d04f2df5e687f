"""Comparisons of scores as a table with a row for every arm, and as columns with a row for every score."""

from typing import Any

import numpy as np

from nashscape.core.tables import Table, interval, one_by_one, standing
from nashscape.selection.comparing.scores import ScoreComparison


@one_by_one
def score_table_of(found: ScoreComparison) -> Table:
    """What the runs of every arm score, and how likely they improve on those of the reference."""
    rows = [
        (
            name,
            str(own.size),
            f"{own.mean():.4f}",
            interval(found.middles[name]),
            f"{own.min():.4g} to {own.max():.4g}",
            interval(found.improvements[name]) if name in found.improvements else "–",
        )
        for name, own in found.scores.items()
    ]
    first, better = found.middles[found.reference], next(iter(found.improvements.values()), None)
    pooled = f"{len(found.tasks)} tasks, pooled" if len(found.tasks) > 1 else "one task"
    rows_are = "; a row is one run in all of them" if found.shared_runs and len(found.tasks) > 1 else ""
    told = [
        f"IQM: the mean of the middle half of all n scores of {pooled}{rows_are}; {first.method}, "
        f"{100 * found.level:g} %."
    ]
    if better is not None:
        over = " (mean over tasks)" if len(found.tasks) > 1 else ""
        told.append(
            f"Improvement: the probability that a run scores higher than one of {found.reference}, ties half{over}; "
            f"{better.method}, {100 * found.level:g} %."
        )
    return Table(
        f"{found.measure} of runs, against {found.reference}",
        ("arm", "n", "mean", "IQM", "range", "improvement"),
        rows,
        notes=(*told, *standing([found])),
    )


def columns_of_scores(found: ScoreComparison) -> dict[str, Any]:
    """One row per score: arm, run, task and score."""
    arms, runs, tasks, scores = [], [], [], []
    for name, own in found.scores.items():
        run, task = np.indices(own.shape).reshape(2, -1)
        arms += [name] * own.size
        runs.append(run)
        tasks.append(np.array(found.tasks)[task])
        scores.append(own.ravel())
    return {
        "measure": found.measure,
        "reference": found.reference,
        "arm": np.array(arms),
        "run": np.concatenate(runs),
        "task": np.concatenate(tasks),
        "score": np.concatenate(scores),
    }
