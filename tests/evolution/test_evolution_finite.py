"""Finite populations against fractions, closed forms and simulations."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.evolution import finite_population, mutation_law, takeovers
from nashscape.evolution.mutation_laws import compositions, rates
from nashscape.evolution.takeovers import log_takeover
from nashscape.ranking import alpha_rank

DILEMMA = [[3, 0], [5, 1]]
THREE = [[1.0, 2.5, 0.5], [0.2, 1.5, 3.0], [2.0, 0.4, 1.1]]


def solved(rows, right):
    """A linear system in fractions."""
    rows, right, n = [list(row) for row in rows], list(right), len(rows)
    for i in range(n):
        k = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[k], right[i], right[k] = rows[k], rows[i], right[k], right[i]
        for other in range(n):
            if other != i and rows[other][i]:
                factor = rows[other][i] / rows[i][i]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[i], strict=True)]
                right[other] -= factor * right[i]
    return [x / rows[i][i] for i, x in enumerate(right)]


def exact_takeover(payoffs, n, start):
    """By the equations of the chain: the first type among the second, total payoffs as fitness."""
    up, down = [], []
    for k in range(1, n):
        f = Fraction((k - 1) * payoffs[0][0] + (n - k) * payoffs[0][1])
        g = Fraction(k * payoffs[1][0] + (n - k - 1) * payoffs[1][1])
        total = k * f + (n - k) * g
        up.append(k * f / total * Fraction(n - k, n))
        down.append((n - k) * g / total * Fraction(k, n))
    rows = [[Fraction(0)] * (n - 1) for _ in range(n - 1)]
    for k in range(n - 1):
        rows[k][k] = up[k] + down[k]
        if k:
            rows[k][k - 1] = -down[k]
        if k < n - 2:
            rows[k][k + 1] = -up[k]
    return solved(rows, [Fraction(0)] * (n - 2) + [up[-1]])[start - 1]


def test_cases_46_and_57_takeovers_of_cooperators_are_those_of_the_equations_of_the_chain():
    # as reported in Axelrod-Python/Axelrod #1349
    population = finite_population(DILEMMA, 12, types="CD")
    exact = exact_takeover(DILEMMA, 12, 9)
    assert exact == Fraction(18293874624, 140374548157)
    assert takeovers(population, start=9).of("C", "D") == pytest.approx(float(exact), rel=1e-13)
    assert takeovers(population, start=11).of("C", "D") == pytest.approx(0.525861, abs=1e-6)
    # a lone cooperator gets nothing
    assert takeovers(population).of("C", "D") == 0.0
    assert takeovers(population).rare is None
    big = takeovers(finite_population(DILEMMA, 20, types="CD"), start=18)
    assert big.of("C", "D") == pytest.approx(0.306186, abs=1e-6)
    assert big.neutral == 0.9


def test_below_a_number_that_cannot_rise_nobody_takes_over():
    falls = np.array([0.0, np.inf, 0.0, 0.0])
    assert [log_takeover(falls, start) for start in (1, 2)] == [-np.inf, -np.inf]
    assert math.exp(log_takeover(falls, 3)) == pytest.approx(1 / 3)


def test_neutral_types_take_over_by_their_number_and_constant_fitness_has_its_closed_form():
    for process, fitness in (("moran", "payoff"), ("moran", "linear"), ("moran", "exponential"), ("fermi", "payoff")):
        population = finite_population(np.ones((2, 2)), 7, process=process, fitness=fitness, intensity=0.3)
        for start in (1, 3, 6):
            assert takeovers(population, start=start).of("A", "B") == pytest.approx(start / 7)
    r, n = 1.7, 9
    population = finite_population([[r, r], [1, 1]], n)
    for start in (1, 4):
        wanted = (1 - r**-start) / (1 - r**-n)
        assert takeovers(population, start=start).of("A", "B") == pytest.approx(wanted, rel=1e-12)
        assert takeovers(population, start=start).of("B", "A") == pytest.approx((1 - r**start) / (1 - r**n), rel=1e-12)


def test_how_likely_takeovers_are_is_how_often_they_happen():
    payoffs, n, start = np.array([[2.0, 0.6], [1.4, 1.1]]), 6, 2
    population = finite_population(payoffs, n, fitness="linear", intensity=0.8)
    draws, runs = np.random.default_rng(0), 4000
    number = np.full(runs, start)
    while ((number > 0) & (number < n)).any():
        f = 0.2 + 0.8 * ((number - 1) * payoffs[0, 0] + (n - number) * payoffs[0, 1]) / (n - 1)
        g = 0.2 + 0.8 * (number * payoffs[1, 0] + (n - number - 1) * payoffs[1, 1]) / (n - 1)
        born = draws.uniform(size=runs) < number * f / (number * f + (n - number) * g)
        died = draws.uniform(size=runs) < number / n
        going = (number > 0) & (number < n)
        number = number + going * (born.astype(int) - died)
    wanted = takeovers(population, start=start).of("A", "B")
    assert abs((number == n).mean() - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / runs)


def test_imitation_by_comparing_is_that_of_alpha_rank():
    population = finite_population(THREE, 8, process="fermi", intensity=0.9)
    found, ranked = takeovers(population), alpha_rank(THREE, population=8, intensity=0.9)
    apart = ~np.eye(3, dtype=bool)
    np.testing.assert_allclose(found.probabilities[apart], ranked.fixation[apart], rtol=1e-12)
    np.testing.assert_allclose(found.rare, ranked.masses, rtol=1e-12)


def test_case_56_with_mutation_there_is_a_law_and_no_takeover():
    # as reported in Axelrod-Python/Axelrod #1348
    even = np.ones((2, 2))
    other = mutation_law(finite_population(even, 3, mutation=0.1))
    np.testing.assert_allclose(other.masses, np.array([19, 9, 9, 19]) / 56, rtol=1e-13)
    any_type = mutation_law(finite_population(even, 3, mutation=0.1, mutants="any"))
    np.testing.assert_allclose(any_type.masses, np.array([13, 3, 3, 13]) / 32, rtol=1e-13)
    again = mutation_law(finite_population(even, 3, mutation=0.2, mutants="any"))
    np.testing.assert_allclose(again.masses, other.masses, rtol=1e-13)
    with pytest.raises(InputError, match="nothing takes over"):
        takeovers(finite_population(even, 3, mutation=0.1))
    with pytest.raises(InputError, match="depends on the start"):
        mutation_law(finite_population(even, 3))


@pytest.mark.parametrize("process", ["moran", "fermi"])
@pytest.mark.parametrize("mutants", ["other", "any"])
def test_laws_of_three_types_stay_as_they_are_by_a_chain_written_out(process, mutants):
    n, mutation, beta = 4, 0.07, 0.6
    population = finite_population(THREE, n, process=process, mutation=mutation, mutants=mutants, intensity=beta,
                                   fitness="exponential")  # fmt: skip
    law = mutation_law(population)
    index = {tuple(own): k for k, own in enumerate(law.states.tolist())}
    step = np.zeros((len(index),) * 2)
    for own, k in index.items():
        members = [i for i, count in enumerate(own) for _ in range(count)]
        payoff = [
            sum(THREE[i][j] for at, j in enumerate(members) if at != me) / (n - 1) for me, i in enumerate(members)
        ]
        for me, i in enumerate(members):
            after: dict[int, float] = {}
            if process == "moran":
                weights = [math.exp(beta * x) for x in payoff]
                for parent, j in enumerate(members):
                    after[j] = after.get(j, 0.0) + weights[parent] / sum(weights)
                source = dict(after)
            else:
                source = {i: 1.0}
                for model, j in enumerate(members):
                    if model != me:
                        p = 1 / (1 + math.exp(-beta * (payoff[model] - payoff[me]))) / (n - 1)
                        after[j] = after.get(j, 0.0) + p
                        after[i] = after.get(i, 0.0) + 1 / (n - 1) - p
            drawn = dict.fromkeys(range(3), 0.0)
            for j, p in source.items():
                for new in range(3):
                    drawn[new] += p * (1 / 3 if mutants == "any" else (new != j) / 2)
            for new in range(3):
                count = list(own)
                count[i] -= 1
                count[new] += 1
                chance = (1 - mutation) * after.get(new, 0.0) + mutation * drawn[new]
                step[k, index[tuple(count)]] += chance / n
    np.testing.assert_allclose(step.sum(1), 1.0)
    np.testing.assert_allclose(law.masses @ step, law.masses, atol=1e-14)
    np.testing.assert_allclose(law.shares, law.masses @ law.states / n)
    off = ~np.eye(len(step), dtype=bool)
    np.testing.assert_allclose(rates(population, law.states)[off], step[off], atol=1e-15)


def test_little_mutation_comes_to_rare_mutants():
    rare = takeovers(finite_population(THREE, 5)).rare
    law = mutation_law(finite_population(THREE, 5, mutation=1e-7))
    alone = [law.masses[law.states[:, k] == 5].sum() for k in range(3)]
    np.testing.assert_allclose(alone, rare, atol=1e-5)


def test_compositions_are_all_and_once():
    found = [tuple(own) for own in compositions(5, 3).tolist()]
    assert sorted(found) == sorted(c for c in itertools.product(range(6), repeat=3) if sum(c) == 5)


def test_a_takeover_that_is_too_unlikely_for_a_product_is_told_in_logarithms():
    found = takeovers(finite_population([[1, 0], [2, 1]], 400, process="fermi", intensity=5.0))
    assert found.of("B", "A") == pytest.approx(1.0, abs=0.01)
    assert 0.0 <= found.of("A", "B") < 1e-300
    assert found.rare.tolist() == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize(
    ("payoffs", "size", "options", "wrong"),
    [
        ([[1, 2]], 5, {}, "a row and a column"),
        ([[1]], 5, {}, "two types"),
        ([[1, 2], [3, 4]], 1, {}, "size"),
        ([[1, 2], [3, 4]], 5, {"types": ["a", "a"]}, "different names"),
        ([[1, 2], [3, 4]], 5, {"types": 5}, "different names"),
        ([[1, 2], [3, 4]], 5, {"fitness": "linear", "intensity": 2}, "intensity"),
        ([[1, 2], [3, 4]], 5, {"process": "wright"}, "process"),
        ([[1, 2], [3, 4]], 5, {"mutation": 1.5}, "mutation"),
    ],
)
def test_what_no_population_is_is_told(payoffs, size, options, wrong):
    with pytest.raises(InputError, match=wrong):
        finite_population(payoffs, size, **options)


def test_fitness_that_is_no_chance_is_told():
    with pytest.raises(InputError, match="cannot be negative; payoffs go down to -1"):
        takeovers(finite_population([[-1, -1], [0, 2]], 5))
    with pytest.raises(InputError, match="fitness of 0"):
        takeovers(finite_population([[0, 0], [0, 0]], 5))
    with pytest.raises(InputError, match="fitness of 0"):
        mutation_law(finite_population([[0, 0], [0, 0]], 5, mutation=0.1))
    with pytest.raises(InputError, match="at most 4"):
        takeovers(finite_population(DILEMMA, 5), start=5)
    with pytest.raises(InputError, match="compositions"):
        mutation_law(finite_population(np.ones((4, 4)), 40, mutation=0.1))
    with pytest.raises(InputError, match="finite_population"):
        takeovers(DILEMMA)
    with pytest.raises(InputError, match="no type 'X'"):
        takeovers(finite_population(DILEMMA, 5)).of("X", "A")
