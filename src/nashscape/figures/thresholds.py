"""Pictures of thresholds: the index along a family, and what coupling does on the diagonal of a symmetric game."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from nashscape.figures.given import only, or_several
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, canvas, words
from nashscape.learning.dial_table import label_of
from nashscape.theory.symmetric import SymmetricThresholds
from nashscape.theory.thresholds import Threshold

DOWN, UP = "#F3E3C3", "#CFE3F1"
"""Light tints of the colours of falling and growing cooperation."""

POINTS = 301


@or_several
def threshold_figure(found: Threshold, *, title: str | None = None) -> Figure:
    """The cooperation index along a family with its brackets; with closed forms also the plane of p and coupling.

    In the plane, shading tells whether cooperation falls or grows on the diagonal at p, hatching where nearby starts
    leave the diagonal, and the black line is `κ*(p)`.

    Args:
        found: what `threshold` or `coupling_threshold` gave.
        title: of the figure; by default game and target.

    Example:
        >>> from nashscape import coupling_threshold, games
        >>> [axes.get_ylabel() for axes in threshold_figure(coupling_threshold(games.stag_hunt())).axes]
        ['index of CC per unit of time', 'coupling κ']
    """
    only(found, Threshold, "threshold")
    columns = 1 if found.closed is None else 2
    figure, [row] = canvas(1, columns, 4.6 * columns, 3.6)
    _index(row[0], found)
    if found.closed is not None:
        diagonal_plane(row[1], found.closed, found.low, found.high)
    figure.suptitle(f"{found.target} in {found.game}" if title is None else title, fontsize=10)
    return figure


def _index(axes: Axes, found: Threshold) -> None:
    bare(axes)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.plot(found.values, found.index, color=TARGETS[0], marker="o", markersize=3, linewidth=1.4)
    for one in found.brackets:
        sign = "grows" if one.rises else "falls"
        axes.axvline(one.middle, color=INK, linestyle="--", linewidth=1)
        axes.annotate(
            f"{one.middle:.5g}: {sign} above", (one.middle, 0), xytext=(4, 4), textcoords="offset points",
            fontsize=SMALL, color=INK,
        )  # fmt: skip
    where = "at " + ", ".join(f"{own.ravel()[0]:.3g}" for own in found.strategies[:3])
    more = " …" if len(found.strategies) > 3 else ""
    words(
        axes,
        title=f"first step {where}{more}",
        xlabel=label_of(found.parameter),
        ylabel=f"{found.measured} per unit of time",
    )


def diagonal_plane(axes: Axes, closed: SymmetricThresholds, low: float, high: float) -> None:
    """Drift and transverse rate over p and coupling, with the thresholds, into given axes."""
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
    axes.legend(handles=handles, fontsize=SMALL - 1, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    words(axes, title=f"on the diagonal: {closed.kind}", xlabel="probability of cooperation p", ylabel="coupling κ")
