"""The card of one-sided information: regret minimisation against a linear program, and few actions against all."""

import numpy as np
import pytest
from scipy.optimize import linprog

import nashscape as ns
from nashscape.systems.one_sided_information.counterfactual import Solver, costs
from nashscape.systems.one_sided_information.measuring import HELD, REVEALED, revealed_at
from nashscape.systems.one_sided_information.prototypes import best_with, most_replies, solved

LEVELS = np.array([-3.0, 3.0])


def test_paths_cost_what_a_body_that_is_pushed_pays():
    paid = costs(2, LEVELS)
    chosen = [(a, b) for a in LEVELS for b in LEVELS]
    for player, first in enumerate(([-0.5, 0.0], [0.5, 0.0])):
        weights = (0.05, 0.025) if player == 0 else (0.05, 0.1)
        for path, (k, m) in enumerate((k, m) for k in range(4) for m in range(4)):
            place, speed, total = np.array(first), np.zeros(2), 0.0
            for u in (np.array(chosen[k]), np.array(chosen[m])):
                place, speed = place + speed / 2 + u / 8, speed + u / 2
                total += (weights * u**2).sum() / 2
            for goal, own in zip((-1.0, 1.0), paid[player], strict=True):
                assert own[path] == pytest.approx(total + ((place - [0, goal]) ** 2).sum())


def value_by_program(paid, prior):
    """Two steps as one program: plans of the informed player, and the best reply of the other, by its first control."""
    a = paid.controls
    plans, size = np.arange(2 * a * a).reshape(2, a, a), 2 * a * a + a * a + 1
    z, t = 2 * a * a + np.arange(a * a).reshape(a, a), size - 1
    under = []
    for first in range(a):
        line = np.zeros(size)
        line[t], line[z[:, first]] = 1, -1
        under.append(line)
        for past in range(a):
            for then in range(a):
                line = np.zeros(size)
                line[z[past, first]] = 1
                for goal in range(2):
                    line[plans[goal, past]] -= paid.second[goal, first * a + then]
                under.append(line)
    equal = np.zeros((2, size))
    equal[0, plans[0].ravel()], equal[1, plans[1].ravel()] = 1, 1
    cost = np.concatenate([paid.first.ravel(), np.zeros(a * a), [-1]])
    ends = [(0, None)] * (2 * a * a) + [(None, None)] * (a * a + 1)
    return linprog(cost, np.array(under), np.zeros(len(under)), equal, prior, ends).fun


def test_regret_minimisation_comes_to_the_value_of_the_game_with_few_controls():
    paid, prior = costs(2, LEVELS), np.array([0.3, 0.7])
    exact, solver = value_by_program(paid, prior), Solver(costs(2, LEVELS), prior)
    solver.improve(5)
    before = solver.bounds()
    solver.improve(600)
    low, high = solver.bounds()
    assert before[0] <= exact <= before[1]
    assert low <= exact + 1e-12 <= high + 2e-12
    assert high - low < min(0.02, before[1] - before[0])
    assert solver.entries == 2 * (4 + 16) + 4 + 4 * 4 * 4


def test_the_time_of_telling_is_where_the_slope_is_nothing():
    step = 1e-5
    assert revealed_at(REVEALED + step) > revealed_at(REVEALED) < revealed_at(REVEALED - step)
    assert revealed_at(REVEALED) == pytest.approx(-1 / 3, abs=1e-12)
    assert all(value > -1 / 3 for value in HELD.values())


def test_few_rows_are_enough_and_fewer_are_not():
    random = np.random.default_rng(2)
    tables, prior = random.normal(size=(2, 2, 3, 4)), np.array([0.4, 0.6])
    value = solved(tables, prior).value
    assert best_with(tables, prior, 3) == pytest.approx(value, abs=1e-9)
    assert best_with(tables, prior, 2) == pytest.approx(value, abs=1e-9)
    assert best_with(tables, prior, 1) < value - 1e-3
    count, held_to = most_replies(tables, prior)
    assert count <= 3
    assert held_to == pytest.approx(value, abs=1e-9)


def test_one_round_seen_before_the_reply_is_the_envelope_of_the_best_row():
    random = np.random.default_rng(4)
    tables = random.normal(size=(1, 2, 4, 3))
    grid = np.linspace(0, 1, 2001)
    worth = np.array([((1 - q) * tables[0, 0] + q * tables[0, 1]).min(axis=1).max() for q in grid])
    for q in (400, 1300):
        # the best split into two beliefs of the grid
        left, right = np.meshgrid(np.arange(q + 1), np.arange(q, 2001), indexing="ij")
        gap = np.maximum(right - left, 1)
        best = ((right - q) * worth[left] + (q - left) * worth[right]) / gap
        best = max(best[(right > left)].max(), worth[q])
        assert solved(tables, np.array([1 - grid[q], grid[q]])).value == pytest.approx(best, abs=2e-3)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("one-sided-information", effort="quick").stands
