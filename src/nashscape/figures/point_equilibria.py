"""Pictures of equilibria over points: in the plane of two coordinates, else coordinate by coordinate."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.theory.continuous.results import PointEquilibria, PointEquilibrium

MARKERS: Mapping[str, tuple[str, str]] = {
    "attracting": ("o", TARGETS[0]),
    "saddle": ("X", TARGETS[1]),
    "repelling": ("^", TARGETS[5]),
    "undecided": ("D", FAINT),
}
"""Marker and colour by where gradient ascent goes near a point."""

SHOWN = 12
"""Equilibria that a picture by coordinates shows."""


@on_paper
def point_equilibria_figure(found: PointEquilibria, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The equilibria of a game over points, with arrows along which gradient ascent moves if there are two coordinates.

    Arrows have one length and tell directions alone. With more coordinates every equilibrium is a row of marks.

    Args:
        found: what `equilibria` gave for a game over points.
        title: of the figure; by default the game and whether there is only one.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import equilibria, games
        >>> figure = point_equilibria_figure(equilibria(games.cournot()))
        >>> figure.axes[0].get_xlabel(), len(figure.axes[0].lines)
        ('firm 1', 1)
    """
    only(found, PointEquilibria, "equilibria")
    figure, grid = canvas(1, 1, 5.6, 4.0)
    axes = grid[0, 0]
    bare(axes)
    handles = _plane(axes, found) if len(found.grid) else _coordinates(axes, found)
    key(figure, handles, columns=2)
    said = f"{found.game}: {len(found)} found, uniqueness {found.uniqueness}"
    head(axes, said if title is None else title)
    return figure


def _plane(axes: Axes, found: PointEquilibria) -> list[Any]:
    speed = np.linalg.norm(found.arrows, axis=1, keepdims=True)
    unit = np.divide(found.arrows, speed, out=np.zeros_like(found.arrows), where=speed > 0)
    axes.quiver(*found.grid.T, *unit.T, color=FAINT, pivot="mid", width=0.003, scale=28.0)
    places = [(one, *np.concatenate(one.point)) for one in found]
    words(axes, xlabel=found.players[0], ylabel=found.players[1])
    return _marked(axes, places)


def _coordinates(axes: Axes, found: PointEquilibria) -> list[Any]:
    names = [
        f"{player} {k + 1}" if len(own) > 1 else player
        for player, own in zip(found.players, found[0].point if len(found) else (), strict=False)
        for k in range(len(own))
    ]
    shown = found.equilibria[:SHOWN]
    places = [(one, place, value) for one in shown for place, value in enumerate(np.concatenate(one.point))]
    for one in shown:
        axes.plot(np.arange(len(names)), np.concatenate(one.point), color=FAINT, linewidth=0.9, zorder=2)
    axes.set_xticks(range(len(names)), names, rotation=45 if len(names) > 4 else 0, fontsize=SMALL)
    words(axes, ylabel="coordinate")
    return _marked(axes, places)


def _marked(axes: Axes, places: list[tuple[PointEquilibrium, Any, Any]]) -> list[Any]:
    handles: list[Any] = []
    for kind, (marker, colour) in MARKERS.items():
        own = [(x, y) for one, x, y in places if one.flow == kind]
        if own:
            look: Any = {"marker": marker, "markerfacecolor": colour, "markeredgecolor": INK, "markersize": 8.0}
            x, y = zip(*own, strict=True)
            handles += axes.plot(x, y, linestyle="none", label=f"{kind} under ascent", zorder=3, clip_on=False, **look)
    return handles or [Line2D([], [], linestyle="none", label="none found")]
