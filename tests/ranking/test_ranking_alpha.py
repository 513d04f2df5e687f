"""α-rank against fractions, against the chain of every number of mutants, and in its limit."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.evolution.stationary_laws import Terms, limit_of_stationary, log_stationary
from nashscape.ranking import alpha_rank

R, T, P, S, DELTA, EPS = 1, 2, 0, -1, 4, 0.25
HAN = [[R - EPS / 2, R - EPS, 0, S + DELTA - EPS, R - EPS], [R, R, S, S, S], [0, T, P, P, P],
       [T - DELTA, T, P, P, P], [R, T, P, P, P]]  # fmt: skip
"""Strategies with commitments, as in the tests of OpenSpiel's α-rank, after Han et al."""


def stationary(table):
    """The law of a chain in fractions, by elimination."""
    n = len(table)
    rows = [[(Fraction(table[j][i]) if i != j else -sum(table[i][k] for k in range(n) if k != i)) for j in range(n)]
            for i in range(n)]  # fmt: skip
    rows[-1] = [Fraction(1)] * n
    right = [Fraction(0)] * (n - 1) + [Fraction(1)]
    for i in range(n):
        k = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[k], right[i], right[k] = rows[k], rows[i], right[k], right[i]
        for other in range(n):
            if other != i and rows[other][i]:
                factor = rows[other][i] / rows[i][i]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[i], strict=True)]
                right[other] -= factor * right[i]
    return [x / rows[i][i] for i, x in enumerate(right)]


def fixation(gains, base):
    """`1/Σ_l Π_k base^(−gain_k)` in fractions: base stands for the exponential of the intensity."""
    total, product = Fraction(1), Fraction(1)
    for gain in gains:
        product *= Fraction(base) ** (-gain)
        total += product
    return 1 / total


def of_game(payoffs, m, base):
    """The chain of profiles of several populations, written out."""
    actions = payoffs.shape[1:]
    profiles = list(itertools.product(*map(range, actions)))
    table = [[Fraction(0)] * len(profiles) for _ in profiles]
    for a, one in enumerate(profiles):
        for b, other in enumerate(profiles):
            changed = [k for k in range(len(actions)) if one[k] != other[k]]
            if len(changed) == 1:
                k = changed[0]
                table[a][b] = fixation([int(payoffs[k][other] - payoffs[k][one])] * (m - 1), base)
    return table


def test_the_published_distribution_comes_out_to_its_digits():
    found = alpha_rank(HAN, intensity=0.1, population=20)
    np.testing.assert_allclose(found.masses, [0.40966787, 0.07959841, 0.20506998, 0.08505983, 0.2206039], atol=5e-9)
    other = alpha_rank(HAN, intensity=0.1, population=20, selection="resident")
    np.testing.assert_allclose(other.masses, [0.314, 0.025, 0.275, 0.075, 0.312], atol=6e-4)


def test_masses_are_those_of_fractions_in_a_game_of_three_players_without_symmetry():
    payoffs = np.random.default_rng(0).integers(-2, 3, (3, 2, 3, 2))
    exact = stationary(of_game(payoffs, 4, 2))
    found = alpha_rank(payoffs, intensity=math.log(2), population=4)
    np.testing.assert_allclose(found.masses, np.array(exact, float), rtol=1e-11)
    assert found.profiles[7] == "1,0,1"


def test_the_limit_is_that_of_fractions_with_large_intensities():
    draws = np.random.default_rng(1)
    several = 0
    for k in range(12):
        payoffs = draws.integers(0, 3, (2, 2, 3)) if k < 6 else np.stack([draws.integers(0, 6, (3, 3))] * 2)
        exact = np.array(stationary(of_game(payoffs, 3, 2**60)), float)
        found = alpha_rank(payoffs, population=3)
        np.testing.assert_allclose(found.masses, exact, atol=1e-12)
        assert alpha_rank(payoffs, population=3, intensity=1e5).masses == pytest.approx(found.masses, abs=1e-10)
        several += len(found.sinks) > 1
    assert several >= 2, "what the response graph alone does not decide is among them"


def test_one_population_takes_over_as_its_chain_of_mutants_says():
    payoffs, m, intensity = np.array([[1.0, -0.5, 2.0], [0.3, 0.7, -1.0], [1.5, 0.1, 0.2]]), 7, 0.8
    found = alpha_rank(payoffs, intensity=intensity, population=m)
    for i, j in itertools.permutations(range(3), 2):
        up, down = [], []
        for count in range(1, m):
            mutant = ((count - 1) * payoffs[j, j] + (m - count) * payoffs[j, i]) / (m - 1)
            resident = (count * payoffs[i, j] + (m - count - 1) * payoffs[i, i]) / (m - 1)
            up.append(1 / (1 + math.exp(-intensity * (mutant - resident))))
            down.append(1 - up[-1])
        # the chance to come to m from l: h_l = up h_(l+1) + down h_(l−1)
        rows = np.eye(m - 1) - np.diag(np.array(up)[:-1], 1) - np.diag(np.array(down)[1:], -1)
        right = np.zeros(m - 1)
        right[-1] = up[-1]
        assert found.fixation[i, j] == pytest.approx(np.linalg.solve(rows, right)[0], rel=1e-10)


