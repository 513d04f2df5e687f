"""Pictures of two stores beside each other."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, words
from nashscape.studies.store.differing import StoreDifferences

NAMED = 8
"""Figures that differ and are named."""


@on_paper
def store_differences_figure(found: StoreDifferences, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Every figure of one store against the same of the other; those that differ are numbered, and the first named.

    Args:
        found: what `differences` gave.
        title: of the figure; by default how many differ.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.
    """
    only(found, StoreDifferences, "differences")
    drawn = np.isfinite(found.one) & np.isfinite(found.other)
    figure, [[axes]] = canvas(1, 1, 5.2, 5.4)
    bare(axes)
    ends = np.concatenate([found.one[drawn], found.other[drawn], [0.0]])
    axes.axline((float(ends.min()), float(ends.min())), slope=1.0, color=INK, linewidth=0.8)
    for which, colour, mark, name in (
        (~found.differs, TARGETS[0], "o", "the same, or within chance"),
        (found.differs, TARGETS[5], "D", "differ"),
    ):
        rows = drawn & which
        label = f"{name}: {int(which.sum())}"
        axes.plot(found.one[rows], found.other[rows], mark, color=colour, markersize=5, label=label)
    named = [f"{k}  {found.figures[row]}" for k, row in enumerate(np.flatnonzero(found.differs)[:NAMED], 1)]
    for k, row in enumerate(np.flatnonzero(found.differs)[:NAMED], 1):
        if drawn[row]:
            place = (float(found.one[row]), float(found.other[row]))
            axes.annotate(str(k), place, (5, 4), textcoords="offset points", fontsize=SMALL, color=INK)
    head(axes, str(found) if title is None else title)
    words(axes, xlabel="value in the first store", ylabel="value in the other")
    key(figure, title="\n".join(named), title_fontsize=SMALL)
    return figure
