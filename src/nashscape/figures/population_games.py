"""Pictures of one large population: whom mutants cannot invade, where shares go, and the way of one start."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core import target_code
from nashscape.core.tables import MOST_ROWS
from nashscape.evolution.basin_results import Evolution
from nashscape.evolution.stability_results import EvolutionaryStability
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import SMALL, bare, handle, look, words


@or_several
@on_paper
def stability_figure(found: EvolutionaryStability, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Every resident strategy as a bar of its shares, with its stability beside it.

    Args:
        found: what `evolutionary_stability` gave.
        title: of the figure; by default how many strategies are evolutionarily stable.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import evolutionary_stability
        >>> hawks = evolutionary_stability([[-2, 3], [0, 1.5]])
        >>> [text.get_text() for text in stability_figure(hawks).axes[0].get_yticklabels()]
        ['ESS']
    """
    only(found, EvolutionaryStability, "evolutionary_stability")
    shown = found.residents[:MOST_ROWS]
    figure, grid = canvas(1, 1, 6.2, 1.6 + 0.34 * len(shown))
    axes: Any = grid[0, 0]
    shares = np.array([one.strategy for one in shown], float).reshape(-1, len(found.types))
    before = np.zeros(len(shown))
    for k, name in enumerate(found.types):
        style = look(target_code(k))
        axes.barh(range(len(shown)), shares[:, k], left=before, height=0.7, color=style.colour, hatch=style.hatch,
                  edgecolor=style.ink, linewidth=0.4, label=name)  # fmt: skip
        before += shares[:, k]
    told = [one.status if one.alone else f"{one.status}, one of many" for one in shown]
    axes.set_yticks(range(len(shown)), told, fontsize=SMALL)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.spines[["top", "right"]].set_visible(False)
    words(axes, xlabel="share of the population")
    key(figure, [handle(look(target_code(k)), name) for k, name in enumerate(found.types)], columns=4)
    more = "" if len(shown) == len(found.residents) else f" (the first {len(shown)} of {len(found.residents)} shown)"
    head(figure, f"Evolutionarily stable: {len(found.stable)}{more}" if title is None else title)
    return figure


@or_several
@on_paper
def evolution_figure(found: Evolution, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The shares of all types over time.

    Args:
        found: what `evolve` or `generations` gave.
        title: of the figure; by default where the population goes.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import generations
        >>> evolution_figure(generations([[1, 5], [2, 3]], [0.1, 0.9])).axes[0].get_xlabel()
        'generation'
    """
    only(found, Evolution, "evolve")
    figure, grid = canvas(1, 1, 6.2, 3.4)
    axes: Any = grid[0, 0]
    bare(axes)
    for k, name in enumerate(found.types):
        axes.plot(found.times, found.shares[:, k], color=look(target_code(k)).colour, label=name,
                  linestyle=("-", "--", ":", "-.")[k % 4])  # fmt: skip
    axes.set_ylim(-0.02, 1.02)
    words(axes, xlabel="generation" if found.dynamic == "generations" else "time", ylabel="share")
    key(figure, columns=4)
    head(figure, f"{found.dynamic}: {found.ending}" if title is None else title)
    return figure
