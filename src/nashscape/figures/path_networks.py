"""Pictures of the paths of Lemke and Howson: a network of equilibria."""

from collections import defaultdict
from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS
from nashscape.theory.nash.path_results import LemkeHowsonPaths
from nashscape.theory.nash.path_tables import node_names

SIZE = 6.0


@or_several
@on_paper
def network_figure(found: LemkeHowsonPaths, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Nodes on a circle, the paths between them as lines with the labels that they drop.

    Nodes of sign 1 are discs, those of sign −1 squares; the white one is where nobody plays.

    Args:
        found: what `lemke_howson_paths` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import lemke_howson_paths
        >>> axes = network_figure(lemke_howson_paths(games.stag_hunt())).axes[0]
        >>> [text.get_text() for text in axes.texts[-4:]]
        ['nobody plays', 'CC', 'DD', 'C+D/C+D']
    """
    only(found, LemkeHowsonPaths, "lemke_howson_paths")
    figure, [[axes]] = canvas(1, 1, SIZE, SIZE)
    names = node_names(found)
    turns = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    at = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    between: dict[tuple[int, int], list[str]] = defaultdict(list)
    for one in found.edges:
        between[min(one.ends), max(one.ends)].append(one.label)
    for (a, b), labels in between.items():
        axes.plot(*at[[a, b]].T, color=FAINT, linewidth=1.2, zorder=1)
        # not in the middle, where lines of a circle cross
        x, y = 0.7 * at[a] + 0.3 * at[b]
        box = {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1.0}
        axes.text(x, y, "\n".join(labels), ha="center", va="center", fontsize=SMALL, color=INK, bbox=box)
    for node, (name, sign) in enumerate(zip(names, found.signs, strict=True)):
        colour = "#FFFFFF" if node == 0 else TARGETS[0] if sign > 0 else TARGETS[1]
        axes.plot(*at[node], "o" if sign > 0 else "s", color=colour, markeredgecolor=INK, markersize=12, zorder=2)
        side = "center" if abs(at[node, 0]) < 0.3 else "left" if at[node, 0] > 0 else "right"
        axes.text(*(1.13 * at[node]), name, ha=side, va="center", fontsize=SMALL + 1, color=INK)
    axes.set_aspect("equal")
    axes.set_xlim(-1.7, 1.7)
    axes.set_ylim(-1.35, 1.35)
    axes.set_axis_off()
    usual = f"paths of Lemke and Howson in {found.game}"
    head(figure, usual if title is None else title)
    return figure
