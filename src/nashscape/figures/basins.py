"""Pictures of basin maps: where runs end, when they first hit, what a rule gains and loses."""

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError
from nashscape.dynamics import Run
from nashscape.figures.grids import QUARTILES, Plane, as_maps, boundary, fill, map_planes, name_area
from nashscape.figures.panels import chooses_numbers, finding, first_probabilities, frame, legend_below, sheet
from nashscape.figures.paper import Paper, on_paper
from nashscape.figures.style import INK, SEQUENTIAL, Look, handle, looks, percent
from nashscape.selection import BasinMap

MOST = 0.98
NEVER = Look("#FFFFFF", "////", "#A0A0A0")
Trajectories = Sequence[Run] | Mapping[str, Sequence[Run]]


@on_paper
def basin_atlas(
    maps: Mapping[str, BasinMap] | BasinMap,
    trajectories: Trajectories | None = None,
    *,
    target: str | None = None,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """Where runs end, for every rule side by side: one colour and hatching per outcome, shares in the legends.

    The black line is the boundary of the target's basin. Maps with several runs per cell show the share of runs
    that reach the target instead, and the boundary is where it crosses one half after averaging over 3×3 cells.

    Args:
        maps: a map, or maps by rule of one game, grid and targets. Of three-player games three slices are drawn, at
            the quartiles of the third player's starts.
        trajectories: runs to draw over the maps of their rules (two-player maps only): a list, or lists by rule.
        target: whose boundary, and whose share; by default the first target.
        columns: panels abreast, by default up to four.
        title: of the figure; by default the share that reaches the target.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for more than three players, maps that do not belong together, and runs without a map.

    Example:
        >>> from nashscape import basin_map, games, meta_mapg, pg
        >>> maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=11)
        >>> len(basin_atlas(maps).axes)
        2
    """
    named = as_maps(maps)
    runs = _runs_by_rule(trajectories, named)
    chosen = _target(next(iter(named.values())), target)
    shaded = any(one.rollouts > 1 for one in named.values())
    pairs = map_planes(named)
    lines = 2 if shaded else max(len(one.outcomes()) for one in named.values())
    page = sheet(
        len(pairs),
        _abreast(columns, pairs),
        lines,
        bar=shaded,
        title=_finding(named, chosen) if title is None else title,
    )
    probabilities = first_probabilities(pairs[0][0].question)
    for name, (ax, (basin, plane)) in zip(_names(named, pairs), zip(page.panels, pairs, strict=True), strict=True):
        if shaded:
            _shade(ax, basin, plane, chosen)
        else:
            _colour(ax, basin, plane, chosen)
        for run in runs.get(name, ()):
            _draw_run(ax, run, plane)
        frame(ax, plane, probabilities)
    if shaded:
        page.colour_bar(Normalize(0.0, 1.0), SEQUENTIAL, f"share of runs that reach {chosen}")
    return page.figure


@on_paper
def first_hit_atlas(
    maps: Mapping[str, BasinMap] | BasinMap,
    *,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """How many updates it takes until the first target first holds, for every rule, on one scale.

    Several runs per cell are averaged over those that hit; cells from which none did are hatched.

    Args:
        maps: a map, or maps by rule.
        columns: panels abreast, by default up to four.
        title: of the figure; by default what is shown.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for more than three players, maps that do not belong together, and maps without a target.
    """
    named = as_maps(maps)
    target = _target(next(iter(named.values())), None)
    pairs = map_planes(named)
    means = [_mean_hit(plane.of(basin.first_hit)) for basin, plane in pairs]
    known = np.concatenate([[0.0], *(mean[np.isfinite(mean)] for mean in means)])
    # a few cells on the boundary take very long; they must not use up the whole scale
    top = max(1.0, float(np.quantile(known, MOST)))
    scale = Normalize(0.0, top)
    usual = f"{pairs[0][0].game}: updates until {target} first held"
    page = sheet(len(pairs), _abreast(columns, pairs), lines=1, bar=True, title=usual if title is None else title)
    probabilities = first_probabilities(pairs[0][0].question)
    for ax, mean, (_, plane) in zip(page.panels, means, pairs, strict=True):
        never = np.isnan(mean)
        ax.imshow(
            np.ma.masked_invalid(mean).T,
            origin="lower", extent=plane.extent, cmap=SEQUENTIAL, norm=scale, interpolation="nearest", aspect="auto",
        )  # fmt: skip
        fill(ax, never, plane, NEVER)
        frame(ax, plane, probabilities)
        legend_below(ax, [handle(NEVER, f"never: {percent(float(never.mean()))} of cells")] if never.any() else [])
    above = "max" if known.max() > top else "neither"
    page.colour_bar(scale, SEQUENTIAL, f"updates until {target} first held", above)
    return page.figure


def _finding(named: Mapping[str, BasinMap], outcome: str) -> str:
    """From which share of the starts every rule reaches the outcome."""
    shares = {name: one.fraction(outcome).value for name, one in named.items()}
    game = next(iter(named.values())).game
    return finding(game, shares, f"reach {outcome}", f"share that reaches {outcome}")


def _mean_hit(first_hit: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    hit = first_hit >= 0
    count = hit.sum(axis=0)
    total = np.where(hit, first_hit, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _colour(axes: Axes, basin: BasinMap, plane: Plane, target: str) -> None:
    entries = []
    for name, look in looks(basin.targets).items():
        reached = basin.reached(name)
        if not reached.any():
            continue
        mask = plane.of(reached)[0]
        fill(axes, mask, plane, look)
        if name in basin.targets:
            name_area(axes, mask, plane, name, look.colour)
        entries.append(handle(look, f"{name} {percent(float(mask.mean()))}"))
    boundary(axes, plane.of(basin.reached(target))[0].astype(float), plane)
    legend_below(axes, entries)


def _shade(axes: Axes, basin: BasinMap, plane: Plane, target: str) -> None:
    from scipy.ndimage import uniform_filter

    share = plane.of(basin.reached(target)).mean(axis=0)
    axes.imshow(
        share.T, origin="lower", extent=plane.extent, cmap=SEQUENTIAL, vmin=0.0, vmax=1.0, interpolation="nearest",
        aspect="auto",
    )  # fmt: skip
    smooth = np.asarray(uniform_filter(share, 3, mode="nearest"))
    boundary(axes, smooth, plane)
    line = Line2D([], [], color=INK, label="half of the runs")
    mean = Line2D([], [], linestyle="none", label=f"{target} {percent(float(share.mean()))} of runs")
    legend_below(axes, [mean, line])


def _draw_run(axes: Axes, run: Run, plane: Plane) -> None:
    # a run may leave the map, and is then followed along its frame
    x, y = (np.clip(own[:, 0], *plane.edges) for own in run.strategies)
    axes.plot(x, y, color="#FFFFFF", linewidth=2.4, alpha=0.8, zorder=4)
    axes.plot(x, y, color=INK, linewidth=1.1, zorder=5)
    axes.plot(x[:1], y[:1], "o", color=INK, markeredgecolor="#FFFFFF", markersize=5, zorder=6)
    axes.plot(x[-1:], y[-1:], "s", color="#FFFFFF", markeredgecolor=INK, markersize=5, zorder=8, clip_on=False)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    middle = int(np.searchsorted(length, length[-1] / 2))
    if 0 < middle < len(x) and np.isfinite(length[-1]) and length[-1] > 0.05:
        axes.annotate(
            "", xy=(x[middle], y[middle]), xytext=(x[middle - 1], y[middle - 1]), zorder=6,
            arrowprops={"arrowstyle": "-|>", "color": INK, "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _target(basin: BasinMap, target: str | None) -> str:
    if target is not None:
        basin.reached(target)  # refuses a name that is no outcome
        return target
    if not basin.targets:
        raise InputError(f"{basin.game} has no target to draw a boundary for; name an outcome: target='cycling', say")
    return basin.targets[0]


def _abreast(columns: int | None, pairs: Sequence[tuple[BasinMap, Plane]]) -> int | None:
    """Slices of three-player maps stand in rows of three, one row per rule."""
    return len(QUARTILES) if columns is None and pairs[0][1].index else columns


def _names(maps: Mapping[str, BasinMap], pairs: Sequence[Any]) -> list[str]:
    """The name of the rule of every panel."""
    return [name for name in maps for _ in range(len(pairs) // len(maps))]


def _runs_by_rule(trajectories: Trajectories | None, maps: Mapping[str, BasinMap]) -> dict[str, list[Run]]:
    if trajectories is None:
        return {}
    grouped: dict[str, list[Run]] = {}
    if isinstance(trajectories, Mapping):
        grouped = {name: list(runs) for name, runs in trajectories.items()}
    else:
        for run in trajectories:
            grouped.setdefault(run.rule, []).append(run)
    for name, runs in grouped.items():
        if name not in maps:
            raise InputError(f"there are runs of {name} but no map of it; the maps are {', '.join(maps)}")
        if any(len(run.strategies) != 2 for run in runs):
            raise InputError("runs are drawn over maps of two players only")
        if chooses_numbers(maps[name].question):
            raise InputError("runs are drawn over maps of probabilities; those of points are seen by run.plot()")
    return grouped
