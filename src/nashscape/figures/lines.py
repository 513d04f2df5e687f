"""Pictures of straight lines through the starts: what is reached from where, and where that switches."""

from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nashscape.core import label_names
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, handle, look, words
from nashscape.selection.edges.crossings import Line


@on_paper
@or_several
def line_figure(found: Line, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The outcomes along a line as a coloured band, with the switches to and from the target as vertical lines.

    Args:
        found: what `along` made.
        title: of the figure; by default where the outcome switches.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything that is not a line.

    Example:
        >>> from nashscape import games, pg
        >>> from nashscape.selection.edges.crossings import along
        >>> figure = line_figure(along(games.stag_hunt(), pg(), [0.1, 0.1], [0.9, 0.9]))
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['CC', 'DD', 'switch']
    """
    only(found, Line, "along")
    figure, grid = canvas(1, 1, 6.4, 1.9)
    axes = grid[0, 0]
    middles = (found.scanned[1:] + found.scanned[:-1]) / 2
    cells = [(int(code), at) for code, at in zip(found.labels, found.scanned, strict=True)]
    for (code, _), low, high in zip(cells, [0.0, *middles], [*middles, 1.0], strict=True):
        style = look(code)
        axes.axvspan(low, high, facecolor=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.0)
    for low, high in zip(found.inner, found.outer, strict=True):
        axes.axvline((low + high) / 2, color=INK, linewidth=1.6)
    names = label_names(found.targets)
    keys = [handle(look(code), names[code]) for code in sorted({code for code, _ in cells}, key=lambda c: (c < 0, c))]
    if len(found.inner):
        keys += [axes.plot([], [], color=INK, linewidth=1.6, label="switch")[0]]
    key(figure, keys, columns=len(keys))
    axes.set_xlim(0.0, 1.0)
    axes.set_yticks([])
    words(axes, xlabel=f"share of the way from {_point(found.start)} to {_point(found.end)}")
    head(axes, _finding(found) if title is None else title)
    return figure


def _finding(found: Line) -> str:
    """Where the outcome switches."""
    at = [f"{(low + high) / 2:.3g}" for low, high in zip(found.inner, found.outer, strict=True)]
    switches = f"switches at {', '.join(at)} of the way" if at else "one side all the way"
    return f"{found.rule} on {found.game}: {switches}"


def _point(profile: tuple[npt.NDArray[np.float64], ...]) -> str:
    return "(" + ", ".join(f"{own.ravel()[0]:.2g}" for own in profile) + ")"
