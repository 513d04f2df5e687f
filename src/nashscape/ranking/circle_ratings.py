"""Multidimensional Elo: a rating for each player, and places in planes, which explain circles; by most likelihood."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.ranking.cyclic_parts import RatedCircles, most_planes, rated_circles, turned
from nashscape.ranking.given_results import results_of
from nashscape.ranking.lotteries import NASH_AVERAGING, by_draws
from nashscape.ranking.matches import Matches
from nashscape.ranking.ranking_results import Scored

Floats = npt.NDArray[np.float64]


@public()
def multidimensional_elo(results: Any, *, k: int = 1, prior: float = 0.0) -> RatedCircles:
    """Ratings and circles of most likelihood: i beats j with probability `σ(r_i − r_j + c_iᵀ Ω c_j)`.

    With k = 0 these are the strengths of Bradley and Terry. With `2 k ≥ n − 1` every table of n players is met, and the
    log odds are those of the points. Between, a maximum is climbed to from the k strongest planes of that table; the
    likelihood may have others. There is one at all only where every two players have met and each got something of the
    other, so that log odds stay finite; a prior sees to the second.

    Args:
        results: what `rank` takes: matches of two.
        k: planes, from 0.
        prior: wins and losses that are added between each two.

    Returns:
        Of players in the order in which they first appear; `chances` are those of the model.

    Raises:
        InputError: for orders of three or more, players who have not met, and without a prior such as only won or only
            lost against another.

    Example:
        >>> from nashscape.ranking import counted_matches
        >>> circle = counted_matches([[0, 9, 1], [1, 0, 9], [9, 1, 0]])
        >>> multidimensional_elo(circle, k=0).chances.round(3)[0].tolist()
        [0.5, 0.5, 0.5]
        >>> multidimensional_elo(circle).chances.round(3)[0].tolist()
        [0.5, 0.9, 0.1]

    Source: Balduzzi et al. (2018).
    """
    found = results_of(results, None).as_matches("multidimensional_elo")
    return most_likely(_with_prior(found, prior), positive_integer(k, "k", at_least=0))


def melo(
    found: Matches, level: float, *, k: int = 1, prior: float = 0.5, resamples: int = 100, seed: int = 0
) -> Scored:
    """Ratings beside k planes of circles, i beats j with probability `σ(r_i − r_j + c_iᵀ Ω c_j)`, by most likelihood.

    A rating is the log odds of winning in the mean over all players, itself among them. What planes say is no part of
    it; see `multidimensional_elo`. Intervals as of maximal lotteries.

    Args:
        found: matches.
        level: share of the drawn results that intervals hold.
        k: planes.
        prior: wins and losses that are added between each two, so that who always won has finite log odds.
        resamples: how often results are drawn anew.
        seed: of these.
    """
    k, prior = positive_integer(k, "k", at_least=0), finite_number(prior, "prior", low=1e-6, high=1e6)
    own = most_likely(_with_prior(found, prior), k)

    def ratings(points: Floats) -> Floats:
        return most_likely(points, k).ratings

    scored = by_draws(found, level, resamples, seed, lambda points: points + prior * _others(points), ratings,
                      "log odds, mean over all players", NASH_AVERAGING)  # fmt: skip
    circles, whole = (float((part**2).sum()) for part in (turned(own.places), own.log_odds))
    share = f"circles are {100 * circles / whole:.1f} % of the sum of squares of log odds" if whole else "all are even"
    return replace(scored, notes=(*scored.notes, share))


def _others(points: Floats) -> Floats:
    made: Floats = 1.0 - np.eye(len(points))
    return made


def _with_prior(found: Matches, prior: float) -> Floats:
    """Points with a prior, of which every pair has some on both sides."""
    prior = finite_number(prior, "prior", low=0.0, high=1e6)
    unmet = np.argwhere(np.triu(found.played == 0, 1))
    if len(unmet):
        i, j = unmet[0]
        raise InputError(f"circles are told from matches of every two players, and {found.players[i]} has not met "
                         f"{found.players[j]}; leave players out, or take bradley-terry")  # fmt: skip
    points = found.points + prior * _others(found.points)
    nothing = np.argwhere((points == 0) & (_others(points) > 0))
    if len(nothing):
        i, j = nothing[0]
        raise InputError(f"{found.players[j]} won all against {found.players[i]}, whose log odds have no finite "
                         "estimate; give a prior, as prior=0.5")  # fmt: skip
    return points


def most_likely(points: Floats, k: int) -> RatedCircles:
    """Ratings and k planes of most likelihood, of points of which every pair has some on both sides."""
    odds = np.log(np.where(points > 0, points, 1.0))
    odds -= odds.T
    if k >= most_planes(len(points)):
        return rated_circles(odds, k=k)
    return _climbed(points, rated_circles(odds, k=k))


def _climbed(points: Floats, start: RatedCircles) -> RatedCircles:
    """The maximum to which one climbs from a start."""
    from scipy.optimize import minimize

    n, k = len(points), len(start.strengths)
    played, total = points + points.T, points.sum()

    def parts(flat: Floats) -> RatedCircles:
        return RatedCircles(flat[:n], flat[n:].reshape(n, 2 * k), start.strengths)

    def missing(flat: Floats) -> tuple[float, Floats]:
        own = parts(flat)
        # the slope in each log odds is the points beyond those that are expected
        beyond = points - played * own.chances
        value = (points * np.logaddexp(0.0, -own.log_odds)).sum()
        slope = np.zeros((n, 2 * k))
        slope[:, 0::2], slope[:, 1::2] = beyond @ own.places[:, 1::2], -beyond @ own.places[:, 0::2]
        return float(value / total), -np.append(beyond.sum(1), slope) / total

    options = {"maxiter": 5000, "maxfun": 50_000, "ftol": 1e-15, "gtol": 1e-8, "maxcor": 30}
    flat = np.append(start.ratings, start.places)
    done = minimize(missing, flat, jac=True, method="L-BFGS-B", options=options)
    return rated_circles(parts(done.x).log_odds, k=k)
