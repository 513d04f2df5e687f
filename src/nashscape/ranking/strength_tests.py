"""Whether two players are equally strong, and whether strengths explain results at all."""

from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from nashscape.ranking.fits import fitted, log_likelihood, together
from nashscape.ranking.matches import Matches

Floats = npt.NDArray[np.float64]

BLOCK = 1 << 21
"""Entries of tables that are fitted at a time."""
SIMULATED = 199
"""Seasons that are simulated to see whether one number for each player explains the results."""


def ratio_tests(points: Floats, strengths: Floats) -> Floats:
    """Of every pair how likely results so far apart are if both are equal: `2(sup ℓ − sup ℓ where they are)`, χ² of 1.

    Results are whole numbers, of which half a win is taken from the stronger and given to the weaker, as Yates did: so
    that small numbers of matches do not tell apart who is not. Where that turns them round there is no difference.
    """
    pairs = list(zip(*np.triu_indices(len(points), 1), strict=True))
    size, found = max(1, BLOCK // len(points) ** 2), []
    for start in range(0, len(pairs), size):
        block = pairs[start : start + size]
        nearer = np.repeat(points[None], len(block), axis=0)
        signs = np.array([1.0 if strengths[i] >= strengths[j] else -1.0 for i, j in block])
        for k, (i, j) in enumerate(block):
            nearer[k, i, j] -= 0.5 * signs[k]
            nearer[k, j, i] += 0.5 * signs[k]
        free = fitted(nearer)
        merged = [together(points, int(i), int(j)) for i, j in block]
        tables = np.stack([table for table, _ in merged])
        least = log_likelihood(tables, fitted(tables)) + np.array([even for _, even in merged])
        apart = np.array([signs[k] * (free[k, i] - free[k, j]) for k, (i, j) in enumerate(block)])
        ratios = np.where(apart > 0, 2.0 * (log_likelihood(nearer, free) - least), 0.0)
        found.append(two_tails(np.sqrt(np.maximum(ratios, 0.0))))
    return np.concatenate(found)


def wald_tests(bent: Floats, strengths: Floats, groups: list[list[int]]) -> Floats:
    """The same by one fit of each group, with half a win less in the difference; across groups nothing is sure.

    Args:
        bent: the information about strengths, `[players, players]`.
        strengths: of all players.
        groups: within which strengths are finite.
    """
    n = len(bent)
    p_values = np.ones((n, n))
    for group in groups:
        spread = np.linalg.pinv(bent[np.ix_(group, group)])
        own = strengths[group]
        variance = np.diag(spread)[:, None] + np.diag(spread)[None] - 2 * spread
        np.fill_diagonal(variance, 1.0)
        apart = np.maximum(np.abs(own[:, None] - own[None]) - 0.5 * variance, 0.0) / np.sqrt(variance)
        p_values[np.ix_(group, group)] = two_tails(apart.ravel()).reshape(apart.shape)
    return p_values[np.triu_indices(n, 1)]


def two_tails(z: Floats) -> Floats:
    """How likely a standard normal value is so far from 0; without SciPy, whose import would take half of the time."""
    return np.array([erfc(x / sqrt(2.0)) for x in z])


def fit_test(found: Matches, group: list[int], points: Floats, strengths: Floats, seed: int) -> float:
    """The share of seasons, drawn with the strengths of a group and fitted anew, that are explained as badly.

    As many are ties as were, whoever plays.
    """
    played = found.played[np.ix_(group, group)]
    within = np.isin(found.first, group) & np.isin(found.second, group)
    results = found.results[within]
    ties = float(((results > 0) & (results < 1)).mean())
    chances = 1.0 / (1.0 + np.exp(strengths[None, :] - strengths[:, None]))
    win, loss = (np.clip(own - ties / 2, 0.0, 1.0) for own in (chances, 1.0 - chances))
    shares = np.stack([win, 1.0 - win - loss, loss], axis=-1)
    upper, n = np.triu(played, 1), len(group)
    generator, own, worse = np.random.default_rng(seed), float(unexplained(points, strengths)), 0
    left, size = SIMULATED, max(1, BLOCK // n**2)
    while left:
        counts = generator.multinomial(upper, np.clip(shares, 0.0, 1.0), size=(min(left, size), n, n))
        got = np.asarray(counts[..., 0] + 0.5 * counts[..., 1], np.float64)
        seasons = got + np.swapaxes(upper - got, 1, 2)
        worse += int((unexplained(seasons, fitted(seasons)) >= own - 1e-9).sum())
        left -= len(got)
    return (1 + worse) / (1 + SIMULATED)


def unexplained(points: Floats, strengths: Floats) -> Floats:
    """Twice the likelihood that is missing to that of pairs by themselves: the deviance."""
    played = points + np.swapaxes(points, -2, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(points > 0, points * np.log(points / played), 0.0).sum((-2, -1))
    made: Floats = 2.0 * (alone - log_likelihood(points, strengths))
    return made
