"""Pictures of handoffs: how many corrected steps are needed before policy gradient can go on by itself."""

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.dynamics import cell_grid, endpoint_grid
from nashscape.figures.given import by_rule
from nashscape.figures.grids import Plane, fill, planes
from nashscape.figures.panels import finding, first_probabilities, frame, legend_below, sheet
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import SEQUENTIAL, TARGETS, Look, bare, handle, percent, words
from nashscape.selection.plans.handoffs import CorrectedSteps

NONE = Look("#CFE6F5", "..", "#6FA3C7")
NEVER = Look("#FFFFFF", "////", "#A0A0A0")
DASHES = ("-", "--", "-.", ":")
MOST = 0.98


@on_paper
def handoff_figure(
    found: CorrectedSteps | Mapping[str, CorrectedSteps],
    *,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """How many steps of a rule it takes until the rule afterwards reaches the target: a map, or a curve.

    For noise-free runs from a grid of two players the number of steps is drawn for every start, beside those that need
    none and those that never get there. For other starts, and for sampled updates, the share of runs that end in the
    target against the step of the handoff, with intervals.

    Args:
        found: the result of `corrected_steps_needed`, or results by rule, of one game and target.
        columns: panels abreast, by default up to four.
        title: of the figure; by default what the correction adds.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.dynamics import cell_grid
        >>> from nashscape.selection.plans.handoffs import corrected_steps_needed
        >>> needed = corrected_steps_needed(games.stag_hunt(), meta_mapg(), cell_grid(2, 7), steps=100)
        >>> [text.get_text() for text in handoff_figure(needed).axes[0].get_legend().get_texts()]
        ['none needed: 24.5 % of starts', 'never: 57.1 % of starts']
    """
    named = by_rule(found, CorrectedSteps)
    first = next(iter(named.values()))
    if any((one.game, one.target, one.then) != (first.game, first.target, first.then) for one in named.values()):
        raise InputError("handoffs side by side need one game, target and rule afterwards")
    grounds = [_plane(one) for one in named.values()]
    if all(ground is not None for ground in grounds):
        return _maps(named, [ground for ground in grounds if ground is not None], columns, title)
    return _curves(named, title)


def _plane(found: CorrectedSteps) -> Plane | None:
    """The square that the starts fill, where they are a grid of two players and updates have no noise."""
    starts = found.question.get("starts", {})
    grids = {"cells": cell_grid, "endpoints": endpoint_grid}
    kind = starts.get("kind")
    if not found.exact or kind not in grids or starts["grid"] ** 2 != len(found.theta):
        return None
    axis = np.asarray(grids[kind](2, starts["grid"], low=starts["low"], high=starts["high"]).axis)
    title = f"{found.rule}, then {found.then}"
    return planes(title, axis, (starts["low"], starts["high"]), kind, 2)[0]


def _maps(named: Mapping[str, CorrectedSteps], grounds: list[Plane], columns: int | None, title: str | None) -> Figure:
    first = next(iter(named.values()))
    needed = [one.needed.reshape(len(plane.axis), -1) for one, plane in zip(named.values(), grounds, strict=True)]
    some = np.concatenate([own[own > 0] for own in needed])
    # a few starts beside the boundary need very many; they must not use up the whole scale
    top = max(1.0, float(np.quantile(some, MOST))) if some.size else 1.0
    scale = Normalize(0.0, top)
    helped = {name: float((own > 0).mean()) for name, own in zip(named, needed, strict=True)}
    only_so = f"reach {first.target} by correction only"
    usual = finding(first.game, helped, only_so, f"starts that {only_so}")
    page = sheet(len(named), columns, lines=2, bar=True, title=usual if title is None else title)
    for axes, steps, plane in zip(page.panels, needed, grounds, strict=True):
        _map(axes, steps, plane, scale)
        frame(axes, plane, first_probabilities(first.question))
    above = "max" if some.size and some.max() > top else "neither"
    page.colour_bar(scale, SEQUENTIAL, f"corrected steps needed to reach {first.target}", above)
    return page.figure


def _map(axes: Axes, steps: npt.NDArray[np.int32], plane: Plane, scale: Normalize) -> None:
    axes.imshow(
        np.ma.masked_where(steps <= 0, steps).T,
        origin="lower", extent=plane.extent, cmap=SEQUENTIAL, norm=scale, interpolation="nearest", aspect="auto",
    )  # fmt: skip
    entries = []
    for label, mask, look in (("none needed", steps == 0, NONE), ("never", steps < 0, NEVER)):
        fill(axes, mask, plane, look)
        if mask.any():
            entries.append(handle(look, f"{label}: {percent(float(mask.mean()))} of starts"))
    legend_below(axes, entries)


def _curves(named: Mapping[str, CorrectedSteps], title: str | None) -> Figure:
    first = next(iter(named.values()))
    figure, grid = canvas(1, 1, 6.0, 3.6)
    axes = grid[0, 0]
    bare(axes)
    for k, (name, one) in enumerate(named.items()):
        curve, colour = one.curve(), TARGETS[k % len(TARGETS)]
        low, mean, high = (np.array([getattr(e, end) for e in curve]) for end in ("low", "value", "high"))
        axes.fill_between(one.at, low, high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(one.at, mean, DASHES[k % len(DASHES)], color=colour, linewidth=1.6, label=f"{name}, then {one.then}")
    axes.set_ylim(-0.02, 1.02)
    words(axes, xlabel="corrected steps before the handoff", ylabel=f"share of runs that end in {first.target}")
    best = [f"{name} {percent(max(e.value for e in one.curve()))}" for name, one in named.items()]
    usual = f"{first.game}, {len(first.theta)} starts: at best {', '.join(best)} reach {first.target}"
    head(axes, usual if title is None else title)
    key(figure, columns=2)
    return figure
