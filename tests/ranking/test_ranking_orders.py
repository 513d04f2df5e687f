"""Orders of several players: how they are read, and strengths of Plackett and Luce against other derivations."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from nashscape.core import InputError
from nashscape.ranking import counted_matches, matches, order_probability, orders, rank, takes
from nashscape.ranking.choices import choices_of, chosen_bent, chosen_likelihood, fitted_choices
from nashscape.ranking.order_strengths import among
from nashscape.ranking.order_tests import choice_tests, drawn, order_fit_test
from nashscape.ranking.player_orders import Orders

MIXED = [
    list("abcd"),
    list("bac"),
    ["d", "a", ["b", "c"]],
    list("cb"),
    list("dcba"),
    ["a", ["b", "c", "d"]],
    list("bd"),
]


def log_chance(strengths, own):
    """The logarithm of the chance of an order, place by place."""
    names, below = (own[:-1], own[-1]) if isinstance(own[-1], list) else (own, [])
    left, total = [*names, *below], 0.0
    for name in names:
        total += strengths[name] - math.log(sum(math.exp(strengths[other]) for other in left))
        left.remove(name)
    return total


def planted(strengths, many, size, draws, placed=None):
    """Orders of players drawn without replacement by the model, one choice after the other."""
    rows = []
    for _ in range(many):
        left, row = list(draws.choice(len(strengths), size, replace=False)), []
        while left:
            worths = np.exp([strengths[k] for k in left])
            row.append(left.pop(draws.choice(len(left), p=worths / worths.sum())))
        rows.append([chr(65 + k) for k in row])
    return orders(rows if placed is None else [[*row[:placed], row[placed:]] for row in rows])


def test_the_chance_of_an_order_is_a_product_and_not_that_of_the_reversed_order():
    # as reported in bob-carpenter/case-studies #1
    chances = {own: order_probability([5, 3, 2], own) for own in itertools.permutations(range(3))}
    assert list(map(str, chances.values())) == ["3/10", "1/5", "3/14", "3/35", "1/8", "3/40"]
    assert sum(chances.values()) == 1
    reversed_model = {own: chances[own[::-1]] for own in chances}  # chances that sum to 1 too
    assert reversed_model[(0, 1, 2)] == Fraction(3, 40)
    assert order_probability([5, 3, 2], [1]) == chances[(1, 0, 2)] + chances[(1, 2, 0)] == Fraction(3, 10)
    assert order_probability([0.5, 0.25, 1.25], [2, 0]) == pytest.approx(5 / 8 * 2 / 3)
    # the likelihood that is fitted is the logarithm of these
    for own, chance in chances.items():
        found = orders([[str(k) for k in own]])
        strengths = np.log([[5, 3, 2][int(name)] for name in found.players])
        assert float(chosen_likelihood(choices_of(found), strengths)) == pytest.approx(math.log(chance))


def test_orders_drawn_are_those_of_the_model():
    found = orders([list("abc")] * 30_000)
    made = drawn(found.field, np.log([5.0, 3.0, 2.0]), 1, np.random.default_rng(0))[0]
    for own in itertools.permutations(range(3)):
        chance = float(order_probability([5, 3, 2], own))
        error = 4 * math.sqrt(chance * (1 - chance) / 30_000)
        assert (made == own).all(1).mean() == pytest.approx(chance, abs=error)


def test_the_likelihood_is_the_product_of_choices_whatever_orders_tell():
    found = orders(MIXED)
    strengths = np.random.default_rng(1).normal(size=4)
    by_name = dict(zip(found.players, strengths, strict=True))
    total = sum(log_chance(by_name, own) for own in MIXED)
    own = choices_of(found)
    assert float(chosen_likelihood(own, strengths)) == pytest.approx(total, abs=1e-12)
    slope, curve = chosen_bent(own, strengths)
    steps = 1e-5 * np.eye(4)
    ends = [[float(chosen_likelihood(own, strengths + sign * step)) for sign in (1, -1)] for step in steps]
    np.testing.assert_allclose(slope, [(one - other) / 2e-5 for one, other in ends], atol=1e-8)
    slopes = [(chosen_bent(own, strengths + step)[0] - chosen_bent(own, strengths - step)[0]) / 2e-5 for step in steps]
    np.testing.assert_allclose(-curve, slopes, atol=1e-8)


def test_strengths_are_those_of_most_likelihood_and_intervals_of_its_curvature():
    found = rank(orders(MIXED), "plackett-luce")

    def missing(strengths):
        return -sum(log_chance(dict(zip("abcd", strengths, strict=True)), own) for own in MIXED)

    done = minimize(missing, np.zeros(4), method="BFGS", tol=1e-10)
    best = done.x - done.x.mean()
    np.testing.assert_allclose([found.of(name).value for name in "abcd"], best, atol=2e-6)
    step = 1e-3 * np.eye(4)
    bent = np.array([[(missing(best + p + q) - missing(best + p - q) - missing(best - p + q) + missing(best - p - q))
                      / 4e-6 for p in step] for q in step])  # fmt: skip
    half = 1.959964 * np.sqrt(np.diag(np.linalg.pinv(bent, rcond=1e-5)))
    np.testing.assert_allclose([found.of(name).high - found.of(name).value for name in "abcd"], half, rtol=1e-4)
    assert [found.of(name).trials for name in "abcd"] == [5, 7, 6, 5]


def test_a_fit_by_hunters_steps_is_the_same():
    found = orders(MIXED)
    sets, chosen = found.choices
    worths = np.ones(4)
    for _ in range(4000):  # Hunter (2004): w_i = wins_i / Σ of 1 / (worth of the set) over the sets with i
        worths = np.bincount(chosen, minlength=4) / (sets / (sets @ worths)[:, None]).sum(0)
    logs = np.log(worths)
    np.testing.assert_allclose(fitted_choices(choices_of(found)), logs - logs.mean(), atol=1e-7)


@pytest.mark.parametrize("method", ["", ":prior=0.5"])
def test_of_orders_of_two_it_is_bradley_terry(method):
    draws = np.random.default_rng(2)
    strengths = np.array([0.9, 0.2, -0.4, -0.7, 0.0])
    rows = []
    for _ in range(150):
        i, j = draws.choice(5, 2, replace=False)
        wins = draws.random() < 1 / (1 + math.exp(strengths[j] - strengths[i]))
        rows.append(("ABCDE"[i], "ABCDE"[j], int(wins)))
    rows += [("A", "F", 1)] * 9  # nobody but A played F, who never won
    one = rank(rows, f"bradley-terry{method}")
    for given in (rows, orders([own[:2] if own[2] else own[1::-1] for own in rows])):
        other = rank(given if hasattr(given, "field") else matches(given), f"plackett-luce{method}")
        assert other.players == one.players
        for key in ("ranks", "best", "worst", "matches", "points"):
            np.testing.assert_array_equal(getattr(other, key), getattr(one, key))
        for key in ("value", "low", "high", "trials"):
            mine, theirs = ([getattr(own, key) for own in found.scores] for found in (other, one))
            np.testing.assert_allclose(mine, theirs, atol=1e-8)
        assert sorted(map(len, other.notes)) == sorted(map(len, one.notes))
    assert one.of("F").high == math.inf or method


def test_the_tests_of_pairs_are_those_of_the_constrained_likelihood():
    found = orders(MIXED * 2)
    own = choices_of(found)
    strengths = fitted_choices(own)
    for (i, j), p in zip(itertools.combinations(range(4), 2), choice_tests(own, strengths), strict=True):
        half = 0.5 if strengths[i] >= strengths[j] else -0.5

        def missing(s, half=half, i=i, j=j):  # half a win from the one to the other
            by_name = dict(zip(found.players, s, strict=True))
            return -sum(log_chance(by_name, one) for one in MIXED * 2) + half * (s[i] - s[j])

        free = minimize(missing, np.zeros(4), method="BFGS", tol=1e-10)

        def together(s, i=i, j=j, missing=missing):
            whole = np.insert(s, j, 0.0)
            whole[j] = whole[i]
            return missing(whole)

        even = minimize(together, np.zeros(3), method="BFGS", tol=1e-10)
        turned = (free.x[i] - free.x[j]) * half < 0
        assert p == pytest.approx(1.0 if turned else chi2.sf(2 * (even.fun - free.fun), 1), abs=1e-5)


def test_who_was_never_below_others_has_no_finite_strength():
    given = [["A", "B", "C"], ["A", "C", "B"], ["B", "A", "C"], ["A", "B", "C"], ["C", "D"], ["B", "C", "D", "E"],
             ["E", "D"], ["A", "D", "E"]]  # fmt: skip
    found = rank(orders(given))
    assert "no finite estimate across 2 groups: A, B, C; D, E" in found.notes[0]
    assert found.players == ("A", "B", "C", "D", "E")
    assert [found.of(name).value for name in "DE"] == pytest.approx([math.log(2) / 2, -math.log(2) / 2])
    # the supremum of the likelihood is the sum of those of the groups, and steps come as close as can be told
    whole = orders(given)
    parts = [among(whole, group) for group in ([0, 1, 2], [3, 4])]
    supremum = sum(float(chosen_likelihood(choices_of(own), fitted_choices(choices_of(own)))) for own in parts)
    own = choices_of(whole)
    assert float(chosen_likelihood(own, fitted_choices(own))) == pytest.approx(supremum, abs=1e-7)
    assert [len(part) for part in parts] == [5, 3]
    alone = rank(orders([["A", "B"]] * 3))
    assert (alone.of("A").high, alone.worst.tolist()) == (math.inf, [2, 2])
    brought = rank(orders(given), "plackett-luce:prior=0.5")
    assert all(math.isfinite(one.high) for one in brought.scores)
    assert brought.notes[0].startswith("prior of 0.5")


def test_intervals_cover_planted_strengths_and_ranks_hold_together():
    draws, strengths = np.random.default_rng(3), np.array([1.0, 0.4, 0.4, -0.3, -1.5])
    least = np.array([1 + (strengths > own).sum() for own in strengths])
    most = np.array([(strengths >= own).sum() for own in strengths])
    right = covered = decided = 0
    for k in range(150):
        found = rank(planted(strengths, 40, 4, draws, placed=2 if k % 2 else None), "plackett-luce:seed=5")
        at = [found.players.index(chr(65 + k)) for k in range(5)]
        right += bool(((found.best[at] <= least) & (found.worst[at] >= most)).all())
        decided += int((found.worst - found.best).sum())
        covered += sum(found.of(chr(65 + k)).contains(strengths[k] - strengths.mean()) for k in range(5))
    assert right >= 134, "the chance of fewer than 134 of 150 right at .95 is .3 %"
    assert 750 * 0.92 <= covered <= 750 * 0.98
    assert decided <= 150 * 12, "not by saying nothing"


def test_orders_as_often_as_the_model_says_give_its_worths_and_the_reversed_model_others():
    often = {own: int(280 * order_probability([5, 3, 2], own)) for own in itertools.permutations(range(3))}
    assert list(often.values()) == [84, 56, 60, 24, 35, 21]
    found = orders([["ABC"[k] for k in own] for own, count in often.items() for _ in range(count)])
    back = Orders(found.players, found.field[:, ::-1].copy(), found.placed)
    logs = np.log([5.0, 3.0, 2.0])
    np.testing.assert_allclose(fitted_choices(choices_of(found)), logs - logs.mean(), atol=1e-9)
    other = -fitted_choices(choices_of(back))
    assert np.abs(other - (logs - logs.mean())).max() > 0.01, "of two players it would be the same, of three it is not"


def test_of_many_players_tests_are_walds():
    found = rank(planted(np.linspace(2, -2, 42), 60, 10, np.random.default_rng(5)), "plackett-luce")
    assert found.sureness.startswith("Wald's tests")
    assert found.best[-1] > 1
    assert found.worst[0] < 42


def test_circles_of_orders_are_told_and_orders_of_the_model_are_not():
    cycle = orders([list("abc"), list("bca"), list("cab")] * 20 + [list("ab"), list("bc"), list("ca")] * 20)
    found = rank(cycle)
    assert found.ranks.tolist() == [1, 1, 1]
    assert "does not explain" in found.notes[-1]
    assert "look at copeland" in found.notes[-1]
    draws, small = np.random.default_rng(6), 0
    for seed in range(40):
        own = planted([0.8, 0.0, -0.3, -0.5], 30, 3, draws)
        small += order_fit_test(own, fitted_choices(choices_of(own)), seed) <= 0.2
    assert 1 <= small <= 17, "p-values are at most .2 in a fifth of the seasons: the chance of more than 17 is .1 %"


def test_methods_take_what_they_can():
    given = orders([list("abc")] * 12 + [list("bca")] * 3)
    with pytest.raises(InputError, match=r"bradley-terry takes matches.*take plackett-luce"):
        rank(given, "bradley-terry")
    with pytest.raises(InputError, match="elo takes matches"):
        rank(given, ["plackett-luce", "elo"])
    with pytest.raises(InputError, match=r"plackett-luce takes orders without ties.*bradley-terry"):
        rank([("a", "b", 0.5)], "plackett-luce")
    assert rank(given).method == "plackett-luce"
    assert rank([("a", "b", 1)]).method == "bradley-terry"
    assert rank(orders([list("ab")] * 3 + [list("ba")]), "bradley-terry").scores[0].value == pytest.approx(
        math.log(3) / 2
    )
    # Copeland's scores look at pairs by themselves, for which those of orders do
    own = rank(given, "copeland")
    counts = counted_matches([[0, 12, 12], [3, 0, 15], [3, 0, 0]], "abc")
    np.testing.assert_array_equal(own.points, rank(counts, "copeland").points)
    assert own.best.tolist() == rank(counts, "copeland").best.tolist()
    with pytest.raises(InputError, match="what a method takes"):
        takes("races")


def told(found):
    return [[found.players[k] for k in row[:size]] for row, size in zip(found.field, found.sizes, strict=True)], [
        int(k) for k in found.placed
    ]


def written(folder, text):
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3,4\nann,bob,cy\nbob,ann\ncy,ann,bob,dan\n",
        "1st;2nd;3rd;4th\nann;bob;cy;\nbob;ann;;\ncy;ann;bob;dan\n",
        "race,player,place\nx,bob,2\nx,ann,1\ny,bob,1\nx,cy,7\ny,ann,2\nz,dan,\nz,cy,1\nz,bob,3\nz,ann,2\n",
        "Heat\tDriver\tPosition\nx\tann\t1\nx\tbob\t2\nx\tcy\t3\ny\tbob\t1\ny\tann\t2\nz\tcy\t1\nz\tann\t2\nz\tbob\t3\nz\tdan\tDNF\n",
    ],
)
def test_a_file_of_orders_is_read_however_they_are_written(text, tmp_path):
    path = written(tmp_path, text)
    wanted = ([["ann", "bob", "cy"], ["bob", "ann"], ["cy", "ann", "bob", "dan"]], [3, 2, 4])
    assert told(orders(path)) == wanted
    assert rank(str(path)).method == "plackett-luce"


def test_columns_are_chosen_and_frames_are_taken(tmp_path):
    pandas = pytest.importorskip("pandas")
    path = written(tmp_path, "day,run,who,place\n1,x,ann,2\n1,x,bob,1\n2,y,ann,1\n2,y,bob,\n2,y,cy,\n")
    wanted = ([["bob", "ann"], ["ann", "bob", "cy"]], [2, 1])
    assert told(orders(path, columns=["run", "who", "place"])) == wanted
    assert rank(path, columns="run,who,place").points.sum() == 3
    frame = pandas.read_csv(path)
    assert told(orders(frame, columns=["run", "who", "place"])) == wanted
    assert rank(frame[["run", "who", "place"]].rename(columns={"run": "race", "who": "player"})).points.sum() == 3


def test_of_a_poll_for_the_best_those_who_are_not_named_are_below():
    ballots = [["a"], ["b", "a"], ["c", "d", "a"]]
    assert told(orders(ballots, rest="below"))[0] == [["a", "b", "c", "d"], ["b", "a", "c", "d"], ["c", "d", "a", "b"]]
    assert told(orders(ballots, rest="below"))[1] == [1, 2, 4], "who is left alone has the last place"
    found = rank(orders([["a"]] * 6 + [["b"]] * 3 + [["c"]], rest="below"))
    worths = np.exp([found.of(name).value for name in "abc"])
    np.testing.assert_allclose(worths / worths.sum(), [0.6, 0.3, 0.1], atol=1e-7)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (7, "got 7"),
        ([["a", "b"], "ab"], "order 1 is no list of names"),
        ([["a", ["b", "c"], "d"]], "order 0: b, c are tied; .* has no ties"),
        ([["a", "b", "a"]], "order 0: a is in it twice"),
        ([["a", "b", ["a"]]], "order 0: a is in it twice"),
        ([["a", "b"], ["a"]], "order 1: a is alone in it"),
        ([["a", "b"], [["a", "b"]]], "order 1: nobody has a place"),
        ([["a", ""]], "no name"),
        ([], "there is none"),
        ("1,2,3\na,b\na,b,c,d\n", "line 3: 4 players, where the first line has 3 places"),
        ("1,2,3\na,,b\n", "line 2: a place is empty"),
        ("a,b,c\nb,a,c\n", "begins with the line 1,2,3"),
        ("race,player,place\nx,a,1\nx,b,1\n", "line 3: a and b share place 1 of x; .* no ties"),
        ("race,player,place\nx,a,1\nx,b,first\n", "line 3: a place is a whole number from 1"),
        ("race,player,place\nx,a,1\nx,b,1.5\n", "line 3: a place is a whole number from 1"),
        ("race,player,place\nx,a\nx,b,2\n", "line 2: 2 columns"),
        ("race,player,place\nx,a,1\nx,a,2\n", "race x: a is in it twice"),
    ],
)
def test_what_is_no_order_is_told(given, wrong, tmp_path):
    with pytest.raises(InputError, match=wrong):
        orders(written(tmp_path, given) if isinstance(given, str) and "\n" in given else given)


@pytest.mark.parametrize(
    ("worths", "order", "wrong"),
    [
        ([1, 0], [0], "above 0"),
        ([1, math.nan], [0], "worth of player 1"),
        ([], [0], "one for each player"),
        ([1, 2], [0, 0], "different numbers"),
        ([1, 2], [2], "from 0 to 1"),
        ([1, 2], [], "different numbers"),
    ],
)
def test_what_no_worths_and_orders_are_is_told(worths, order, wrong):
    with pytest.raises(InputError, match=wrong):
        order_probability(worths, order)
