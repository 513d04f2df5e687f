"""Pictures of sensitivity ratios: how strongly players are read beside how strongly they have to be."""

import itertools
from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words
from nashscape.theory.sensitivity_results import SensitivityRatio

WIDTH = 8.4
BAR = 0.5


@on_paper
def sensitivity_figure(found: SensitivityRatio, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Ratios with their thresholds for every ordered pair, and what every player's learning adds to the index.

    On the left a bar is `ρ_jk` and the line across it `κ*_jk`, above which j pulls towards the joint action where the
    result says that the ratio decides. On the right the pull of every player is cut into what it gains by its own move
    and by those of its readers, and the rest; the diamond is their sum.

    Args:
        found: what `sensitivity_ratio` gave.
        title: of the figure; by default joint action and game.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games, open_source
        >>> from nashscape.theory import sensitivity_ratio
        >>> found = sensitivity_ratio(open_source(games.stag_hunt(), 0.3), [0.2, -0.4])
        >>> [axes.get_xlabel() for axes in sensitivity_figure(found).axes]
        ['who learns → who reads', 'who learns']
    """
    only(found, SensitivityRatio, "sensitivity_ratio")
    figure, [[left, right]] = canvas(1, 2, WIDTH, 3.8)
    _ratios(left, found)
    _pulls(right, found)
    key(figure, columns=3)
    usual = f"{found.target} in {found.game}: {'ρ decides' if found.decides else 'ρ does not decide, the pulls do'}"
    head(figure, usual if title is None else title)
    return figure


def _ratios(axes: Axes, found: SensitivityRatio) -> None:
    bare(axes)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    pairs = list(itertools.permutations(range(len(found.players)), 2))
    places = np.arange(len(pairs))
    at = tuple(np.array(pairs).T)
    axes.bar(places, found.ratios[at], color="#A6D5F2", width=BAR, label="ρ, how strongly it is read")
    ends = places - 0.7 * BAR, places + 0.7 * BAR
    axes.hlines(found.thresholds[at], *ends, color=INK, linewidth=1.8, label="κ*, its threshold")
    axes.set_xticks(places, [f"{j + 1}→{k + 1}" for j, k in pairs])
    words(axes, xlabel="who learns → who reads", ylabel="ratio of sensitivities")


def _pulls(axes: Axes, found: SensitivityRatio) -> None:
    bare(axes)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    parts = found.sensitivities * found.stakes
    own, rest = np.diagonal(parts), found.rests
    drawn = {"own move": own, "readers' moves": parts.sum(axis=1) - own, "other odds, costs": rest}
    places = np.arange(len(found.players))
    for number, (name, heights) in enumerate(drawn.items()):
        if number < 2 or rest.any():
            shift = (number - 1) * BAR / 2
            axes.bar(places + shift, heights, width=BAR / 2, color=TARGETS[number], label=name)
    axes.plot(places, found.pulls, "D", color=INK, markersize=5, linestyle="none", label="pull, their sum")
    axes.set_xticks(places, [str(j + 1) for j in places])
    words(axes, xlabel="who learns", ylabel="adds to the index (per unit of time)")
