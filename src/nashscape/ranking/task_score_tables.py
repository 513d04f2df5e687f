"""Scores over tasks as a table and as columns."""

import numpy as np

from nashscape.core.columns import Columns, estimates
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing
from nashscape.ranking.task_score_results import TaskScores


def columns_of_task_scores(found: TaskScores) -> Columns:
    """A row for every agent: means, and percentiles over tasks with the ends of their intervals."""
    value, low, high = found.percentiles()
    made: Columns = {
        "agent": np.array(found.agents),
        "runs": found.runs,
        **estimates("mean", found.means),
        **estimates("interquartile_mean", found.interquartile_means),
    }
    for k, level in enumerate(found.levels):
        parts = {"": value, "_low": low, "_high": high}
        made |= {f"percentile_{level:g}{end}": own[:, k] for end, own in parts.items()}
    return made


@one_by_one
def task_scores_table(found: TaskScores) -> Table:
    """Every agent with its interquartile mean, its percentiles over tasks, and whom it dominates."""
    value, low, high = found.percentiles()
    dominance = found.dominance()
    rows = []
    for k, name in enumerate(found.agents):
        cells = [_with_ends(*own) for own in zip(value[k], low[k], high[k], strict=True)]
        over = "\n".join(
            f"{other}{'' if dominance.surely[k, j] else ' ?'}"
            for j, other in enumerate(found.agents)
            if dominance.here[k, j]
        )
        rows.append((name, _middle(found, k), *cells, over))
    headings = [f"{level:g} %" for level in found.levels]
    return Table(
        f"{len(found.agents)} agents in {len(found.tasks)} tasks",
        ("agent", "interquartile mean", *headings, "dominates"),
        shortened(rows),
        left=("agent", "dominates"),
        notes=(
            "Scores are in units of a reference for each task; under 10 % is that which nine of ten tasks reach.",
            f"Dominates: no percentile is lower and one is higher; ? where that is open by {found.sureness}.",
            *standing([found]),
        ),
    )  # fmt: skip


def _with_ends(value: float, low: float, high: float) -> str:
    return f"{value:.4f}" if low == high else f"{value:.4f}\n[{low:.4f}, {high:.4f}]"


def _middle(found: TaskScores, k: int) -> str:
    one = found.interquartile_means[k]
    return interval(one) if np.isfinite(one.low) else f"{one.value:.4f}"
