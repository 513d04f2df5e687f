"""Pictures of populations: what their answers leave to gain as they grow, and what strategies get of each other."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.core import InputError
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.payoff_tables import payoffs_drawn
from nashscape.figures.style import TARGETS, bare, words
from nashscape.populations.grown import Grown
from nashscape.populations.leading_results import LeadsTo

LEAST = 1e-9
"""Of the largest gain: what is drawn as nothing to gain, at the foot."""
MOST_OUTCOMES = 12
"""The most frequent answers that are drawn."""
MOST_SHOWN = 40
"""Strategies of a pool up to which payoffs are drawn."""


@on_paper
def grown_figure(found: Grown | Mapping[str, Grown], *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Exploitability by generation; of one population of two sides, beside it what the first gets, by strategy.

    Args:
        found: what `grow` gave, or several by name.
        title: of the figure; by default the game, and the way in which it grew.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import grow
        >>> grown_figure(grow(games.rock_paper_scissors(), start="first")).axes[0].get_ylabel()
        'exploitability, in payoff units'
    """
    several = dict(found) if isinstance(found, Mapping) else {only(found, Grown, "grow").by: found}
    for one in several.values():
        only(one, Grown, "grow")
    if not several:
        raise InputError("there are no results to draw")
    first = next(iter(several.values()))
    few = first.payoffs.ndim == 3 and first.payoffs.size > 0 and max(first.payoffs.shape[1:]) <= MOST_SHOWN
    beside = len(several) == 1 and few
    figure, grid = canvas(1, 2 if beside else 1, 8.6 if beside else 5.6, 3.6)
    _curves(grid[0, 0], several)
    if len(several) > 1:
        key(figure, columns=2)
    if beside:
        names = [first.names(side) for side in range(2)]
        payoffs_drawn(figure, grid[0, 1], first.payoffs[0], names, first.sides, "strategies")
    usual = f"{first.game}: a population by {first.by}" if len(several) == 1 else f"{first.game}: populations"
    head(figure, usual if title is None else title)
    return figure


def _curves(axes: Any, several: Mapping[str, Grown]) -> None:
    bare(axes)
    largest = max(float(one.gains.mean(axis=1).max()) for one in several.values()) or 1.0
    for k, (name, one) in enumerate(several.items()):
        gains = one.gains.mean(axis=1)
        look = {"color": TARGETS[k % len(TARGETS)], "linestyle": ("-", "--", ":", "-.")[k % 4], "label": name}
        few = len(gains) <= 30
        axes.plot(range(len(gains)), gains, marker="o" if few else "", markersize=4, **look, clip_on=False, zorder=3)
    axes.set_ylim(0, 1.08 * largest)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    words(axes, xlabel="generation", ylabel="exploitability, in payoff units")


@on_paper
def leads_to_figure(
    found: LeadsTo | Mapping[str, LeadsTo], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """How often each answer is come to, with intervals.

    Args:
        found: what `leads_to` gave, or several by name.
        title: of the figure; by default the game, and the way of growing.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import leads_to
        >>> leads_to_figure(leads_to(games.stag_hunt(), n=10, generations=2)).axes[0].get_xlabel()
        'share of runs'
    """
    several = dict(found) if isinstance(found, Mapping) else {only(found, LeadsTo, "leads_to").by: found}
    for one in several.values():
        only(one, LeadsTo, "leads_to")
    if not several:
        raise InputError("there are no results to draw")
    names = list(dict.fromkeys(name for one in several.values() for name in one.outcomes))[:MOST_OUTCOMES]
    figure, [[axes]] = canvas(1, 1, 6.0, 1.4 + 0.34 * len(names) * max(1, 0.6 * len(several)))
    bare(axes)
    for k, (way, one) in enumerate(several.items()):
        shares = [one.share(name) for name in names]
        places = np.arange(len(names)) + (k - (len(several) - 1) / 2) * 0.7 / len(several)
        middle = np.array([share.value for share in shares])
        ends = np.array([[m - share.low, share.high - m] for m, share in zip(middle, shares, strict=True)]).T
        look = {"color": TARGETS[k % len(TARGETS)], "marker": "osD^"[k % 4], "label": way}
        axes.errorbar(middle, places, xerr=np.maximum(ends, 0.0), linestyle="", capsize=3, **look)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    words(axes, xlabel="share of runs", ylabel="answer")
    if len(several) > 1:
        key(figure, columns=2)
    first = next(iter(several.values()))
    usual = f"{first.game}: where {len(first.labels)} runs lead to" + (f", {first.by}" if len(several) == 1 else "")
    head(figure, usual if title is None else title)
    return figure
