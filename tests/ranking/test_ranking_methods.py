"""Methods of ranking against other derivations of the same numbers, and their intervals against planted players."""

import itertools
import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize

import nashscape as ns
from nashscape.core import InputError
from nashscape.core.statistics.estimates import clopper_pearson
from nashscape.ranking import Scored, best_mixture, counted_matches, lotteries, matches, rank
from nashscape.ranking.fits import curvature, fitted, log_likelihood
from nashscape.ranking.pairs import components
from nashscape.ranking.strength_tests import ratio_tests, wald_tests

CYCLE = [("a", "b", "win")] * 40 + [("b", "c", "win")] * 40 + [("c", "a", "win")] * 40


def season(strengths, each, draws):
    """Points of everybody against everybody, so many matches each, by Bradley and Terry's model."""
    n = len(strengths)
    points = np.zeros((n, n))
    for i, j in itertools.combinations(range(n), 2):
        points[i, j] = draws.binomial(each, 1 / (1 + math.exp(strengths[j] - strengths[i])))
        points[j, i] = each - points[i, j]
    return points


def by_name(found):
    return {name: one.value for name, one in zip(found.players, found.scores, strict=True)}


def test_strengths_are_those_of_most_likelihood():
    draws = np.random.default_rng(0)
    for n in (2, 3, 5):
        points = season(draws.normal(size=n), 12, draws) + 0.5 * (1 - np.eye(n))
        points[0, n - 1] += 7.0  # unequal counts
        done = minimize(lambda s, w=points: -float(log_likelihood(w, s)), np.zeros(n), method="BFGS", tol=1e-10)
        np.testing.assert_allclose(fitted(points), done.x - done.x.mean(), atol=2e-5)


def test_all_fits_at_once_are_those_one_by_one():
    draws = np.random.default_rng(1)
    tables = np.stack([season(draws.normal(size=4), 9, draws) + 0.5 * (1 - np.eye(4)) for _ in range(7)])
    np.testing.assert_allclose(fitted(tables), [fitted(one) for one in tables], atol=1e-7)


def test_ratio_tests_are_those_of_the_constrained_likelihood():
    points = season([0.9, 0.2, -0.4, -0.7], 15, np.random.default_rng(2))
    strengths = fitted(points)
    found = ratio_tests(points, strengths)
    for (i, j), p in zip(itertools.combinations(range(4), 2), found, strict=True):
        nearer = points.copy()  # half a win from the stronger to the weaker
        half = 0.5 if strengths[i] > strengths[j] else -0.5
        nearer[i, j] -= half
        nearer[j, i] += half

        def least(s, i=i, j=j, nearer=nearer):
            s = np.insert(s, j, 0.0)
            s[j] = s[i]
            return -float(log_likelihood(nearer, s))

        done = minimize(least, np.zeros(3), method="BFGS", tol=1e-10)
        free = minimize(lambda s, w=nearer: -float(log_likelihood(w, s)), np.zeros(4), method="BFGS", tol=1e-10)
        ratio = 2 * (done.fun - free.fun)
        assert p == pytest.approx(math.erfc(math.sqrt(ratio / 2)), abs=1e-5)


def test_a_player_who_never_lost_has_no_finite_estimate():
    # as reported in hturner/BradleyTerry2 #6
    found = rank([("A", "B", 1)] * 3 + [("B", "C", 1)] * 2 + [("C", "B", 1)])
    assert found.players == ("A", "B", "C")
    assert [math.isinf(one.high) for one in found.scores] == [True, False, False]
    assert "no finite estimate across 2 groups: A; B, C" in found.provenance.notes[0]
    # B and C by themselves are as 2 to 1, and the likelihood comes to its supremum and stays below
    assert found.of("B").value - found.of("C").value == pytest.approx(math.log(2))
    points = found.points
    supremum = 2 * math.log(2 / 3) + math.log(1 / 3)
    assert supremum == pytest.approx(-1.909543, abs=1e-6)
    assert float(log_likelihood(points, fitted(points))) == pytest.approx(supremum, abs=1e-8)
    # three wins are too few to be sure
    assert (found.best[0], found.worst[0]) == (1, 3)
    with_prior = rank([("A", "B", 1)] * 3 + [("A", "B", 0.5)])
    assert with_prior.of("A").value - with_prior.of("B").value == pytest.approx(math.log(7))
    even = rank([("A", "B", 0.5)] * 4)
    assert even.ranks.tolist() == [1, 1]
    assert "half a win" in even.provenance.notes[0]


