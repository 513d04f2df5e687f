"""What a rule gains and loses against a baseline, start by start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError, choice
from nashscape.figures.grids import QUARTILES, Mask, Plane, fill, name_area, planes
from nashscape.figures.panels import first_probabilities, frame, legend_below, sheet
from nashscape.figures.paper import Paper, on_paper
from nashscape.figures.style import DIVERGING, Look, handle, percent
from nashscape.selection import BasinMap, Comparison, compare

PARTS = {
    "gained": Look("#0072B2"),
    "lost": Look("#D55E00", "xxxx", "#5A2600"),
    "both": Look("#A6D5F2", "....", "#3E7CA3"),
    "neither": Look("#DDDDDD"),
    "unchanged": Look("#DDDDDD"),
}


@dataclass(frozen=True)
class Change:
    """One panel's worth of comparison: masks `[rollouts, G, …, G]` and where the cells lie."""

    title: str
    rule: str
    gained: Mask
    lost: Mask
    both: Mask | None
    apart: bool
    axis: npt.NDArray[np.float64]
    limits: tuple[float, float]
    kind: str
    probabilities: list[str]

    def planes(self) -> list[Plane]:
        """The planes of the first two players through it."""
        return planes(self.title, self.axis, self.limits, self.kind, self.gained.ndim - 1)


@on_paper
def gain_loss(
    comparisons: Comparison | Mapping[str, Comparison] | Mapping[str, BasinMap],
    baseline: str | None = None,
    *,
    outcome: str | None = None,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """Where a rule reaches an outcome and the baseline does not, the reverse, both, and neither; shares below.

    With several runs per cell the share gained less the share lost is drawn on a diverging scale.

    Args:
        comparisons: a comparison of two maps, comparisons by rule, or maps by rule. Only maps tell both from neither.
        baseline: with maps, the rule that the others are compared with; by default the first.
        outcome: with maps, what is reached; by default the first target.
        columns: panels abreast, by default up to four.
        title: of the figure; by default the shares gained and lost.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for comparisons of entries, which have no map, an unknown baseline, or a single map.

    Example:
        >>> from nashscape import basin_map, games, meta_mapg, pg
        >>> maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=11)
        >>> gain_loss(maps, "pg").axes[0].get_title()
        'meta_mapg against pg: CC'
    """
    changes = _changes(comparisons, baseline, outcome)
    pairs = [(change, plane) for change in changes for plane in change.planes()]
    shaded = any(change.gained.shape[0] > 1 for change in changes)
    abreast = len(QUARTILES) if columns is None and pairs[0][1].index else columns
    page = sheet(
        len(pairs), abreast, lines=2 if shaded else 4, bar=shaded, title=_finding(changes) if title is None else title
    )
    for ax, (change, plane) in zip(page.panels, pairs, strict=True):
        if shaded:
            _shade(ax, change, plane)
        else:
            _colour(ax, change, plane)
        frame(ax, plane, change.probabilities)
    if shaded:
        page.colour_bar(Normalize(-1.0, 1.0), DIVERGING, "share of runs lost (−) or gained (+)")
    return page.figure


def _finding(changes: Sequence[Change]) -> str:
    """What every rule gains and loses, where that tells the rules apart."""
    if not any(one.apart for one in changes):
        return "no difference seen"
    if len(changes) == 1:
        [one] = changes
        return f"{percent(float(one.gained.mean()))} of starts gained, {percent(float(one.lost.mean()))} lost"
    said = [
        f"{one.rule} {percent(float(one.gained.mean()))} / {percent(float(one.lost.mean()))}"
        if one.apart
        else f"{one.rule} no difference seen"
        for one in changes
    ]
    return f"starts gained / lost: {', '.join(said)}"


def _changes(given: Any, baseline: str | None, outcome: str | None) -> list[Change]:
    results: dict[str, Any] = {}
    if isinstance(given, Comparison):  # class: this picture is of both kinds, maps and what was made of two of them
        results = {given.rule: given}
    elif isinstance(given, Mapping):
        results = dict(given)
    if results and all(hasattr(one, "gained") for one in results.values()):
        return [_of_comparison(one) for one in results.values()]
    if not results or not all(hasattr(one, "reached") for one in results.values()):
        raise InputError(f"expected comparisons, or basin maps by rule; got {type(given).__name__}")
    base = next(iter(results)) if baseline is None else choice(baseline, "baseline", results)
    others = [name for name in results if name != base]
    if not others:
        raise InputError(f"there is no rule to compare with {base}; give the maps of two rules at least")
    return [_of_maps(results[name], results[base], outcome) for name in others]


def _of_maps(one: BasinMap, base: BasinMap, outcome: str | None) -> Change:
    comparison = compare(one, base, outcome)
    both = one.reached(comparison.outcome) & base.reached(comparison.outcome)
    title = f"{one.rule} against {base.rule}: {comparison.outcome}"
    names = first_probabilities(one.question)
    return Change(
        title, one.rule, comparison.gained, comparison.lost, both, comparison.apart, one.axis, one.limits,
        one.layout.kind, names,
    )  # fmt: skip


def _of_comparison(one: Comparison) -> Change:
    starts = one.question["starts"]
    if one.gained.ndim < 3:
        raise InputError(
            f"the comparison of {one.rule} with {one.baseline} is not one of basin maps; draw entries with entry_figure"
        )
    low, high, size = float(starts["low"]), float(starts["high"]), int(starts["grid"])
    centres = low + (high - low) * (np.arange(size) + 0.5) / size
    axis = centres if starts["kind"] == "cells" else np.linspace(low, high, size)
    title = f"{one.rule} against {one.baseline}: {one.outcome}"
    return Change(
        title,
        one.rule,
        one.gained,
        one.lost,
        None,
        one.apart,
        axis,
        (low, high),
        starts["kind"],
        first_probabilities(one.question),
    )


def _colour(axes: Axes, change: Change, plane: Plane) -> None:
    gained, lost = plane.of(change.gained)[0], plane.of(change.lost)[0]
    parts = {"gained": gained, "lost": lost}
    if change.both is None:
        parts["unchanged"] = ~(gained | lost)
    else:
        both = plane.of(change.both)[0]
        parts |= {"both": both, "neither": ~(gained | lost | both)}
    for name, mask in parts.items():
        look = PARTS[name]
        fill(axes, mask, plane, look)
        if not look.hatch:
            name_area(axes, mask, plane, name, look.colour)
    entries = [handle(PARTS[name], f"{name} {percent(float(mask.mean()))}") for name, mask in parts.items()]
    legend_below(axes, entries)


def _shade(axes: Axes, change: Change, plane: Plane) -> None:
    gained, lost = plane.of(change.gained), plane.of(change.lost)
    net = gained.mean(axis=0) - lost.mean(axis=0)
    axes.imshow(
        net.T, origin="lower", extent=plane.extent, cmap=DIVERGING, vmin=-1.0, vmax=1.0, interpolation="nearest",
        aspect="auto",
    )  # fmt: skip
    shares = {"gained": gained.mean(), "lost": lost.mean()}
    legend_below(
        axes,
        [Line2D([], [], linestyle="none", label=f"{name} {percent(float(share))}") for name, share in shares.items()],
    )
