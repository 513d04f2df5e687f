"""Bradley and Terry's strengths, which explain results by one number for each player; and whether they do."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Source, finite_number, positive_integer
from nashscape.core.statistics.several_tests import HOLM, holm
from nashscape.ranking.fits import curvature, fitted
from nashscape.ranking.matches import Matches
from nashscape.ranking.pairs import closure, components
from nashscape.ranking.ranking_results import Scored, competition_ranks, ranks_left
from nashscape.ranking.strength_tests import fit_test, ratio_tests, wald_tests

Floats = npt.NDArray[np.float64]

BRADLEY_TERRY = Source(
    "bradley_terry",
    "Bradley, Terry: Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons. Biometrika 39, "
    "324–345, 1952.",
    "https://doi.org/10.2307/2334029",
)

MOST_REFITTED = 40
"""Players up to whom every pair is tested by a fit of its own."""
DOUBT = 0.01
"""The share of simulated seasons below which strengths do not explain the results."""
LARGEST_PRIOR = 1e6


def bradley_terry(found: Matches, level: float, *, prior: float = 0.0, seed: int = 0) -> Scored:
    """The strengths `s` of most likelihood where i beats j with probability `1/(1 + exp(s_j − s_i))`; their mean is 0.

    Whatever the order of matches. A tie is half a win for both, which leaves intervals wider than need be. Intervals of
    strengths are Wald's. Whom a player is surely above is told by likelihood-ratio tests of all pairs, half a win
    nearer to each other than they are, with Holm's correction, so that all ranks hold together; of more than 40 players
    by Wald's tests. Where players fall into groups of which one never lost to another, or which never met, strengths
    and intervals are those within each group.

    Args:
        found: matches.
        level: confidence level.
        prior: wins and losses that are added between each two who have met; 0 adds nothing.
        seed: of the seasons that are simulated to see whether strengths explain the results.
    """
    prior = finite_number(prior, "prior", low=0.0, high=LARGEST_PRIOR)
    seed = positive_integer(seed, "seed", at_least=0)
    points = found.points + prior * (found.played > 0)
    strengths = fitted(points)
    groups = components(points > 0)
    refitted = len(points) <= MOST_REFITTED
    p_values = ratio_tests(points, strengths) if refitted else wald_tests(points, strengths, groups)
    best, worst = ranks_left(_surely_above(p_values, strengths, level))
    notes = _about_ties(found) + ((f"prior of {prior:g} wins and losses for each pair who met",) if prior else ())
    notes += _about_groups(found, groups)
    within = np.zeros(len(points))
    for group in groups:
        own = points[np.ix_(group, group)]
        within[group] = fitted(own)
        if len(group) > 2 and not prior:
            notes += _about_fit(fit_test(found, group, own, within[group], seed))
    called = "likelihood-ratio" if refitted else "Wald's"
    return Scored(
        scores=_wald(found, points, within, groups, level),
        best=best,
        worst=worst,
        unit="log odds of winning",
        ranks=f"{called} tests of all pairs, with Holm's correction, all ranks together",
        notes=notes,
        sources=(BRADLEY_TERRY, HOLM),
        placed=_placed(points > 0, within, groups),
    )


def _placed(reaches: npt.NDArray[np.bool_], within: Floats, groups: list[list[int]]) -> tuple[int, ...]:
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


def _surely_above(p_values: Floats, strengths: Floats, level: float) -> npt.NDArray[np.bool_]:
    """Who is above whom, all at once at the level, by p-values of all pairs."""
    n = len(strengths)
    above = np.zeros((n, n), bool)
    for i, j, p in zip(*np.triu_indices(n, 1), holm(p_values), strict=True):
        if p <= 1.0 - level:
            above[(i, j) if strengths[i] > strengths[j] else (j, i)] = True
    return above


def _wald(
    found: Matches, points: Floats, within: Floats, groups: list[list[int]], level: float
) -> tuple[Estimate, ...]:
    """Strengths within groups, with Wald's intervals; of who is alone in a group they are endless."""
    half = np.full(len(points), np.inf)
    for group in groups:
        if len(group) > 1:
            bent = curvature(points[np.ix_(group, group)], within[group])
            half[group] = NormalDist().inv_cdf(0.5 + level / 2) * np.sqrt(np.diag(np.linalg.pinv(bent)))
    return tuple(
        Estimate(float(own), float(own - h), float(own + h), level, "Wald" if np.isfinite(h) else "no finite estimate",
                 trials=int(m))
        for own, h, m in zip(within, half, found.played.sum(1), strict=True)
    )  # fmt: skip


def _about_ties(found: Matches) -> tuple[str, ...]:
    return () if found.decided else ("ties are half a win for both: intervals are wider than need be",)


def _about_groups(found: Matches, groups: list[list[int]]) -> tuple[str, ...]:
    """What is said of groups between which there is no finite difference, if there are several."""
    if len(groups) == 1:
        return ()
    told = "; ".join(_listed([found.players[k] for k in group]) for group in groups[:MOST_NAMED])
    more = f"; and {len(groups) - MOST_NAMED} more" if len(groups) > MOST_NAMED else ""
    unmet = len(components(found.played > 0))
    why = "have not met, nor their opponents, which only more matches can mend" if unmet > 1 else (
        "never lost a point to another; a prior, as prior=0.5, or more matches, would bring them together"
    )  # fmt: skip
    return (f"no finite estimate across {len(groups)} groups: {told}{more}. Strengths and intervals are within groups, "
            f"of which some {why}",)  # fmt: skip


MOST_NAMED = 6


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _about_fit(p: float) -> tuple[str, ...]:
    """What says that one number for each player does not explain the results, if that is so."""
    if p > DOUBT:
        return ()
    return (
        f"one strength for each player does not explain these results: of seasons simulated with them {p:.1%} fit as "
        "badly; some may beat each other in a circle, so look at copeland and maximal-lottery",
    )
