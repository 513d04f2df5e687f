"""Pictures of alignment: where the terms of a rule push towards a target, and how hard."""

from collections.abc import Mapping, Sequence
from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError, choice
from nashscape.figures.given import by_rule
from nashscape.figures.grids import Plane, planes
from nashscape.figures.panels import finding, first_probabilities, frame, legend_below
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.rows import bar_text, rows_of_panels
from nashscape.figures.style import DIVERGING, INK, SMALL, TARGETS, TEXT, bare, percent, words
from nashscape.selection.alignments import Alignment
from nashscape.selection.edges.projections import TOTAL

Floats = npt.NDArray[np.float64]
SPAN = 1e3
"""Projections smaller than this part of the greatest one are drawn on a linear scale."""


@on_paper
def alignment_figure(
    found: Alignment | Mapping[str, Alignment],
    *,
    terms: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """How far every term of a rule pushes towards a target: a map of starts per term, or shares for other starts.

    On maps colours run from away from the target to towards it, logarithmically on both sides of zero, on one scale for
    all terms; the black line is where a term changes sides. Starts that are no grid of two players are not mapped: for
    them the share of starts at which each term pushes towards the target is drawn with its interval.

    Args:
        found: an alignment, or alignments by rule, of one game and target; every rule has a row of maps.
        terms: which terms, in order; by default all that a rule has. "total" is the whole direction.
        columns: panels abreast; by default up to four, or for several rules as many as one of them has terms.
        title: of the figure; by default which way the rule pushes.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, or a term that no rule has.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.selection.alignments import alignment
        >>> figure = alignment_figure(alignment(games.stag_hunt(), meta_mapg()))
        >>> [text.get_text() for axes in figure.axes[:4] for text in axes.get_legend().get_texts()][:2]
        ['towards CC 38.8 % of starts', 'neither way']
    """
    named = by_rule(found, Alignment)
    first = next(iter(named.values()))
    if any((one.game, one.target) != (first.game, first.target) for one in named.values()):
        raise InputError("alignments side by side need one game and target")
    shown = {name: _chosen(one, terms, named) for name, one in named.items()}
    if all(one.axis is not None and one.length.ndim == 2 for one in named.values()):
        return _maps(named, shown, columns, title)
    return _shares(named, shown, title)


def _chosen(found: Alignment, terms: Sequence[str] | None, named: Mapping[str, Alignment]) -> list[str]:
    if terms is None:
        return list(found.terms)
    known = dict.fromkeys(term for one in named.values() for term in one.terms)
    wanted = [choice(term, "term", known) for term in ([terms] if isinstance(terms, str) else terms)]
    return [term for term in wanted if term in found.terms]


def _maps(
    named: Mapping[str, Alignment], shown: Mapping[str, Sequence[str]], columns: int | None, title: str | None
) -> Figure:
    first = next(iter(named.values()))
    scale = _scale([named[name].projections[term] for name, terms in shown.items() for term in terms])
    page, rows = rows_of_panels(
        [len(terms) for terms in shown.values()], columns, 2, _finding(named) if title is None else title
    )
    for (name, terms), panels in zip(shown.items(), rows, strict=True):
        for term, axes in zip(terms, panels, strict=True):
            _map(axes, named[name], term, f"{name}: {_called(term)}", scale)
    _bar(page.figure, page.bar, scale, f"push towards {first.target}, per unit of step size")
    return page.figure


def _finding(named: Mapping[str, Alignment]) -> str:
    """From how many starts every rule pushes towards the target."""
    first = next(iter(named.values()))
    shares = {name: one.positive(TOTAL).value for name, one in named.items()}
    towards = f"starts pushed towards {first.target}"
    return finding(first.game, shares, f"of {towards}", towards)


def _map(axes: Axes, found: Alignment, term: str, title: str, scale: Normalize) -> None:
    asked, axis = found.question["starts"], found.axis
    assert axis is not None
    plane = planes(title, axis, (asked["low"], asked["high"]), asked["kind"], 2)[0]
    values = found.projections[term]
    axes.imshow(
        np.ma.masked_invalid(values).T,
        origin="lower", extent=plane.extent, cmap=DIVERGING, norm=scale, interpolation="nearest", aspect="auto",
    )  # fmt: skip
    crosses = _zero_line(axes, values, plane)
    frame(axes, plane, first_probabilities(found.question))
    text = f"towards {found.target} {percent(found.positive(term).value)} of starts"
    line = Line2D([], [], color=INK, linewidth=1.3, label="neither way")
    legend_below(axes, [Line2D([], [], linestyle="none", label=text), *([line] * crosses)])


def _bar(figure: Figure, axes: Axes | None, scale: Normalize, label: str) -> None:
    """Zero and powers of ten on both sides of it."""
    top = int(np.floor(np.log10(float(scale.vmax or 1.0))))
    decades = [10.0**power for power in (top - 1, top)]
    ticks = [*(-own for own in reversed(decades)), 0.0, *decades]
    bar = figure.colorbar(ScalarMappable(scale, DIVERGING), cax=axes)
    bar.set_ticks(ticks, labels=[bar_text(tick) for tick in ticks])
    bar.minorticks_off()
    bar.set_label(label, fontsize=TEXT)
    bar.ax.tick_params(labelsize=SMALL)


def _called(term: str) -> str:
    return "whole direction" if term == TOTAL else term


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


def _shares(named: Mapping[str, Alignment], shown: Mapping[str, Sequence[str]], title: str | None) -> Figure:
    first = next(iter(named.values()))
    pairs = [(name, term) for name, terms in shown.items() for term in terms]
    figure, grid = canvas(1, 1, 6.4, 1.4 + 0.42 * len(pairs))
    axes = grid[0, 0]
    bare(axes)
    for row, (name, term) in enumerate(pairs):
        share = named[name].positive(term)
        axes.plot([share.low, share.high], [row, row], "-", color=TARGETS[0], linewidth=2.2, solid_capstyle="butt")
        axes.plot([share.value], [row], "o", color=TARGETS[0], markersize=6)
        axes.annotate(
            f"{share.value:.3f}", (share.value, row), xytext=(0, 7), textcoords="offset points", ha="center",
            fontsize=SMALL, color=INK,
        )  # fmt: skip
    axes.set_yticks(range(len(pairs)), [f"{name}: {_called(term)}" for name, term in pairs], fontsize=SMALL)
    axes.set_ylim(len(pairs) - 0.4, -0.7)
    axes.set_xlim(-0.02, 1.02)
    words(axes, xlabel=f"share of starts at which the term pushes towards {first.target}")
    head(axes, _finding(named) if title is None else title)
    return figure
