"""Values of constant-sum games and security levels: against equilibria, another solver, and reported games."""

import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from nashscape import games
from nashscape.core import InputError, Status
from nashscape.theory import equilibria, security_levels, zero_sum_value
from nashscape.theory.nash import matrix_games
from nashscape.theory.nash.extreme_equilibria import extreme_equilibria


def against(matrix, name="against"):
    matrix = np.array(matrix, dtype=object)
    return games.bimatrix(matrix, -matrix, name=name)


def f1_scores():
    """Sets written by the bits of 0 … 7, and how alike they are: Nashpy's report 76."""
    return [[Fraction(1) if i == j == 0 else Fraction(2 * (i & j).bit_count(), i.bit_count() + j.bit_count())
             for j in range(8)] for i in range(8)]  # fmt: skip


F = Fraction
REPORTED = {
    "Nashpy 39": ([[0, 1, 0, -1], [-1, 0, 1, 1], [0, -1, 0, 1], [1, -1, -1, 0]], 0, (2, 2)),
    "Nashpy 41": ([[0, -1, 1, 1], [1, 0, -1, -1], [-1, 1, 0, -1], [-1, 1, 1, 0]], 0, (1, 1)),
    "Nashpy 60": ([[-100, 0, 0, -100], [0, 0, 0, -100], [-100, 0, 0, 0], [0, 0, 0, "-33.3333333"]], None, (1, 1)),
    "Nashpy 76": (f1_scores(), F(1, 3), (1, 3)),
    "Nashpy 214": ([[113, 65, 112], [141, 93, -56], [120, 73, -76]], None, (1, 1)),
    "a constant": ([[71, 71, 71], [71, 71, 71]], 71, (2, 3)),
    "a saddle point": ([[4, 2, 3], [1, 0, 5]], 2, (1, 1)),
}


@pytest.mark.parametrize("name", REPORTED)
def test_reported_games_have_the_values_and_optimal_strategies_of_their_equilibria(name):
    matrix, value, counts = REPORTED[name]
    exact = [[F(x) for x in row] for row in matrix]
    game = against(exact, name)
    found = zero_sum_value(game)
    assert value is None or found.value == value
    assert (found.total, found.complete, found.status) == (0, (True, True), Status.COMPLETE)
    assert tuple(map(len, found.optimal)) == counts
    assert found.unique == (counts == (1, 1))
    own = game.fractions[0]
    assert found.value == min((np.array(found.maximin[0], dtype=object) @ own).tolist())
    assert found.value == max((own @ np.array(found.maximin[1], dtype=object)).tolist())
    # by vertices of the whole best-response polytopes, and pairs with all labels
    theirs = [one.exact for one in equilibria(game, logit=None)]
    assert {(x, y) for x in found.optimal[0] for y in found.optimal[1]} == set(theirs)


@pytest.mark.parametrize("seed", range(6))
def test_of_games_full_of_ties_all_extreme_optimal_strategies_are_found(seed):
    game = against(np.random.default_rng([8, seed]).integers(0, 3, [(4, 5), (5, 3), (2, 6)][seed % 3]))
    found = zero_sum_value(game)
    theirs = extreme_equilibria(game.fractions).profiles
    assert {(x, y) for x in found.optimal[0] for y in found.optimal[1]} == set(theirs)


def test_the_optimal_strategies_of_a_report_are_as_told():
    """Rows 1/3 on the empty set and 2/3 on the full one; of the columns permutations of 1/3, 1/6, 1/6 beside 1/3."""
    found = zero_sum_value(against(f1_scores()))
    assert found.maximin[0] == (F(1, 3), 0, 0, 0, 0, 0, 0, F(2, 3))
    assert {tuple(sorted((own[1], own[2], own[4]))) for own in found.optimal[1]} == {(F(1, 6), F(1, 6), F(1, 3))}
    assert found.ranges(1)[1] == (F(1, 6), F(1, 3))
    large = zero_sum_value(against([[113, 65, 112], [141, 93, -56], [120, 73, -76]]))
    np.testing.assert_allclose(large.strategies[0], [0.7602, 0.2398, 0], atol=5e-5)
    np.testing.assert_allclose(large.strategies[1], [0, 0.8571, 0.1429], atol=5e-5)


