"""Who is left where types live side by side for long: against fractions, and formulas in logarithms."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.sparse import csr_array

from nashscape.core import InputError
from nashscape.evolution import finite_population, fixation, graph_population, takeovers
from nashscape.evolution.exact_systems import solved
from nashscape.evolution.first_exits import first_exits
from nashscape.evolution.state_chains import chain_of

HARSH = [[0.0, 3.0, 1.5], [2.0, 0.0, 2.5], [1.0, 2.0, 0.0]]
PATH = [[0, 2, 0, 0], [2, 0, 1, 0], [0, 1, 0, 3], [0, 0, 3, 0]]


def in_fractions(population, start):
    """The equations of all states by rates as they are, in fractions; none of which is lost."""
    chain = chain_of(population)
    states, number = chain.every()
    left = chain.left(states)
    going = np.flatnonzero(left < 0)
    rates = chain.changes(states[going])
    place = {int(k): i for i, k in enumerate(going)}
    made = []
    for t in range(chain.types):
        rows = []
        for k, own in zip(going, rates, strict=True):
            row = [Fraction(0)] * (len(going) + 1)
            for change in np.flatnonzero(own):
                rate = Fraction(float(own[change]))
                after = int(number(chain.changed(states[[k]], np.array([change])))[0])
                row[place[int(k)]] += rate
                if after in place:
                    row[place[after]] -= rate
                else:
                    row[-1] += rate * int(left[after] == t)
            rows.append(row)
        made.append(solved(rows).values)
    here = [place[k] for k in np.flatnonzero((states == start).all(1)).tolist()]
    return [float(own[here[0]]) for own in made]


@pytest.mark.parametrize(
    "population",
    [
        finite_population(HARSH, 6, types="ABC", fitness="exponential", intensity=14.0),
        finite_population(HARSH, 6, types="ABC", process="fermi", intensity=20.0),
        *(graph_population(HARSH, PATH, types="ABC", process=p, intensity=15.0)
          for p in ("death_birth", "birth_death", "fermi")),
    ],
)  # fmt: skip
def test_all_digits_are_right_where_three_types_live_side_by_side(population):
    if hasattr(population, "around"):
        wanted, found = in_fractions(population, [0, 1, 2, 1]), fixation(population, "ABCB")
    else:
        wanted, found = in_fractions(population, [2, 3, 1]), fixation(population, {"A": 2, "B": 3, "C": 1})
    assert min(wanted) > 0
    np.testing.assert_allclose(found.probabilities, wanted, rtol=1e-12)


def test_ways_out_of_many_states_are_those_of_their_equations():
    draws, n = np.random.default_rng(4), 160
    near = abs(np.subtract.outer(np.arange(n), np.arange(n))) < 12
    inner = near * (draws.uniform(size=(n, n)) < 0.5) * draws.uniform(0.1, 1, (n, n)) + np.eye(n, k=1) + np.eye(n, k=-1)
    out = np.column_stack([(draws.uniform(size=(n, 2)) < 0.1) * draws.uniform(size=(n, 2)), draws.uniform(size=n)])
    total = inner.sum(1) + out[:, :-1].sum(1)
    wanted = np.linalg.solve(np.diag(total) - inner, out)
    np.testing.assert_allclose(first_exits(csr_array(inner), out), wanted, rtol=1e-10)


@pytest.mark.parametrize(
    ("payoffs", "size", "options"),
    [
        *(([[1, 5], [4, 1]], size, {}) for size in (100, 120, 150, 200, 300, 1000)),
        ([[0, 3], [1, 2]], 20, {"fitness": "exponential", "intensity": 10}),
        ([[0, 3], [1, 2.5]], 30, {"process": "fermi", "intensity": 10}),
        ([[1, 0], [2, 1]], 100, {"process": "fermi", "intensity": 3.0}),
        ([[1, 0], [2, 1]], 10, {"process": "fermi", "intensity": 20.0}),
    ],
)
def test_two_types_who_live_side_by_side_end_as_the_formula_of_takeovers_says(payoffs, size, options):
    population = finite_population(payoffs, size, **options)
    for start in (1, size // 2, size - 1):
        wanted = takeovers(population, start=start)
        other = takeovers(population, start=size - start)
        told = fixation(population, {"A": start, "B": size - start}).probabilities
        np.testing.assert_allclose(told, [wanted.of("A", "B"), other.of("B", "A")], rtol=1e-9)
        assert told.sum() == pytest.approx(1.0, abs=1e-14)


def test_a_complete_graph_of_types_that_avoid_each_other_is_a_population_that_all_meets():
    payoffs = [[0, 3], [2, 0]]
    graph = graph_population(payoffs, "complete:10", process="birth_death", intensity=12.0)
    mixed = takeovers(finite_population(payoffs, 10, fitness="exponential", intensity=12.0), start=5)
    told = fixation(graph, {"A": 5, "B": 5}).probabilities
    np.testing.assert_allclose(told, [mixed.of("A", "B"), mixed.of("B", "A")], rtol=1e-9)


@pytest.mark.parametrize(
    "population",
    [
        finite_population([[1, 5], [4, 1]], 2000),
        finite_population([[0, 3], [1, 2.5]], 30, process="fermi", intensity=200),
        finite_population([[0, 3], [2, 0]], 10, fitness="exponential", intensity=1000),
        graph_population([[0, 3], [2, 0]], "complete:6", intensity=300, process="birth_death"),
    ],
)
def test_what_no_number_can_tell_is_refused_and_says_what_to_ask(population):
    half = population.size // 2
    with pytest.raises(InputError, match=r"10\^150 updates.*smaller intensity.*runs=1000.*takeovers"):
        fixation(population, {"A": half, "B": half})
    # a start that has ended is none of it
    assert fixation(population, {"A": 2 * half}).probabilities.tolist() == [1.0, 0.0]


def test_chances_too_small_to_be_told_are_none():
    population = finite_population([[1, 0], [2, 1]], 400, process="fermi", intensity=5.0)
    assert fixation(population, {"A": 200, "B": 200}).probabilities.tolist() == [0.0, 1.0]


def test_members_of_one_type_need_no_fitness():
    # the donation game, and a Prisoner's Dilemma in which two defectors get nothing
    for payoffs in ([[3, 0], [5, 0]], [[2, 0], [3, 0]]):
        population = finite_population(payoffs, 10, types="CD")
        wanted = takeovers(population, start=5)
        told = fixation(population, {"C": 5, "D": 5}).probabilities
        np.testing.assert_allclose(told, [wanted.of("C", "D"), wanted.of("D", "C")], rtol=1e-12)
    assert told[0] < 0.1


def test_types_that_are_not_there_hinder_nobody():
    # C has a fitness of 0 wherever it is
    payoffs = [[1, 2, 0], [2, 1, 0], [0, 0, 0]]
    two, three = finite_population([[1, 2], [2, 1]], 6), finite_population(payoffs, 6)
    wanted = fixation(two, {"A": 2, "B": 4}).probabilities
    assert fixation(three, {"A": 2, "B": 4}).probabilities.tolist() == [*wanted.tolist(), 0.0]
    # the offspring of a lone A has the place of B, or its own: nobody else has any
    stuck = graph_population([[0, 1], [0, 0]], "path:3", fitness="payoff", process="birth_death")
    assert fixation(stuck, "ABB").probabilities.tolist() == [1.0, 0.0]
