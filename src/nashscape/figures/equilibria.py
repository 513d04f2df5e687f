"""Pictures of equilibria: best-response curves of 2×2 games, bars of strategies of larger ones."""

import textwrap
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, contrast, words
from nashscape.games import DenseGame
from nashscape.theory.nash.results import Equilibria, Equilibrium

MOST = 12
"""Equilibria that a figure of bars shows; the title says how many there are."""


@on_paper
def equilibria_figure(found: Equilibria, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The equilibria of a game, with what is known of each.

    In 2×2 games the best-response curves, with an equilibrium wherever they meet: filled where strict. Where they meet
    along a line or over an area, that is marked. In larger ones a row of bars per equilibrium, the probabilities of
    each player's actions; those that hang together say to which set they belong.

    Args:
        found: what `equilibria` gave.
        title: of the figure; by default game and number.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory.nash.finding import equilibria
        >>> equilibria_figure(equilibria(games.stag_hunt())).axes[0].get_xlabel()
        'probability that player 1 plays C'
    """
    only(found, Equilibria, "equilibria(game)")
    extreme = "extreme " if found.infinite and found.method == "exact" else ""
    number = f"{len(found)} {extreme}equilibri{'um' if len(found) == 1 else 'a'} of {found.game}"
    number += f", {found.infinite} set{'s' if found.infinite > 1 else ''} of infinitely many" if found.infinite else ""
    number += "" if found.complete else " (there can be more)"
    number += f", the first {MOST}" if found.form.shape != (2, 2) and len(found) > MOST else ""
    figure = _curves(found) if found.form.shape == (2, 2) else _bars(found)
    head(figure, number if title is None else title)
    return figure


def _curves(found: Equilibria) -> Figure:
    figure, [[axes]] = canvas(1, 1, 5.2, 4.7)
    bare(axes)
    for player, (name, style) in enumerate(zip(found.form.players, ("-", "--"), strict=True)):
        _best_responses(axes, found.form, player, color=TARGETS[player], linestyle=style, label=f"best for {name}")
    _sets(axes, found)
    for one in found:
        x, y = (own[0] for own in one.strategies)
        label = f"{one.name}: {', '.join(one.labels)}"
        axes.plot(x, y, _marker(one), color=INK, fillstyle="full" if one.strict else "none", markersize=9, label=label)
    axes.set_xlim(-0.05, 1.05)
    axes.set_ylim(-0.05, 1.05)
    names = [f"probability that {name} plays {own[0]}" for name, own in zip(*_people(found), strict=True)]
    words(axes, xlabel=names[0], ylabel=names[1])
    key(figure, columns=2)
    return figure


def _sets(axes: Axes, found: Equilibria) -> None:
    """Maximal Nash subsets of more than one equilibrium: lines, or areas."""
    label = "an equilibrium everywhere"
    for numbers in (own for own in found.subsets if len(own) > 1):
        x, y = (sorted({float(found[k].strategies[i][0]) for k in numbers}) for i in (0, 1))
        if len(x) > 1 and len(y) > 1:
            axes.fill([x[0], x[-1], x[-1], x[0]], [y[0], y[0], y[-1], y[-1]], color=INK, alpha=0.2, label=label)
        else:
            axes.plot([x[0], x[-1]], [y[0], y[-1]], color=INK, alpha=0.3, linewidth=9, label=label)
        label = "_"


def _people(found: Equilibria) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return found.form.players, found.form.actions


def _marker(one: Equilibrium) -> str:
    return "*" if one.selected_by else "o" if one.pure else "D"


def _best_responses(axes: Axes, game: DenseGame, player: int, **options: Any) -> None:
    """Where a player's first action is best, worst, or as good as the other, against the other's probability."""
    own = game.payoffs[0] if player == 0 else game.payoffs[1].T
    # what the first action gains when the other plays the second action, and the first
    never, always = own[0, 1] - own[1, 1], own[0, 0] - own[1, 0]
    if never == 0 == always:
        axes.fill([0, 1, 1, 0], [0, 0, 1, 1], color=options["color"], alpha=0.15, label=options["label"])
        return
    if never * always > 0:
        points = [(float(never > 0), q) for q in (0.0, 1.0)]
    else:
        switch = never / (never - always)
        low = float(never > 0) if never != 0 else float(always < 0)
        points = [(low, 0.0), (low, switch), (1 - low, switch), (1 - low, 1.0)]
    line = np.array(points)
    axes.plot(line[:, player], line[:, 1 - player], linewidth=2, **options)


def _bars(found: Equilibria) -> Figure:
    shown = found.equilibria[:MOST]
    people, actions = _people(found)
    figure, [row] = canvas(1, len(people), 3.2 + 2.1 * len(people), 1.4 + 0.62 * max(len(shown), 1), sharey=True)
    for i, (axes, name) in enumerate(zip(row, people, strict=True)):
        left = np.zeros(len(shown))
        for a, action in enumerate(actions[i]):
            share = np.array([one.strategies[i][a] for one in shown])
            colour = TARGETS[a % len(TARGETS)]
            axes.barh(np.arange(len(shown)), share, 0.7, left, color=colour, edgecolor="white")
            for k in np.flatnonzero(share > 0.06):
                at = left[k] + share[k] / 2
                axes.text(at, k, action, ha="center", va="center", fontsize=SMALL, color=contrast(colour))
            left += share
        axes.set_xlim(0, 1)
        axes.spines[["top", "right"]].set_visible(False)
        words(axes, title=name, xlabel="probability")
    row[0].set_yticks(np.arange(len(shown)), [_line(one, _set_of(found, k)) for k, one in enumerate(shown)])
    row[0].invert_yaxis()
    return figure


def _set_of(found: Equilibria, number: int) -> str:
    """To which set of infinitely many an equilibrium belongs, in words."""
    sets = [group for group in found.components if len(group) > 1]
    return next((f", in set {k}" for k, group in enumerate(sets, 1) if number in group), "")


def _line(one: Equilibrium, where: str) -> str:
    payoffs = ", ".join(f"{value:.3g}" for value in one.payoffs)
    said = f"{', '.join(one.labels)}; pays {payoffs}; regret {one.regret.max():.1g}"
    return "\n".join([*textwrap.wrap(one.name + where, 40), *textwrap.wrap(said, 48)])
