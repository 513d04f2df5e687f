"""Bradley and Terry's strengths, which explain results by one number for each player; and whether they do."""

from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Source, finite_number
from nashscape.core.statistics.several_tests import HOLM, holm
from nashscape.ranking.fits import curvature, fitted, log_likelihood, together
from nashscape.ranking.matches import Matches
from nashscape.ranking.pairs import components
from nashscape.ranking.ranking_results import Scored, ranks_left

Floats = npt.NDArray[np.float64]

BRADLEY_TERRY = Source(
    "bradley_terry",
    "Bradley, Terry: Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons. Biometrika 39, "
    "324–345, 1952.",
    "https://doi.org/10.2307/2334029",
)

BLOCK = 1 << 22
"""Entries of tables that are fitted at a time."""
MOST_REFITTED = 60
"""Players up to whom every pair is tested by a fit of its own."""
SIMULATED = 199
"""Seasons that are simulated to see whether one number for each player explains the results."""
DOUBT = 0.05


def bradley_terry(found: Matches, level: float, *, prior: float = 0.0, seed: int = 0) -> Scored:
    """The strengths `s` of most likelihood where i beats j with probability `1/(1 + exp(s_j − s_i))`; their mean is 0.

    Whatever the order of matches. A tie is half a win for both, which leaves intervals wider than need be. Intervals of
    strengths are Wald's. Whom a player is surely above is told by likelihood-ratio tests of all pairs, with Holm's
    correction, so that all ranks hold together. Where players fall into groups of which one never lost to another,
    strengths have no maximum: such players have none, or a prior is taken.

    Args:
        found: matches.
        level: confidence level.
        prior: wins and losses that are added between each two who have met; 0 adds nothing.
        seed: of the seasons that are simulated to see whether strengths explain the results.
    """
    prior = finite_number(prior, "prior", low=0.0)
    points = found.points + prior * (found.played > 0)
    strengths = fitted(points)
    groups = components(points > 0)
    finite = len(groups) == 1
    tests, called = (_ratio_tests, "likelihood-ratio") if len(points) <= MOST_REFITTED else (_wald_tests, "Wald's")
    tested = f"{called} tests of all pairs, with Holm's correction"
    best, worst = ranks_left(_surely_above(tests(points, strengths), strengths, level))
    notes = _about_ties(found) + ((f"prior of {prior:g} wins and losses for each pair who met",) if prior else ())
    if finite:
        scores = _wald(points, strengths, level)
        notes += _about_fit(points, strengths, seed)
    else:
        scores = _without_maximum(points, groups, level)
        told = "; ".join(", ".join(found.players[k] for k in group) for group in groups)
        notes += (
            f"no finite estimate across {len(groups)} groups: {told}; nobody of one group has points against another, "
            "or they have not met. Strengths are told within groups, intervals are endless; a prior, as prior=0.5, or "
            "more matches, would bring them together",
        )
    return Scored(
        scores,
        best,
        worst,
        "log odds of winning",
        tested,
        notes,
        (BRADLEY_TERRY, HOLM),
        places=None if finite else tuple(strengths.round(6).tolist()),
    )


def _surely_above(p_values: Floats, strengths: Floats, level: float) -> npt.NDArray[np.bool_]:
    """Who is above whom, all at once at the level, by p-values of all pairs."""
    n = len(strengths)
    above = np.zeros((n, n), bool)
    for i, j, p in zip(*np.triu_indices(n, 1), holm(p_values), strict=True):
        if p <= 1.0 - level:
            above[(i, j) if strengths[i] > strengths[j] else (j, i)] = True
    return above


