"""Pictures of continuations: what is played where learning rests, against a parameter."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError, positive_integer
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words
from nashscape.learning.dial_table import axis_label, label_of
from nashscape.theory.following.branches import Branch, Continuation

MARKERS: Mapping[str, tuple[str, str]] = {
    "fold": ("s", TARGETS[1]),
    "pitchfork": ("^", TARGETS[5]),
    "transcritical": ("D", TARGETS[2]),
    "line": ("P", TARGETS[4]),
    "Hopf": ("o", TARGETS[3]),
    "branch point": ("v", FAINT),
}
"""Marker and colour of every kind of bifurcation."""

LINES: Mapping[str, tuple[Any, float]] = {"stable": ("-", 2.0), "unstable": ("--", 1.1), "neutral": (":", 1.6)}
"""Dashes and width of every kind of stability."""


@on_paper
@or_several
def bifurcation_figure(
    found: Continuation, *, player: int = 0, action: int = 0, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """What one player plays at every zero against the parameter: stable branches solid, unstable ones dashed.

    Neutral points, whose stability the linear part does not tell, are dotted; every kind of bifurcation has a marker.

    Args:
        found: a continuation.
        player: number of the player whose strategy is drawn.
        action: number of its action (of a game with continuous actions, of the coordinate).
        title: of the figure; by default rule and game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, and for a player or an action that there is not.

    Example:
        >>> from nashscape import games, open_source
        >>> from nashscape.theory import continuation
        >>> found = continuation(lambda k: open_source(games.prisoners_dilemma(), k), 0.35, 0.5, start=[0.5, 0.5],
        ...                      at=0.4, parameter="coupling κ", switch=False)
        >>> figure = bifurcation_figure(found)
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['stable', 'unstable', 'pitchfork']
    """
    only(found, Continuation, "continuation")
    _check_place(found, player, action)
    figure, grid = canvas(1, 1, 6.4, 4.0)
    axes = grid[0, 0]
    bare(axes)
    shown = {kind for branch in found.branches for kind in _draw(axes, branch, player, action)}
    keys = [
        Line2D([], [], color=TARGETS[0], linestyle=dash, linewidth=width, label=kind)
        for kind, (dash, width) in LINES.items()
        if kind in shown
    ]
    for kind, (marker, colour) in MARKERS.items():
        points = found.of_kind(kind)
        if points:
            look: Any = {"marker": marker, "markerfacecolor": colour, "markeredgecolor": INK, "markersize": 7.0}
            x = [(point.low + point.high) / 2 for point in points]
            y = [point.strategies[player].ravel()[action] for point in points]
            keys += axes.plot(x, y, linestyle="none", label=kind, zorder=3, **look)
    if keys:
        key(figure, keys, columns=4)
    axes.set_xlim(found.low, found.high)
    if found.probabilities:
        axes.set_ylim(-0.02, 1.02)
    what = "probability of its" if found.probabilities else "its"
    thing = "action" if found.probabilities else "coordinate"
    words(axes, xlabel=axis_label(found.parameter), ylabel=f"player {player + 1}: {what} {thing} {action + 1}")
    head(axes, _finding(found) if title is None else title)
    return figure


def _finding(found: Continuation) -> str:
    """Which bifurcations there are, and where the first of each kind lies."""
    begin = f"{found.rule} on {found.game}"
    firsts = {kind: min(found.of_kind(kind), key=lambda one: one.low, default=None) for kind in MARKERS}
    said = [f"{kind} at {(one.low + one.high) / 2:.4g}" for kind, one in firsts.items() if one is not None]
    return f"{begin}: {', '.join(said) or 'no bifurcation'} ({label_of(found.parameter)})"


def _check_place(found: Continuation, player: int, action: int) -> None:
    positive_integer(player, "player", at_least=0)
    positive_integer(action, "action", at_least=0)
    for branch in found.branches:
        sizes = [own[0].size for own in branch.strategies]
        if player >= len(sizes) or action >= sizes[player]:
            raise InputError(
                f"there is no action {action} of player {player}; both count from 0, and players have {sizes} actions"
            )


def _draw(axes: Axes, branch: Branch, player: int, action: int) -> set[str]:
    """Draw a branch in pieces of one stability, which meet in the brackets of bifurcations; returns their kinds."""
    y = branch.strategies[player].reshape(len(branch.values), -1)[:, action]
    kinds = np.where(branch.unstable > 0, "unstable", np.where(branch.neutral > 0, "neutral", "stable"))
    if len(kinds) > 2:
        # a branch that begins or ends at a branch point is neutral there and nowhere else
        kinds[0], kinds[-1] = kinds[1], kinds[-2]
    cuts = [0, *(np.flatnonzero(kinds[1:] != kinds[:-1]) + 1).tolist(), len(kinds)]
    for begin, end in pairwise(cuts):
        dash, width = LINES[kinds[begin]]
        piece = slice(begin, end + 1)
        axes.plot(branch.values[piece], y[piece], dash, linewidth=width, color=TARGETS[0])
    return set(kinds.tolist())
