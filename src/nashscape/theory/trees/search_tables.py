"""Searches at information sets as columns and as tables."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, standing
from nashscape.theory.trees.search import UpdateSearch


def search_columns(found: UpdateSearch) -> Columns:
    """A row for every action."""
    made: Columns = {"action": np.array(found.actions, dtype=str)}
    return made | {name: getattr(found, name) for name in ("values", "low", "high", "before", "after")}


@one_by_one
def search_table(found: UpdateSearch) -> Table:
    """What actions pay, and how the search moves what is played."""
    rows = [
        (name, f"{value:.4g}", f"{low:.4g} to {high:.4g}" if found.rollouts else "exact", f"{a:.4g}", f"{b:.4g}")
        for name, value, low, high, a, b in zip(
            found.actions, found.values, found.low, found.high, found.before, found.after, strict=True
        )
    ]
    plays = f"{found.rollouts:,} rollouts for each action" if found.rollouts else "exact values"
    return Table(
        f"Search of {found.player} at {found.row} in {found.game}",
        ("action", "value there", "interval", "blueprint", "search"),
        rows,
        notes=(f"η = {found.rate:g}, α = {found.temperature:g}; {plays}.", *standing([found])),
    )
