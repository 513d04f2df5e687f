"""Pictures of games in extensive form: what is done at each information set, and what could be gained there."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.theory.trees.equilibria import TreeEquilibria
from nashscape.theory.trees.logit import TreeLogitEquilibrium
from nashscape.theory.trees.rationality import SequentialRationality
from nashscape.theory.trees.subgame_perfect import SubgamePerfect
from nashscape.theory.trees.values import TreeValue

Floats = npt.NDArray[np.float64]

MOST = 36
"""Information sets of a player that are drawn: the first ones."""

MARKS = ("o", "s", "^", "D", "v", "p")
"""Of the players, beside their colours."""

LONG = 34
"""Letters of a name that are shown."""

HIGH = 0.26
"""Inches that a row takes."""


@or_several
@on_paper
def perfect_figure(found: SubgamePerfect, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """At each information set the share of the equilibria that take each action.

    Args:
        found: what `subgame_perfect` gave.
        title: of the figure; by default the game and how many equilibria there are.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import subgame_perfect
        >>> from nashscape.games import decision, ending, extensive_game
        >>> game = extensive_game(decision(0, {"l": ending(1, 1), "r": decision(1, {"x": ending(2, 0)})}))
        >>> [axes.get_title() for axes in perfect_figure(subgame_perfect(game)).axes[:2]]
        ['player 1', 'player 2']
    """
    only(found, SubgamePerfect, "subgame_perfect")
    count = len(found.equilibria)
    shares = [np.zeros((len(rows), len(names))) for rows, names in zip(found.rows, found.actions, strict=True)]
    for one in found.equilibria:
        for own, actions in zip(shares, one.actions, strict=True):
            own[np.arange(len(actions)), list(actions)] += 1.0 / count
    figure = _panels(found, shares, "share of equilibria")
    more = "" if found.complete else " or more"
    usual = f"{found.game}: {count}{more} pure subgame-perfect equilibri{'um' if count == 1 and not more else 'a'}"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def value_figure(found: TreeValue, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """At each information set the probabilities of a maximin strategy.

    Args:
        found: what `sequence_form_value` gave.
        title: of the figure; by default the game and its value.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import sequence_form_value
        >>> [axes.get_title() for axes in value_figure(sequence_form_value(games.kuhn_poker())).axes[:2]]
        ['player 1', 'player 2']
    """
    only(found, TreeValue, "sequence_form_value")
    figure = _panels(found, found.strategies, "probability")
    head(figure, f"{found.game}: value {found.value:.5g}" if title is None else title)
    return figure


@or_several
@on_paper
def tree_logit_figure(found: TreeLogitEquilibrium, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """At each information set the probabilities of a logit equilibrium.

    Args:
        found: what `tree_logit_equilibrium` gave.
        title: of the figure; by default the game, the form and the precision.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import tree_logit_equilibrium
        >>> [axes.get_title() for axes in tree_logit_figure(tree_logit_equilibrium(games.kuhn_poker())).axes[:2]]
        ['player 1', 'player 2']
    """
    only(found, TreeLogitEquilibrium, "tree_logit_equilibrium")
    figure = _panels(found, found.strategies, "probability")
    usual = f"{found.game}: logit equilibrium, {found.form} form, λ = {found.precision:g}"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def rationality_figure(found: SequentialRationality, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What each player could gain from each information set on; hollow where no belief is determined.

    Args:
        found: what `sequential_rationality` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import sequential_rationality
        >>> game = games.kuhn_poker()
        >>> [axes.get_title() for axes in rationality_figure(sequential_rationality(game, game.uniform())).axes]
        ['player 1', 'player 2']
    """
    only(found, SequentialRationality, "sequential_rationality")
    tall = max(min(len(own), MOST) for own in found.rows)
    figure, [panels] = canvas(1, len(found.players), 4.2 * len(found.players), 1.6 + HIGH * tall)
    for i, axes in enumerate(panels):
        bare(axes)
        shown, places = found.rows[i][:MOST], np.arange(min(len(found.rows[i]), MOST))
        gains, least = found.gains[i][:MOST], found.least_gains[i][:MOST]
        axes.barh(places, np.nan_to_num(gains), color=TARGETS[i % len(TARGETS)], height=0.6)
        free = ~np.isnan(least)
        axes.barh(places[free], least[free], facecolor="none", edgecolor=INK, height=0.6)
        if free.any():
            axes.plot(np.zeros(int(free.sum())), places[free], "o", mfc="white", mec=INK, markersize=5)
        axes.set_yticks(places, shown, fontsize=SMALL)
        axes.invert_yaxis()
        axes.set_xlim(
            left=0.0, right=max(float(np.nanmax([*gains, *least, 0.0])) * 1.05, float(found.tolerances.max()), 1e-9)
        )
        words(axes, title=_titled(found.players[i], found.rows[i]), xlabel="gain from there on")
    if any(bool((~np.isnan(own)).any()) for own in found.least_gains):
        figure.text(0.01, 0.005, "hollow: the others never lead there; the least gain over all beliefs", fontsize=SMALL)
    head(figure, f"{found.game}: what could be gained from each information set on" if title is None else title)
    return figure


