"""Pictures of what selfish play costs."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core.exact_numbers import fraction_text
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, words
from nashscape.theory.efficiency.results import PriceOfAnarchy, price_text
from nashscape.theory.efficiency.routing_results import SelfishRouting

WIDTH = 5.6
MOST_NAMES = 16
"""Equilibria whose names stand beside their bars."""


@or_several
@on_paper
def price_figure(found: PriceOfAnarchy, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """A bar for what every equilibrium costs or is worth, and lines for the best profile and for the bound.

    Args:
        found: what `price_of_anarchy` gave.
        title: of the figure; by default the game and its prices.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import price_of_anarchy
        >>> axes = price_figure(price_of_anarchy(games.stag_hunt())).axes[0]
        >>> [float(bar.get_width()) for bar in axes.patches]
        [8.0, 4.0, 5.333333333333333]
    """
    only(found, PriceOfAnarchy, "price_of_anarchy")
    values, places = np.array(found.values, dtype=float), np.arange(len(found.values))
    figure, [[axes]] = canvas(1, 1, WIDTH, 1.7 + 0.24 * min(max(len(values), 2), MOST_NAMES))
    bare(axes)
    pure = np.array(found.pure, dtype=bool)
    for chosen, colour, label, hatch in ((pure, TARGETS[0], "pure", ""), (~pure, TARGETS[1], "mixed", "///")):
        if chosen.any():
            look = {"color": colour, "hatch": hatch, "edgecolor": "white"}
            axes.barh(places[chosen], values[chosen], height=0.7, label=label, **look)
    best = float(found.optimum)
    axes.axvline(best, color=INK, linewidth=1.6, label=f"best profile, {fraction_text(found.optimum)}")
    if found.bound is not None:
        bound = float(found.bound) ** (1 if found.sense == "cost" else -1)
        axes.axvline(best * bound, color=INK, linestyle="--", linewidth=1.4, label="bound")
    few = len(places) <= MOST_NAMES
    axes.set_yticks(places if few else [], found.names if few else [])
    axes.invert_yaxis()
    kind = f"{found.sense}, summed" if found.kind == "sum" else f"{found.kind} {found.sense}"
    words(axes, xlabel=kind, ylabel="equilibrium")
    figure.legend(loc="outside lower center", ncols=2, fontsize=SMALL, frameon=False)
    usual = f"{found.game}: price of anarchy {price_text(found.anarchy)}, of stability {price_text(found.stability)}"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def routing_figure(found: SelfishRouting, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every edge carries if all travel selfishly, as a bar, and at best, as a bar beside it.

    Args:
        found: what `selfish_routing` gave.
        title: of the figure; by default the game and its price of anarchy.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import selfish_routing
        >>> axes = routing_figure(selfish_routing(games.braess())).axes[0]
        >>> [float(bar.get_height()) for bar in axes.patches][:5]
        [1.0, 0.0, 0.0, 1.0, 1.0]
    """
    only(found, SelfishRouting, "selfish_routing")
    figure, [[axes]] = canvas(1, 1, WIDTH, 3.2)
    bare(axes)
    places = np.arange(len(found.edges))
    selfish = (found.selfish_loads, found.selfish_cost, "selfish", "")
    best = (found.best_loads, found.best_cost, "best", "///")
    for k, (loads, cost, label, hatch) in enumerate((selfish, best)):
        told = f"{label}, at a cost of {fraction_text(cost)}"
        axes.bar(places + 0.4 * k - 0.2, np.array(loads, dtype=float), 0.38, color=TARGETS[k], hatch=hatch,
                 edgecolor="white", label=told)  # fmt: skip
    axes.set_xticks(places, found.edges)
    words(axes, xlabel="edge", ylabel="traffic on it")
    figure.legend(loc="outside lower center", ncols=2, fontsize=SMALL, frameon=False)
    usual = f"{found.game}: price of anarchy {price_text(found.anarchy)}"
    head(figure, usual if title is None else title)
    return figure
