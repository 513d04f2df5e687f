"""Results as they are given to `rank`: matches of two, or orders of several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nashscape.core import InputError
from nashscape.ranking.matches import Matches, matches
from nashscape.ranking.order_tables import are_orders
from nashscape.ranking.player_orders import Orders, orders
from nashscape.ranking.score_tables import are_scores
from nashscape.ranking.written_tables import lines_of


def hold_scores(path: Path) -> bool:
    """Whether the first line of a file says that it holds scores in tasks."""
    return are_scores(lines_of(path, "player,player,result")[0][1])


def results_of(given: Any, columns: Sequence[str] | None) -> Matches | Orders:
    """Matches, or orders where it is these, or the names of the columns of a table say so.

    Raises:
        InputError: see `matches` and `orders`; for a table of scores in tasks.
    """
    if hasattr(given, "as_pairs"):
        found: Matches | Orders = given
        return found
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        heads = lines_of(Path(given), "player,player,result")[0][1]
    else:
        heads = [str(name) for name in getattr(given, "columns", ())]
    if columns is None and are_scores(heads):
        raise InputError("these are scores in tasks, not results of players against each other; compare them by "
                         "ranking.task_scores, typed nashscape rank FILE.csv without --by")  # fmt: skip
    return (orders if are_orders(heads, columns) else matches)(given, columns=columns)
