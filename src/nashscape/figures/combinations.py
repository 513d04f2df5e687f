"""Pictures of combinations of numbers: what was tried in the order of costs, and the cheapest that does."""

from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from nashscape.core import Status
from nashscape.core.brackets import Answer
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.selection.steering.combinations import Combination

Floats = npt.NDArray[np.float64]

MARKS: dict[Answer, tuple[str, str, str]] = {
    True: (TARGETS[0], "o", "reaches it"),
    False: (TARGETS[5], "X", "does not"),
    None: (FAINT, "D", "left open"),
}
"""Colour, marker and words of a verdict."""

APART = 0.3
"""Combinations of one cost are spread over this part of the way to the next cost."""


@on_paper
@or_several
def combination_figure(found: Combination, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The share that every combination reached, with its interval, against what the combination costs.

    A thin line upwards is how far the share could rise if all unsettled runs came to reach the target; it has an arrow
    where that could change the answer. Combinations of one cost are drawn a little beside each other. The cheapest that
    reaches the wanted share is named.

    Args:
        found: what `cheapest_combination` gave.
        title: of the figure; by default the answer.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import cheapest_combination, games
        >>> found = cheapest_combination(games.stag_hunt(), {"peer": [0, 2, 4]}, {"peer": 1}, "CC", 0.5, grid=11)
        >>> figure = combination_figure(found)
        >>> figure.axes[0].get_ylabel(), figure.get_suptitle().splitlines()[1]
        ('share that reaches CC', 'CC at least 0.5 at cost 4: peer = 4')
    """
    only(found, Combination, "cheapest_combination")
    figure, [[axes]] = canvas(1, 1, 6.4, 4.2)
    bare(axes)
    places = _places(found.costs)
    axes.axhline(found.at_least, color=INK, linestyle="--", linewidth=1.2)
    for k, x in enumerate(places):
        _whisker(axes, found, k, x)
        _point(axes, found, k, x)
    if found.cheapest is not None:
        _name(axes, found, places[-1])
    _frame(axes, found, places)
    head(figure, _verdict(found) if title is None else title)
    key(figure, _entries(found), columns=3)
    return figure


def _places(costs: Floats) -> Floats:
    """Where combinations are drawn: at their costs, equals a little beside each other."""
    each, which, counts = np.unique(costs, return_inverse=True, return_counts=True)
    gap = float(np.diff(each).min()) if len(each) > 1 else 1.0
    places = np.empty(len(costs))
    for k, (cost, count) in enumerate(zip(each, counts, strict=True)):
        places[which == k] = cost + APART * gap * ((np.arange(count) + 0.5) / count - 0.5)
    return places


def _whisker(axes: Axes, found: Combination, k: int, x: float) -> None:
    """How far the share could rise by runs that had not settled."""
    if not found.unsettled[k]:
        return
    value = found.shares[k].value
    top = min(1.0, value + float(found.unsettled[k] / found.trials[k]))
    colour = INK if found.movable[k] else FAINT
    axes.plot([x, x], [value, top], "-", color=colour, linewidth=1.0)
    axes.plot([x], [top], "^" if found.movable[k] else "_", color=colour, markersize=6)


def _point(axes: Axes, found: Combination, k: int, x: float) -> None:
    share, (colour, marker, _) = found.shares[k], MARKS[found.verdicts[k]]
    axes.plot([x, x], [share.low, share.high], "-", color=colour, linewidth=3.2, alpha=0.55, solid_capstyle="butt")
    axes.plot(
        [x], [share.value], marker, color=colour, markersize=7, markeredgecolor="#FFFFFF", markeredgewidth=0.6, zorder=4
    )


def _name(axes: Axes, found: Combination, x: float) -> None:
    """A ring about the cheapest combination and its values, on the side on which there is room."""
    value = found.shares[-1].value
    axes.plot([x], [value], "o", markersize=14, markerfacecolor="none", color=INK, zorder=5, clip_on=False)
    values = [f"{name} = {number:g}" for name, number in (found.cheapest or {}).items()]
    up = value < 0.6
    axes.annotate(
        "\n".join([f"cost {found.cost:g}", *values]), (x, value), xytext=(-10, 12 if up else -12),
        textcoords="offset points", ha="right", va="bottom" if up else "top", fontsize=SMALL, color=INK, zorder=6,
        path_effects=[withStroke(linewidth=3.0, foreground="#FFFFFF")],
    )  # fmt: skip


def _frame(axes: Axes, found: Combination, places: Floats) -> None:
    room = 0.06 * float(np.ptp(places)) or 0.5
    axes.set_xlim(places.min() - room, places.max() + room)
    axes.set_ylim(-0.05, 1.08)
    axes.set_yticks(np.linspace(0.0, 1.0, 6))
    words(axes, xlabel="cost, in the units of the prices", ylabel=f"share that reaches {found.target}")


def _entries(found: Combination) -> list[Line2D]:
    level = found.shares[0].level
    how = "bracket by cells at the boundary" if level is None else f"{100 * level:.4g} % interval"
    handles = [Line2D([], [], color=INK, linestyle="--", linewidth=1.2, label=f"wanted: {found.at_least:g}")]
    for verdict, (colour, marker, text) in MARKS.items():
        number = found.verdicts.count(verdict)
        if number:
            handles.append(Line2D([], [], color=colour, marker=marker, linestyle="none", label=f"{text}: {number}"))
    handles.append(Line2D([], [], color=FAINT, linewidth=3.2, alpha=0.55, label=how))
    unsettled = found.unsettled > 0
    if (unsettled & ~found.movable).any():
        handles.append(Line2D([], [], color=FAINT, marker="_", linewidth=1.0, label="could rise by unsettled runs"))
    if (unsettled & found.movable).any():
        handles.append(Line2D([], [], color=INK, marker="^", linewidth=1.0, label="could rise enough"))
    return handles


def _verdict(found: Combination) -> str:
    begin = f"{found.rule} on {found.game}, {len(found.costs)} of {found.combinations} combinations tried"
    wanted = f"{found.target} at least {found.at_least:g}"
    if found.cheapest is None:
        end = f"{wanted}: reached by none of them"
    else:
        values = ", ".join(f"{name} = {value:g}" for name, value in found.cheapest.items())
        end = f"{wanted} at cost {found.cost:g}: {values}"
    return f"{begin}\n{end}" + ("" if found.status is Status.COMPLETE else f" ({found.status.value})")
