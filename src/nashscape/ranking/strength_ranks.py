"""What strengths say of ranks: who is surely above whom, intervals, and groups between which nothing finite is told."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate
from nashscape.core.statistics.several_tests import holm
from nashscape.ranking.pairs import closure, components
from nashscape.ranking.ranking_results import competition_ranks

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST_REFITTED = 40
"""Players up to whom every pair is tested by a fit of its own."""
DOUBT = 0.01
"""The share of simulated seasons below which strengths do not explain the results."""
LARGEST_PRIOR = 1e6
MOST_NAMED = 6
"""Groups, and players of a group, that are named."""


def placed(reaches: Bools, within: Floats, groups: list[list[int]]) -> tuple[int, ...]:
    """The rank of each player: after those above it in its group, and all of groups that are above that.

    A group is above another where it has points against it, or against one that has, and none the other way.
    """
    first = [group[0] for group in groups]
    closed = closure(reaches)
    ranks = [0] * len(within)
    for group in groups:
        above = sum(len(other) for other, k in zip(groups, first, strict=True)
                    if other is not group and closed[k, group[0]])  # fmt: skip
        for player, rank in zip(group, competition_ranks(within[group].tolist()), strict=True):
            ranks[player] = above + rank
    return tuple(ranks)


def surely_above(p_values: Floats, strengths: Floats, level: float) -> Bools:
    """Who is above whom, all at once at the level, by p-values of all pairs."""
    n = len(strengths)
    above = np.zeros((n, n), bool)
    for i, j, p in zip(*np.triu_indices(n, 1), holm(p_values), strict=True):
        if p <= 1.0 - level:
            above[(i, j) if strengths[i] > strengths[j] else (j, i)] = True
    return above


def wald_half(bent: Floats, level: float) -> Floats:
    """Half of Wald's intervals of strengths of mean zero, by the information about them; endless of one by itself."""
    if len(bent) == 1:
        return np.array([np.inf])
    made: Floats = NormalDist().inv_cdf(0.5 + level / 2) * np.sqrt(np.diag(np.linalg.pinv(bent)))
    return made


def wald_scores(within: Floats, half: Floats, trials: npt.NDArray[np.int64], level: float) -> tuple[Estimate, ...]:
    """Strengths within groups, with Wald's intervals."""
    return tuple(
        Estimate(float(own), float(own - h), float(own + h), level, "Wald" if np.isfinite(h) else "no finite estimate",
                 trials=int(m))
        for own, h, m in zip(within, half, trials, strict=True)
    )  # fmt: skip


def about_prior(prior: float) -> tuple[str, ...]:
    """What says that there is a prior, if there is one."""
    return (f"prior of {prior:g} wins and losses for each pair who met",) if prior else ()


def about_groups(players: tuple[str, ...], groups: list[list[int]], met: Bools) -> tuple[str, ...]:
    """What is said of groups between which there is no finite difference, if there are several."""
    if len(groups) == 1:
        return ()
    told = "; ".join(_listed([players[k] for k in group]) for group in groups[:MOST_NAMED])
    more = f"; and {len(groups) - MOST_NAMED} more" if len(groups) > MOST_NAMED else ""
    why = "have not met, nor their opponents, which only more matches can mend" if len(components(met)) > 1 else (
        "never lost a point to another; a prior, as prior=0.5, or more matches, would bring them together"
    )  # fmt: skip
    return (f"no finite estimate across {len(groups)} groups: {told}{more}. Strengths and intervals are within groups, "
            f"of which some {why}",)  # fmt: skip


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def about_fit(p: float, others: str) -> tuple[str, ...]:
    """What says that one number for each player does not explain the results, if that is so; `others` what may."""
    if p > DOUBT:
        return ()
    return (
        f"one strength for each player does not explain these results: of seasons simulated with them {p:.1%} fit as "
        f"badly; some may beat each other in a circle, so look at {others}",
    )
