"""Pictures of potentials over profiles, and of the parts of a game."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.profile_cells import name_cells, write_cells
from nashscape.figures.stacks import segment
from nashscape.figures.style import INK, SEQUENTIAL, SMALL, TARGETS, Look, bare, handle, words
from nashscape.theory.potentials.results import Decomposition, PotentialTest

WIDTH = 6.4
PARTS = {"potential": Look(TARGETS[0]), "harmonic": Look(TARGETS[1], "//"), "nonstrategic": Look("#E4E4E4", "..")}


@or_several
@on_paper
def potential_figure(found: PotentialTest, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The potential of every profile as a shade: a row for each action of the first player, a column for all others'.

    Cells in which it is largest are framed. Of a game without a potential a cycle of better replies is drawn.

    Args:
        found: what `potential_test` gave.
        title: of the figure; by default the kind and the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import potential_test
        >>> figure = potential_figure(potential_test(games.stag_hunt()))
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['0', '-1', '-1', '1']
    """
    only(found, PotentialTest, "potential_test")
    form = found.form
    rows = form.shape[0]
    columns = form.payoffs[0].size // rows
    figure, [[axes]] = canvas(1, 1, WIDTH, 1.8 + min(4.0, 0.5 * rows))
    if found.potential is None:
        axes.imshow(np.zeros((rows, columns)), cmap="Greys", aspect="auto")
    else:
        values = found.potential.astype(float).reshape(rows, columns)
        shades = axes.imshow(values, cmap=SEQUENTIAL, aspect="auto")
        figure.colorbar(shades, ax=axes, label="potential")
        write_cells(axes, values, shades)
        _frame(axes, values)
    if found.potential is None and found.cycle is not None:
        _draw_cycle(axes, found, columns)
    name_cells(axes, form.players, form.actions)
    usual = f"{found.game}: {found.kind if found.kind != 'none' else 'no'} potential"
    head(figure, usual if title is None else title)
    return figure


def _frame(axes: Axes, values: np.typing.NDArray[np.float64]) -> None:
    """A frame round the cells in which values are largest."""
    largest = values.max()
    for (r, c), value in np.ndenumerate(values):
        if value == largest:
            axes.add_patch(Rectangle((c - 0.47, r - 0.44), 0.94, 0.88, fill=False, edgecolor=TARGETS[5], linewidth=2.0))


def _draw_cycle(axes: Axes, found: PotentialTest, columns: int) -> None:
    """The way from each profile of the cycle to the next."""
    form, cycle = found.form, found.cycle or ()
    places = [int(np.ravel_multi_index(form.profile(name), form.shape)) for name in (*cycle, cycle[0])]
    at = [(place % columns, place // columns) for place in places]
    for tail, tip in pairwise(at):
        arrow = {"arrowstyle": "-|>", "color": TARGETS[5], "linewidth": 1.6, "shrinkA": 4, "shrinkB": 4}
        axes.annotate("", tip, tail, arrowprops=arrow)
    axes.plot(*zip(*at, strict=True), "o", color=INK, markersize=4)


@on_paper
def decomposition_figure(
    found: Decomposition | Mapping[str, Decomposition], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """How much of a game is potential, harmonic and nonstrategic: a bar, or one for each of several.

    Args:
        found: what `decomposition` gave, or several by name.
        title: of the figure; by default what is drawn.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import decomposition
        >>> axes = decomposition_figure(decomposition(games.battle_of_the_sexes())).axes[0]
        >>> [text.get_text() for text in axes.texts]
        ['50.0 %', '50.0 %']
    """
    every = dict(found) if isinstance(found, Mapping) else {getattr(found, "game", ""): found}
    for one in every.values() or [found]:
        only(one, Decomposition, "decomposition")
    figure, [[axes]] = canvas(1, 1, WIDTH, 1.3 + 0.45 * len(every))
    bare(axes)
    for row, one in enumerate(every.values()):
        left = 0.0
        for name, share in one.shares.items():
            left = segment(axes, row, left, 0.0 if np.isnan(share) else share, PARTS[name])
    axes.set_yticks(range(len(every)), list(every))
    axes.set_xlim(0, 1)
    axes.set_ylim(len(every) - 0.5, -0.5)
    words(axes, xlabel="share of the squared norm of the game")
    figure.legend(
        handles=[handle(look, name) for name, look in PARTS.items()],
        loc="outside lower center", ncols=3, fontsize=SMALL, frameon=False,
    )  # fmt: skip
    head(figure, "parts of games" if title is None else title)
    return figure