def test_the_limit_of_one_population_counts_the_way_and_not_its_ends():
    # a mutant that loses while it is rare and wins when it is not
    payoffs = np.array([[2.0, 0.0], [0.0, 3.0]])
    found = alpha_rank(payoffs, population=5)
    assert found.masses.tolist() == [0.0, 1.0]
    # the first gains −1.5, then −.25, before 1: all that must be overcome is 1.75; the other way −2.25 and −1
    assert found.costs[0, 1] == pytest.approx(1.75)
    assert found.costs[1, 0] == pytest.approx(3.25)
    assert alpha_rank(payoffs, population=5, intensity=100).masses == pytest.approx(found.masses, abs=1e-12)
    finite = alpha_rank(payoffs, population=5, intensity=40)
    assert -math.log(finite.fixation[0, 1]) / 40 == pytest.approx(found.costs[0, 1], rel=0.01)


@pytest.mark.parametrize("selection", ["whole", "resident"])
def test_payoffs_of_many_digits_that_are_equal_leave_no_sink_alone(selection):
    third = 1 / 3
    found = alpha_rank(np.full((3, 3), third), intensity=1.0, selection=selection)
    assert found.sinks == (("0", "1", "2"),)
    assert found.costs[~np.eye(3, dtype=bool)].tolist() == [0.0] * 6
    both = alpha_rank([[[third, third], [third, third]]] * 2, intensity=1.0)
    assert both.sinks == (("0,0", "0,1", "1,0", "1,1"),)
    # a loss that is small, and larger than rounding, is one
    apart = alpha_rank([[third, third], [third - 1e-9, third - 1e-9]], intensity=1.0, selection=selection)
    assert apart.sinks == (("0",),)


def test_whom_players_meet_decides_who_has_the_mass():
    payoffs = [[2, 0, 1], [1.9, 1, 0], [0, 2, 1.5]]
    assert alpha_rank(payoffs).masses.tolist() == [0.0, 0.0, 1.0]
    assert alpha_rank(payoffs, selection="resident").masses == pytest.approx([1 / 3] * 3)


def test_case_59_two_profiles_that_absorb_have_one_law():
    # as reported in google-deepmind/open_spiel #403, #1404 and #1616
    payoffs = [[[3, 0], [0, 2]]] * 2
    found = alpha_rank(payoffs, intensity=0.3, population=5)
    np.testing.assert_allclose(found.masses, [0.737549, 0.020153, 0.020153, 0.222146], atol=1e-6)
    assert found.masses[0] / found.masses[3] == pytest.approx(math.exp(1.2))
    assert alpha_rank(payoffs, population=5).masses.tolist() == [1, 0, 0, 0]
    assert alpha_rank([[[1, 0], [0, 2]]] * 2, population=5).masses.tolist() == [0, 0, 0, 1]
    even = alpha_rank([[[2, 0], [0, 2]]] * 2, population=5)
    assert even.masses.tolist() == [0.5, 0, 0, 0.5]
    assert even.sinks == (("0,0",), ("1,1",))


def test_laws_of_chains_are_those_of_linear_equations():
    rates = np.random.default_rng(2).uniform(size=(6, 6))
    np.fill_diagonal(rates, 0.0)
    table = rates - np.diag(rates.sum(1))
    found = np.exp(log_stationary(np.log(np.where(rates > 0, rates, 1.0)) + np.where(rates > 0, 0.0, -np.inf)))
    np.testing.assert_allclose(found @ table, 0.0, atol=1e-14)
    costs = np.array([[0, 1, 2], [0, 0, 1], [3, 2, 0]], float)
    small = 1e-7
    rates = small**costs
    np.fill_diagonal(rates, 0.0)
    exact = np.array(stationary([[Fraction(x) for x in row] for row in rates]), float)
    np.testing.assert_allclose(limit_of_stationary(Terms(costs, np.ones((3, 3)))), exact, atol=1e-5)


def test_games_are_taken_with_the_names_of_their_actions():
    found = alpha_rank(ns.games.stag_hunt(), population=10)
    assert found.profiles == ("C,C", "C,D", "D,C", "D,D")
    assert found.selection == "others"
    assert found.ranks[int(found.masses.argmax())] == 1
    assert len(found.table().rows) == 4


@pytest.mark.parametrize(
    ("payoffs", "options", "wrong"),
    [
        ([[1, 2]], {}, "square table"),
        ([1, 2], {}, "square table"),
        ([[[1, 2], [3, 4]]] * 3, {}, "square table"),
        ([[1]], {}, "from 2 to 500"),
        (np.zeros((501, 501)), {}, "there are 501"),
        ([[1, 2], [3, 4]], {"population": 1}, "population must"),
        ([[1, 2], [3, 4]], {"intensity": -1}, "intensity"),
        ([[1, 2], [3, 4]], {"selection": "local"}, "selection"),
        ([[1, 2], [3, 4]], {"names": ["a"]}, "different ones for each of 2"),
        ([[1, 2], [3, 4]], {"population": 10**8}, "too large"),
        ([[1, -2e300], [3e300, 4]], {"intensity": 1e9}, "of size 1e.100 at most"),
        ([[1, 2], [3, 4]], {"names": 5}, "names are texts"),
        ([[1, 1 / 3], [1e-9, 4]], {}, "too many digits"),
    ],
)
def test_what_cannot_be_ranked_is_told(payoffs, options, wrong):
    with pytest.raises(InputError, match=wrong):
        alpha_rank(payoffs, **options)
    if "too many" in wrong:
        assert alpha_rank(payoffs, intensity=3.0).masses.sum() == pytest.approx(1.0)
