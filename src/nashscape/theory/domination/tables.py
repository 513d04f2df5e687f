"""Eliminated actions as columns and as a table."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.domination.actions import mixture
from nashscape.theory.domination.results import IteratedDominance


def elimination_columns(found: IteratedDominance) -> Columns:
    """A row for every action of every player: in which round it was removed, NaN where it is left, and by what."""
    gone = {(one.player, one.action): (k, one) for k, once in enumerate(found.rounds, 1) for one in once}
    every = [(player, name) for player, names in zip(found.players, found.actions, strict=True) for name in names]
    removed = [gone.get(one) for one in every]
    return {
        "player": np.array([player for player, _ in every]),
        "action": np.array([name for _, name in every]),
        "round": np.array([np.nan if one is None else one[0] for one in removed], float),
        "dominated_by": np.array(["" if one is None else mixture(one[1].by) for one in removed]),
        "least": np.array([np.nan if one is None else float(one[1].least) for one in removed]),
        "most": np.array([np.nan if one is None else float(one[1].most) for one in removed]),
    }


@one_by_one
def elimination_table(found: IteratedDominance) -> Table:
    """Every action removed, in its round, with what dominates it and by how much."""
    rows = [
        (
            str(number),
            one.player,
            one.action,
            mixture(one.by),
            f"{fraction_text(one.least)} to {fraction_text(one.most)}",
        )
        for number, once in enumerate(found.rounds, 1)
        for one in once
    ]
    left = ", ".join(f"{' '.join(names)} of {player}" for player, names in zip(found.players, found.left, strict=True))
    return Table(
        f"Iterated elimination of {found.kind}ly dominated actions of {found.game}",
        ("round", "player", "action", "dominated by", "earns more by"),
        shortened(rows) or (("–", "no action is dominated", "", "", ""),),
        left=("player", "action", "dominated by"),
        notes=(f"Left: {left}.", *_meaning(found), *standing([found])),
    )


def _meaning(found: IteratedDominance) -> list[str]:
    """What the list may be taken for."""
    if found.order_matters:
        return ["All that is dominated in a round is removed at once; in another order other actions may be left."]
    if (found.kind, found.by) != ("strict", "mixed"):
        return []
    more = len(found.players) > 2
    beliefs = ", with beliefs in which the others may act together" if more else ""
    return [f"These are the rationalisable actions{beliefs}; the order of elimination changes nothing."]
