"""Pictures of boundaries: a separatrix with its error over a basin map."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from nashscape.core import InputError, Status
from nashscape.dynamics.runs import code_of
from nashscape.figures.given import by_rule
from nashscape.figures.grids import Plane, as_maps, fill, name_area, planes
from nashscape.figures.panels import finding, first_probabilities, frame, legend_below, sheet
from nashscape.figures.paper import Paper, on_paper
from nashscape.figures.style import INK, handle, looks, percent
from nashscape.selection.edges.separatrices import Separatrix
from nashscape.selection.maps.basin_maps import BasinMap

Floats = npt.NDArray[np.float64]
TUBE = "#F0E442"


@on_paper
def separatrix_figure(
    found: Separatrix | Mapping[str, Separatrix],
    maps: BasinMap | Mapping[str, BasinMap] | None = None,
    *,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """The boundary of a basin as a line with its error, over a basin map, for every rule side by side.

    The band around the line is as wide as the line may be off: the chord errors and the brackets of the points that
    the chords join. Small dots are those points.

    Args:
        found: a separatrix of two players, or separatrices by rule, of one game and target.
        maps: basin maps of the same game by rule, to draw it over; by default the outcomes at the nodes of the
            separatrix's own grid.
        columns: panels abreast, by default up to four.
        title: of the figure; by default the share inside the basin.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, for more players than two, and maps that do not belong to the separatrices.

    Example:
        >>> from nashscape import games, pg
        >>> from nashscape.selection.edges.separatrices import separatrix
        >>> figure = separatrix_figure(separatrix(games.stag_hunt(), pg(), grid=11))
        >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()][-2:]
        ['boundary of CC, 20 points within ...', 'how far it may be off: at most 0.0012']
    """
    named = _as_separatrices(found)
    grounds = {} if maps is None else as_maps(maps)
    for name, ground in grounds.items():
        if name in named and ground.game != named[name].game:
            raise InputError(f"the map of {name} is of {ground.game}, its separatrix of {named[name].game}")
    if grounds and (missing := [name for name in named if name not in grounds]):
        raise InputError(f"there is no map of {', '.join(missing)}; the maps are {', '.join(grounds)}")
    ground_of: dict[str, BasinMap | Separatrix] = {**named, **{name: grounds[name] for name in named if grounds}}
    outcomes = {name: _outcomes(ground) for name, ground in ground_of.items()}
    page = sheet(
        len(named), columns, max(map(len, outcomes.values())) + 3, title=_finding(named) if title is None else title
    )
    for axes, (name, one) in zip(page.panels, named.items(), strict=True):
        plane = _plane(name, ground_of[name])
        entries = _ground(axes, plane, outcomes[name], ground_of[name].targets)
        _line(axes, one)
        frame(axes, plane, first_probabilities(one.question))
        legend_below(axes, [*entries, *_key(one)])
    return page.figure


def _finding(named: Mapping[str, Separatrix]) -> str:
    """How much of the square of starts lies inside the basin, by rule."""
    first = next(iter(named.values()))
    code = code_of(first.target, first.targets)
    shares = {name: float((one.labels == code).mean()) for name, one in named.items()}
    return finding(first.game, shares, f"in the basin of {first.target}", f"share in the basin of {first.target}")


def _as_separatrices(found: Separatrix | Mapping[str, Separatrix]) -> dict[str, Separatrix]:
    named = by_rule(found, Separatrix)
    first = next(iter(named.values()))
    for name, one in named.items():
        if (one.game, one.target) != (first.game, first.target):
            raise InputError(f"separatrices side by side need one game and target; {name} differs from {first.rule}")
        if one.labels.ndim != 2:
            raise InputError(f"only the boundary of two players can be drawn; {one.game} has {one.labels.ndim}")
    return named


def _plane(name: str, ground: BasinMap | Separatrix) -> Plane:
    if isinstance(ground, BasinMap):  # class: two results with a grid, until they share what a grid is
        return planes(name, ground.axis, ground.limits, ground.layout.kind, ground.labels.ndim - 1)[0]
    return planes(name, ground.axis, (float(ground.axis[0]), float(ground.axis[-1])), "endpoints", 2)[0]


def _outcomes(ground: BasinMap | Separatrix) -> dict[str, npt.NDArray[np.bool_]]:
    """The cells of every outcome that some run ended in, `[G, G]`; of several runs per cell those of the first."""
    labels = ground.labels[0] if ground.labels.ndim > 2 else ground.labels
    masks = {name: labels == code_of(name, ground.targets) for name in looks(ground.targets)}
    return {name: np.asarray(mask) for name, mask in masks.items() if mask.any()}


def _ground(
    axes: Axes, plane: Plane, outcomes: Mapping[str, npt.NDArray[np.bool_]], targets: tuple[str, ...]
) -> list[Any]:
    entries = []
    for name, mask in outcomes.items():
        look = looks(targets)[name]
        fill(axes, mask, plane, look)
        if name in targets:
            name_area(axes, mask, plane, name, look.colour)
        entries.append(handle(look, f"{name} {percent(float(mask.mean()))}"))
    return entries


def _line(axes: Axes, found: Separatrix) -> None:
    if not len(found.chords):
        return
    first, second = found.points[found.chords[:, 0]], found.points[found.chords[:, 1]]
    tubes = _tubes(first, second, errors(found))
    for line in found.lines:
        axes.plot(*line.T, color="#FFFFFF", linewidth=3.2, zorder=3)
        axes.plot(*line.T, color=INK, linewidth=1.0, zorder=5)
    axes.add_collection(PolyCollection(tubes, facecolor=TUBE, edgecolor="none", zorder=4))
    axes.plot(*found.points.T, ".", color=INK, markersize=3.5, zorder=6)


def errors(found: Separatrix) -> Floats:
    """By how much every chord may be off, `[S]`: its chord error and half the wider bracket of its ends."""
    return np.asarray(found.chord_errors + found.widths[found.chords].max(axis=1) / 2)


def _tubes(first: Floats, second: Floats, wide: Floats) -> list[Floats]:
    """A rectangle around every chord, `wide` to both sides."""
    way = second - first
    length = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    across = np.stack([-way[:, 1], way[:, 0]], axis=1) / length * wide[:, None]
    return list(np.stack([first + across, second + across, second - across, first - across], axis=1))


def _key(found: Separatrix) -> list[Any]:
    if not len(found.chords):
        return [Line2D([], [], linestyle="none", label=f"no boundary of {found.target} found")]
    within = f"{len(found.inner)} points within {found.widths.max():.1g}"
    entries: list[Any] = [
        Line2D([], [], marker=".", color=INK, linewidth=1.0, label=f"boundary of {found.target}, {within}"),
        Patch(facecolor=TUBE, label=f"how far it may be off: at most {errors(found).max():.2g}"),
    ]
    if found.status is not Status.COMPLETE:
        entries.append(Line2D([], [], linestyle="none", label=f"{found.status.value}: more steps would move it"))
    return entries
