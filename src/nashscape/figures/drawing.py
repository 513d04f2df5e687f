"""The picture of any result."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nashscape.core.pictures import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(result: Any, path: str | Path | None = None, **options: Any) -> "Figure":
    """The figure of a result, or of a dict of results of one type by rule, saved too where a path is given.

    Args:
        result: a result, or results by rule.
        path: of a PNG, SVG or PDF file to write, by its ending.
        options: those of the function that draws such results.

    Raises:
        InputError: for what is no result, or one whose class names no picture.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> run = simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=20)
        >>> draw(run).axes[0].get_ylabel()
        'probability'
    """
    figure: Figure = drawn(result, path, **options)
    return figure