def test_who_won_very_often_is_above_although_strengths_have_no_maximum():
    found = rank([("A", "B", 1)] * 30 + [("B", "C", 1)] * 2 + [("C", "B", 1)])
    # C, who won one of three against B, is no equal of A, who won thirty of thirty; of B and C it is not known
    assert (found.best.tolist(), found.worst.tolist()) == ([1, 2, 2], [1, 3, 3])
    assert rank([("A", "B", 1)] * 30 + [("B", "A", 0)] * 30, "bradley-terry:prior=0.5").worst.tolist() == [1, 2]


def test_ranks_hold_together_and_intervals_cover_planted_strengths():
    draws, planted = np.random.default_rng(3), np.array([0.8, 0.3, 0.3, -0.2, -1.2])
    order = np.argsort(-planted, kind="stable")
    # of equal players either place is right
    least, most = (
        np.array([1 + (planted > own).sum() for own in planted]),
        np.array([(planted >= own).sum() for own in planted]),
    )
    right = covered = decided = 0
    for _ in range(300):
        found = rank(counted_matches(season(planted, 30, draws)))
        at = [found.players.index(chr(65 + k)) for k in range(5)]
        best, worst = found.best[at], found.worst[at]
        right += bool(((best <= least) & (worst >= most)).all())
        decided += int((worst - best).sum())
        covered += sum(found.of(chr(65 + k)).contains(planted[k] - planted.mean()) for k in range(5))
    assert order[0] == 0
    # the chance of fewer than 274 of 300 right at .95 is .3 %
    assert right >= 274
    assert 1500 * 0.93 <= covered <= 1500 * 0.97
    assert decided <= 300 * 8.5, "not by saying nothing"


def test_equal_players_are_seldom_told_apart_however_many_pairs_there_are():
    draws = np.random.default_rng(11)
    told = sum(bool((rank(counted_matches(season([0.0] * 5, 30, draws))).best > 1).any()) for _ in range(200))
    # the chance of more than 18 of 200 at .05 is .6 %; pair by pair some would be told apart in about 60
    assert told <= 18


@pytest.mark.parametrize(("each", "players"), [(3, 2), (4, 2), (10, 2), (3, 3), (2, 5), (1, 6)])
def test_few_matches_tell_nobody_apart_who_is_equal(each, players):
    draws = np.random.default_rng(12)
    told = sum(bool((rank(counted_matches(season([0.0] * players, each, draws))).best > 1).any()) for _ in range(150))
    assert told <= 15, "the chance of more than 15 of 150 at .05 is .5 %"


