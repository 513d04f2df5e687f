"""Pictures of games of programs: what every two play, and what that pays."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.style import SEQUENTIAL, SMALL, contrast, words
from nashscape.programs.program_games import ProgramGame

MOST_WRITTEN = 12
"""Programs of a player up to which cells are written into."""
LONGEST_NAME = 20
BESIDE = 2.6
"""Inches that names and the bar of shades take."""
NARROW = 0.4
"""Inches of a cell below which its shares stand below each other."""


@or_several
@on_paper
def program_game_figure(found: ProgramGame, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What the first player gets as shades, and in each cell what is played; frames are equilibria within the table.

    Args:
        found: what `program_game` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.programs import plays, program_game
        >>> found = program_game([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], [plays(0), plays(1)])
        >>> program_game_figure(found).axes[0].get_ylabel()
        'player 1'
    """
    only(found, ProgramGame, "program_game")
    wide, high = len(found.columns), len(found.rows)
    figure, grid = canvas(1, 1, 3.2 + 0.62 * wide, 1.8 + 0.42 * high)
    axes: Any = grid[0, 0]
    shades = axes.imshow(found.payoffs[0], cmap=SEQUENTIAL, aspect="auto")
    axes.set_xticks(range(wide), [_name(own) for own in found.columns], rotation=90)
    axes.set_yticks(range(high), [_name(own) for own in found.rows])
    words(axes, xlabel=found.players[1], ylabel=found.players[0])
    narrow = (inches(figure)[0] - BESIDE) / wide < NARROW
    for i, j in np.ndindex(high, wide):
        colour = contrast(shades.cmap(shades.norm(found.payoffs[0, i, j])))
        if max(wide, high) <= MOST_WRITTEN:
            text = found.cell(i, j).replace("/", "\n").replace(" ", "\n" if narrow else " ").replace("$", r"\$")
            axes.text(j, i, text, ha="center", va="center", fontsize=SMALL - 1.5 * ("\n" in text), color=colour)
        if (found.regrets[:, i, j] == 0).all():
            line = "-" if found.strict[i, j] else "--"
            box = {"edgecolor": colour, "linewidth": 1.6, "linestyle": line, "facecolor": "none"}
            axes.add_patch(_rectangle(j, i, **box))
    bar = figure.colorbar(shades, ax=axes, shrink=0.9)
    bar.set_label(f"payoff of {found.players[0]}", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    head(figure, f"Programs of {found.game} (frames: equilibria within this table)" if title is None else title)
    return figure


def _rectangle(j: int, i: int, **look: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((j - 0.44, i - 0.42), 0.88, 0.84, **look)


def _name(text: str) -> str:
    short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    return short.replace("$", r"\$")
