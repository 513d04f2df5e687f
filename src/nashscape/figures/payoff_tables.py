"""What strategies of two pools get of each other, as a table of shades."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import CenteredNorm

from nashscape.figures.style import DIVERGING, SMALL


def payoffs_drawn(
    figure: Any,
    axes: Any,
    table: npt.NDArray[np.float64],
    names: Sequence[Sequence[str]],
    sides: Sequence[str],
    what: str,
    most: int = 9,
) -> Any:
    """The payoffs of the first side, `[m_1, m_2]`, with names of what each side chooses among, at most so many.

    Returns:
        The shades, for who writes numbers into them.
    """
    half = float(np.abs(table).max()) or 1.0
    shades = axes.imshow(table, cmap=DIVERGING, norm=CenteredNorm(halfrange=half), aspect="auto")
    for side, (set_ticks, label) in enumerate(((axes.set_yticks, axes.set_ylabel), (axes.set_xticks, axes.set_xlabel))):
        every = -(-len(names[side]) // most)
        shown = list(range(0, len(names[side]), every))
        turned = {"rotation": 90} if side else {}
        set_ticks(shown, [names[side][k] for k in shown], fontsize=SMALL, **turned)
        label(f"{what} of {sides[side]}", fontsize=SMALL)
    axes.set_title(f"payoff of {sides[0]}", fontsize=SMALL)
    bar = figure.colorbar(shades, ax=axes, shrink=0.85)
    bar.ax.tick_params(labelsize=SMALL)
    return shades
