"""Pictures of steering: shares against the number that is steered by, plans, explanations."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, canvas, words
from nashscape.learning.dial_table import label_of
from nashscape.selection.edges.projections import TOTAL
from nashscape.selection.explaining.explanation_results import Explanation
from nashscape.selection.plans.plan_results import Plan
from nashscape.selection.steering.steering_results import Steering

REACHED, MISSED, OPEN = "o", "x", "D"
TERMS = {"base": TARGETS[0], "own": TARGETS[2], "peer": TARGETS[1], "lookahead": TARGETS[3], "correction": TARGETS[5]}


@or_several
def steering_figure(found: Steering) -> Figure:
    """The share against the number, with intervals, the wanted share and the bracket; below it the price.

    Args:
        found: what `steer` made.

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
    figure, grid = canvas(2, 1, 6.0, 4.8, sharex=True, height_ratios=(3, 1))
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
            label = f"bracket [{low:.5g}, {high:.5g}]"
            axes.axvspan(low, high, color=TARGETS[4], alpha=0.35, linewidth=1.0, label=label)
        bare(axes)
    what = "share of starts that reach" if found.about == "starts" else "probability of"
    words(shares, title=f"{found.rule} on {found.game}", ylabel=f"{what} {found.target}")
    shares.set_ylim(-0.02, 1.02)
    shares.legend(fontsize=SMALL, frameon=False)
    prices.plot(found.values, found.prices, "-", color=INK, linewidth=1.0)
    words(prices, xlabel=label_of(found.parameter), ylabel="price")
    prices.set_title(_wrapped(found.priced_in), fontsize=SMALL - 1, color=FAINT, loc="left")
    return figure


def plan_figure(found: Plan) -> Figure:
    """The share of runs that have failed after k starts: as promised, as published, as measured; and the checks.

    Args:
        found: what `plan` made.

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
    figure, grid = canvas(1, 2, 9.0, 3.6, width_ratios=(3, 2))
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
    words(
        tails, title=f"{found.rule} on {found.game}", xlabel="starts made, k", ylabel=f"share not yet at {found.target}"
    )
    tails.set_yscale("log")
    tails.xaxis.get_major_locator().set_params(integer=True)
    tails.legend(fontsize=SMALL, frameon=False)
    bare(tails)
    _checks(notes, found)
    return figure


def explanation_figure(found: Explanation) -> Figure:
    """What every term pushed towards the target, step by step and added up; of a rule of one term that alone.

    Args:
        found: what `explain` made.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, pg
        >>> from nashscape.selection.explaining.answering import explain
        >>> explanation_figure(explain(games.stag_hunt(), pg(), [0.5, 0.6], changes=[])).axes[0].get_xlabel()
        'update'
    """
    only(found, Explanation, "explain")
    figure, grid = canvas(1, 2, 8.6, 3.4, sharex=True)
    # the total of a single term would hide it
    lines = {name: own for name, own in found.pushes.items() if name != TOTAL or len(found.pushes) > 2}
    for axes, summed in zip(grid[0], (False, True), strict=True):
        for name, own in lines.items():
            line = np.cumsum(np.nan_to_num(own)) if summed else own
            colour, width = (INK, 1.6) if name == TOTAL else (TERMS.get(name, FAINT), 1.1)
            axes.plot(np.arange(len(line)), line, "-", color=colour, linewidth=width, label=name)
        axes.axhline(0.0, color=FAINT, linewidth=0.8)
        bare(axes)
        title = "added up" if summed else f"{found.rule} on {found.game} from {found.where}: {found.outcome}"
        words(axes, title=title, xlabel="update", ylabel=f"push towards {found.target}, in parameters")
    grid[0][0].legend(fontsize=SMALL, frameon=False)
    return figure


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


def _wrapped(text: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, 88))
