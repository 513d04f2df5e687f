"""Runs of large populations against what is exact where both can be had."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nashscape.core import InputError, Status
from nashscape.evolution import (
    finite_population,
    fixation,
    graph_population,
    mean_shares,
    mutation_law,
    takeovers,
)
from nashscape.evolution.fixation_tables import fixation_table, mean_shares_table

THREE = [[1.0, 2.5, 0.5], [0.2, 1.5, 3.0], [2.0, 0.4, 1.1]]
LOOP = [[0, 2, 1, 0], [2, 0, 0, 1], [1, 0, 0, 3], [0, 1, 3, 0]]


@pytest.mark.parametrize("process", ["moran", "fermi"])
def test_who_is_left_of_three_types_by_equations_is_what_pairs_and_shares_say(process):
    population = finite_population(THREE, 9, types="ABC", process=process, intensity=0.7)
    two = fixation(population, {"A": 2, "B": 7})
    assert two.of("A").value == pytest.approx(takeovers(population, start=2).of("A", "B"), rel=1e-11)
    assert two.of("C").value == 0
    even = finite_population(np.ones((3, 3)), 9, process=process)
    np.testing.assert_allclose(fixation(even, {"A": 4, "B": 2, "C": 3}).probabilities, np.array([4, 2, 3]) / 9)
    # one update by hand, members in turn, leaves the probabilities as they are on average
    counts, stays = {"A": 3, "B": 2, "C": 4}, np.zeros(3)
    members = [k for k, one in enumerate(counts.values()) for _ in range(one)]
    pay = [sum(THREE[i][j] for b, j in enumerate(members) if b != a) / 8 for a, i in enumerate(members)]
    for i, who in enumerate(members):
        for j, other in enumerate(members):
            chance = (
                pay[j] / sum(pay) if process == "moran" else (i != j) / 8 / (1 + math.exp(-0.7 * (pay[j] - pay[i])))
            )
            after = np.array(list(counts.values()))
            after[who] -= 1
            after[other] += 1
            stays += chance / 9 * fixation(population, dict(zip("ABC", after.tolist(), strict=True))).probabilities
    here = fixation(population, counts).probabilities
    rest = 1.0 if process == "moran" else sum(
        1 / 72 / (1 + math.exp(-0.7 * (pay[j] - pay[i]))) for i in range(9) for j in range(9) if i != j
    )  # fmt: skip
    np.testing.assert_allclose(stays + (1 - rest) * here, here, rtol=1e-10)


@pytest.mark.parametrize(
    "population",
    [
        finite_population(THREE, 6, types="ABC"),
        finite_population(THREE, 6, types="ABC", process="fermi", intensity=0.5),
        *(graph_population(THREE, LOOP, types="ABC", process=p) for p in ("death_birth", "birth_death", "fermi")),
    ],
)
def test_intervals_of_runs_cover_what_is_exact(population):
    start = {"A": 1, "B": 2, "C": population.size - 3}
    wanted, covered = fixation(population, start), 0
    for seed in range(40):
        found = fixation(population, start, runs=100, seed=seed)
        assert found.wins.sum() == found.runs == 100
        covered += sum(found.of(name).contains(wanted.of(name).value) for name in "ABC")
    assert 108 <= covered <= 120
    many = fixation(population, start, runs=3000, seed=99)
    for name in "ABC":
        p = wanted.of(name).value
        assert abs(many.of(name).value - p) < 4 * math.sqrt(p * (1 - p) / 3000)


def test_a_large_graph_that_is_a_mixed_population_agrees_with_its_formula():
    graph = graph_population([[1.02, 1.02], [1, 1]], "complete:24", process="birth_death", fitness="payoff")
    wanted = takeovers(finite_population([[1.02, 1.02], [1, 1]], 24), start=12).of("A", "B")
    found = fixation(graph, {"A": 12, "B": 12}, runs=300)
    assert abs(found.of("A").value - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / 300)


def test_runs_that_do_not_end_are_open_and_widen_the_interval():
    birds = finite_population([[-1, 4], [0, 2]], 400, types=["hawk", "dove"], process="fermi", intensity=5.0)
    found = fixation(birds, {"hawk": 200, "dove": 200}, runs=20, changes=300)
    assert found.status is Status.UNRESOLVED
    assert found.open == 20
    assert found.of("hawk").low == 0.0
    assert found.of("hawk").high == 1.0
    assert fixation_table(found).notes[0] == "In 20 runs several types were left when they were ended."
    # one change leaves at most one type of two members
    two = finite_population([[1, 1], [1, 1]], 2)
    assert fixation(two, {"A": 1, "B": 1}, runs=50, changes=1).open == 0


def test_runs_are_the_same_again_and_stop_with_whole_blocks():
    population = finite_population(THREE, 12, types="ABC")
    start, told = {"A": 4, "B": 4, "C": 4}, []
    found = fixation(population, start, runs=1500, seed=5, progress=lambda *now: told.append(now))
    assert told == [(1000, 1500), (1500, 1500)]
    assert fixation(population, start, runs=1500, seed=5).wins.tolist() == found.wins.tolist()
    assert fixation(population, start, runs=1500, seed=6).wins.tolist() != found.wins.tolist()

    def stop(done, _):
        if done == 1000:
            raise KeyboardInterrupt

    early = fixation(population, start, runs=1500, seed=5, progress=stop)
    assert (early.runs, early.status) == (1000, Status.INTERRUPTED)
    assert early.wins.tolist() == fixation(population, start, runs=1000, seed=5).wins.tolist()


@pytest.mark.parametrize("process", ["moran", "fermi"])
def test_mean_shares_by_runs_are_those_of_the_law(process):
    population = finite_population(THREE, 8, types="ABC", process=process, mutation=0.1, intensity=2.0)
    wanted = dict(zip("ABC", mutation_law(population).shares, strict=True))
    covered = 0
    for seed in range(20):
        found = mean_shares(population, runs=20, changes=400, seed=seed)
        covered += sum(found.of(name).contains(wanted[name]) for name in "ABC")
    assert covered >= 52
    long = mean_shares(population, runs=60, changes=3000)
    for name in "ABC":
        assert long.of(name).value == pytest.approx(wanted[name], abs=0.01)
    # rare mutants: time, and not changes, is what counts
    rare = finite_population([[1, 1], [1.5, 1.5]], 5, mutation=0.02)
    law = mutation_law(rare).shares
    assert mean_shares(rare, runs=60, changes=2000).shares == pytest.approx(law, abs=0.03)


def test_what_runs_have_not_forgotten_widens_the_interval_and_is_told():
    stuck = finite_population([[2, 0], [0, 1.5]], 60, process="fermi", intensity=2.0, mutation=0.01)
    wanted = mutation_law(stuck).shares
    found = mean_shares(stuck, runs=20, changes=1000)
    assert found.status is Status.UNRESOLVED
    assert not found.forgotten
    assert found.of("A").low < 0.1
    assert found.of("A").high > wanted[0] > 0.98
    assert mean_shares_table(found).notes[1] == "Runs from different starts still differ: take more changes."
    assert mean_shares(finite_population(np.ones((2, 2)), 10, mutation=0.5), runs=8, changes=300).forgotten


@pytest.mark.parametrize(("changes", "differ"), [(100, {True}), (800, {False, True})])
def test_intervals_cover_where_some_runs_have_left_their_start(changes, differ):
    population = finite_population([[2, 0], [0, 1.5]], 12, process="fermi", intensity=2.0, mutation=0.02)
    wanted = mutation_law(population).shares[0]
    found = [mean_shares(population, runs=20, changes=changes, seed=seed) for seed in range(15)]
    assert sum(one.of("A").contains(wanted) for one in found) >= 14
    assert {not one.forgotten for one in found} == differ


def test_a_start_without_two_runs_has_no_interval():
    population = finite_population(THREE, 8, types="ABC", mutation=0.1)
    few = replace(mean_shares(population, runs=9, changes=100), means=np.full((2, 3), 1 / 3))
    assert math.isnan(few.of("A").low)
    assert few.forgotten


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (lambda: fixation(finite_population(THREE, 5, mutation=0.1), {"A": 5}), "no type is ever left"),
        (lambda: fixation(finite_population(THREE, 500), {"A": 500}), "draw runs"),
        (lambda: fixation(finite_population(THREE, 5), "AABBC"), "mapping"),
        (lambda: fixation(finite_population(THREE, 5), {"A": 2.5, "B": 2.5}), "together 5"),
        (lambda: fixation(finite_population(THREE, 5), {"A": 5}, runs=0), "runs"),
        (lambda: fixation(finite_population(THREE, 5), {"A": 5}, runs=5, progress=3), "progress"),
        (lambda: fixation(finite_population(THREE, 5), {"A": 5}).of("X"), "no type 'X'"),
        (lambda: mean_shares(finite_population(THREE, 5)), "set mutation above 0"),
        (lambda: mean_shares(finite_population(THREE, 5, mutation=0.1), runs=3), "runs"),
        (lambda: mean_shares(graph_population(THREE, "ring:5")), "finite_population"),
    ],
)
def test_what_cannot_be_drawn_is_told(ask, wrong):
    with pytest.raises(InputError, match=wrong):
        ask()
