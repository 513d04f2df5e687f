"""Results as they are given to `rank`: matches of two, or orders of several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nashscape.ranking.matches import Matches, matches
from nashscape.ranking.order_tables import are_orders
from nashscape.ranking.player_orders import Orders, orders
from nashscape.ranking.written_tables import lines_of


def results_of(given: Any, columns: Sequence[str] | None) -> Matches | Orders:
    """Matches, or orders where it is these, or the names of the columns of a table say so.

    Raises:
        InputError: see `matches` and `orders`.
    """
    if hasattr(given, "as_pairs"):
        found: Matches | Orders = given
        return found
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        heads = lines_of(Path(given), "player,player,result")[0][1]
    else:
        heads = [str(name) for name in getattr(given, "columns", ())]
    return (orders if are_orders(heads, columns) else matches)(given, columns=columns)
