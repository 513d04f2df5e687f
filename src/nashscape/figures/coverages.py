"""Pictures of coverage: which cells of a basin map are proved, and whether the proof and the map contradict."""

from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.grids import Plane, fill, planes
from nashscape.figures.panels import first_probabilities, frame
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.stacks import segment
from nashscape.figures.style import Look, handle, percent, words
from nashscape.selection.maps.coverages import Coverage

LOOKS = {
    "certified": Look("#0072B2"),
    "reached": Look("#A6D5F2", "....", "#3E7CA3"),
    "elsewhere": Look("#E69F00"),
    "resting": Look("#009E73"),
    "undecided": Look("#F8E3B8", "////", "#A87400"),
    "short": Look("#B8B8B8", "----", "#333333"),
    "outside": Look("#FFFFFF", "", "#A0A0A0"),
    "contradicted": Look("#111111", "xxxx", "#FFFFFF"),
}
"""Blue reached the target and orange did not, green rests where it is played, short of it; what was not proved is
paler and hatched."""

MOST_MARKS = 200
"""Contradictions that are marked one by one; more of them are seen anyhow."""


LINE = 0.17
"""Of the legend, in inches."""


@on_paper
def coverage_figure(found: Coverage, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The cells of a basin map by what is proved of them and how they ended, with the share of each class.

    For two players the map is drawn. Cells that contradict the certificate are black, each with a cross where there
    are few. For other numbers of players the shares are one bar.

    Args:
        found: what `coverage` gave.
        title: of the figure; by default what is certified of the basin, and whether anything contradicts.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import basin_map, certify, games, pg
        >>> from nashscape.selection import coverage
        >>> proved = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 32)
        >>> figure = coverage_figure(coverage(proved, basin_map(games.stag_hunt(), pg(), grid=21, steps=600)))
        >>> [text.get_text() for text in figure.legends[0].get_texts()][:2]
        ['certified for CC and reached: 23.4 %', 'CC reached, undecided: 2.3 %']
    """
    only(found, Coverage, "coverage")
    title = _verdict(found) if title is None else title
    flat = found.labels.ndim == 2
    size = (4.2, 4.4 + LINE * sum(mask.any() for mask in found.cells.values())) if flat else (6.4, 2.4)
    figure, [[axes]] = canvas(1, 1, *size)
    if flat:
        _map(axes, found)
    else:
        _bar(axes, found)
    head(figure, title)
    key(figure, _entries(found), columns=1 if flat else 2)
    return figure


def _map(axes: Axes, found: Coverage) -> None:
    [plane] = planes("", found.axis, found.limits, found.kind, 2)
    for name, mask in found.cells.items():
        fill(axes, mask, plane, LOOKS[name])
    _mark(axes, found, plane)
    frame(axes, plane, first_probabilities(found.question))
    axes.set_box_aspect(1)


def _mark(axes: Axes, found: Coverage, plane: Plane) -> None:
    """A cross on every contradiction, which a cell of a fine map is too small to show."""
    if 0 < len(found.contradictions) <= MOST_MARKS:
        for colour, size, width in (("#FFFFFF", 9, 4.0), (LOOKS["contradicted"].colour, 8, 1.8)):
            axes.plot(
                *found.contradictions.T, linestyle="none", marker="x", color=colour, markersize=size,
                markeredgewidth=width, zorder=8, clip_on=False,
            )  # fmt: skip


def _bar(axes: Axes, found: Coverage) -> None:
    left = 0.0
    for name, mask in found.cells.items():
        left = segment(axes, 0, left, float(mask.mean()), LOOKS[name])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_xlim(0.0, 1.0)
    axes.set_yticks([])
    words(axes, xlabel=f"share of the map's {found.labels.size} cells")


def _entries(found: Coverage) -> list[object]:
    texts = {
        "certified": f"certified for {found.target} and reached",
        "reached": f"{found.target} reached, undecided",
        "elsewhere": "certified elsewhere",
        "resting": f"certified to rest where {found.target} is or may be played",
        "undecided": f"{found.target} not reached, undecided",
        "short": "certified, run too short to tell",
        "outside": "outside the certificate's region",
        "contradicted": "CONTRADICTED",
    }
    cells = found.cells
    return [handle(LOOKS[name], f"{text}: {percent(float(cells[name].mean()))}") for name, text in texts.items()
            if cells[name].any()]  # fmt: skip


def _verdict(found: Coverage) -> str:
    """What is certified of the basin, and what contradicts it."""
    number = len(found.contradictions)
    wrong = "no contradiction" if not number else f"{number} CONTRADICTION{'S' if number > 1 else ''}"
    if np.isnan(found.certified):
        return f"no start in the region reached {found.target};\n{wrong}"
    where = " in the region" if found.inside < 1 else ""
    return f"{percent(found.certified)} of {found.target}'s basin{where} certified,\n{wrong}"