def test_half_a_win_nearer_is_close_to_the_exact_test_of_two_players():
    for n in (3, 5, 10, 16):
        for wins in range(n // 2 + 1, n + 1):
            exact = min(1.0, 2 * sum(math.comb(n, k) for k in range(wins, n + 1)) / 2**n)
            points = np.array([[0.0, wins], [n - wins, 0.0]])
            assert ratio_tests(points, fitted(points))[0] == pytest.approx(exact, abs=0.03)


def test_of_groups_that_never_met_nothing_is_said_however_many_players_there_are():
    draws = np.random.default_rng(13)
    for size in (3, 25):  # tested pair by pair, and by one fit
        points = np.zeros((2 * size, 2 * size))
        points[:size, :size] = season(np.linspace(-1, 1, size), 6, draws)
        points[size:, size:] = season(np.linspace(-1, 1, size), 6, draws)
        found = rank(counted_matches(points))
        assert found.worst.min() >= size + 1, "each of the others may be better"
        assert "have not met" in found.notes[0]
        assert found.ranks.tolist().count(1) >= 2
        assert (
            wald_tests(curvature(points, fitted(points)), fitted(points), components(points > 0)) < 0.05
        ).any() or size == 3


def test_a_newcomer_leaves_what_is_known_of_the_others():
    old = [("a", "b", 1)] * 60 + [("b", "a", 1)] * 40
    before, after = rank(old), rank([*old, ("new", "a", 1)])
    assert after.of("a").low == pytest.approx(before.of("a").low, abs=1e-6)
    assert after.ranks.tolist() == [1, 2, 3]
    assert after.players == ("new", "a", "b")
    circle = [("r", "s", 1), ("s", "p", 1), ("p", "r", 1)] * 30 + [("r", "z", 1), ("s", "z", 1), ("p", "z", 1)] * 3
    assert any("does not explain" in note for note in rank(circle).notes)


def test_ties_in_a_circle_are_a_circle_too():
    games = [("r", "s", 1), ("s", "p", 1), ("p", "r", 1)] * 6 + [("r", "s", 0.5), ("s", "p", 0.5), ("p", "r", 0.5)] * 20
    assert any("does not explain" in note for note in rank(games).notes)


def test_strengths_that_do_not_explain_results_are_told():
    found = rank(CYCLE)
    assert found.ranks.tolist() == [1, 1, 1]
    assert "does not explain these results" in found.notes[-1]
    draws = np.random.default_rng(4)
    noted = [rank(counted_matches(season([0.5, 0.0, -0.5, 0.2], 20, draws))).notes for _ in range(60)]
    assert sum(bool(one) for one in noted) <= 9, "of planted strengths at most some by chance: the level is .05"


def test_elo_depends_on_order_and_keeps_the_sum():
    # as reported in PennyDreadfulMTG/Penny-Dreadful-Tools #6940
    first = rank([("A", "B", 1), ("B", "A", 1)], "elo")
    assert by_name(first) == pytest.approx({"A": 1499.172385, "B": 1500.827615}, abs=1e-6)
    assert by_name(rank([("B", "A", 1), ("A", "B", 1)], "elo")) == pytest.approx(
        {"B": 1499.172385, "A": 1500.827615}, abs=1e-6
    )
    assert first.of("A").low < 1500 < first.of("A").high
    assert (first.best.tolist(), first.worst.tolist()) == ([1, 1], [2, 2])
    assert by_name(rank([("A", "B", 1), ("B", "A", 1)], "elo:updates=period")) == {"A": 1500, "B": 1500}
    draws = np.random.default_rng(5)
    many = [(*draws.choice(list("ABCDE"), 2, replace=False), float(draws.choice([0, 0.5, 1]))) for _ in range(200)]
    found = rank(many, "elo:k=16,scale=200,start=1000,orders=20")
    assert sum(by_name(found).values()) == pytest.approx(5000)
    ratings = dict.fromkeys("ABCDE", 1000.0)
    for one, other, result in many:
        moved = 16 * (result - 1 / (1 + 10 ** ((ratings[other] - ratings[one]) / 200)))
        ratings[one], ratings[other] = ratings[one] + moved, ratings[other] - moved
    assert by_name(found) == pytest.approx(ratings)
    assert "K = 16" in found.notes[0]


def test_of_counts_elo_has_no_order():
    with pytest.raises(InputError, match="which counts do not have"):
        rank(counted_matches([[0, 3], [1, 0]]), "elo")
    found = rank(counted_matches([[0, 3], [1, 0]]), "elo:updates=period")
    assert by_name(found) == {"A": 1524.0, "B": 1476.0}


def test_on_a_circle_elo_goes_where_the_order_goes_and_the_circle_is_told():
    found = rank(CYCLE, "elo")
    assert by_name(found)["c"] == max(by_name(found).values()), "who won last is first"
    assert found.notes[-1] == (
        "there are circles, each win sure at the level: a beats b beats c beats a; no numbers on one line can say so"
    )


def test_copelands_scores_count_wins_and_their_ends_hold_for_any_number_of_matches():
    found = rank([("a", "b", 1)] * 3 + [("a", "c", 0.5)] * 2 + [("b", "c", 1)] + [("c", "b", 1)], "copeland")
    assert by_name(found) == {"a": 1.5, "c": 1.0, "b": 0.5}
    draws, chances = np.random.default_rng(6), np.array([[0.5, 0.8, 0.35, 0.9], [0, 0.5, 0.75, 0.6], [0, 0, 0.5, 0.7]])
    wrong = 0
    truth = {"A": 2, "B": 2, "C": 2, "D": 0}
    for _ in range(200):
        points = np.zeros((4, 4))
        for i, j in itertools.combinations(range(4), 2):
            points[i, j] = draws.binomial(40, chances[i, j])
            points[j, i] = 40 - points[i, j]
        own = rank(counted_matches(points), "copeland")
        wrong += not all(own.of(name).contains(score) for name, score in truth.items())
    assert wrong <= 17, "the chance of more than 17 of 200 at .05 is 1 %"


def test_simultaneous_intervals_are_clopper_and_pearsons_with_what_they_may_miss_divided():
    from nashscape.ranking.pairs import shares

    low, high = shares(matches([("a", "b", 1)] * 8 + [("b", "c", 1)] * 3 + [("c", "b", 1)] * 2), 0.95)
    one, other = clopper_pearson(8, 8, 0.975), clopper_pearson(3, 5, 0.975)
    assert (low[0, 1], high[0, 1], low[1, 2], high[1, 2]) == (one.low, one.high, other.low, other.high)
    assert (low[2, 1], high[1, 0], low[0, 2], high[0, 2]) == (1 - other.high, 1 - one.low, 0.0, 1.0)


def test_the_best_mixture_is_that_of_the_exact_minimax_winner():
    draws = np.random.default_rng(7)
    for n in (2, 3, 4, 5, 6):
        wins = np.triu(draws.integers(0, 11, (n, n)), 1)
        table = [[Fraction(1, 2) if i == j else Fraction(int(wins[i, j]), 10) if i < j else
                  1 - Fraction(int(wins[j, i]), 10) for j in range(n)] for i in range(n)]  # fmt: skip
        exact = ns.theory.minimax_winner(ns.games.preferences([[str(p) for p in row] for row in table]))
        margins = np.array(table, float) - 0.5
        found = best_mixture(margins)
        assert (found @ margins).min() >= -1e-9
        if exact.unique:
            np.testing.assert_allclose(found, np.array(exact.winner, float), atol=1e-6)
    weighted = [[0, 0.4, -0.1], [-0.4, 0, 0.1], [0.1, -0.1, 0]]
    np.testing.assert_allclose(best_mixture(weighted), [1 / 6, 1 / 6, 2 / 3], atol=1e-7)


def test_margins_that_linear_programs_cannot_see_count_as_none():
    def margins(small):
        return [[0, small, 1], [-small, 0, 1], [-1, -1, 0]]

    np.testing.assert_allclose(best_mixture(margins(1e-6)), [1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(best_mixture(margins(1e-10)), [0.5, 0.5, 0], atol=1e-9)


def test_of_several_best_mixtures_it_is_that_of_largest_entropy():
    draws = np.random.default_rng(8)
    cycle = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]], float)
    copied = cycle[np.ix_([0, 0, 1, 2, 2, 2], [0, 0, 1, 2, 2, 2])]
    np.testing.assert_allclose(best_mixture(copied), [1 / 6, 1 / 6, 1 / 3, 1 / 9, 1 / 9, 1 / 9], atol=1e-7)
    np.testing.assert_allclose(best_mixture(np.zeros((4, 4))), [0.25] * 4)
    several = 0
    for _ in range(12):
        table = np.triu(draws.integers(-1, 2, (5, 5)), 1)
        table = table - table.T
        exact = ns.theory.minimax_winner(ns.games.preferences((table + 1) / 2))
        corners = np.array([[float(p) for p in one] for one in exact.extreme])
        several += len(corners) > 1

        def mixed(weights, corners=corners):
            shares = np.exp(weights - weights.max())
            return shares @ corners / shares.sum()

        def order(weights, mixed=mixed):
            own = mixed(weights)
            return float((own * np.log(np.maximum(own, 1e-300))).sum())

        done = minimize(order, np.zeros(len(corners)), method="BFGS", tol=1e-12)
        np.testing.assert_allclose(best_mixture(table), mixed(done.x), atol=2e-4)
    assert several >= 3


