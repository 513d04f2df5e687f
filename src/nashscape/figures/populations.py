"""Pictures of populations: what their answers leave to gain as they grow, and what strategies get of each other."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.colors import CenteredNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.core import InputError
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import DIVERGING, SMALL, TARGETS, bare, words
from nashscape.populations.grown import Grown

LEAST = 1e-9
"""Of the largest gain: what is drawn as nothing to gain, at the foot."""
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
    beside = len(several) == 1 and first.payoffs.ndim == 3 and max(first.payoffs.shape[1:]) <= MOST_SHOWN
    figure, grid = canvas(1, 2 if beside else 1, 4.6 if beside else 5.6, 3.6)
    _curves(grid[0, 0], several)
    if len(several) > 1:
        key(figure, columns=2)
    if beside:
        _payoffs(figure, grid[0, 1], first)
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
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    words(axes, xlabel="generation", ylabel="exploitability, in payoff units")


def _payoffs(figure: Figure, axes: Any, one: Grown) -> None:
    table = one.payoffs[0]
    half = float(np.abs(table).max()) or 1.0
    shades = axes.imshow(table, cmap=DIVERGING, norm=CenteredNorm(halfrange=half), aspect="auto")
    for side, (set_ticks, label) in enumerate(((axes.set_yticks, axes.set_ylabel), (axes.set_xticks, axes.set_xlabel))):
        names = one.names(side)
        every = -(-len(names) // 9)
        shown = list(range(0, len(names), every))
        turned = {"rotation": 90} if side else {}
        set_ticks(shown, [names[k] for k in shown], fontsize=SMALL, **turned)
        label(f"strategies of {one.sides[side]}", fontsize=SMALL)
    axes.set_title(f"payoff of {one.sides[0]}", fontsize=SMALL)
    bar = figure.colorbar(shades, ax=axes, shrink=0.85)
    bar.ax.tick_params(labelsize=SMALL)
