"""Pictures of one large population: its equilibria, and which of them mutants cannot invade."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.evolution.stability_results import EvolutionaryStability
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import SMALL, TARGETS, bare, words

HATCHES = ("", "////", "....", "xxxx")
MOST_SHOWN = 16


@or_several
@on_paper
def stability_figure(found: EvolutionaryStability, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The shares of types in each strategy, one bar each, and how firm it is against mutants.

    Args:
        found: what `evolutionary_stability` gave; the first 16 strategies are drawn.
        title: of the figure; by default how many of them are evolutionarily stable.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import evolutionary_stability
        >>> stability_figure(evolutionary_stability([[-2, 3], [0, "3/2"]])).axes[0].get_xlabel()
        'share of types'
    """
    only(found, EvolutionaryStability, "evolutionary_stability")
    residents = found.residents[:MOST_SHOWN]
    figure, grid = canvas(1, 1, 6.0, 1.3 + 0.42 * max(len(residents), 1))
    axes: Any = grid[0, 0]
    bare(axes)
    axes.grid(False)
    left = np.zeros(len(residents))
    for k, name in enumerate(found.types):
        shares = np.array([float(one.strategy[k]) for one in residents])
        look = {"color": TARGETS[k % len(TARGETS)], "hatch": HATCHES[(k // len(TARGETS)) % 4], "edgecolor": "white"}
        axes.barh(range(len(residents)), shares, left=left, height=0.62, label=name, **look)
        left += shares
    axes.set_yticks(range(len(residents)), [one.status for one in residents], fontsize=SMALL)
    axes.set_ylim(len(residents) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    words(axes, xlabel="share of types", ylabel="")
    key(figure, columns=4)
    stable = len(found.stable)
    usual = f"Residents of {len(found.types)} types, {len(found.residents)} in all: {stable} evolutionarily stable"
    head(figure, usual if title is None else title)
    return figure