def test_mixtures_answer_circles_and_nash_averaging_knows_copies():
    found = rank(CYCLE + [("a", "d", "win")] * 30 + [("b", "d", "win")] * 30 + [("c", "d", "win")] * 30,
                 ["maximal-lottery", "nash-averaging"])  # fmt: skip
    assert by_name(found["maximal-lottery"]) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3, "d": 0.0})
    assert by_name(found["nash-averaging"])["d"] == pytest.approx(math.log(0.5 / 30.5))
    assert by_name(found["nash-averaging"])["a"] == 0.0
    draws = np.random.default_rng(9)
    own = rank(counted_matches(season([1.0, 0.0, -1.0], 60, draws)), "nash-averaging")
    odds = math.log((own.points[1, 0] + 0.5) / (own.points[0, 1] + 0.5))
    assert own.scores[1].value == pytest.approx(odds), "of strengths on one line the best player is the mixture"


def test_case_50_alpha_rank_of_a_file_of_matches_is_that_of_its_shares(tmp_path):
    """As reported in google-deepmind/open_spiel #106: masses from the results of matches."""
    rows = [("a", "b", w) for w in (1, 1, 1, 0)] + [("b", "c", w) for w in (1, 1, 0)] + [("c", "a", 1)] * 2
    rows += [(one, "d", 1) for one in "abc"]
    path = tmp_path / "matches.csv"
    path.write_text("player,player,result\n" + "".join(f"{one},{other},{w}\n" for one, other, w in rows))
    shares = np.full((4, 4), 0.5)
    for (i, j), won, of in (((0, 1), 3, 4), ((1, 2), 2, 3), ((2, 0), 2, 2), *((((k, 3), 1, 1)) for k in range(3))):
        shares[i, j], shares[j, i] = round(won / of, 4), round(1 - won / of, 4)
    for intensity in (2.0, math.inf):
        found = rank(path, f"alpha-rank:intensity={intensity},population=10,resamples=5")
        # the chain itself: a mutant of one kind is as likely as of another, and takes over as its gain says
        gains = shares - shares.T
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            power = 200.0 if math.isinf(intensity) else intensity
            rate = np.where(gains == 0, 0.1, np.expm1(-power * gains) / np.expm1(-10 * power * gains))
        moves = (rate / 3).T
        np.fill_diagonal(moves, 0)
        np.fill_diagonal(moves, 1 - moves.sum(axis=1))
        masses = np.linalg.lstsq(np.vstack([moves.T - np.eye(4), np.ones(4)]), [0, 0, 0, 0, 1], rcond=None)[0]
        assert by_name(found) == pytest.approx(dict(zip("abcd", masses, strict=True)), abs=1e-6)


