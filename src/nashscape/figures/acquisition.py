"""Pictures of mechanisms for agents who find things out: what is recommended and paid, and what learning it costs."""

from typing import Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, TARGETS, bare, words
from nashscape.theory.mechanisms.acquisition_results import NONE, AcquisitionMechanism
from nashscape.theory.mechanisms.learned_results import LearnedAcquisition

WIDTH = 8.4
MOST_NAMES = 12
"""Joint efforts whose names stand beside their bars; the likeliest are drawn."""


@or_several
@on_paper
def mechanism_figure(found: AcquisitionMechanism, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """A bar for the chance of every joint effort that is recommended, and what each agent is paid, by what it spends.

    Args:
        found: what `acquisition_mechanism` gave.
        title: of the figure; by default the problem and what the principal gets.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.theory import acquisition_mechanism, acquisition_problem
        >>> coin = [[["1", "0"], ["1", "0"]], [["3/4", "1/4"], ["1/4", "3/4"]]]
        >>> one = acquisition_problem(coin, [[0, "1/10"]], [[4, 0], [0, 4]], prior=["1/2", "1/2"], most_paid=1)
        >>> axes = mechanism_figure(acquisition_mechanism(one)).axes
        >>> [round(float(bar.get_width()), 6) for own in axes for bar in own.patches]
        [1.0, 0.1, 0.2]
    """
    only(found, AcquisitionMechanism, "acquisition_mechanism")
    flat = found.chances.ravel()
    shown = [k for k in np.argsort(-flat.round(9), kind="stable")[:MOST_NAMES] if flat[k] > NONE]
    rows = max(len(shown), len(found.agents))
    figure, [[told, paid]] = canvas(1, 2, WIDTH, 1.6 + 0.3 * rows)
    bare(told)
    told.barh(np.arange(len(shown)), flat[shown], height=0.65, color=TARGETS[0])
    told.set_yticks(np.arange(len(shown)), [found.profiles[k] for k in shown])
    told.set_xlim(0.0, 1.0)
    words(told, xlabel="chance of being recommended", ylabel="efforts")
    bare(paid)
    places = np.arange(len(found.agents))
    paid.barh(places, found.costs, height=0.55, color=TARGETS[4], label="its cost")
    paid.barh(places, found.paid - found.costs, left=found.costs, height=0.55, color=TARGETS[1], hatch="///",
              edgecolor="white", label="what is left to it")  # fmt: skip
    paid.set_yticks(places, found.agents)
    words(paid, xlabel="payment on average")
    for axes in (told, paid):
        axes.invert_yaxis()
    key(figure, columns=2)
    usual = f"{found.problem}: {found.recommendations} recommendations, {found.value:.4g} to the principal"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def learned_acquisition_figure(
    found: LearnedAcquisition, *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """The median regret over rounds, both on logarithmic axes, with intervals, every run, and the promised slope.

    Args:
        found: what `learned_acquisition` gave.
        title: of the figure; by default the problem and the slope.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.theory import acquisition_problem, learned_acquisition
        >>> coin = [[["1", "0"], ["1", "0"]], [["3/4", "1/4"], ["1/4", "3/4"]]]
        >>> one = acquisition_problem(coin, [[0, "1/10"]], [[4, 0], [0, 4]], prior=["1/2", "1/2"], most_paid=1)
        >>> axes = learned_acquisition_figure(learned_acquisition(one, rounds=[10_000, 100_000], runs=6)).axes[0]
        >>> axes.get_xscale(), axes.get_yscale()
        ('log', 'log')
    """
    only(found, LearnedAcquisition, "learned_acquisition")
    figure, [[axes]] = canvas(1, 1, 5.6, 4.0)
    bare(axes)
    for obeyed, sign, label in ((True, ".", "a run"), (False, "x", "a run that was not obeyed")):
        rows, runs = np.nonzero(found.obeyed == obeyed)
        if rows.size:
            axes.plot(found.rounds[rows], found.regrets[rows, runs], sign, color=FAINT, markersize=5, label=label)
    middle = np.array([one.value for one in found.medians])
    ends = np.array([[one.value - one.low, one.high - one.value] for one in found.medians]).T
    known = None if np.isnan(ends).any() else ends
    axes.errorbar(
        found.rounds, middle, yerr=known, fmt="o-", color=TARGETS[0], capsize=3, label="median, with interval"
    )
    first = int(found.rounds.argmin())
    promised = middle[first] * (found.rounds / found.rounds[first]) ** (2 / 3)
    axes.plot(found.rounds, promised, "--", color=INK, linewidth=1.4, label="slope 2/3")
    axes.set_xscale("log")
    axes.set_yscale("log")
    words(axes, xlabel="rounds", ylabel="regret")
    key(figure, columns=2)
    usual = f"{found.problem}: regret grows as T^{found.slope.value:.2f}"
    head(figure, usual if title is None else title)
    return figure
