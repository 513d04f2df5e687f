"""Pictures of scenarios: what focal populations get beside each background."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import SEQUENTIAL, SMALL, words
from nashscape.populations.scenario_results import Scenarios


@or_several
@on_paper
def scenarios_figure(found: Scenarios, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What a focal player of each population gets in each scenario, and where its population has all seats.

    A dot under a number says that the population was trained with that background.

    Args:
        found: what `scenarios` gave.
        title: of the figure; by default the game and which seats are focal.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import scenarios
        >>> found = scenarios(games.stag_hunt(), {"hunters": "C"}, {"hunter": "C", "loner": "D"}, trained="hunter")
        >>> [label.get_text() for label in scenarios_figure(found).axes[0].get_xticklabels()]
        ['hunter', 'loner', 'all seats']
    """
    only(found, Scenarios, "scenarios")
    values = np.column_stack([found.scores, [one.value for one in found.alone]])
    rows, columns = values.shape
    figure, [[axes]] = canvas(1, 1, 2.6 + 0.75 * columns, 1.6 + 0.45 * rows)
    shades = axes.imshow(values, cmap=SEQUENTIAL, aspect="auto")
    write_cells(axes, values, shades)
    for r, c in np.argwhere(found.trained):
        axes.plot(c, r + 0.32, "o", color="white", markeredgecolor="black", markersize=4)
    names = [name.replace("$", r"\$") for name in (*found.backgrounds, "all seats")]
    axes.set_xticks(range(columns), names, rotation=0 if max(map(len, names)) < 10 and columns < 8 else 90)
    axes.set_yticks(range(rows), [name.replace("$", r"\$") for name in found.focal])
    axes.axvline(columns - 1.5, color="white", linewidth=3)
    words(axes, xlabel="background; dots: of the training", ylabel="focal population")
    bar = figure.colorbar(shades, ax=axes, pad=0.03)
    bar.set_label("payoff of a focal player", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    head(figure, f"{found.game}: {found.seats} focal" if title is None else title)
    return figure
