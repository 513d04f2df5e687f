"""Pictures of iterated elimination: how long every action lasts."""

from typing import Unpack

from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, words
from nashscape.theory.domination.actions import mixture
from nashscape.theory.domination.results import IteratedDominance

WIDTH = 7.0
HATCHES = ("", "////", "....", "xxxx")
"""Of the players, one after the other."""


@or_several
@on_paper
def elimination_figure(found: IteratedDominance, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """A bar for every action, as long as the rounds that it lasts; what dominates it stands at its end.

    Args:
        found: what `iterated_dominance` gave.
        title: of the figure; by default the kind of domination and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import iterated_dominance
        >>> axes = elimination_figure(iterated_dominance(games.prisoners_dilemma())).axes[0]
        >>> [text.get_text() for text in axes.texts]
        ['by D', '', 'by D', '']
    """
    only(found, IteratedDominance, "iterated_dominance")
    gone = {(one.player, one.action): (k, one) for k, once in enumerate(found.rounds, 1) for one in once}
    every = [(player, name) for player, names in zip(found.players, found.actions, strict=True) for name in names]
    end = len(found.rounds) + 1
    figure, [[axes]] = canvas(1, 1, WIDTH, 1.4 + 0.3 * len(every))
    bare(axes)
    for row, one in enumerate(every):
        last, dominated = gone.get(one, (end, None))
        player = found.players.index(one[0])
        colour, hatch = TARGETS[player % len(TARGETS)], HATCHES[player % len(HATCHES)]
        # what is removed is an outline, so that greys tell it from what is left
        fill = {"facecolor": "white", "edgecolor": colour} if dominated else {"facecolor": colour, "edgecolor": "white"}
        axes.barh(row, last, height=0.62, hatch=hatch, linewidth=1.0, **fill)
        text = "" if dominated is None else f"by {mixture(dominated.by)}"
        axes.text(last + 0.03, row, text, va="center", fontsize=SMALL, color=INK)
    axes.set_yticks(range(len(every)), [f"{player}: {name}" for player, name in every])
    axes.set_xticks(range(1, end + 1), [*map(str, range(1, end)), "left"])
    axes.set_xlim(0, end + 0.35 * end)
    axes.invert_yaxis()
    words(axes, xlabel="round in which it is removed")
    usual = f"{found.kind} domination in {found.game}"
    head(figure, usual if title is None else title)
    return figure
