"""Where shares of a large population go: over the triangle of three types, the line of two, and as bars of more."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Unpack

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from nashscape.core import target_code
from nashscape.evolution.basin_results import OPEN, EvolutionaryBasins
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, UNDECIDED, Look, bare, handle, look, percent, words

WHITE = "#FFFFFF"
ATTRACTION: Mapping[str, Any] = MappingProxyType({
    "attracting": {"marker": "o", "markerfacecolor": INK},
    "saddle": {"marker": "o", "markerfacecolor": INK, "markerfacecoloralt": WHITE, "fillstyle": "left"},
    "repelling": {"marker": "o", "markerfacecolor": WHITE},
    "unstable": {"marker": "s", "markerfacecolor": WHITE},
    "neutral": {"marker": "o", "markerfacecolor": FAINT},
    "undecided": {"marker": "s", "markerfacecolor": FAINT},
})  # fmt: skip
"""How rest points are marked: full where they attract, half full where some starts come, and empty where they go."""
ARROWS = 14
"""Along an edge."""


@or_several
@on_paper
def evolutionary_basins_figure(
    found: EvolutionaryBasins, *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """Where shares go: over the triangle of three types with arrows, over the line of two, else as bars.

    Args:
        found: what `evolutionary_basins` gave.
        title: of the figure; by default the name of the dynamic.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import evolutionary_basins
        >>> found = evolutionary_basins([[3, 0, 0], [0, 2, 0], [0, 0, 1]], grid=10)
        >>> [text.get_text() for text in evolutionary_basins_figure(found).axes[0].texts]
        ['A', 'B', 'C']
    """
    only(found, EvolutionaryBasins, "evolutionary_basins")
    draw = {2: _line, 3: _triangle}.get(len(found.types) if found.grid else 0, _bars)
    figure, grid = canvas(1, 1, 5.4, 4.6 if draw is _triangle else 3.4)
    draw(found, grid[0, 0])
    handles: list[Any] = [
        handle(_look(found, name), f"{name}: {percent(one.value)}") for name, one in found.shares.items()
    ]
    if draw is not _bars:
        kinds = [kind for kind in ATTRACTION if any(one.attraction == kind for one in found.rest_points)]
        handles += [_sign(kind) for kind in kinds]
    key(figure, handles, columns=2)
    head(figure, f"Where {found.dynamic} leads" if title is None else title)
    return figure


def _look(found: EvolutionaryBasins, name: str) -> Look:
    """Of the k-th rest point to which starts go the k-th look."""
    return UNDECIDED if name == OPEN else look(target_code(list(found.shares).index(name)))


def _sign(kind: str) -> Line2D:
    return Line2D([], [], linestyle="", markersize=6, label=f"rest point, {kind}", **_mark(kind))


def _mark(kind: str) -> dict[str, Any]:
    return {"markeredgecolor": INK, **ATTRACTION[kind]}


def _flat(shares: Any) -> Any:
    """Places of the triangle, the first type left, the second right, the third above, `[…, 2]`."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])
    return np.asarray(shares, float) @ corners


def _triangle(found: EvolutionaryBasins, axes: Any) -> None:
    edge = axes.add_patch(Polygon(_flat(np.eye(3)), fill=False, edgecolor=INK, linewidth=0.9, zorder=3))
    turns = np.pi / 6 + np.arange(6) * np.pi / 3
    hexagon = np.stack([np.cos(turns), np.sin(turns)], 1) / (np.sqrt(3) * found.grid)
    for name in found.shares:
        here = found.labels == (found.names.index(name) if name != OPEN else -1)
        style = _look(found, name)
        cells = PolyCollection(_flat(found.starts[here])[:, None] + hexagon, facecolor=style.colour)
        cells.set_edgecolor(style.ink if style.hatch else style.colour)
        cells.set_linewidth(0.0 if style.hatch else 0.5)
        cells.set_hatch(style.hatch)
        cells.set_clip_path(edge)
        axes.add_collection(cells)
    _arrows(found, axes)
    for one in found.rest_points:
        axes.plot(*_flat(one.shares), markersize=7, clip_on=False, zorder=5, **_mark(one.attraction))
    for place, name, where in zip(_flat(np.eye(3)), found.types, ("right", "left", "center"), strict=True):
        apart = np.array([{"right": -0.04, "left": 0.04, "center": 0.0}[where], 0.05 if where == "center" else 0.0])
        axes.text(*(place + apart), name, ha=where, va="bottom" if where == "center" else "center", fontsize=SMALL + 1)
    axes.set_aspect("equal")
    axes.set_xlim(-0.25, 1.25)
    axes.set_ylim(-0.06, 0.98)
    axes.axis("off")


def _arrows(found: EvolutionaryBasins, axes: Any) -> None:
    """Which way shares move, at some of the starts."""
    count = np.rint(found.starts * found.grid - 1 / 3).astype(int)
    chosen = (count[:, :2] % max(1, found.grid // ARROWS) == 0).all(1)
    places, ways = _flat(found.starts[chosen]), found.velocities[chosen] @ _flat(np.eye(3))
    size = np.linalg.norm(ways, axis=1, keepdims=True)
    ways = np.where(size > 0, ways / np.where(size > 0, size, 1.0), 0.0)
    axes.quiver(*places.T, *ways.T, angles="xy", scale_units="xy", scale=1.6 * min(found.grid, ARROWS), color=INK,
                width=0.003, headwidth=5, pivot="mid", zorder=4)  # fmt: skip


def _line(found: EvolutionaryBasins, axes: Any) -> None:
    bare(axes)
    share = found.starts[:, 0]
    order = np.argsort(share)
    axes.plot(share[order], found.velocities[order, 0], color=INK, linewidth=1.4)
    for name in found.shares:
        here = found.labels == (found.names.index(name) if name != OPEN else -1)
        style = _look(found, name)
        axes.fill_between(
            share[order], 0, 1, where=here[order], step="mid", transform=axes.get_xaxis_transform(), alpha=0.35,
            facecolor=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.0, zorder=0,
        )  # fmt: skip
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    for one in found.rest_points:
        axes.plot(one.shares[0], 0.0, markersize=7, clip_on=False, zorder=5, **_mark(one.attraction))
    axes.set_xlim(0, 1)
    words(axes, xlabel=f"share of {found.types[0]}", ylabel="how fast it changes")


def _bars(found: EvolutionaryBasins, axes: Any) -> None:
    bare(axes)
    for k, (name, one) in enumerate(found.shares.items()):
        style = _look(found, name)
        axes.barh(k, one.value, color=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.6)
        axes.plot([one.low, one.high], [k, k], color=INK, linewidth=1.4, marker="|", markersize=8)
    axes.set_yticks(range(len(found.shares)), list(found.shares), fontsize=SMALL)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    words(axes, xlabel="share of starts")
