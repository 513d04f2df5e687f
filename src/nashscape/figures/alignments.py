"""Pictures of alignment: where the terms of a rule push towards a target, and how hard."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError, choice
from nashscape.figures.grids import Plane, planes
from nashscape.figures.panels import first_actions, frame, legend_below, sheet
from nashscape.figures.style import DIVERGING, INK, SMALL, TARGETS, bare, canvas, percent, words
from nashscape.selection.alignments import TOTAL, Alignment

Floats = npt.NDArray[np.float64]
SPAN = 1e3
"""Projections smaller than this part of the greatest one are drawn on a linear scale."""


def alignment_figure(found: Alignment, *, terms: Sequence[str] | None = None, columns: int | None = None) -> Figure:
    """How far every term of a rule pushes towards a target: a map of starts per term, or shares for other starts.

    On maps colours run from away from the target to towards it, logarithmically on both sides of zero, on one scale for
    all terms; the black line is where a term changes sides. Starts that are no grid of two players are not mapped: for
    them the share of starts at which each term pushes towards the target is drawn with its interval.

    Args:
        found: an alignment.
        terms: which terms, in order; by default all. "total" is the whole direction.
        columns: panels abreast, by default up to four.

    Raises:
        InputError: for anything else, or a term that the rule does not have.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.selection.alignments import alignment
        >>> figure = alignment_figure(alignment(games.stag_hunt(), meta_mapg()))
        >>> [text.get_text() for axes in figure.axes[:4] for text in axes.get_legend().get_texts()][:2]
        ['towards CC 30.6 % of starts', 'neither way']
    """
    if not isinstance(found, Alignment):
        raise InputError(f"expected an Alignment such as alignment makes; got {type(found).__name__}")
    wanted = [terms] if isinstance(terms, str) else terms
    chosen = found.terms if wanted is None else [choice(term, "term", found.projections) for term in wanted]
    if found.axis is None or found.length.ndim != 2:
        return _shares(found, chosen)
    return _maps(found, found.axis, chosen, columns)


def _maps(found: Alignment, axis: Floats, terms: Sequence[str], columns: int | None) -> Figure:
    scale = _scale([found.projections[term] for term in terms])
    page = sheet(len(terms), columns, lines=2, bar=True)
    asked = found.provenance.configuration["starts"]
    limits = (asked["low"], asked["high"])
    for axes, term in zip(page.panels, terms, strict=True):
        plane = planes(f"{found.rule}: {_called(term)}", axis, limits, asked["kind"], 2)[0]
        values = found.projections[term]
        axes.imshow(
            np.ma.masked_invalid(values).T,
            origin="lower", extent=plane.extent, cmap=DIVERGING, norm=scale, interpolation="nearest", aspect="auto",
        )  # fmt: skip
        crosses = _zero_line(axes, values, plane)
        frame(axes, plane, first_actions(found.provenance))
        share = Line2D([], [], linestyle="none", label=f"towards {found.target} {_share(found, term)} of starts")
        legend_below(axes, [share, *([Line2D([], [], color=INK, linewidth=1.3, label="neither way")] * crosses)])
    page.colour_bar(scale, DIVERGING, f"push towards {found.target}, per unit of step size")
    return page.figure


def _called(term: str) -> str:
    return "whole direction" if term == TOTAL else term


def _share(found: Alignment, term: str) -> str:
    return percent(found.positive(term).value)


def _scale(values: Sequence[Floats]) -> Normalize:
    most = max(float(np.nanmax(np.abs(own), initial=0.0)) for own in values) or 1.0
    return SymLogNorm(most / SPAN, linscale=0.5, vmin=-most, vmax=most)


def _zero_line(axes: Axes, values: Floats, plane: Plane) -> bool:
    """Draw where values change sign; whether they do."""
    known = np.ma.masked_invalid(values)
    if known.count() == 0 or not float(known.min()) < 0.0 < float(known.max()):
        return False
    axes.contour(plane.axis, plane.axis, known.T, levels=[0.0], colors=["#FFFFFF"], linewidths=2.6)
    axes.contour(plane.axis, plane.axis, known.T, levels=[0.0], colors=[INK], linewidths=1.3)
    return True


def _shares(found: Alignment, terms: Sequence[str]) -> Figure:
    figure, grid = canvas(1, 1, 6.4, 1.4 + 0.42 * len(terms))
    axes = grid[0, 0]
    bare(axes)
    for row, term in enumerate(terms):
        share = found.positive(term)
        axes.plot([share.low, share.high], [row, row], "-", color=TARGETS[0], linewidth=2.2, solid_capstyle="butt")
        axes.plot([share.value], [row], "o", color=TARGETS[0], markersize=6)
        axes.annotate(
            f"{share.value:.3f}", (share.value, row), xytext=(0, 7), textcoords="offset points", ha="center",
            fontsize=SMALL, color=INK,
        )  # fmt: skip
    axes.set_yticks(range(len(terms)), [_called(term) for term in terms], fontsize=SMALL)
    axes.set_ylim(len(terms) - 0.4, -0.7)
    axes.set_xlim(-0.02, 1.02)
    words(axes, xlabel=f"share of starts at which the term pushes towards {found.target}")
    axes.set_title(f"{found.rule} on {found.game}, {found.length.size} starts", fontsize=10, color=INK)
    return figure
