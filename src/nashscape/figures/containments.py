"""Pictures of two certificates beside each other: what is proved under one rule against what is under another."""

from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nashscape.figures.certificates import fill_cells
from nashscape.figures.gains import PARTS
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, SMALL, TEXT, UNDECIDED, Look, contrast, handle, percent, words
from nashscape.proofs.certification.comparisons import KINDS, Containment

ENTRIES: dict[tuple[int, int], str] = {(0, 0): "both", (0, 1): "lost", (1, 0): "gained", (1, 1): "neither"}
"""Which look of a comparison an entry of the table has, where nothing is undecided in it."""

BLANK = Look("#FFFFFF", "", FAINT)


@on_paper
def containment_figure(found: Containment, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The shares of a region that are certified, escape or are undecided under one rule, against those under another.

    Beside the table are the cells that are certified under the first rule and go elsewhere under the second, where
    there are any and they have two dimensions. What is gained has a share, but a containment holds no cells of it.

    Args:
        found: what `containment` gave.
        title: of the figure; by default what was found of both rules.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, meta_mapg, pg
        >>> from nashscape.proofs import containment
        >>> from nashscape.proofs.certification.certifying import certify
        >>> plain, aware = (certify(games.stag_hunt(), rule, "CC", resolution=1 / 64) for rule in (pg(), meta_mapg()))
        >>> figure = containment_figure(containment(aware, plain))
        >>> figure.axes[0].get_xlabel(), len(figure.axes)
        ('share of the region under meta_mapg', 1)
    """
    only(found, Containment, "containment")
    free = np.flatnonzero((found.high > found.low).any(axis=0)) if len(found.low) else np.zeros(0, np.int64)
    columns = 2 if len(free) == 2 else 1
    figure, [panels] = canvas(1, columns, 4.4 * columns, 4.9)
    _table(panels[0], found)
    if columns == 2:
        _cells(panels[1], found, free)
    head(figure, _verdict(found) if title is None else title)
    key(figure, _handles(found))
    return figure


def _table(axes: Axes, found: Containment) -> None:
    for row, column in np.ndindex(3, 3):
        # an entry of nothing is left blank: a colour would look as if there were something
        style = _look(row, column) if found.areas[row, column] else BLANK
        corner = (column - 0.5, row - 0.5)
        cell = Rectangle(corner, 1, 1, facecolor=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.4)
        axes.add_patch(cell)
        box = {"facecolor": style.colour, "edgecolor": "none", "pad": 2.0} if style.hatch else None
        axes.text(
            column, row, percent(float(found.areas[row, column])),
            ha="center", va="center", fontsize=TEXT + 1, color=contrast(style.colour), bbox=box,
        )  # fmt: skip
    axes.set_xlim(-0.5, 2.5)
    axes.set_ylim(2.5, -0.5)
    axes.set_box_aspect(1)
    smaller, larger = found.rules
    words(axes, xlabel=f"share of the region under {larger}", ylabel=f"share of the region under {smaller}")
    across, down = (found.areas.sum(axis=axis) for axis in (0, 1))
    axes.set_xticks(range(3), _sums(across), fontsize=SMALL)
    axes.set_yticks(range(3), _sums(down), fontsize=SMALL, rotation=90, va="center")
    axes.tick_params(length=0)


def _sums(shares: npt.NDArray[np.float64]) -> list[str]:
    return [f"{kind}\n{percent(float(share))}" for kind, share in zip(KINDS, shares, strict=True)]


def _cells(axes: Axes, found: Containment, free: npt.NDArray[np.int64]) -> None:
    """The cells that are proved to go to the target under one rule and elsewhere under the other."""
    low, high = found.low[:, free], found.high[:, free]
    fill_cells(axes, low, high, PARTS["lost"])
    least, most = low.min(axis=0), high.max(axis=0)
    room = 0.04 * (most - least)
    axes.set_xlim(least[0] - room[0], most[0] + room[0])
    axes.set_ylim(least[1] - room[1], most[1] + room[1])
    axes.set_box_aspect(1)
    first, second = (f"coordinate {1 + k} of the region" for k in free)
    words(axes, title=f"contradicted: {len(low)} cells", xlabel=first, ylabel=second)


def _look(row: int, column: int) -> Look:
    name = ENTRIES.get((row, column))
    return UNDECIDED if name is None else PARTS[name]


def _verdict(found: Containment) -> str:
    smaller, larger = found.rules
    if not found.areas[0].sum():
        return f"{smaller} certifies nothing for {found.target}"
    lies = (
        f"lies in that of {larger}, {percent(found.proved)} of it proved"
        if found.contained
        else f"does not lie in that of {larger}"
    )
    return f"what {smaller} certifies for {found.target}\n{lies}"


def _handles(found: Containment) -> list[object]:
    smaller, larger = found.rules
    texts = {
        (0, 0): "certified under both",
        (0, 1): f"contradicted: certified under {smaller}, escapes under {larger}",
        (1, 0): f"gained: escapes under {smaller}, certified under {larger}",
        (1, 1): "escapes under both",
    }
    shown: list[object] = [
        handle(_look(*entry), f"{text}: {percent(found.areas[entry])}") for entry, text in texts.items()
    ]
    # a sum that is zero where it is zero, unlike what is left of one
    undecided = float(found.areas[2].sum() + found.areas[:2, 2].sum())
    return [*shown, handle(UNDECIDED, f"undecided under one rule at least: {percent(undecided)}")]
