"""Bradley and Terry's strengths, which explain results by one number for each player; and whether they do."""

import numpy as np
import numpy.typing as npt

from nashscape.core import Source, finite_number, positive_integer
from nashscape.core.statistics.several_tests import HOLM
from nashscape.ranking.fits import curvature, fitted
from nashscape.ranking.matches import Matches
from nashscape.ranking.pairs import components
from nashscape.ranking.ranking_results import Scored, ranks_left
from nashscape.ranking.strength_ranks import (
    LARGEST_PRIOR,
    MOST_REFITTED,
    about_fit,
    about_groups,
    about_prior,
    placed,
    surely_above,
    wald_half,
    wald_scores,
)
from nashscape.ranking.strength_tests import fit_test, ratio_tests, wald_tests

Floats = npt.NDArray[np.float64]

BRADLEY_TERRY = Source(
    "bradley_terry",
    "Bradley, Terry: Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons. Biometrika 39, "
    "324–345, 1952.",
    "https://doi.org/10.2307/2334029",
)

CIRCLES = "copeland and maximal-lottery"


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
    p_values = (
        ratio_tests(points, strengths) if refitted else wald_tests(curvature(points, strengths), strengths, groups)
    )
    best, worst = ranks_left(surely_above(p_values, strengths, level))
    notes = _about_ties(found) + about_prior(prior)
    notes += about_groups(found.players, groups, met=found.played > 0)
    within, half = np.zeros(len(points)), np.full(len(points), np.inf)
    for group in groups:
        own = points[np.ix_(group, group)]
        within[group] = fitted(own)
        half[group] = wald_half(curvature(own, within[group]), level)
        if len(group) > 2 and not prior:
            notes += about_fit(fit_test(found, group, own, within[group], seed), CIRCLES)
    called = "likelihood-ratio" if refitted else "Wald's"
    return Scored(
        scores=wald_scores(within, half, found.played.sum(1), level),
        best=best,
        worst=worst,
        unit="log odds of winning",
        ranks=f"{called} tests of all pairs, with Holm's correction, all ranks together",
        notes=notes,
        sources=(BRADLEY_TERRY, HOLM),
        placed=placed(points > 0, within, groups),
    )


def _about_ties(found: Matches) -> tuple[str, ...]:
    return () if found.decided else ("ties are half a win for both: intervals are wider than need be",)
