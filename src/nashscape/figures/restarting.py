"""Pictures of restarts: how fast the runs without success die out."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError
from nashscape.figures.given import by_rule
from nashscape.figures.panels import finding
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, TARGETS, bare, words
from nashscape.selection import Restarts

FEW = 20
"""Runs: of fewer a share says little, and is drawn pale and hollow."""
DASHES = ("-", "--", "-.", ":")
MARKERS = "osD^vP"


@on_paper
def restart_figure(
    found: Restarts | Mapping[str, Restarts], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """The share of runs without success after k starts, per rule with Wilson intervals, and where they succeed.

    The thin line of each rule is the geometric tail `(1 − p)^k` of its estimated probability p per start; right, the
    share of k-th starts that succeed, which is the same for every k if starts are alike, pale and hollow where few runs
    came so far. Under other policies than starting anew starts are not alike: neither is drawn, and the legend says the
    policy.

    Args:
        found: restarts, or restarts by rule, of one game, target and budget.
        title: of the figure; by default how many runs succeed.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, pg, restarts
        >>> restart_figure(restarts(games.stag_hunt(), pg(), runs=50)).axes[0].get_ylabel()
        'share of runs not yet at CC'
    """
    named = by_rule(found, Restarts)
    first = next(iter(named.values()))
    if any((one.game, one.target, one.budget) != (first.game, first.target, first.budget) for one in named.values()):
        raise InputError("restarts side by side need one game, target and budget")
    figure, grid = canvas(1, 2, 8.6, 3.4)
    tails, hazards = grid[0]
    for k, (name, one) in enumerate(named.items()):
        _tail(tails, k, name, one)
        _hazards(hazards, k, len(named), name, one)
    counts = sorted({len(one.first_success) for one in named.values()})
    runs = f"{first.game}, n = {' to '.join(map(str, {counts[0]: 0, counts[-1]: 0}))} runs"
    words(tails, title=runs, xlabel="starts made, k", ylabel=f"share of runs not yet at {first.target}")
    intervals = f"starts that succeed, {100 * first.level:g} % Wilson intervals"
    words(hazards, title=intervals, xlabel="number of the start, k", ylabel="share of the k-th starts")
    for axes in (tails, hazards):
        bare(axes)
        axes.set_xlim(0.4, first.budget + 0.6)
        axes.set_ylim(-0.02, 1.02)
        axes.xaxis.get_major_locator().set_params(integer=True)
    handles: list[Any] = tails.get_legend_handles_labels()[0]
    if any(one.alike for one in named.values()):
        handles.append(Line2D([], [], color=INK, linewidth=0.6, label="(1 − p)ᵏ, starts all alike"))
    if any((share.trials or 0) < FEW for one in named.values() for share in one.hazards()):
        look: dict[str, Any] = {
            "marker": "o",
            "markerfacecolor": "#FFFFFF",
            "markersize": 4,
            "linewidth": 1.2,
            "alpha": 0.4,
        }
        handles.append(Line2D([], [], color=INK, label=f"hollow, pale: fewer than {FEW} runs made that start", **look))
    key(figure, handles, columns=len(handles))
    shares = {name: 1 - one.survival()[-1].value for name, one in named.items()}
    reach = f"reach {first.target} within {first.budget} starts"
    usual = finding(first.game, shares, f"of runs {reach}", f"runs that {reach}")
    head(figure, usual if title is None else title)
    return figure


def _tail(axes: Axes, k: int, name: str, one: Restarts) -> None:
    colour, dash = TARGETS[k % len(TARGETS)], DASHES[k % len(DASHES)]
    curve = one.survival()
    x = np.arange(1, len(curve) + 1)
    axes.fill_between(x, [e.low for e in curve], [e.high for e in curve], color=colour, alpha=0.18, linewidth=0)
    marker, label = MARKERS[k % len(MARKERS)], name if one.alike else f"{name}, {one.policy}"
    axes.plot(x, [e.value for e in curve], dash, marker=marker, markersize=4, color=colour, label=label)
    if not one.alike:
        return
    ahead = np.arange(1, one.budget + 1)
    axes.plot(ahead, one.geometric_bound(one.per_start().value), "-", color=INK, linewidth=0.6)


def _hazards(axes: Axes, k: int, rules: int, name: str, one: Restarts) -> None:
    colour = TARGETS[k % len(TARGETS)]
    for start, share in enumerate(one.hazards(), start=1):
        x, few = start + 0.72 * ((k + 0.5) / rules - 0.5), (share.trials or 0) < FEW
        axes.plot([x, x], [share.low, share.high], "-", color=colour, linewidth=1.2, alpha=0.4 if few else 1.0)
        face = "#FFFFFF" if few else colour
        axes.plot([x], [share.value], MARKERS[k % len(MARKERS)], color=colour, markerfacecolor=face, markersize=4)
    if not one.alike:
        return
    p = one.per_start()
    axes.axhline(p.value, color=colour, linewidth=0.8, linestyle=DASHES[k % len(DASHES)])
