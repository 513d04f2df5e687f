"""Rankings by the mixture of players that nobody beats: maximal lotteries, and Nash averaging of maximum entropy."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Source, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.checks import moderate
from nashscape.ranking.matches import Matches
from nashscape.ranking.pairs import about_circles, about_unmet, shares
from nashscape.ranking.ranking_results import Scored, competition_ranks

Floats = npt.NDArray[np.float64]

NASH_AVERAGING = Source(
    "nash_averaging", "Balduzzi, Tuyls, Perolat, Graepel: Re-evaluating Evaluation. NeurIPS 2018.",
    "https://arxiv.org/abs/1806.02643",
)  # fmt: skip
MAXIMAL_LOTTERIES = Source(
    "maximal_lotteries", "Fishburn: Probabilistic Social Choice Based on Simple Voting Comparisons. Review of Economic "
    "Studies 51, 683–692, 1984.", "https://doi.org/10.2307/2297786",
)  # fmt: skip

NOTHING = 1e-9
"""A probability that is none: what linear programs leave."""


@public()
def best_mixture(margins: npt.ArrayLike) -> Floats:
    """The mixture that no player beats, `Aᵀx ≥ 0`, of several that of largest entropy: it is unique, and whole.

    `A` is what the one of the row gets of that of the column, the opposite of what that gets. Players that are copies
    of each other share what one of them had: nothing is gained by entering twice. Linear programs are solved to
    10⁻⁷: margins of less than that, of the largest, may count as none, and who has less than 10⁻⁹ has nothing.

    Args:
        margins: `[players, players]`, with `A = −Aᵀ`.

    Returns:
        Probabilities `[players]`.

    Raises:
        InputError: for what is not square or not the opposite of its transpose.

    Example:
        >>> best_mixture([[0, 1, -1], [-1, 0, 1], [1, -1, 0]]).round(4).tolist()
        [0.3333, 0.3333, 0.3333]

    Source: Balduzzi et al. (2018), section 4.
    """
    table = moderate(finite_array(margins, "margins", ndim=2), "margins")
    if (
        not table.size
        or table.shape[0] != table.shape[1]
        or np.abs(table + table.T).max(initial=0.0) > 1e-9 * (1 + np.abs(table).max())
    ):
        raise InputError("margins are a square table that is the opposite of its transpose: what i gets of j, j loses")
    within = _whole(table)
    inner = within > NOTHING
    if inner.sum() == 1:
        return inner.astype(np.float64)
    return _of_most_entropy(table, inner, within)


def _whole(table: Floats) -> Floats:
    """A mixture that nobody beats, with a chance for whoever has one in any of them.

    Of all best mixtures x and what others get against them, `−Aᵀx ≤ 0`, Goldman and Tucker: some x has `x + Aᵀx > 0`.
    """
    from scipy.optimize import linprog

    n = len(table)
    largest = np.abs(table).max(initial=0.0) or 1.0
    against = table.T / largest
    rows = np.block([[-against, np.zeros((n, 1))], [-np.eye(n) - against, np.ones((n, 1))]])
    total = np.append(np.ones(n), 0.0)[None]
    cost, bounds = np.append(np.zeros(n), -1.0), [(0, None)] * n + [(None, None)]
    done = linprog(cost, A_ub=rows, b_ub=np.zeros(2 * n), A_eq=total, b_eq=[1.0], bounds=bounds, method="highs")
    assert done.success, done.message
    found: Floats = np.maximum(done.x[:n], 0.0)  # programs are solved to a tolerance
    return found / found.sum()


def _of_most_entropy(table: Floats, inner: npt.NDArray[np.bool_], within: Floats) -> Floats:
    """By the dual: `x ∝ exp(Aλ)`, free λ of those who have a chance in some best mixture, `λ ≥ 0` of the others."""
    from scipy.optimize import minimize

    own = table[inner] / (np.abs(table).max() or 1.0)  # what those of the support get of everybody
    free = inner.copy()

    def total(multipliers: Floats) -> tuple[float, Floats]:
        height = own @ multipliers
        most = height.max()
        shares = np.exp(height - most)
        shares /= shares.sum()
        return float(most + np.log(np.exp(height - most).sum())), shares @ own

    bounds = [(None, None) if one else (0.0, None) for one in free]
    options = {"maxiter": 10_000, "ftol": 1e-15, "gtol": 1e-12, "maxcor": 30}
    done = minimize(total, np.zeros(len(table)), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    height = own @ done.x
    shares = np.exp(height - height.max())
    made = np.zeros(len(table))
    made[inner] = shares / shares.sum()
    return made if (made @ table).min() > -1e-6 * np.abs(table).max() else within


def maximal_lottery(found: Matches, level: float, *, resamples: int = 200, seed: int = 0) -> Scored:
    """The chances of players in the mixture that nobody beats more often than not; it answers circles.

    Margins are shares of points less one half; with a Condorcet winner all chance is its. Intervals, and ranks, are of
    matches drawn anew from those of each pair: they show what chance in the results does, and have no guaranteed
    coverage, since chances jump where margins change their sign.

    Args:
        found: matches.
        level: share of the drawn results that intervals hold.
        resamples: how often results are drawn anew.
        seed: of these.
    """
    return by_draws(found, level, resamples, seed, _margins, best_mixture_scores, "probability", MAXIMAL_LOTTERIES)


def nash_averaging(found: Matches, level: float, *, resamples: int = 200, seed: int = 0, prior: float = 0.5) -> Scored:
    """What players get, in log odds, of the mixture that nobody beats: 0 for those in it, less for the others.

    Margins are log odds of points with a prior, so that who always won has finite ones. Copies of players, and easy
    opponents, change nothing for the others. Intervals as of maximal lotteries.

    Args:
        found: matches.
        level: share of the drawn results that intervals hold.
        resamples: how often results are drawn anew.
        seed: of these.
        prior: wins and losses that are added between each two who have met.
    """
    prior = finite_number(prior, "prior", low=1e-6, high=1e6)

    def odds(points: Floats) -> Floats:
        return np.where(points + points.T > 0, np.log((points + prior) / (points.T + prior)), 0.0)

    return by_draws(found, level, resamples, seed, odds, averages, "log odds against the best mixture",
                       NASH_AVERAGING)  # fmt: skip


def best_mixture_scores(margins: Floats) -> Floats:
    """The chances of the best mixture."""
    return best_mixture(margins)


def averages(margins: Floats) -> Floats:
    """What everybody gets of the best mixture."""
    made: Floats = margins @ best_mixture(margins)
    return np.where(np.abs(made) < NOTHING * (1 + np.abs(margins).max()), 0.0, made)


def _margins(points: Floats) -> Floats:
    played = points + points.T
    made: Floats = np.where(played > 0, (points - points.T) / np.maximum(played, 0.5), 0.0)
    return made


def by_draws(
    found: Matches, level: float, resamples: int, seed: int, margins: Callable[[Floats], Floats],
    score: Callable[[Floats], Floats], unit: str, source: Source,
) -> Scored:  # fmt: skip
    """Scores that are functions of a table of points, with intervals of results drawn anew.

    Args:
        found: matches.
        level: share of the drawn results that intervals hold.
        resamples: how often results are drawn anew.
        seed: of these.
        margins: from points to what scores are made of.
        score: from these to a score for each player.
        unit: of the scores.
        source: to cite.
    """
    resamples, seed = positive_integer(resamples, "resamples"), positive_integer(seed, "seed", at_least=0)
    own = score(margins(found.points))
    drawn = np.array([score(margins(points)) for points in drawn_anew(found, resamples, seed)])
    tails = [50 * (1 - level), 50 * (1 + level)]
    ends = np.percentile(drawn, tails, axis=0)
    ranks = np.array([competition_ranks(row.round(6).tolist()) for row in drawn])
    best, worst = (np.percentile(ranks, tail, axis=0, method="nearest").astype(np.int64) for tail in tails)
    method = f"{resamples} draws of the results, each player by itself"
    scores = tuple(
        Estimate(float(value), float(min(low, value)), float(max(high, value)), level, method, trials=int(n))
        for value, low, high, n in zip(own, *ends, found.played.sum(1), strict=True)
    )
    chance = "intervals and ranks are of results drawn anew, without guaranteed coverage"
    notes = (chance, *about_circles(found, shares(found, level)[0]), *about_unmet(found))
    placed = np.array(competition_ranks(own.round(6).tolist()))
    return Scored(scores, np.minimum(best, placed), np.maximum(worst, placed), unit, method, notes, (source,))


def drawn_anew(found: Matches, resamples: int, seed: int) -> list[Floats]:
    """Tables of points in which every pair plays as often as it did, each time with one of its results.

    To these half a win and half a loss are added, so that three wins of three do not look like certainty.
    """
    generator = np.random.default_rng(seed)
    tables = np.zeros((resamples, *found.played.shape))
    low, high = np.minimum(found.first, found.second), np.maximum(found.first, found.second)
    results = np.where(found.first < found.second, found.results, 1.0 - found.results)
    for i, j in zip(*np.triu_indices(len(found.players), 1), strict=True):
        own = results[(low == i) & (high == j)]
        if len(own):
            values, counts = np.unique(np.append(own, [0.0, 1.0]), return_counts=True)
            chances = counts - 0.5 * np.isin(values, (0.0, 1.0))
            times = generator.multinomial(len(own), chances / chances.sum(), size=resamples)
            tables[:, i, j] = times @ values
            tables[:, j, i] = len(own) - tables[:, i, j]
    return list(tables)
