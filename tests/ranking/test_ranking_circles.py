"""Ratings beside circles: the algebra of antisymmetric tables, and fits against other derivations."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import schur
from scipy.optimize import approx_fprime, minimize

from nashscape.core import InputError
from nashscape.ranking import counted_matches, matches, multidimensional_elo, orders, rank, rated_circles
from nashscape.ranking.circle_ratings import most_likely
from nashscape.ranking.fits import fitted

CIRCLE = [[0, 9, 1], [1, 0, 9], [9, 1, 0]]
UNEVEN = [[0, 7, 30, 2, 5], [3, 0, 4, 11, 1], [10, 9, 0, 6, 8], [1, 5, 20, 0, 30], [4, 2, 2, 170, 0]]
"""Points of five players with other numbers of matches of every two."""


def table(n, seed):
    made = np.random.default_rng(seed).normal(size=(n, n))
    return made - made.T


def log_likelihood(points, odds):
    points = np.asarray(points, float)
    return -(points * np.logaddexp(0.0, -odds)).sum()


def odds_of(flat, n):
    ratings, one, other = flat[:n], flat[n : 2 * n], flat[2 * n :]
    return ratings[:, None] - ratings + np.outer(one, other) - np.outer(other, one)


def test_ratings_are_means_of_rows_and_what_is_left_goes_in_circles():
    whole = [[0, 3, 1, -2], [-3, 0, 5, 4], [-1, -5, 0, 7], [2, -4, -7, 0]]
    found = rated_circles(whole)
    exact = [sum(Fraction(own) for own in row) / 4 for row in whole]
    assert found.ratings.tolist() == [float(own) for own in exact]
    left = np.array([[float(whole[i][j] - exact[i] + exact[j]) for j in range(4)] for i in range(4)])
    np.testing.assert_allclose(found.log_odds, whole, atol=1e-12)
    np.testing.assert_allclose(left.sum(1), 0, atol=1e-12)
    # rank two: for four players one plane holds all circles, of strength √(half of their sum of squares)
    assert found.strengths.tolist() == pytest.approx([np.sqrt((left**2).sum() / 2)])
    # no ratings are nearer to the table
    rows = np.array([np.eye(4)[i] - np.eye(4)[j] for i in range(4) for j in range(4)])
    nearest = np.linalg.lstsq(rows, np.ravel(whole), rcond=None)[0]
    np.testing.assert_allclose(found.ratings, nearest - nearest.mean(), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 7])
def test_planes_are_those_of_schurs_form_the_strongest_first(n):
    own = table(n, n)
    found, most = rated_circles(own), (n - 1) // 2
    assert found.places.shape == (n, 2 * most)
    np.testing.assert_allclose(found.log_odds, own, atol=1e-12)
    np.testing.assert_allclose(found.places.sum(0), 0, atol=1e-12)
    left = own - own.mean(1)[:, None] + own.mean(1)
    blocks, _ = schur(left, output="real")
    turns = np.sort(np.abs(np.diag(blocks, 1)))[::-1][:most] if n > 1 else np.zeros(0)
    np.testing.assert_allclose(found.strengths, turns, rtol=1e-9, atol=1e-12)
    for k in range(most + 2):  # no table of so many planes is nearer (Eckart, Young)
        kept = rated_circles(own, k=k)
        u, s, v = np.linalg.svd(left)
        nearest = (u[:, : 2 * k] * s[: 2 * k]) @ v[: 2 * k]
        np.testing.assert_allclose(kept.log_odds - (kept.ratings[:, None] - kept.ratings), nearest, atol=1e-10)
        assert len(kept.strengths) == k


def test_where_everybody_beats_one_other_ratings_say_nothing_and_one_plane_says_all():
    found = multidimensional_elo(counted_matches(CIRCLE))
    np.testing.assert_allclose(found.chances, [[0.5, 0.9, 0.1], [0.1, 0.5, 0.9], [0.9, 0.1, 0.5]], atol=1e-12)
    # Elo's ratings after a period, and those of Bradley and Terry, are equal: even chances
    for method in ("elo:updates=period", "bradley-terry"):
        assert np.ptp([one.value for one in rank(counted_matches(CIRCLE), method).scores]) == pytest.approx(0, abs=1e-9)
    pairs = [("a", "b"), ("b", "c"), ("c", "a")] * 40
    played = [(one, other, result) for one, other in pairs for result in [1] * 9 + [0]]
    order = np.random.default_rng(0).permutation(len(played))
    found = rank([played[k] for k in order], "elo:k=2,orders=1")
    ratings = {name: found.of(name).value for name in "ab"}
    chance = 1 / (1 + 10 ** ((ratings["b"] - ratings["a"]) / 400))
    assert abs(chance - 0.5) < 0.05


def test_where_strengths_explain_results_planes_add_nothing():
    strengths = np.array([1.2, 0.4, -0.1, -1.5])
    played = np.array([[0, 40, 10, 30], [40, 0, 20, 50], [10, 20, 0, 60], [30, 50, 60, 0]])
    points = played / (1 + np.exp(strengths - strengths[:, None]))
    for k in (0, 1, 2):
        found = most_likely(points, k)
        np.testing.assert_allclose(found.ratings, strengths - strengths.mean(), atol=1e-6)
        np.testing.assert_allclose(found.log_odds, strengths[:, None] - strengths, atol=1e-5)


def test_without_planes_they_are_bradley_and_terrys_strengths_and_with_all_the_table_itself():
    found = counted_matches(UNEVEN)
    np.testing.assert_allclose(multidimensional_elo(found, k=0).ratings, fitted(found.points), atol=1e-6)
    np.testing.assert_allclose(multidimensional_elo(found, k=0, prior=2.0).ratings,
                               fitted(found.points + 2 * (1 - np.eye(5))), atol=1e-6)  # fmt: skip
    whole = multidimensional_elo(found, k=2)
    shares = np.where(np.eye(5), 0.5, found.points / np.maximum(found.played, 1))
    np.testing.assert_allclose(whole.chances, shares, atol=1e-9)
    more = multidimensional_elo(found, k=4)
    np.testing.assert_allclose(more.chances, whole.chances, atol=1e-9)
    assert more.places.shape == (5, 8)


def test_between_they_are_of_most_likelihood():
    found, n = counted_matches(UNEVEN), 5
    own = multidimensional_elo(found, k=1)
    flat = np.concatenate([own.ratings, own.places[:, 0], own.places[:, 1]])
    np.testing.assert_allclose(odds_of(flat, n), own.log_odds, atol=1e-12)

    def missing(flat):
        return -log_likelihood(UNEVEN, odds_of(flat, n))

    assert np.abs(approx_fprime(flat, missing, 1e-6)).max() < 1e-3
    draws = np.random.default_rng(0)
    others = [minimize(missing, draws.normal(size=3 * n), method="BFGS").fun for _ in range(4)]
    assert missing(flat) == pytest.approx(min(others), abs=1e-6)
    start = rated_circles(np.log(np.array(UNEVEN) + np.eye(n)) - np.log(np.array(UNEVEN).T + np.eye(n)), k=1)
    assert missing(flat) < -log_likelihood(UNEVEN, start.log_odds) - 0.005  # counts weigh, the nearest table is another


def test_it_is_a_method_of_ranking():
    found = rank(counted_matches(UNEVEN, players="vwxyz"), ["melo", "melo:k=0,prior=1", "melo:k=1,resamples=20,seed=3"])
    one = multidimensional_elo(counted_matches(UNEVEN, players="vwxyz"), prior=0.5)
    by_name = dict(zip("vwxyz", one.ratings, strict=True))
    for own in found["melo"].players:
        score = found["melo"].of(own)
        assert score.value == pytest.approx(by_name[own])
        assert score.low < score.value < score.high
    assert found["melo"].unit == "log odds, mean over all players"
    circles = ((one.log_odds - one.ratings[:, None] + one.ratings) ** 2).sum() / (one.log_odds**2).sum()
    assert found["melo"].notes[-1] == f"circles are {100 * circles:.1f} % of the sum of squares of log odds"
    assert found["melo:k=0,prior=1"].notes[-1].startswith("circles are 0.0 %")
    assert rank([("a", "b", 0.5)], "melo").notes[-1] == "all are even"
    np.testing.assert_array_equal(rank(matches([("a", "b", 1)] * 3 + [("b", "a", 1)]), "melo").ranks, [1, 2])


def test_intervals_of_ratings_hold_them_about_as_often_as_they_say():
    chances, draws, held = np.array([0.8, 0.4, 0.7]), np.random.default_rng(1), []
    odds = np.zeros((3, 3))
    odds[[0, 0, 1], [1, 2, 2]] = np.log(chances / (1 - chances))
    truth = (odds - odds.T).mean(1)
    for seed in range(120):
        wins = draws.binomial(60, chances)
        points = np.zeros((3, 3))
        points[[0, 0, 1], [1, 2, 2]], points[[1, 2, 2], [0, 0, 1]] = wins, 60 - wins
        found = rank(counted_matches(points), f"melo:resamples=80,seed={seed}", level=0.9)
        held += [found.of(name).contains(own) for name, own in zip("ABC", truth, strict=True)]
    assert 0.84 < np.mean(held) < 0.96


@pytest.mark.parametrize(
    ("given", "options", "why"),
    [
        ([("a", "b", 1), ("b", "c", 1)], {"prior": 1}, "a has not met c"),
        ([("a", "b", 1)] * 3, {}, "a won all against b"),
        ([("a", "b", 0.5)], {"k": -1}, "k must be"),
        ([("a", "b", 0.5)], {"prior": -1}, "prior must be"),
        (orders([["a", "b", "c"]]), {}, "multidimensional_elo takes matches"),
    ],
)
def test_what_has_no_finite_estimate_is_refused_with_the_reason(given, options, why):
    with pytest.raises(InputError, match=why):
        multidimensional_elo(given, **options)


def test_tables_that_are_no_log_odds_are_refused():
    for wrong in ([[0, 1], [1, 0]], [[0, 1]], [[0, np.inf], [-np.inf, 0]], [[1, 0], [0, 0]], np.zeros((0, 0))):
        with pytest.raises(InputError):
            rated_circles(wrong)
    with pytest.raises(InputError, match="prior"):
        rank([("a", "b", 1)], "melo:prior=0")
