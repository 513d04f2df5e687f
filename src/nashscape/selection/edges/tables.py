"""Where basins end, as tables: lines and separatrices."""

import numpy as np

from nashscape.core import label_names
from nashscape.core.tables import Table, facts, one_by_one, shortened, standing
from nashscape.selection.edges.crossings import Line
from nashscape.selection.edges.separatrices import Separatrix


@one_by_one
def line_table(found: Line) -> Table:
    """Every switch on the line with its bracket, and how runs end on its far side."""
    names = label_names(found.targets)
    rows = [
        (f"{one.value:.6g}", f"[{one.low:.6g}, {one.high:.6g}]", names[code])
        for one, code in zip(found.crossings, found.outer_labels.tolist(), strict=True)
    ]
    return Table(
        f"{found.rule} on {found.game}: where the outcome switches to or from {found.target}, as shares of the way",
        ("switch", "bracket", "other outcome"),
        shortened(rows) or (("none", "", ""),),
        left=("other outcome",),
        notes=(
            f"{len(found.scanned)} points were tried first; two switches between neighbours can escape them.",
            *standing([found]),
        ),
    )


@one_by_one
def separatrix_table(found: Separatrix) -> Table:
    """How many points of the boundary were found, how exactly, and what lies behind them."""
    widths, errors, names = found.widths, found.chord_errors, label_names(found.targets)
    codes, counts = np.unique(found.outer_labels, return_counts=True)
    behind = ", ".join(f"{names[code]} {n}" for code, n in zip(codes.tolist(), counts.tolist(), strict=True))
    return facts(
        f"{found.rule} on {found.game}: the boundary of the basin of {found.target}",
        {
            "nodes inside": f"{int(found.inside.sum())} of {found.inside.size}",
            "points": str(len(found.points)),
            "connected lines": str(len(found.lines)) if found.inside.ndim == 2 else "–",
            "widest bracket": f"{widths.max():.2g}" if widths.size else "–",
            "largest error of a chord": f"{errors.max():.2g}" if errors.size else "–",
            "outcomes beyond": behind or "–",
        },
        standing([found]),
    )
