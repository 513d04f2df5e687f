"""Pictures of results: Matplotlib figures that need no display, no global state and no colour vision.

`draw` chooses the figure by the type of a result, and is what `result.plot()` calls.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.dynamics import Run
from nashscape.figures.basins import basin_atlas, first_hit_atlas
from nashscape.figures.entries import entry_figure
from nashscape.figures.gains import gain_loss
from nashscape.figures.pairs import comparison_figure
from nashscape.figures.published import PublishedRow, published_figure, sweep_figure
from nashscape.figures.restarting import restart_figure
from nashscape.figures.style import save, to_png_bytes, to_svg
from nashscape.figures.trajectories import run_figure
from nashscape.selection import BasinMap, Comparison, Entry, Restarts

__all__ = [
    "DRAWN_BY", "PublishedRow", "basin_atlas", "comparison_figure", "draw", "entry_figure", "first_hit_atlas",
    "gain_loss", "published_figure", "restart_figure", "run_figure", "save", "sweep_figure", "to_png_bytes", "to_svg",
]  # fmt: skip

DRAWN_BY: Mapping[type, Callable[..., Figure]] = MappingProxyType(
    {
        BasinMap: basin_atlas,
        Comparison: comparison_figure,
        Entry: entry_figure,
        Restarts: restart_figure,
        Run: run_figure,
    }
)


def draw(result: Any, **options: Any) -> Figure:
    """The figure of a result, or of a dict of results of one type by rule; the options are those of its function.

    Raises:
        InputError: for a type that has no figure.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> run = simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=20)
        >>> draw(run).axes[0].get_ylabel()
        'probability'
    """
    sample = next(iter(result.values()), None) if isinstance(result, Mapping) else result
    for kind, function in DRAWN_BY.items():
        if isinstance(sample, kind):
            return function(result, **options)
    known = ", ".join(kind.__name__ for kind in DRAWN_BY)
    raise InputError(f"there is no figure of a {type(sample).__name__}; there are figures of {known}")