def _ratio_tests(points: Floats, strengths: Floats) -> Floats:
    """Of every pair whether both are equal: `2(sup ℓ − sup ℓ where they are)` is χ² of one degree."""
    n = len(points)
    pairs = list(zip(*np.triu_indices(n, 1), strict=True))
    most = float(log_likelihood(points, strengths))
    size, found = max(1, BLOCK // n**2), []
    for start in range(0, len(pairs), size):
        merged = [together(points, int(i), int(j)) for i, j in pairs[start : start + size]]
        tables = np.stack([table for table, _ in merged])
        least = log_likelihood(tables, fitted(tables)) + np.array([even for _, even in merged])
        found.append(_two_tails(np.sqrt(np.maximum(2.0 * (most - least), 0.0))))
    return np.concatenate(found)


def _wald_tests(points: Floats, strengths: Floats) -> Floats:
    """The same by one fit alone; where strengths have no maximum nothing is sure."""
    spread = np.linalg.pinv(curvature(points, strengths))
    i, j = np.triu_indices(len(points), 1)
    variance = spread[i, i] + spread[j, j] - 2 * spread[i, j]
    return _two_tails(np.abs(strengths[i] - strengths[j]) / np.sqrt(variance))


def _two_tails(z: Floats) -> Floats:
    """How likely a standard normal value is so far from 0; without SciPy, whose import would take half of the time."""
    return np.array([erfc(x / sqrt(2.0)) for x in z])


def _wald(points: Floats, strengths: Floats, level: float) -> tuple[Estimate, ...]:
    half = NormalDist().inv_cdf(0.5 + level / 2) * np.sqrt(np.diag(np.linalg.pinv(curvature(points, strengths))))
    trials = (points + points.T).sum(1)
    return tuple(
        Estimate(float(own), float(own - h), float(own + h), level, "Wald", trials=int(n))
        for own, h, n in zip(strengths, half, trials, strict=True)
    )


def _without_maximum(points: Floats, groups: list[list[int]], level: float) -> tuple[Estimate, ...]:
    """Strengths within groups, with endless intervals."""
    made = np.zeros(len(points))
    for group in groups:
        made[group] = fitted(points[np.ix_(group, group)])
    trials = (points + points.T).sum(1)
    return tuple(
        Estimate(float(own), -np.inf, np.inf, level, "no finite estimate", trials=int(n))
        for own, n in zip(made, trials, strict=True)
    )


def _about_ties(found: Matches) -> tuple[str, ...]:
    return () if found.decided else ("ties are half a win for both: intervals are wider than need be",)


def _about_fit(points: Floats, strengths: Floats, seed: int) -> tuple[str, ...]:
    """What says that one number for each player does not explain the results, if that is so."""
    p = fit_test(points, strengths, seed)
    if p > DOUBT:
        return ()
    return (
        f"one strength for each player does not explain these results: of seasons simulated with them {p:.1%} fit as "
        "badly; some may beat each other in a circle, so look at copeland and maximal-lottery",
    )


def fit_test(points: Floats, strengths: Floats, seed: int) -> float:
    """The share of seasons, drawn with the strengths and fitted anew, that they explain as badly as these points."""
    played = np.rint(points + points.T).astype(np.int64)
    chances = 1.0 / (1.0 + np.exp(strengths[None, :] - strengths[:, None]))
    upper = np.triu(played, 1)
    generator, own, worse = np.random.default_rng(seed), float(_unexplained(points, strengths)), 0
    left, size = SIMULATED, max(1, BLOCK // len(points) ** 2)
    while left:
        wins = generator.binomial(upper, chances, size=(min(left, size), *played.shape)).astype(float)
        seasons = wins + np.swapaxes(upper - wins, 1, 2)
        worse += int((_unexplained(seasons, fitted(seasons)) >= own - 1e-9).sum())
        left -= len(wins)
    return (1 + worse) / (1 + SIMULATED)


def _unexplained(points: Floats, strengths: Floats) -> Floats:
    """Twice the likelihood that is missing to that of pairs by themselves: the deviance."""
    played = points + np.swapaxes(points, -2, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(points > 0, points * np.log(points / played), 0.0).sum((-2, -1))
    made: Floats = 2.0 * (alone - log_likelihood(points, strengths))
    return made
