"""Pictures of steering: shares against the number that is steered by, plans, explanations."""

from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from nashscape.core.brackets import told_apart
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.rows import bar_text, round_numbers
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.learning.dial_table import axis_label, label_of
from nashscape.selection.edges.projections import TOTAL
from nashscape.selection.explaining.explanation_results import Explanation
from nashscape.selection.plans.plan_results import Plan
from nashscape.selection.steering.steering_results import Steering

DASHES = {"base": "-.", "own": ":", "peer": "--", "lookahead": (0, (4, 1, 1, 1, 1, 1)), "correction": (0, (1, 1))}
REACHED, MISSED, OPEN = "o", "x", "D"
TERMS = {"base": TARGETS[0], "own": TARGETS[2], "peer": TARGETS[1], "lookahead": TARGETS[3], "correction": TARGETS[5]}


@on_paper
@or_several
def steering_figure(found: Steering, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The share against the number, with intervals, the wanted share and the bracket; below it the price.

    Args:
        found: what `steer` made.
        title: of the figure; by default the bracket.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games
        >>> from nashscape.selection.steering.finding import steer
        >>> found = steer(games.stag_hunt(), "peer", "CC", 0.5, grid=11, scan=5, tolerance=0.5)
        >>> steering_figure(found).axes[0].get_ylabel()
        'share of starts that reach CC'
    """
    only(found, Steering, "steer")
    figure, grid = canvas(2, 1, 6.0, 5.1, sharex=True, height_ratios=(3, 1))
    shares, prices = grid[:, 0]
    looks = {
        True: (REACHED, TARGETS[0], "reached"),
        False: (MISSED, TARGETS[5], "not reached"),
        None: (OPEN, FAINT, "open"),
    }
    for verdict, (marker, colour, label) in looks.items():
        chosen = [k for k, own in enumerate(found.verdicts) if own is verdict]
        if chosen:
            ends = np.array([[found.shares[k].low, found.shares[k].high] for k in chosen])
            shares.vlines(found.values[chosen], ends[:, 0], ends[:, 1], color=colour, linewidth=1.0, alpha=0.6)
            values = [found.shares[k].value for k in chosen]
            shares.plot(found.values[chosen], values, marker, color=colour, markersize=4, label=label)
    shares.axhline(found.at_least, color=INK, linewidth=0.9, linestyle="--", label=f"wanted: {found.at_least:g}")
    for axes in (shares, prices):
        if found.bracket is not None:
            low, high = found.bracket
            label = f"bracket [{', '.join(told_apart(low, high, digits=5))}]"
            axes.axvspan(low, high, color=TARGETS[4], alpha=0.35, linewidth=1.0, label=label)
        bare(axes)
    what = "share of starts that reach" if found.about == "starts" else "probability of"
    words(shares, ylabel=f"{what} {found.target}")
    head(figure, _steered(found) if title is None else title)
    shares.set_ylim(-0.02, 1.02)
    prices.plot(found.values, found.prices, "-", color=INK, linewidth=1.0)
    words(prices, xlabel=axis_label(found.parameter), ylabel="price")
    head(prices, f"price: {found.priced_in}", size=SMALL)
    key(figure, shares.get_legend_handles_labels()[0], columns=4)
    return figure


@on_paper
def plan_figure(found: Plan, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The share of runs that have failed after k starts: as promised, as published, as measured; and the checks.

    Args:
        found: what `plan` made.
        title: of the figure; by default the budget of starts.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.selection.plans.planning import plan
        >>> made = plan(games.stag_hunt(), meta_mapg(), "CC", 0.1, n=200, runs=40)
        >>> plan_figure(made).axes[0].get_xlabel()
        'starts made, k'
    """
    only(found, Plan, "plan")
    figure, grid = canvas(1, 2, 9.0, 4.0, width_ratios=(3, 2))
    tails, notes = grid[0]
    k = np.arange(1, (found.budget or 0) + 1)
    tails.plot(k, found.published_bound(), ":", color=TARGETS[1], label="published bound, lower bounds put in")
    tails.plot(k, found.bound(), "--", color=TARGETS[5], label="bound of the share measured")
    if found.measured is not None:
        curve = found.measured.survival()
        x = k[: len(curve)]
        ends = [one.low for one in curve], [one.high for one in curve]
        tails.fill_between(x, *ends, color=TARGETS[0], alpha=0.18, linewidth=0)
        label = f"{len(found.measured.first_success)} runs of the plan"
        tails.plot(x, [one.value for one in curve], "o-", color=TARGETS[0], markersize=3.5, label=label)
    tails.axhline(found.failure, color=INK, linewidth=0.9, label=f"allowed: {found.failure:g}")
    words(tails, xlabel="starts made, k", ylabel=f"share not yet at {found.target}")
    tails.set_yscale("log")
    low, high = tails.get_ylim()
    ticks = round_numbers(low, high)
    tails.set_yticks(ticks, [bar_text(tick) for tick in ticks])
    tails.yaxis.set_minor_locator(NullLocator())
    tails.xaxis.get_major_locator().set_params(integer=True)
    key(figure, columns=2)
    bare(tails)
    _checks(notes, found)
    starts = "no budget of starts is enough" if found.budget is None else f"{found.budget} starts"
    usual = f"{found.rule} on {found.game}: {starts} for {found.target} with at most {found.failure:g} failures"
    head(figure, usual if title is None else title)
    return figure


@on_paper
def explanation_figure(found: Explanation, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every term pushed towards the target, step by step and added up; of a rule of one term that alone.

    Args:
        found: what `explain` made.
        title: of the figure; by default what happened, and what would have changed it.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, pg
        >>> from nashscape.selection.explaining.answering import explain
        >>> explanation_figure(explain(games.stag_hunt(), pg(), [0.5, 0.6], changes=[])).axes[0].get_xlabel()
        'update'
    """
    only(found, Explanation, "explain")
    figure, grid = canvas(1, 2, 8.6, 3.8, sharex=True)
    # the total of a single term would hide it
    lines = {name: own for name, own in found.pushes.items() if name != TOTAL or len(found.pushes) > 2}
    for axes, summed in zip(grid[0], (False, True), strict=True):
        for name, own in lines.items():
            line = np.cumsum(np.nan_to_num(own)) if summed else own
            colour, dash = (INK, "-") if name == TOTAL else (TERMS.get(name, FAINT), DASHES.get(name, "-"))
            width = 2.0 if name == TOTAL else 1.5
            axes.plot(np.arange(len(line)), line, linestyle=dash, color=colour, linewidth=width, label=name)
        axes.axhline(0.0, color=FAINT, linewidth=0.8)
        bare(axes)
        words(
            axes,
            title="added up" if summed else "step by step",
            xlabel="update",
            ylabel=f"push towards {found.target}, in parameters",
        )
    key(figure, columns=5)
    head(figure, _explained(found) if title is None else title)
    return figure


def _steered(found: Steering) -> str:
    """Between which numbers the wanted share comes about."""
    wanted = f"{found.rule} on {found.game}: {found.target} at least {found.at_least:g}"
    if found.bracket is None:
        said: dict[Any, str] = {True: "at every value tried", False: "at no value tried", None: "left open"}
        return f"{wanted}: {said[found.verdicts[0]]}"
    low, high = found.bracket
    if low == high:
        return f"{wanted}: at {label_of(found.parameter)} = {low:.4g} already, the lower end of the range"
    ends = " and ".join(told_apart(low, high, digits=4))
    return f"{wanted}: switches between {label_of(found.parameter)} = {ends}"


def _explained(found: Explanation) -> str:
    """How the run ended, and which numbers would have changed that."""
    begin = f"{found.rule} on {found.game} from {found.where}: {found.outcome}"
    turned = [f"{label_of(one.parameter)} = {one.needed:.3g}" for one in found.changes if one.needed is not None]
    return f"{begin}; {found.target} with {' or '.join(turned)}" if turned else begin


def _checks(axes: Axes, found: Plan) -> None:
    """The assumptions as lines of text with marks."""
    marks = {"ok": "✓", "failed": "✗", "unchecked": "?"}
    axes.set_axis_off()
    axes.set_title("assumptions of the theorem", fontsize=SMALL + 1, color=INK, loc="left")
    for row, check in enumerate(found.checks):
        colour = TARGETS[5] if check.verdict == "failed" else INK if check.verdict == "ok" else FAINT
        text = f"{marks[check.verdict]}  {check.name}: {check.verdict}"
        place = 1.0 - (row + 0.5) / len(found.checks)
        axes.text(0.0, place, text, fontsize=SMALL, color=colour, transform=axes.transAxes, va="center")
