"""Pictures of what an informed player reveals: concave envelopes, beliefs by round, and trees of beliefs."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.style import FAINT, INK, OWN_HATCHES, SMALL, TARGETS, bare, words
from nashscape.theory.one_sided.belief_results import BeliefTree
from nashscape.theory.one_sided.envelope_results import OneSidedValue
from nashscape.theory.one_sided.finite_results import FiniteOneSidedValue

WIDE = 6.0
"""Inches from which on a legend stands in one row."""


@or_several
@on_paper
def envelope_figure(found: OneSidedValue, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The value where nothing is revealed and its concave envelope, with the split; and the beliefs after each signal.

    Of more than two states the beliefs alone.

    Args:
        found: what `one_sided_value` gave.
        title: of the figure; by default the value.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.theory import one_sided_value
        >>> figure = envelope_figure(one_sided_value([[[-1, 0], [0, 0]], [[0, 0], [0, -1]]], [0.5, 0.5]))
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['probability of state 2', 'signal, with its chance']
    """
    only(found, OneSidedValue, "one_sided_value")
    curves = 1 if len(found.beliefs) else 0
    figure, [panels] = canvas(1, 1 + curves, 4.2 + 3.6 * curves, 3.2)
    if curves:
        _draw_curves(panels[0], found)
    _draw_beliefs(panels[-1], found)
    across = 6 if inches(figure)[0] >= WIDE else 3
    figure.legend(loc="outside lower center", ncols=across, fontsize=SMALL, frameon=False)
    head(figure, f"value {float(found.low):.4g}" if title is None else title)
    return figure


def _draw_curves(axes: Any, found: OneSidedValue) -> None:
    bare(axes)
    axes.plot(found.beliefs, found.curve, color=INK, linewidth=1.4, label="u, nothing revealed")
    axes.plot(found.beliefs, found.envelope, "--", color=TARGETS[0], linewidth=1.8, label="cav u")
    at = np.array([float(own[1]) for own in found.posteriors])
    axes.plot(
        at, np.interp(at, found.beliefs, found.curve), "o", color=TARGETS[1], markersize=6, label="after a signal"
    )
    axes.plot([float(found.prior[1])], [float(found.low)], "D", color=TARGETS[0], markersize=6, label="prior")
    words(axes, xlabel="probability of state 2", ylabel="payoff of the informed player")


def _draw_beliefs(axes: Any, found: OneSidedValue) -> None:
    """A bar for every signal, cut into the beliefs in the states after it."""
    bare(axes)
    places, under = np.arange(len(found.weights)), np.zeros(len(found.weights))
    for k, own in enumerate(zip(*found.posteriors, strict=True)):
        height = np.array(own, dtype=float)
        which = (k + 2) % len(TARGETS)
        look = {"color": TARGETS[which], "hatch": OWN_HATCHES[which], "edgecolor": INK, "linewidth": 0.0}
        axes.bar(places, height, 0.6, under, label=f"state {k + 1}", **look)
        under += height
    axes.set_xticks(places, [f"{k + 1}: {float(w):.3g}" for k, w in enumerate(found.weights)])
    words(axes, xlabel="signal, with its chance", ylabel="belief after it")


@or_several
@on_paper
def rounds_figure(found: FiniteOneSidedValue, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The beliefs that come about after every round, as large as they are likely, and how much is revealed.

    Args:
        found: what `finite_one_sided_value` gave.
        title: of the figure; by default rounds and value.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.theory import finite_one_sided_value
        >>> figure = rounds_figure(finite_one_sided_value([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], [0.5, 0.5], 3))
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['belief in state 2', 'variance of the state revealed']
    """
    only(found, FiniteOneSidedValue, "finite_one_sided_value")
    figure, [[beliefs, shares]] = canvas(1, 2, 7.8, 3.0)
    last = found.beliefs.shape[1]
    bare(beliefs)
    told, which = np.unique(np.stack([found.steps, found.beliefs[:, -1].round(6)]), axis=1, return_inverse=True)
    reach = np.bincount(which.ravel(), weights=found.reach)
    for n, belief, chance in zip(*told, reach, strict=True):
        beliefs.plot(n, belief, "o", color=TARGETS[0], markersize=2 + 8 * np.sqrt(chance), markeredgewidth=0)
    words(beliefs, xlabel="rounds played", ylabel=f"belief in state {last}")
    _draw_shares(shares, np.arange(found.rounds + 1), found.revealed, "rounds played")
    for axes in (beliefs, shares):
        axes.xaxis.get_major_locator().set_params(integer=True)
    head(figure, f"{found.rounds} rounds, value {found.value:.4g} each" if title is None else title)
    return figure


def _draw_shares(axes: Any, times: Any, shares: Any, xlabel: str) -> None:
    bare(axes)
    axes.step(times, shares, where="post", color=INK, linewidth=1.6)
    axes.set_ylim(-0.03, 1.03)
    words(axes, xlabel=xlabel, ylabel="variance of the state revealed")


@or_several
@on_paper
def belief_figure(
    found: BeliefTree, *, coordinates: Sequence[int] = (), title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """What is believed over time along every path of the tree, and one or two coordinates of the positions.

    Args:
        found: what `belief_tree` gave.
        coordinates: of positions, from 0, at most two; by default the one that differs most between paths.
        title: of the figure; by default the game and when something is revealed.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for coordinates that there are none of, and more than two.

    Example:
        >>> from nashscape.theory import belief_tree, hexner_game
        >>> figure = belief_figure(belief_tree(hexner_game(), steps=4), coordinates=[1, 5])
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['belief in state 2', 'coordinate 2, and 6 dashed']
    """
    only(found, BeliefTree, "belief_tree")
    ends = np.flatnonzero(found.step == found.steps - 1)
    d = found.positions.shape[1]
    shown = [int(k) for k in coordinates] or [int(np.ptp(found.positions[ends], axis=0).argmax())]
    if len(shown) > 2 or not all(0 <= k < d for k in shown):
        raise InputError(f"coordinates are one or two numbers from 0 to {d - 1}; got {list(coordinates)}")
    times = np.linspace(0.0, found.horizon, found.steps + 1)
    figure, [[beliefs, places]] = canvas(1, 2, 7.8, 3.0)
    for axes in (beliefs, places):
        bare(axes)
        axes.axvline(found.concealed_until, color=FAINT, linewidth=1.0)
    for end in ends:
        path = found.path(int(end))
        told, look = found.beliefs[path, -1], {"alpha": 0.35 + 0.65 * float(found.reach[end]), "linewidth": 1.6}
        colour = TARGETS[int(found.beliefs[end].argmax()) % len(TARGETS)]
        beliefs.step(times, np.append(told, told[-1]), where="post", color=colour, **look)
        for k, line in zip(shown, (".-", ".--"), strict=False):
            places.plot(times, [found.start[k], *found.positions[path, k]], line, color=colour, **look)
    beliefs.set_ylim(-0.03, 1.03)
    words(beliefs, xlabel="time", ylabel=f"belief in state {len(found.prior)}")
    words(
        places,
        xlabel="time",
        ylabel="coordinate " + ", and ".join([f"{k + 1}" for k in shown]) + " dashed" * (len(shown) - 1),
    )
    head(figure, f"{found.game}: concealed until {found.concealed_until:.3g}" if title is None else title)
    return figure
