"""Pictures of the points at which a rule rests: in the plane of two parameters, else by their eigenvalues."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words
from nashscape.theory.resting.results import FixedPoint, FixedPoints

MARKERS: Mapping[str, tuple[str, str]] = {
    "attracting corner": ("s", TARGETS[0]),
    "stable node": ("o", TARGETS[0]),
    "stable focus": ("h", TARGETS[4]),
    "saddle": ("X", TARGETS[1]),
    "centre": ("P", TARGETS[2]),
    "unstable node": ("^", TARGETS[5]),
    "unstable focus": ("v", TARGETS[5]),
    "degenerate": ("D", FAINT),
}
"""Marker and colour of every type."""


@on_paper
def fixed_point_figure(found: FixedPoints, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The field over two parameters with the points at which it rests; for more parameters their eigenvalues.

    Arrows have one length and tell directions alone. An arrow from a zero of policy gradient leads to the rule's own.
    Eigenvalues are those along the face on which a point lies, in the complex plane; corners have none.

    Args:
        found: what `fixed_points` gave.
        title: of the figure; by default rule and game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.theory.resting.points import fixed_points
        >>> figure = fixed_point_figure(fixed_points(meta_mapg(), games.stag_hunt()))
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['saddle', 'attracting corner', 'shift from policy gradient']
    """
    only(found, FixedPoints, "fixed_points")
    figure, grid = canvas(1, 1, 4.6, 4.6)
    axes = grid[0, 0]
    bare(axes)
    handles = _plane(axes, found) if len(found.grid) else _spectra(axes, found)
    if handles:
        key(figure, handles, columns=3)
    head(axes, _finding(found) if title is None else title)
    return figure


def _finding(found: FixedPoints) -> str:
    """How many points there are of every type."""
    types = [point.type for point in found.points]
    said = [f"{types.count(kind)} {kind}{'s' if types.count(kind) > 1 else ''}" for kind in MARKERS if kind in types]
    return f"{found.rule} on {found.game}: {', '.join(said) or 'no point of rest'}"


def _plane(axes: Axes, found: FixedPoints) -> list[Any]:
    speed = np.linalg.norm(found.arrows, axis=1, keepdims=True)
    unit = np.divide(found.arrows, speed, out=np.zeros_like(found.arrows), where=speed > 0)
    axes.quiver(*found.grid.T, *unit.T, color=FAINT, pivot="mid", width=0.003, scale=28.0)
    handles = _marked(axes, found, [(point, *point.theta) for point in found.points])
    moved = [
        point for point in found.points if point.origin is not None and np.abs(point.theta - point.origin).max() > 0
    ]
    for point in moved:
        look: Any = {"arrowstyle": "->", "color": INK, "linewidth": 1.2}
        axes.annotate("", xy=tuple(point.theta), xytext=tuple(point.origin), arrowprops=look)  # type: ignore[arg-type]
    margin = 0.04 * (found.high - found.low)
    axes.set_xlim(found.low[0] - margin[0], found.high[0] + margin[0])
    axes.set_ylim(found.low[1] - margin[1], found.high[1] + margin[1])
    words(axes, xlabel="first parameter", ylabel="second parameter")
    return handles + ([Line2D([], [], color=INK, label="shift from policy gradient")] if moved else [])


def _spectra(axes: Axes, found: FixedPoints) -> list[Any]:
    axes.axvline(0, color=FAINT, linewidth=0.9)
    places = [(point, value.real, value.imag) for point in found.points for value in point.eigenvalues]
    words(axes, xlabel="real part, per unit of time", ylabel="imaginary part")
    return _marked(axes, found, places)


def _marked(axes: Axes, found: FixedPoints, places: list[tuple[FixedPoint, Any, Any]]) -> list[Any]:
    handles = []
    for kind in dict.fromkeys(point.type for point in found.points):
        own = [(x, y) for point, x, y in places if point.type == kind]
        if own:
            marker, colour = MARKERS[kind]
            look: Any = {"marker": marker, "markerfacecolor": colour, "markeredgecolor": INK, "markersize": 8.0}
            x, y = zip(*own, strict=True)
            handles += axes.plot(x, y, linestyle="none", label=kind, zorder=3, clip_on=False, **look)
    return handles