def by_highs(own):
    """max v with x·own ≥ v: the level, by the solver of SciPy."""
    m, k = own.shape
    made = linprog(
        [0.0] * m + [-1.0], np.hstack([-own.T, np.ones((k, 1))]), np.zeros(k),
        np.array([[1.0] * m + [0.0]]), [1.0], [(0, None)] * m + [(None, None)],
    )  # fmt: skip
    return -made.fun


@pytest.mark.parametrize("shape", [(3, 5), (4, 2), (3, 2, 2), (2, 3, 4)])
def test_security_levels_are_those_of_another_solver_and_prove_themselves(shape):
    for seed in range(2):
        game = games.random_game(shape, seed)
        found = security_levels(game)
        for i, level in enumerate(found.levels):
            own = np.moveaxis(game.fractions[i], i, 0)
            own = own.reshape(len(own), -1)
            assert float(level) == pytest.approx(by_highs(own.astype(float)), abs=1e-9)
            assert found.pure[i] == max(map(min, own.tolist())) <= level
            for weights in (found.strategies[i], found.threats[i]):
                assert sum(weights) == 1
                assert min(weights) >= 0
            assert min((np.array(found.strategies[i], dtype=object) @ own).tolist()) == level
            assert max((own @ np.array(found.threats[i], dtype=object)).tolist()) == level


def test_correlated_threats_hold_lower_than_independent_ones_could():
    """The third player loses where it does not match the others' common coin: together they hold it to 1/2 …"""
    own = np.zeros((2, 2, 2))
    own[0, 0, 1] = own[1, 1, 0] = -1.0
    own[0, 1] = own[1, 0] = 0.0
    found = security_levels(games.dense([0 * own, 0 * own, own]))
    assert found.levels[2] == F(-1, 2)
    assert "The others may act together." in str(found.table())
    # … while independent coins, of probabilities p and q, cannot: the better reply then loses min(pq, (1−p)(1−q))
    p, q = np.meshgrid(np.linspace(0, 1, 51), np.linspace(0, 1, 51))
    assert np.minimum(p * q, (1 - p) * (1 - q)).max() == pytest.approx(0.25)


def test_a_constant_other_than_zero_and_players_the_other_way_round():
    rows = np.array([[3, 0, 5], [1, 4, 2]])
    found, turned = zero_sum_value(games.bimatrix(rows, 7 - rows)), zero_sum_value(games.bimatrix(7 - rows.T, rows.T))
    assert found.total == 7
    assert sum(found.values) == 7
    assert turned.values == found.values[::-1]
    assert turned.optimal == found.optimal[::-1]
    assert "payoffs sum to 7" in repr(found)


def test_many_optimal_strategies_are_cut_short_and_said_to_be(monkeypatch):
    monkeypatch.setattr(matrix_games.optimal_columns, "__defaults__", (3,))
    found = zero_sum_value(against(np.zeros((2, 6), int)))
    assert (found.value, found.complete, found.status) == (0, (True, False), Status.INTERRUPTED)
    assert not found.unique
    assert len(found.optimal[1]) == 3
    assert "player 2 may have other extreme optimal strategies." in found.table().notes


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        (games.stag_hunt(), "they sum to 3 at CD and to 8 at CC; what each player can make sure of"),
        (games.bimatrix([[0.1, 0.3], [0, 0]], [[0.9, 0.7], [1.0, 1.0]]), "that is rounding: give payoffs as texts"),
        (games.public_goods(3), "a value is one of two players; public_goods has 3"),
        (games.tandem(), "to find the value takes a game whose payoffs can be written out"),
    ],
)
def test_other_games_are_refused_with_where_they_fail(game, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        zero_sum_value(game)


def test_the_same_rounded_payoffs_as_texts_are_a_constant_sum():
    found = zero_sum_value(games.bimatrix([["0.1", "0.3"], [0, 0]], [["0.9", "0.7"], [1, 1]]))
    assert (found.value, found.total) == (F(1, 10), 1)