def test_strengths_planted_are_covered_by_nash_averages():
    draws, planted = np.random.default_rng(10), np.array([1.5, 0.0, -1.0])
    covered = 0
    for _ in range(30):
        found = rank(counted_matches(season(planted, 200, draws)), "nash-averaging:resamples=100")
        covered += sum(found.of(chr(65 + k)).contains(planted[k] - planted[0]) for k in range(3))
    assert covered >= 78


def test_components_come_in_the_order_in_which_they_reach():
    reaches = np.zeros((5, 5), bool)
    for i, j in ((0, 1), (1, 0), (1, 3), (3, 4), (4, 3), (2, 0)):
        reaches[i, j] = True
    assert components(reaches) == [[2], [0, 1], [3, 4]]


def test_what_no_margins_are_is_told():
    for margins in (np.zeros((0, 0)), [[0, 1]], [[0, 1], [1, 0]]):
        with pytest.raises(InputError, match="square table"):
            best_mixture(margins)


OWN = """
import numpy as np
from nashscape.core import Estimate
from nashscape.ranking import Scored


def by_name(found, level, *, longest=False):
    scores = [float(len(name) if longest else -ord(name[0])) for name in found.players]
    n = len(scores)
    made = tuple(Estimate(x, x, x, level, "as it is") for x in scores)
    return Scored(made, np.ones(n, int), np.full(n, n), "letters", "nothing")


def wrong(found, level):
    return 5
"""


def test_a_method_of_ones_own_is_one(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    games = [("bob", "annabel", 1), ("cy", "bob", 1)]
    assert rank(games, f"{path}:by_name").players == ("annabel", "bob", "cy")
    assert rank(games, f"{path}:by_name:longest=true").players == ("annabel", "bob", "cy")
    with pytest.raises(InputError, match="must give Scored"):
        rank(games, f"{path}:wrong")
    assert Scored.__name__ == "Scored"


@pytest.mark.parametrize(
    ("by", "wrong"),
    [
        ("elos", "did you mean 'elo'"),
        ("elo:kk=3", "kk"),
        ([], "no method"),
        (["elo", "elo"], "different ones"),
        ("elo:k=-1", "k must"),
        ("elo:seed=-1", "seed"),
        ("elo:orders=1000000000", "too many"),
        ("bradley-terry:prior=1e20", "prior"),
        (5, "got 5"),
        ("bradley-terry:prior=-1", "prior"),
        ("nash-averaging:prior=0", "prior"),
    ],
)
def test_what_no_method_is_is_told(by, wrong):
    with pytest.raises(InputError, match=wrong):
        rank([("a", "b", 1)], by)


def test_ranking_needs_neither_jax_nor_pictures():
    script = "import sys\nfrom nashscape.ranking import rank\n"
    script += "rank([('a', 'b', 1), ('b', 'a', 1)], ['bradley-terry', 'elo']).table()\n"
    script += "print(sorted({'jax', 'matplotlib', 'pandas', 'scipy.optimize'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_no_probability_of_the_best_mixture_is_negative_among_near_copies():
    """Eighteen near copies of rock, paper and scissors: programs solve them to a tolerance, and may go below zero."""
    random = np.random.default_rng(2)
    n = int(random.integers(8, 20))
    kinds = random.integers(0, 3, size=n)
    table = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0.0]])[np.ix_(kinds, kinds)]
    apart = random.normal(size=(n, n)) * 10.0 ** random.integers(-9, -4)
    table = table + apart - apart.T
    within = lotteries._whole(table)
    assert within.min() >= 0
    assert within.sum() == pytest.approx(1)
    assert best_mixture(table).min() >= 0
    assert (best_mixture(table) @ table).min() > -1e-4
