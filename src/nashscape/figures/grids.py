"""Planes through maps: what is drawn in one square panel, and how areas of cells are filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from nashscape.core import InputError
from nashscape.figures.given import by_rule
from nashscape.figures.style import INK, SMALL, Look, contrast
from nashscape.selection import BasinMap

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
QUARTILES = (0.25, 0.5, 0.75)
LABEL_ROOM = 0.05
"""An area is named where it leaves at least this share of the panel's width around the name's middle."""
LETTER = 0.034
"""Width of a letter of a name, in widths of a panel."""


@dataclass(frozen=True)
class Plane:
    """The plane of the first two players through a map: its title, where its cells lie, and which they are."""

    title: str
    axis: Floats
    edges: tuple[float, float]
    index: tuple[Any, ...]

    def of(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values `[rollouts, G, …, G]` in this plane, `[rollouts, G, G]`: player 1 first, then player 2."""
        return values[(slice(None), slice(None), slice(None), *self.index)]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The outer edges of the cells, as Matplotlib wants them."""
        return (*self.edges, *self.edges)


def as_maps(maps: Mapping[str, BasinMap] | BasinMap) -> dict[str, BasinMap]:
    """Maps by rule, from one map or several.

    Raises:
        InputError: for anything else, and for maps of different games, grids or targets.
    """
    named = by_rule(maps, BasinMap)
    first = next(iter(named.values()))
    for name, one in named.items():
        if (one.game, one.targets, one.layout) != (first.game, first.targets, first.layout):
            raise InputError(f"maps side by side need one game, grid and targets; {name} differs from {first.rule}")
    return named


def planes(title: str, axis: Floats, limits: tuple[float, float], kind: str, players: int) -> list[Plane]:
    """The planes that show a map: one for two players, three slices along the third player for three.

    Raises:
        InputError: for more players.
    """
    if players > 3:
        raise InputError(
            f"a map of {players} players has no flat picture; slice it: fix the starts of all players but two, "
            "and draw the map of the game that remains"
        )
    size = len(axis)
    half = (limits[1] - limits[0]) / (size - 1) / 2 if kind == "endpoints" else 0.0
    edges = (limits[0] - half, limits[1] + half)
    if players == 2:
        return [Plane(title, axis, edges, ())]
    cuts = [int(np.floor(quartile * (size - 1) + 0.5)) for quartile in QUARTILES]
    return [Plane(f"{title}, player 3 starts at {axis[cut]:.2f}", axis, edges, (cut,)) for cut in cuts]


def map_planes(maps: Mapping[str, BasinMap]) -> list[tuple[BasinMap, Plane]]:
    """Every plane of every map, in order."""
    return [
        (one, plane)
        for name, one in maps.items()
        for plane in planes(name, one.axis, one.limits, one.layout.kind, one.labels.ndim - 1)
    ]


def fill(axes: Axes, mask: Mask, plane: Plane, look: Look) -> None:
    """Fill the cells of a mask `[G, G]` with a colour and a hatching, as one shape without seams."""
    edges = np.linspace(*plane.edges, len(mask) + 1)
    fill_between(axes, mask, edges, edges, look)


def fill_between(axes: Axes, mask: Mask, across: Floats, up: Floats, look: Look) -> None:
    """Fill the cells of a mask `[X, Y]` whose edges lie at `across`, `[X + 1]`, and `up`, `[Y + 1]`."""
    if not mask.any():
        return
    vertices: list[tuple[float, float]] = []
    for column, first, last in _stretches(mask):
        left, right, bottom, top = across[column], across[column + 1], up[first], up[last]
        vertices += [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    corner = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    shape = Path(vertices, corner * (len(vertices) // 5))
    style = {"hatch": look.hatch, "edgecolor": look.ink} if look.hatch else {"edgecolor": "none"}
    # the colour without antialiasing, which would leave hairlines between neighbouring stretches
    axes.add_patch(PathPatch(shape, facecolor=look.colour, linewidth=0.0, antialiased=False, **style))


def _stretches(mask: Mask) -> list[tuple[int, int, int]]:
    """Runs of cells along player 2: (index of player 1, first index, one past the last)."""
    found = []
    for column, cells in enumerate(mask):
        turns = np.flatnonzero(np.diff(np.concatenate([[False], cells, [False]]).astype(np.int8)))
        found += [(column, int(first), int(last)) for first, last in zip(turns[::2], turns[1::2], strict=True)]
    return found


def name_area(axes: Axes, mask: Mask, plane: Plane, text: str, colour: str) -> None:
    """Write a name into the widest part of an area, where there is room for it."""
    from scipy.ndimage import distance_transform_edt

    room = np.asarray(distance_transform_edt(np.pad(mask, 1)))[1:-1, 1:-1]
    x, y = np.unravel_index(int(room.argmax()), room.shape)
    # distances are to the middles of other cells
    if room[x, y] - 0.5 < max(LABEL_ROOM, LETTER * len(text) / 2 + 0.01) * len(mask):
        return
    low, high = plane.edges
    step = (high - low) / len(mask)
    axes.text(
        low + (x + 0.5) * step, low + (y + 0.5) * step, text,
        ha="center", va="center", fontsize=SMALL + 1, fontweight="bold", color=contrast(colour), zorder=7,
        path_effects=[withStroke(linewidth=2.5, foreground=colour)],
    )  # fmt: skip


def boundary(axes: Axes, share: Floats, plane: Plane) -> None:
    """The line where a share `[G, G]` crosses one half, where it does: black with a white rim."""
    if not share.min() < 0.5 <= share.max():
        return
    low, high = plane.edges
    axis = np.concatenate([[low], plane.axis, [high]])  # so that the line runs to the frame
    padded = np.pad(share, 1, mode="edge")
    for colour, width in (("#FFFFFF", 3.0), (INK, 1.5)):
        axes.contour(axis, axis, padded.T, levels=[0.5], colors=[colour], linewidths=width)