@or_several
@on_paper
def tree_equilibria_figure(found: TreeEquilibria, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every equilibrium pays each player: full where it is sequentially rational, hollow where it is not.

    Args:
        found: what `tree_equilibria` gave.
        title: of the figure; by default the game and how many there are.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.games import decision, ending, extensive_game
        >>> from nashscape.theory import tree_equilibria
        >>> game = extensive_game(decision(0, {"l": ending(1, 1), "r": decision(1, {"x": ending(2, 0)})}))
        >>> tree_equilibria_figure(tree_equilibria(game)).axes[0].get_xlabel()
        'payoff'
    """
    only(found, TreeEquilibria, "tree_equilibria")
    shown = found.equilibria[:MOST]
    figure, [[axes]] = canvas(1, 1, 6.4, 1.8 + HIGH * len(shown))
    bare(axes)
    places = np.arange(len(shown))
    good = np.array([one.is_rational for one in shown], bool)
    for player in range(len(found.players)):
        colour, paid = TARGETS[player % len(TARGETS)], np.array([one.payoffs[player] for one in shown])
        away = places + 0.16 * (player - (len(found.players) - 1) / 2)
        how: dict[str, Any] = {"ls": "none", "marker": MARKS[player % len(MARKS)], "markersize": 6, "color": colour}
        axes.plot(paid[good], away[good], **how)
        axes.plot(paid[~good], away[~good], mfc="none", **how)
        axes.plot([], [], label=found.players[player], **how)
    axes.plot([], [], ls="none", marker="o", mfc="none", color=INK, markersize=6, label="not sequentially rational")
    axes.set_yticks(places, [_short(name) for name in found.names[: len(shown)]], fontsize=SMALL)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    words(axes, xlabel="payoff")
    figure.legend(loc="outside lower center", ncols=min(len(found.players) + 1, 3), fontsize=SMALL, frameon=False)
    usual = f"{found.game}: {len(found)} Nash equilibria{'' if found.complete else ' or more'}"
    head(figure, usual if title is None else title)
    return figure


def _short(name: str) -> str:
    return name if len(name) <= LONG else name[: LONG - 1] + "…"


def _titled(player: str, rows: Sequence[str]) -> str:
    return player if len(rows) <= MOST else f"{player} (first {MOST} of {len(rows)})"


def _panels(found: Any, shares: Sequence[Floats], what: str) -> Figure:
    """A panel for each player: rows downwards, actions to the right, darker where more likely."""
    tall = max(min(len(own), MOST) for own in found.rows)
    wide = max(len(names) for names in found.actions)
    n = len(found.players)
    figure, [panels] = canvas(1, n, n * (2.4 + 0.55 * wide), 1.7 + HIGH * tall)
    drawn = None
    for i, axes in enumerate(panels):
        drawn = _panel(axes, shares[i][:MOST], found.rows[i][:MOST], found.actions[i])
        words(axes, title=_titled(found.players[i], found.rows[i]))
    bar = figure.colorbar(drawn, ax=list(panels), shrink=0.8, aspect=30)
    bar.set_label(what, fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    return figure


def _panel(axes: Axes, shares: Floats, rows: Sequence[str], names: Sequence[str]) -> Any:
    drawn = axes.imshow(shares, cmap="cividis_r", vmin=0.0, vmax=1.0, aspect="auto")
    axes.set_xticks(np.arange(len(names)), names, fontsize=SMALL, rotation=90 if max(map(len, names)) > 6 else 0)
    axes.set_yticks(np.arange(len(rows)), rows, fontsize=SMALL)
    axes.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=FAINT, linewidth=0.6)
    axes.tick_params(which="both", length=0)
    return drawn
