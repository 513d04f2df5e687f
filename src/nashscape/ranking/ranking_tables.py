"""Rankings as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns, estimates
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing
from nashscape.ranking.ranking_results import Ranking


def columns_of_ranking(found: Ranking) -> Columns:
    """A row for every player, the best first."""
    return {
        "player": np.array(found.players),
        "rank": np.array(found.ranks),
        "best_rank": found.best,
        "worst_rank": found.worst,
        **estimates("score", found.scores),
        "matches": found.matches,
        "points": found.points.sum(1),
    }


@one_by_one
def ranking_table(found: Ranking) -> Table:
    """Every player with its rank, the ranks that are left to it, its score and its points."""
    rows = [
        (f"{rank}", name, f"{best}" if best == worst else f"{best} to {worst}", interval(score), f"{got:g} of {m}")
        for rank, name, best, worst, score, got, m in zip(
            found.ranks, found.players, found.best, found.worst, found.scores, found.points.sum(1), found.matches,
            strict=True,
        )
    ]  # fmt: skip
    return Table(
        f"{len(found.players)} players by {found.method}",
        ("rank", "player", "ranks left", found.unit, "points"),
        shortened(rows),
        left=("player",),
        notes=(f"Ranks left at {100 * found.level:g} %, all together: by {found.sureness}.", *standing([found])),
    )
