"""Paths of Lemke and Howson as columns and as a table."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.nash.path_results import LemkeHowsonPaths

NOBODY = "nobody plays"


def node_names(found: LemkeHowsonPaths) -> list[str]:
    """What every node is called, the first "nobody plays"."""
    return [NOBODY if number < 0 else found.names[number] for number in found.nodes]


def path_columns(found: LemkeHowsonPaths) -> Columns:
    """A row for every path between two nodes."""
    names = node_names(found)
    ends = [[names[one.ends[k]] for one in found.edges] for k in (0, 1)]
    return {
        "label": np.array([one.label for one in found.edges], dtype=str),
        "begins_at": np.array(ends[0], dtype=str),
        "ends_at": np.array(ends[1], dtype=str),
        "pivots": np.array([one.pivots for one in found.edges], dtype=int),
    }


@one_by_one
def path_table(found: LemkeHowsonPaths) -> Table:
    """Every equilibrium that is reached, its strategies, and by which paths from where."""
    names = node_names(found)
    rows = []
    for number, (name, strategies) in enumerate(zip(found.names, found.equilibria, strict=True)):
        own = {node for node, at in enumerate(found.nodes) if at == number}
        met = [
            f"{one.label} from {names[one.ends[one.ends[0] in own]]}"
            for one in found.edges
            if len(own & set(one.ends)) == 1
        ]
        text = " | ".join(" ".join(map(fraction_text, strategy)) for strategy in strategies)
        rows.append((name, text, "\n".join(met)))
    return Table(
        f"Paths of Lemke and Howson in {found.game}",
        ("equilibrium", "strategies", "reached without"),
        shortened(rows),
        left=("strategies", "reached without"),
        notes=("There can be equilibria that no path reaches.", *standing([found])),
    )
