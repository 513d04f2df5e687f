"""Pictures of trees: nodes, moves, information sets and payoffs, and how likely strategies make each move."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError
from nashscape.core.exact_numbers import fraction_text
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS
from nashscape.figures.trees import MARKS
from nashscape.games import TreeGame, mixed_profile, needs
from nashscape.games import game as as_game
from nashscape.games.forms.trees.nodes import Tree
from nashscape.games.forms.trees.outcomes import written_tree

MOST = 48
"""Plays of the largest tree that is drawn."""

ACROSS, DOWN = 0.55, 0.85
"""Inches between ends, and between moves."""


@on_paper
def tree_figure(
    game: Any, strategies: Sequence[Any] | None = None, *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """A game in extensive form as a tree, from the top down.

    A mark for every node, by who moves; broken lines join the nodes of an information set; payoffs stand at the ends,
    one player below the other. With strategies, moves are as wide as they are likely.

    Args:
        game: in extensive form, with at most 48 plays.
        strategies: behaviour strategies, as in `games.mixed_profile`; by default all lines are alike.
        title: of the figure; by default the name of the game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for other games, and larger trees.

    Example:
        >>> from nashscape.games import decision, ending, extensive_game
        >>> game = extensive_game(decision(0, {"l": ending(1, 1), "r": decision(1, {"x": ending(2, 0)})}))
        >>> tree_figure(game).axes[0].get_legend_handles_labels()[1]
        []
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="draw a tree")
    if made.n_plays > MOST:
        raise InputError(
            f"{made.name} has {made.n_plays:,} plays, and trees of {MOST} at most are drawn; pictures of its "
            "equilibria show information sets one below the other"
        )
    profile = None if strategies is None else mixed_profile(made, strategies)
    plan = _plan(made, profile)
    deep = int(plan.places[:, 1].max())
    tall = 1.4 + DOWN * deep + 0.14 * len(made.players)
    figure, [[axes]] = canvas(1, 1, max(3.2, ACROSS * made.n_plays + 0.6), tall)
    _draw(axes, made, plan)
    figure.legend(handles=_handles(made, plan), loc="outside lower center", ncols=4 if made.n_plays > 7 else 2,
                  fontsize=SMALL, frameon=False)  # fmt: skip
    head(figure, made.name if title is None else title)
    return figure


@dataclass(frozen=True)
class _Plan:
    """Where nodes are, `[nodes, 2]` with depths downwards; what follows what; and how likely every move is."""

    tree: Tree
    places: npt.NDArray[np.float64]
    above: list[tuple[int, int]]
    shares: list[float | None]


def _plan(game: TreeGame, profile: Any) -> _Plan:
    tree = written_tree(game)
    count = len(tree.nodes)
    rows = [{place: row for row, place in enumerate(own)} for own in game.places]
    depth, above = np.zeros(count), [(-1, -1)] * count
    shares: list[float | None] = [None] * count
    own: list[float | None]
    waiting: list[tuple[int, int, float | None]] = [(-1, -1, None)]
    for number, node in enumerate(tree.nodes):
        parent, branch, share = waiting.pop()
        above[number], shares[number] = (parent, branch), share
        depth[number] = 0 if parent < 0 else depth[parent] + 1
        if node.mover is None:
            continue
        own = [float(p) for p in node.chances]
        if node.mover >= 0:
            row = rows[node.mover][node.place]
            columns = list(game.columns[node.mover][row])
            own = [None] * node.branches if profile is None else profile[node.mover][row][columns].tolist()
        waiting.extend((number, k, own[k]) for k in reversed(range(node.branches)))
    return _Plan(tree, np.stack([_across(tree, above), depth], axis=1), above, shares)


def _across(tree: Tree, above: list[tuple[int, int]]) -> npt.NDArray[np.float64]:
    """Ends side by side, every other node in the middle of what follows it."""
    across, ends = np.full(len(tree.nodes), np.nan), 0
    for number, node in enumerate(tree.nodes):
        if node.mover is None:
            across[number] = ends
            ends += 1
    below: dict[int, list[int]] = defaultdict(list)
    for number in reversed(range(len(tree.nodes))):
        if number in below:
            across[number] = np.mean([across[own] for own in below[number]])
        below[above[number][0]].append(number)
    return across


def _draw(axes: Axes, game: TreeGame, plan: _Plan) -> None:
    tree = plan.tree
    for number, (parent, branch) in enumerate(plan.above):
        if parent < 0:
            continue
        share = plan.shares[number]
        (x, y), (u, v) = plan.places[parent], plan.places[number]
        width = 1.0 if share is None else 0.5 + 3.0 * share
        axes.plot([x, u], [y, v], color=INK, lw=width, zorder=1, solid_capstyle="round")
        node = tree.nodes[parent]
        labels = tree.moves.get(parent, ()) if node.mover == -1 else tree.sets[node.mover or 0][node.place]
        said = labels[branch] if labels else ""
        if node.mover == -1:
            said = f"{said} {fraction_text(node.chances[branch])}".strip()
        axes.text(0.45 * x + 0.55 * u, 0.45 * y + 0.55 * v, said, fontsize=SMALL, ha="center", va="center",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}, zorder=3)  # fmt: skip
    for number, node in enumerate(tree.nodes):
        x, y = plan.places[number]
        if node.mover is None:
            texts = [fraction_text(p) for p in node.payoffs] or ["0"] * len(game.players)
            for k, said in enumerate(texts):
                axes.annotate(said, (x, y), (0, -4 - 11 * k), textcoords="offset points", ha="center", va="top",
                              fontsize=SMALL, color=TARGETS[k % len(TARGETS)])  # fmt: skip
        else:
            mark, colour = MARKS[node.mover % len(MARKS)], TARGETS[node.mover % len(TARGETS)]
            mark, colour, size = ("*", FAINT, 9) if node.mover < 0 else (mark, colour, 7)
            axes.plot(x, y, mark, color=colour, markersize=size, zorder=4)
    crossing: dict[float, int] = defaultdict(int)
    for player, members in _together(tree):
        at = plan.places[members]
        level = float(at[0, 1])
        crossing[level] += 1
        for (x, y), (u, v) in pairwise(at.tolist()):
            # each set of one depth in arcs of its own height, so that none covers another
            up, steps = 0.1 * crossing[level], np.linspace(0.0, 1.0, 25)
            axes.plot(x + (u - x) * steps, y + (v - y) * steps - 4 * up * steps * (1 - steps), "--",
                      color=TARGETS[player % len(TARGETS)], lw=1.0, zorder=2)  # fmt: skip
    axes.invert_yaxis()
    axes.margins(0.06, 0.12)
    axes.set_axis_off()


def _together(tree: Tree) -> list[tuple[int, list[int]]]:
    """Information sets of several nodes, each with its player."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, node in enumerate(tree.nodes):
        if node.mover is not None and node.mover >= 0:
            found[node.mover, node.place].append(number)
    return [(player, members) for (player, _), members in found.items() if len(members) > 1]


def _handles(game: TreeGame, plan: _Plan) -> list[Line2D]:
    made = [
        Line2D([], [], marker=MARKS[k % len(MARKS)], color=TARGETS[k % len(TARGETS)], ls="none", label=name)
        for k, name in enumerate(game.players)
    ]
    if any(node.mover == -1 for node in plan.tree.nodes):
        made.append(Line2D([], [], marker="*", color=FAINT, ls="none", label="chance"))
    if _together(plan.tree):
        made.append(Line2D([], [], color=INK, ls="--", lw=1.0, label="not told apart"))
    return made
