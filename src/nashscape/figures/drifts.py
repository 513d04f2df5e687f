"""Pictures of proved drift: from how far, and how fast, a rule is guaranteed to come to a point where it rests."""

from collections.abc import Callable
from functools import partial
from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import MaxNLocator

from nashscape.figures.given import only
from nashscape.figures.panels import parameters_of
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.rows import bar_text
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, Look, bare, words
from nashscape.theory.resting.drift_results import DriftConstants

PROVED = "#CFE3F1"
"""Where something is proved."""

ATTRACTS, REPELS = Look(TARGETS[0]), Look(TARGETS[5], "\\\\\\\\", "#5A2600")
LIFETIMES = 3.0
"""For how many times 1/rate the approach is drawn."""

NOTHING = 1e-12
"""A measured drift below this, beside the largest, is rounding."""

PANEL, ALONE, HEIGHT, LOW = 3.4, 5.2, 3.8, 1.5
"""Widths of panels abreast and of one alone, heights with and without something to draw, in inches."""


@on_paper
def drift_figure(found: DriftConstants, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The ball or sub-box from which a rule is proved to come to a point, how fast it does so at least, and drifts.

    The first panel, in two parameters, has the point with the certified ball about it, or with the sub-box at a corner.
    The second bounds the distance of the flow that starts at the rim: `ρ exp(−μ't)` for an inner point, and
    `side − margin · t` in every parameter for a corner. The third, for inner points, has the measured drift of the
    rule, of policy gradient alone and of the correction alone; it is all there is where nothing is proved.

    Args:
        found: what `drift_constants` gave.
        title: of the figure; by default what is proved, or why nothing is.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, lookahead
        >>> from nashscape.theory import drift_constants
        >>> figure = drift_figure(drift_constants(lookahead(), games.matching_pennies(), [0.0, 0.0]))
        >>> [axes.get_title() for axes in figure.axes]
        ['proved ball of radius 0.1873', 'half as far by t ≈ 26.9', 'drift as measured']
    """
    only(found, DriftConstants, "drift_constants")
    panels: list[Callable[[Axes], None]] = []
    if found.verdict == "proved":
        if len(found.theta) == 2:
            panels.append(partial(_ball if found.kind == "interior" else _corner, found=found))
        panels.append(partial(_approach if found.kind == "interior" else _arrival, found=found))
    if found.measured_drift is not None or not panels:
        panels.append(partial(_drifts, found=found))
    width = ALONE if len(panels) == 1 else PANEL * len(panels)
    drawn = found.verdict == "proved" or found.measured_drift is not None
    figure, [row] = canvas(1, len(panels), width, HEIGHT if drawn else LOW)
    for draw, axes in zip(panels, row, strict=True):
        draw(axes)
    title = _verdict(found) if title is None else title
    head(figure, title)
    return figure


def _ball(axes: Axes, found: DriftConstants) -> None:
    assert found.radius is not None, "is known where the verdict is proved"
    (x, y), radius = found.theta, found.radius
    axes.add_patch(Circle((x, y), radius, facecolor=PROVED, edgecolor=TARGETS[0], linewidth=1.4))
    axes.plot([x, x + radius], [y, y], color=INK, linewidth=0.9)
    axes.annotate(
        "ρ", (x + radius / 2, y), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=SMALL + 1, color=INK
    )
    axes.plot([x], [y], "o", color=INK, markersize=5)
    room = 1.25 * radius
    axes.set_xlim(x - room, x + room)
    axes.set_ylim(y - room, y + room)
    _plane(axes, found, f"proved ball of radius {radius:.4g}")


def _corner(axes: Axes, found: DriftConstants) -> None:
    assert found.side is not None, "is known where the verdict is proved"
    side, ends = found.side, np.array(found.fixed)
    inner = found.theta - ends * side
    low = np.minimum(found.theta, inner)
    axes.add_patch(Rectangle((low[0], low[1]), side, side, facecolor=PROVED, edgecolor=TARGETS[0], linewidth=1.4))
    axes.axvline(found.theta[0], color=FAINT, linestyle="--", linewidth=1.2)
    axes.axhline(found.theta[1], color=FAINT, linestyle="--", linewidth=1.2)
    for share in (0.75, 0.35):
        tail, head = found.theta - ends * side * share, found.theta - ends * side * (share - 0.2)
        axes.annotate("", xy=tuple(head), xytext=tuple(tail), arrowprops={"arrowstyle": "-|>", "color": INK})
    axes.plot(*found.theta[:, None], "o", color=INK, markersize=6, zorder=5)
    far, near = found.theta - ends * 1.2 * side, found.theta + ends * 0.2 * side
    axes.set_xlim(min(far[0], near[0]), max(far[0], near[0]))
    axes.set_ylim(min(far[1], near[1]), max(far[1], near[1]))
    _plane(axes, found, f"proved sub-box of side {side:.4g}; ends of the box dashed")


def _plane(axes: Axes, found: DriftConstants, title: str) -> None:
    across, up = parameters_of(found.question, 2)
    axes.set_box_aspect(1)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    words(axes, title=title, xlabel=across, ylabel=up)


def _approach(axes: Axes, found: DriftConstants) -> None:
    assert found.radius is not None, "is known where the verdict is proved"
    assert found.rate is not None, "is known where the verdict is proved"
    half = np.log(2) / found.rate
    t = np.linspace(0.0, LIFETIMES / found.rate, 121)
    bound = found.radius * np.exp(-found.rate * t)
    _guarantee(axes, t, bound)
    axes.plot([half, half], [0.0, found.radius / 2], color=FAINT, linestyle="--", linewidth=1.0)
    axes.plot([0.0, half], [found.radius / 2] * 2, color=FAINT, linestyle="--", linewidth=1.0)
    words(
        axes,
        title=f"half as far by t ≈ {_said(half)}",
        xlabel="time t of the flow (sum of step sizes)",
        ylabel="distance from the point, at most",
    )


def _arrival(axes: Axes, found: DriftConstants) -> None:
    assert found.time is not None, "is known where the verdict is proved"
    assert found.side is not None, "is known where the verdict is proved"
    assert found.margin is not None, "is known where the verdict is proved"
    t = np.array([0.0, found.time])
    _guarantee(axes, t, np.maximum(found.side - found.margin * t, 0.0))
    axes.plot([found.time], [0.0], "o", color=INK, markersize=6, clip_on=False, zorder=5)
    words(
        axes,
        title=f"arrives by t ≈ {_said(found.time)}",
        xlabel="time t of the flow (sum of step sizes)",
        ylabel="distance from the corner\nin any parameter, at most",
    )


def _guarantee(axes: Axes, t: np.ndarray, bound: np.ndarray) -> None:
    bare(axes)
    axes.fill_between(t, 0.0, bound, facecolor=PROVED, linewidth=0.0)
    axes.plot(t, bound, color=TARGETS[0], linewidth=1.6)
    axes.set_xlim(0.0, float(t[-1]))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set_ylim(0.0, 1.08 * float(bound[0]))


def _drifts(axes: Axes, found: DriftConstants) -> None:
    """Bars of what was measured, with zero marked."""
    measured = {
        "whole\nrule": found.measured_drift,
        "policy\ngradient": found.base_drift,
        "correction": found.correction_drift,
    }
    known = {name: value for name, value in measured.items() if value is not None}
    if not known:
        axes.set_axis_off()
        where = "at a corner" if found.kind == "corner" else "on a face"
        axes.text(
            0.5, 0.5, f"drifts are measured inside the box; this point lies {where}",
            ha="center", va="center", fontsize=SMALL + 1, color=INK, transform=axes.transAxes,
        )  # fmt: skip
        return
    bare(axes)
    axes.axhline(0.0, color=INK, linewidth=1.2)
    most = max(map(abs, known.values()))
    for k, value in enumerate(known.values()):
        style = ATTRACTS if value > 0 else REPELS
        axes.bar(k, value, width=0.6, color=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.4)
        shown = 0.0 if abs(value) <= max(NOTHING * most, np.finfo(float).tiny) else value
        axes.annotate(
            bar_text(float(f"{shown:.3g}")), (k, value), xytext=(0, 3 if shown >= 0 else -3),
            textcoords="offset points", ha="center", va="bottom" if shown >= 0 else "top", fontsize=SMALL, color=INK,
        )  # fmt: skip
    low, high = min(0.0, *known.values()), max(0.0, *known.values())
    room = 0.18 * (high - low) or 1.0
    axes.set_ylim(low - room, high + room)
    axes.set_xticks(range(len(known)), list(known), fontsize=SMALL)
    axes.set_xlim(-0.6, len(known) - 0.4)
    words(axes, title="drift as measured", ylabel="drift, per unit of time")
    axes.tick_params(axis="x", length=0)


def _said(x: float) -> str:
    return f"{x:,.0f}" if x >= 1000 else f"{x:.3g}"


def _verdict(found: DriftConstants) -> str:
    begin = f"{found.rule} on {found.game}"
    if found.verdict != "proved":
        return f"{begin}: nothing is proved; {found.reason}"
    if found.kind == "corner":
        return f"{begin}: comes to the corner, by {found.margin:.3g} per unit of time"
    return f"{begin}: comes to the point at rate {found.rate:.3g}, and by steps below {found.step_bound:.3g}"
