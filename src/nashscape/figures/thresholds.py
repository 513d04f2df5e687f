"""Pictures of thresholds: the index along a family, and what coupling does on the diagonal of a symmetric game."""

from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.learning.dial_table import axis_label, label_of
from nashscape.theory.symmetric import SymmetricThresholds
from nashscape.theory.thresholds import Threshold

DOWN, UP = "#E6C88A", "#DCEBF5"
"""Light tints of the colours of falling and growing cooperation."""

POINTS = 301


@on_paper
@or_several
def threshold_figure(found: Threshold, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The cooperation index along a family with its brackets; with closed forms also the plane of p and coupling.

    In the plane, shading tells whether cooperation falls or grows on the diagonal at p, hatching where nearby starts
    leave the diagonal, and the black line is `κ*(p)`.

    Args:
        found: what `threshold` or `coupling_threshold` gave.
        title: of the figure; by default game and target.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import coupling_threshold, games
        >>> [axes.get_ylabel() for axes in threshold_figure(coupling_threshold(games.stag_hunt())).axes]
        ['index of CC per unit of time', 'coupling κ']
    """
    only(found, Threshold, "threshold")
    columns = 1 if found.closed is None else 2
    figure, [row] = canvas(1, columns, 4.2 * columns, 3.6 + 0.4 * (columns - 1))
    _index(row[0], found)
    if found.closed is not None:
        key(figure, diagonal_plane(row[1], found.closed, found.low, found.high), columns=4)
    head(figure, _finding(found) if title is None else title)
    return figure


def _finding(found: Threshold) -> str:
    """Where the index changes its sign."""
    at = [f"{'grows' if one.rises else 'falls'} above {one.middle:.4g}" for one in found.brackets]
    name = label_of(found.parameter)
    return f"{found.target} in {found.game}: {', '.join(at) or 'one sign all the way'} ({name})"


def _index(axes: Axes, found: Threshold) -> None:
    bare(axes)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.plot(found.values, found.index, color=TARGETS[0], marker="o", markersize=3, linewidth=1.4)
    for one in found.brackets:
        sign = "grows" if one.rises else "falls"
        axes.axvline(one.middle, color=INK, linestyle="--", linewidth=1)
        axes.annotate(
            f"{one.middle:.5g}: {sign} above", (one.middle, 0), xytext=(4, 4), textcoords="offset points",
            fontsize=SMALL, color=INK, path_effects=[withStroke(linewidth=3.0, foreground="#FFFFFF")],
        )  # fmt: skip
    where = "at " + ", ".join(f"{own.ravel()[0]:.3g}" for own in found.strategies[:3])
    more = " …" if len(found.strategies) > 3 else ""
    words(
        axes,
        title=f"first step {where}{more}",
        xlabel=axis_label(found.parameter),
        ylabel=f"{found.measured} per unit of time",
    )


def diagonal_plane(axes: Axes, closed: SymmetricThresholds, low: float, high: float) -> list[Any]:
    """Draw drift and transverse rate over p and coupling, with the thresholds; returns the entries of a legend."""
    p, coupling = np.linspace(0, 1, POINTS), np.linspace(low, high, POINTS)
    own, others = closed.own_gain(p), closed.others_gain(p)  # type: ignore[arg-type]
    drift: Any = own + coupling[:, None] * others
    apart, s = 1.0 - coupling[:, None], p * (1 - p)
    rate = apart * s * ((1 - 2 * p) * (own - coupling[:, None] * others) - apart * s * closed.c)
    axes.imshow(
        drift > 0, extent=(0, 1, low, high), origin="lower", aspect="auto", cmap=ListedColormap([DOWN, UP]),
        vmin=0, vmax=1, interpolation="nearest",
    )  # fmt: skip
    axes.contourf(p, coupling, rate, levels=[1e-12, np.inf], colors="none", hatches=["////"])
    if drift.min() < 0 < drift.max():
        axes.contour(p, coupling, drift, levels=[0.0], colors=INK, linewidths=1.6)
    lines: list[tuple[str, float | None, Any]] = [
        ("κ_D", closed.defection, ":"),
        ("κ_C", closed.cooperation, "--"),
        ("global", closed.global_threshold, "-."),
    ]
    shown = [(name, value, style) for name, value, style in lines if value is not None and low <= value <= high]
    for number, (_, value, style) in enumerate(shown):
        axes.axhline(value, color=TARGETS[5 - number], linestyle=style, linewidth=1.3)
    handles: list[Any] = [
        Patch(facecolor=UP, label="cooperation grows"),
        Patch(facecolor=DOWN, label="cooperation falls"),
        Patch(facecolor="none", edgecolor=INK, hatch="////", label="diagonal is left"),
        Line2D([], [], color=INK, linewidth=1.6, label="κ*(p)"),
        *(
            Line2D([], [], color=TARGETS[5 - number], linestyle=style, label=f"{name} = {value:.4g}")
            for number, (name, value, style) in enumerate(shown)
        ),
    ]
    words(axes, title=f"on the diagonal: {closed.kind}", xlabel="probability of cooperation p", ylabel="coupling κ")
    return handles
