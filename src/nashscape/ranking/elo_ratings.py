"""Elo's ratings, match after match; and how much of them is the order of matches."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Source, choice, finite_number, positive_integer
from nashscape.ranking.matches import Matches
from nashscape.ranking.pairs import about_circles, shares
from nashscape.ranking.ranking_results import Scored, competition_ranks

Floats = npt.NDArray[np.float64]

ELO = Source("elo", "Elo: The Rating of Chessplayers, Past and Present. Arco, 1978.")


MOST_MOVES = 1 << 28
"""Matches times random orders."""


def elo(
    found: Matches,
    level: float,
    *,
    k: float = 24.0,
    start: float = 1500.0,
    scale: float = 400.0,
    orders: int = 200,
    updates: Literal["match", "period"] = "match",
    seed: int = 0,
) -> Scored:
    """Ratings that move by `k (result − 1/(1 + 10^((r_j − r_i)/scale)))` after each match, of both by as much.

    They depend on the order of matches. Scores are those of the order as given; intervals, and ranks, hold what of
    random orders the level leaves, so they say what order alone does, and nothing of chance in the results:
    bradley-terry does.

    Args:
        found: matches.
        level: share of the random orders that intervals hold.
        k: points at stake in a match.
        start: of every rating.
        scale: points apart at which the better one wins ten times as often as not.
        orders: random orders that are tried.
        updates: after every match, or once after all of them, a period: then order has no part in it.
        seed: of the random orders.
    """
    k, scale = (finite_number(x, name, low=0.0, low_open=True) for x, name in ((k, "k"), (scale, "scale")))
    orders, seed = positive_integer(orders, "orders"), positive_integer(seed, "seed", at_least=0)
    if orders * len(found) > MOST_MOVES:
        raise InputError(f"{orders:,} orders of {len(found):,} matches are too many; take at most "
                         f"{MOST_MOVES // len(found):,}")  # fmt: skip
    at_once = choice(updates, "updates", ("match", "period")) == "period"
    start = finite_number(start, "start")
    if not found.ordered and not at_once:
        raise InputError(
            "elo depends on the order of matches, which counts do not have: give matches, or updates=period"
        )
    generator, given = np.random.default_rng(seed), np.arange(len(found))
    drawn = [given] if at_once else [given, *(generator.permutation(given) for _ in range(orders))]
    ratings = start + rated(found, np.stack(drawn), k, scale, at_once=at_once)
    tails = [50 * (1 - level), 50 * (1 + level)]
    ends = np.percentile(ratings, tails, axis=0)
    ranks = np.array([competition_ranks(own.tolist()) for own in ratings])
    best, worst = (np.percentile(ranks, tail, axis=0, method="nearest").astype(np.int64) for tail in tails)
    method = "one period" if at_once else f"{orders} random orders, each player by itself"
    scores = tuple(
        Estimate(float(own), float(min(low, own)), float(max(high, own)), level, method, trials=int(n))
        for own, low, high, n in zip(ratings[0], *ends, found.played.sum(1), strict=True)
    )
    how = "after one period" if at_once else "in the order of the matches; intervals and ranks are of random orders"
    chance = f"Elo says nothing of chance: ratings are those with K = {k:g} {how}"
    notes = (chance, *about_circles(found, shares(found, level)[0]))
    return Scored(scores, np.minimum(best, ranks[0]), np.maximum(worst, ranks[0]), "rating", method, notes, (ELO,))


def rated(found: Matches, orders: npt.NDArray[np.int64], k: float, scale: float, *, at_once: bool = False) -> Floats:
    """What ratings gain from their start, of every order `[orders, matches]`: `[orders, players]`."""
    gained = np.zeros((len(orders), len(found.players)))
    if at_once:
        np.add.at(gained[0], found.first, k * (found.results - 0.5))
        np.add.at(gained[0], found.second, k * (0.5 - found.results))
        return gained
    rows = np.arange(len(orders))
    for column in orders.T:
        one, other = found.first[column], found.second[column]
        apart = (gained[rows, other] - gained[rows, one]) / scale
        moved = k * (found.results[column] - 1.0 / (1.0 + 10.0**apart))
        gained[rows, one] += moved
        gained[rows, other] -= moved
    return gained
