"""How many plays suffice to know a response graph, where the gaps between payoffs are known."""

from typing import Any

import numpy as np

from nashscape.core import choice, finite_number
from nashscape.core.calls import public
from nashscape.ranking.looks import FIRST, edges_of, plays_for_gaps
from nashscape.ranking.plays_asked import payoff_bounds, payoff_table, tolerated

COUNTED = ("uniform-exhaustive", "count-weighted", "every")
"""Schemes that never play a profile whose edges wait for others alone, so that a number of plays suffices."""


@public()
def sufficient_plays(
    payoffs: Any,
    *,
    level: float = 0.95,
    scheme: str = "count-weighted",
    tolerance: float = 0.0,
    bounds: Any = (0.0, 1.0),
) -> int:
    """How many plays suffice for `response_graph` to settle all edges, with the probability `level`, by known payoffs.

    While all intervals hold, an edge of gap Δ is settled once `4 h < max(Δ, tolerance − Δ)` at both ends, h the
    half-width by Hoeffding. The schemes "count-weighted" and "uniform-exhaustive" play a profile for an edge only
    while it was played no more often than the other end. So the sum over profiles of the plays that the hardest of its
    edges takes is enough; for "every" it is that of the hardest edge for all. Intervals of Clopper and Pearson lie
    within Hoeffding's. The other schemes leave to chance which end they play, and have no such number.

    Args:
        payoffs: mean payoffs, `[players, *actions]`, or a game that has such.
        level: confidence level.
        scheme: "count-weighted", "uniform-exhaustive" or "every".
        tolerance: as in `response_graph`.
        bounds: the least and the largest payoff that are possible.

    Raises:
        InputError: for another scheme, and where payoffs that are compared are equal and there is no tolerance.

    Example:
        >>> from nashscape.ranking import response_graph
        >>> game = [[[0.9, 0.2], [0.5, 0.4]], [[0.8, 0.1], [0.3, 0.6]]]
        >>> sufficient_plays(game), int(response_graph(game).plays.sum())
        (6994, 2388)
    """
    low, high = payoff_bounds(bounds)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    scheme = choice(scheme, "scheme", COUNTED)
    part = tolerated(tolerance, low, high)
    table = payoff_table(payoffs, low, high)
    means, edges = table.reshape(len(table), -1).T / (high - low), edges_of(table.shape[1:])
    gaps = np.abs(means[edges.second, edges.player] - means[edges.first, edges.player])
    needed = plays_for_gaps(gaps, means.size, level, part)
    each = np.where(edges.touch(len(means)), needed[:, None], FIRST).max(0)
    return int(each.max() * len(each) if scheme == "every" else each.sum())
