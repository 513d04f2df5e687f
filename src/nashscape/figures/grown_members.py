"""Pictures of members that grew in an arena: what is gained against their answers, and what they get of each other."""

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.core import InputError
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.payoff_tables import payoffs_drawn
from nashscape.figures.style import TARGETS, bare, words
from nashscape.populations.grown_members import GrownMembers

MOST_SHOWN = 40
"""Members of a pool up to which payoffs are drawn."""


@on_paper
def grown_members_figure(
    found: GrownMembers | Mapping[str, GrownMembers], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """What one that learns afresh gains against the answer, by generation, with intervals; dashed, no more than what.

    Lines are means over sides. Of one population of two sides, beside it what the first gets, by member.

    Args:
        found: what `grow` gave of an arena, or several by name.
        title: of the figure; by default the arena, and the way in which it grew.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import grow, sampled_game
        >>> found = grow(sampled_game(games.matching_pennies()), generations=2)
        >>> grown_members_figure(found).axes[0].get_ylabel()
        'gain of who learns afresh, in payoff units'
    """
    several = dict(found) if isinstance(found, Mapping) else {only(found, GrownMembers, "grow").by: found}
    for one in several.values():
        only(one, GrownMembers, "grow")
    if not several:
        raise InputError("there are no results to draw")
    first = next(iter(several.values()))
    few = first.plays.ndim == 2 and first.plays.size > 0 and max(first.plays.shape) <= MOST_SHOWN
    beside = len(several) == 1 and few and bool(first.plays.all())
    figure, grid = canvas(1, 2 if beside else 1, 4.6 if beside else 5.6, 3.6)
    limited = _curves(grid[0, 0], several)
    if len(several) > 1 or limited:
        key(figure, columns=2)
    if beside:
        names = [[first.names[seat] for seat in first.seats][side] for side in range(2)]
        payoffs_drawn(figure, grid[0, 1], first.payoffs[0], names, first.sides, "members")
    usual = f"{first.arena}: a population by {first.by}" if len(several) == 1 else f"{first.arena}: populations"
    head(figure, usual if title is None else title)
    return figure


def _curves(axes: Any, several: Mapping[str, GrownMembers]) -> bool:
    bare(axes)
    limited = False
    for k, (name, one) in enumerate(several.items()):
        middle, low, high = (own.mean(axis=1) for own in (one.gains, one.low, one.high))
        color, mark = TARGETS[k % len(TARGETS)], "osD^"[k % 4]
        ends = np.maximum([middle - low, high - middle], 0.0)
        every = np.arange(len(middle))
        axes.errorbar(every, middle, ends, color=color, marker=mark, markersize=4, capsize=2, label=name, zorder=3)
        limit = one.limit.mean(axis=1)
        if np.isfinite(limit).all() and not np.allclose(limit, middle):
            axes.plot(every, limit, color=color, linestyle="--", linewidth=1, label=f"{name}: no more than")
            limited = True
    axes.axhline(0.0, color="0.6", linewidth=0.8, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    words(axes, xlabel="generation", ylabel="gain of who learns afresh, in payoff units")
    return limited
