"""Evolutionary stability against its definition, in fractions."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.evolution import evolutionary_stability, finite_population, population_game
from nashscape.evolution.copositivity import copositive
from nashscape.evolution.exact_systems import worth
from nashscape.evolution.symmetric_equilibria import best_replies, supported

F = Fraction


def pays(matrix, x, y):
    """What x gets against y, xᵀAy, written out."""
    return sum(x[i] * F(matrix[i][j]) * y[j] for i in range(len(x)) for j in range(len(y)))


def pure(n, i):
    return tuple(F(k == i) for k in range(n))


def is_nash(matrix, x):
    return all(pays(matrix, pure(len(x), i), x) <= pays(matrix, x, x) for i in range(len(x)))


def invasion(matrix, x, y):
    """1 where residents do better than rare mutants, 0 where as well, −1 where worse: the definition."""
    first = pays(matrix, x, x) - pays(matrix, y, x)
    gap = first or pays(matrix, x, y) - pays(matrix, y, y)
    return (gap > 0) - (gap < 0)


def on_a_segment(matrix, x, p, q):
    """The least sign of `(x − y)ᵀ A y` over y from p to q, all best replies to x, x itself left out: a quadratic."""

    def gap(t):
        y = tuple((1 - t) * a + t * b for a, b in zip(p, q, strict=True))
        return pays(matrix, x, y) - pays(matrix, y, y), y == x

    at = [gap(F(0))[0], gap(F(1, 2))[0], gap(F(1))[0]]
    bend, slope = 2 * (at[0] - 2 * at[1] + at[2]), -3 * at[0] + 4 * at[1] - at[2]
    places = {F(0), F(1)} | ({-slope / (2 * bend)} if bend else {F(1, 2)})
    values = [gap(t) for t in places if 0 <= t <= 1]
    signs = [(value > 0) - (value < 0) for value, own in values if not own]
    # a quadratic that is zero at x with a slope there is negative on one side of it
    near = [gap(t + side * F(1, 10**9)) for t in places for side in (-1, 1) if 0 <= t + side * F(1, 10**9) <= 1]
    return min([*signs, *((value > 0) - (value < 0) for value, own in near if not own)])


def stability_by_edges(matrix, x):
    """Of up to three types: every way from x leads to an edge of the simplex of best replies."""
    if not is_nash(matrix, x):
        return "no equilibrium"
    replies = sorted(i for i in range(len(x)) if pays(matrix, pure(len(x), i), x) == pays(matrix, x, x))
    pairs = list(itertools.combinations(replies, 2))
    worst = min([on_a_segment(matrix, x, pure(len(x), i), pure(len(x), j)) for i, j in pairs], default=1)
    return {1: "ESS", 0: "neutrally stable", -1: "Nash"}[worst]


def random_matrices(count, n, seed, most=2):
    draws = random.Random(seed)
    return [[[draws.randint(-most, most) for _ in range(n)] for _ in range(n)] for _ in range(count)]


@pytest.mark.parametrize(("n", "count"), [(2, 300), (3, 700)])
def test_stability_in_a_thousand_games_is_what_the_definition_says(n, count):
    seen = set()
    for matrix in random_matrices(count, n, seed=n):
        for one in evolutionary_stability(matrix).residents:
            assert one.status == stability_by_edges(matrix, one.strategy), (matrix, one)
            seen.add((one.status, one.alone))
            if one.status != "ESS":
                assert one.mutant != one.strategy
                assert invasion(matrix, one.strategy, one.mutant) == (0 if one.status == "neutrally stable" else -1)
    assert {status for status, _ in seen} == {"ESS", "neutrally stable", "Nash"}
    assert ("ESS", False) not in seen
    assert ("neutrally stable", False) in seen


def test_every_equilibrium_with_small_denominators_is_in_one_group_with_its_own_stability():
    places = {(F(a, d), F(b, d), F(d - a - b, d)) for d in range(1, 9) for a in range(d + 1) for b in range(d + 1 - a)}
    hits = 0
    for matrix in random_matrices(60, 3, seed=11, most=1):
        residents = evolutionary_stability(matrix).residents
        exact = [[F(v) for v in row] for row in matrix]
        groups = {(supported(one.strategy), best_replies(exact, one.strategy)): one for one in residents}
        assert len(groups) == len(residents)
        for x in places:
            if is_nash(matrix, x):
                one = groups[supported(x), best_replies(exact, x)]
                assert one.status == stability_by_edges(matrix, x)
                hits += 1
                if one.alone:
                    assert one.strategy == x
    assert hits > 200


def test_stability_of_more_types_withstands_mutants_and_its_own_witnesses():
    draws = random.Random(3)
    for matrix in random_matrices(60, 5, seed=5):
        for one in evolutionary_stability(matrix).residents:
            x = one.strategy
            assert is_nash(matrix, x)
            if one.mutant is not None:
                assert invasion(matrix, x, one.mutant) == (0 if one.status == "neutrally stable" else -1)
            replies = sorted(best_replies([[F(v) for v in row] for row in matrix], x))
            for _ in range(6):
                weights = [draws.choice([0, 0, 1, 2, 5]) if i in replies else 0 for i in range(5)]
                if sum(weights) and one.status in ("ESS", "neutrally stable"):
                    y = tuple(F(w, sum(weights)) for w in weights)
                    assert y == x or invasion(matrix, x, y) >= (one.status == "ESS")


def test_supports_of_stable_strategies_do_not_contain_each_other():
    # Bishop and Cannings (1976)
    for matrix in random_matrices(80, 4, seed=7):
        stable = [supported(x) for x in evolutionary_stability(matrix).stable]
        assert all(not one < other for one, other in itertools.permutations(stable, 2))


def test_case_53_a_mutant_that_ties_and_wins_the_return_match_invades():
    # as reported in jsboige/CoursIA #12755
    first = evolutionary_stability([[2, 1], [2, 3]], strategies=[[1, 0]]).residents[0]
    assert (first.status, first.mutant) == ("Nash", (0, 1))
    hawks = evolutionary_stability([[-2, 3], [0, F(3, 2)]], strategies=[["3/7", "4/7"], [1, 0], [0, 1]])
    assert [one.status for one in hawks.residents] == ["ESS", "no equilibrium", "no equilibrium"]
    assert evolutionary_stability([[-2, 3], [0, F(3, 2)]]).stable == ((F(3, 7), F(4, 7)),)
    wanted = {F(0): F(9, 14), F(1, 4): F(25, 224), F(1, 2): F(1, 56), F(1): F(8, 7)}
    for y, gap in wanted.items():
        p, other = (F(3, 7), F(4, 7)), (y, 1 - y)
        assert pays([[-2, 3], [0, F(3, 2)]], p, other) - pays([[-2, 3], [0, F(3, 2)]], other, other) == gap


def test_well_known_games():
    rock = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    third = (F(1, 3),) * 3
    standard = evolutionary_stability(rock).residents
    assert [(one.strategy, one.status) for one in standard] == [(third, "neutrally stable")]
    good = [[0, -1, 2], [2, 0, -1], [-1, 2, 0]]
    assert evolutionary_stability(good).stable == (third,)
    bad = [[0, -2, 1], [1, 0, -2], [-2, 1, 0]]
    assert [one.status for one in evolutionary_stability(bad).residents] == ["Nash"]
    # all that retaliate, and doves, are neutrally stable up to a point: a continuum, and its last point
    line = evolutionary_stability([[-1, 2, -1], [0, 1, 1], [-1, 1, 1]])
    assert any(not one.alone and one.status == "neutrally stable" for one in line.residents)


def test_forms_are_decided_as_by_least_values_on_many_points():
    draws = random.Random(1)
    points = [p for p in itertools.product(range(-4, 5), repeat=3) if any(p)]
    signs = []
    for _ in range(150):
        raw = [[F(draws.randint(-2, 3)) for _ in range(3)] for _ in range(3)]
        form = [[raw[i][j] + raw[j][i] for j in range(3)] for i in range(3)]
        free = [k for k in range(3) if draws.random() < 0.4]
        found = copositive(form, free)
        allowed = [p for p in points if all(p[k] >= 0 for k in range(3) if k not in free)]
        values = np.einsum("ka,ab,kb->k", np.array(allowed), np.array(form, float), np.array(allowed))
        assert not (found.sign == 1 and values.min() <= 0)
        assert not (found.sign == 0 and values.min() < 0)
        if found.where is not None:
            w = [found.where.get(k, F(0)) for k in range(3)]
            value = sum(w[i] * form[i][j] * w[j] for i in range(3) for j in range(3))
            assert any(w)
            assert all(w[k] >= 0 for k in range(3) if k not in free)
            assert (value > 0) - (value < 0) == found.sign
        signs.append(found.sign)
    assert {-1, 0, 1} == set(signs)


def test_what_is_worth_what_is_the_product():
    assert worth([[F(1), F(2)], [F(3), F(4)]], (F(1, 3), F(2, 3))) == [F(5, 3), F(11, 3)]


def test_a_game_of_two_players_who_are_alike_is_a_population_game_of_its_exact_payoffs():
    table = [["1/3", 5, 0], [1, "2/7", 3], [4, 0, 1]]
    turned = [list(row) for row in zip(*table, strict=True)]
    alike = games.dense([table, turned], actions=[("x", "y", "z"), ("x", "y", "z")])
    found, wanted = evolutionary_stability(alike), evolutionary_stability(population_game(table, types="xyz"))
    assert [own.strategy for own in found.residents] == [own.strategy for own in wanted.residents]
    assert found.types == ("x", "y", "z")
    assert found.question.differs(wanted.question) == ()
    assert evolutionary_stability(games.stag_hunt()).residents[0].status == "ESS"
    for other in (games.battle_of_the_sexes(), games.bimatrix([[1, 2, 3], [4, 5, 6]], np.zeros((2, 3)))):
        with pytest.raises(InputError, match="members of one population are alike"):
            evolutionary_stability(other)
    with pytest.raises(InputError, match="population_game"):
        evolutionary_stability(games.public_goods(3, multiplier=2.0))


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (lambda: evolutionary_stability(np.eye(9)), "at most 8 types"),
        (lambda: evolutionary_stability([[1, 2]]), "a row and a column"),
        (lambda: evolutionary_stability(np.eye(2), strategies=[[0.1, 0.2]]), "exactly one"),
        (lambda: evolutionary_stability(np.eye(2), strategies=[[1, 0, 0]]), "each of 2 types"),
        (lambda: evolutionary_stability(np.eye(2), strategies=[[2, -1]]), "not be negative"),
        (lambda: evolutionary_stability(finite_population(np.eye(2), 5)), "population_game"),
        (lambda: population_game(population_game(np.eye(2))), "already"),
        (lambda: population_game(np.eye(2), types="A"), "different names"),
    ],
)
def test_what_cannot_be_asked_is_told(ask, wrong):
    with pytest.raises(InputError, match=wrong):
        ask()
