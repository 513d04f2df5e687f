"""Pictures of finite populations: who takes over, and where mutation keeps them."""

from typing import Any, Unpack

import numpy as np
from matplotlib.colors import CenteredNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.evolution.mutation_laws import MutationLaw
from nashscape.evolution.takeovers import Takeovers
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import DIVERGING, SMALL, TARGETS, bare, words

LEAST = 1e-12
"""Times neutral below which a takeover is drawn as this."""


@or_several
@on_paper
def takeovers_figure(found: Takeovers, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """How much likelier than if types made no difference each type takes over from each other.

    Args:
        found: what `takeovers` gave.
        title: of the figure; by default how many mutants of how many members.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import finite_population, takeovers
        >>> takeovers_figure(takeovers(finite_population([[3, 0], [5, 1]], 12))).axes[0].get_xlabel()
        'mutant'
    """
    only(found, Takeovers, "takeovers")
    figure, grid = canvas(1, 1, 5.4, 4.2)
    axes: Any = grid[0, 0]
    apart = ~np.eye(len(found.types), dtype=bool)
    times = np.where(apart, np.log10(np.maximum(found.probabilities / found.neutral, LEAST)), np.nan)
    half = max(float(np.abs(times[apart]).max()), 0.1)
    shades = axes.imshow(np.ma.masked_invalid(times), cmap=DIVERGING, norm=CenteredNorm(halfrange=half))
    write_cells(axes, np.where(apart, found.probabilities, np.nan), shades, at=times)
    axes.set_xticks(range(len(found.types)), found.types, rotation=90 if max(map(len, found.types)) > 6 else 0)
    axes.set_yticks(range(len(found.types)), found.types)
    words(axes, xlabel="mutant", ylabel="resident")
    bar = figure.colorbar(shades, ax=axes, shrink=0.85)
    bar.set_label("log₁₀ of probability / neutral", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    usual = f"Takeovers by {found.start} of {found.size} members (neutral: {found.neutral:.3g})"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def mutation_law_figure(found: MutationLaw, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The share of time at every number of the first type; of more than two types a curve for each.

    Args:
        found: what `mutation_law` gave.
        title: of the figure; by default how many members, and the mutation.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.evolution import finite_population, mutation_law
        >>> law = mutation_law(finite_population([[1, 1], [1, 1]], 3, mutation=0.1))
        >>> mutation_law_figure(law).axes[0].get_xlabel()
        'members of type A'
    """
    only(found, MutationLaw, "mutation_law")
    figure, grid = canvas(1, 1, 6.2, 3.6)
    axes: Any = grid[0, 0]
    bare(axes)
    number = np.arange(found.size + 1)
    drawn = range(1 if len(found.types) == 2 else len(found.types))
    for k in drawn:
        time = np.bincount(found.states[:, k], weights=found.masses, minlength=found.size + 1)
        look = {"color": TARGETS[k % len(TARGETS)], "linestyle": ("-", "--", ":", "-.")[k % 4], "label": found.types[k]}
        axes.plot(number, time, marker="o" if found.size <= 40 else "", markersize=4, **look)
    axes.set_ylim(bottom=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    if len(drawn) > 1:
        axes.legend(fontsize=SMALL, frameon=False)
    words(axes, xlabel=f"members of type {found.types[0]}" if len(drawn) == 1 else "members", ylabel="share of time")
    head(figure, f"{found.size} members, mutation {found.mutation:g}" if title is None else title)
    return figure
