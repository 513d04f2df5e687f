"""Pruning as a game: against enumeration of faces, derivatives by hand, and linear regression on digits."""

import importlib.util
from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import extras
from nashscape.systems.pruning_game import digits, measuring, networks, study
from nashscape.systems.pruning_game.participation import Participation, drawn

LONG = pytest.mark.long


def _paid(one, gates, i):
    """Utility of neuron i, term by term."""
    like = sum(gates[j] * one.products[i, j] for j in range(len(gates)) if j != i)
    size = one.products[i, i]
    return (
        one.benefits[i] * gates[i] - one.beta * size * gates[i] ** 2 - one.gamma * gates[i] - one.eta * gates[i] * like
    )


def test_the_game_pays_what_is_printed_and_replies_are_best_on_a_grid():
    random = np.random.default_rng(0)
    one = drawn(random, 3)
    game, gates = one.game(), random.uniform(size=3)
    paid = np.asarray(game.expected_payoffs([[own] for own in gates]))
    np.testing.assert_allclose(paid, [_paid(one, gates, i) for i in range(3)], rtol=1e-5)
    replies, grid = one.replies(gates), np.linspace(0, 1, 2001)
    for i in range(3):
        tried = [_paid(one, np.where(np.arange(3) == i, own, gates), i) for own in grid]
        assert replies[i] == pytest.approx(grid[int(np.argmax(tried))], abs=6e-4)


def _faces(one):
    """All equilibria, by enumeration of who is at none, at full, or between."""
    bends = np.diag(one.curvature) + one.competition
    for face in product((-1, 0, 1), repeat=len(one.benefits)):
        side = np.array(face)
        gates, free = (side == 1).astype(float), side == 0
        if free.any():
            rest = (one.benefits - one.gamma - bends @ gates)[free]
            gates[free] = np.linalg.solve(bends[np.ix_(free, free)], rest)
        slopes = one.slopes(gates)
        if (gates > -1e-9).all() and (gates < 1 + 1e-9).all() and (slopes[~free] * side[~free] > -1e-9).all():
            yield gates


def test_the_equilibrium_is_one_of_those_that_enumeration_finds():
    random, several, alone = np.random.default_rng(1), 0, 0
    for _ in range(60):
        one = drawn(random, int(random.integers(2, 5)))
        every, end = list(_faces(one)), one.equilibrium()
        assert min(np.abs(end - own).max() for own in every) < 1e-8
        assert (end[one.dominated()] == 0).all()
        if one.contraction() is not None:
            alone += 1
            assert all(np.abs(end - own).max() < 1e-8 for own in every)
        several += any(np.abs(end - own).max() > 1e-6 for own in every)
    assert several > 3
    assert alone > 20


def test_dominated_is_worse_than_nothing_against_everything_and_only_then():
    random = np.random.default_rng(2)
    for _ in range(40):
        one = drawn(random, 3)
        for i in range(3):
            others = [np.array(own, float) for own in product((0, 1), repeat=3)]
            # a little participation is best where any is, since utilities are concave
            gain = max(_paid(one, np.where(np.arange(3) == i, 1e-6, own), i) for own in others)
            assert one.dominated()[i] == (gain < 0)


def test_gates_move_along_their_utility_and_the_loss():
    """Utilities by hand for a layer of two neurons and another of one; the L1 rule goes down the loss."""
    sizes, gates = [np.array([2.0, 8.0]), np.array([5.0])], [np.array([1.0, 0.5]), np.array([0.2])]
    benefit, lost = [np.array([0.3, -0.1]), np.array([0.7])], [np.array([0.3, -0.2]), np.array([3.5])]
    cost = [np.array([2 * 0.1 * 2 * 1.0, 2 * 0.1 * 8 * 0.5]), np.array([2 * 0.1 * 5 * 0.2])]
    mean = (0.4 + 0.8 + 0.2) / 3
    for rule, first in (("printed", 1), ("corrected", -1), ("no benefit", 0)):
        numbers = {"rule": digits.RULES[rule], "beta": 0.1, "gamma": 0.05}
        found = digits.utility_slope(gates, benefit, lost, sizes, numbers)
        for own, gain, paid in zip(found, benefit, cost, strict=True):
            np.testing.assert_allclose(own, first * gain - paid - 0.05, rtol=1e-6)
    found = digits.utility_slope(
        gates, benefit, lost, sizes, {"rule": digits.RULES["L1 on gates"], "beta": 0.1, "gamma": 0.05}
    )
    np.testing.assert_allclose(found[0], [-0.3 - 0.4 - 0.05, 0.2 - 0.8 - 0.05], rtol=1e-6)
    same = digits.utility_slope(
        gates, benefit, lost, sizes, {"rule": digits.RULES["same decay for all"], "beta": 0.1, "gamma": 0.05}
    )
    np.testing.assert_allclose(np.concatenate(same), -mean - 0.05, rtol=1e-6)


def test_two_frozen_games_have_neurons_out_in_part_and_in_full():
    ends = np.concatenate([one.equilibrium() for one in study.WEAK])
    assert (ends == 0).any()
    assert (ends == 1).any()
    assert ((ends > 0.05) & (ends < 0.95)).any()
    assert all(one.contraction() is not None for one in study.WEAK)


def test_without_scikit_learn_one_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ns.InputError, match=r"pip install scikit-learn; it is in the extra nashscape\[digits\]"):
        ns.systems.reproduce("pruning-game", effort="quick")
    with pytest.raises(ns.InputError, match="effort"):
        measuring.measure(effort="ful")


def test_what_the_text_says_of_costs_and_numbers():
    told = {(row.claim, row.agrees) for row in measuring._of_the_text()}
    assert told == {("parameters", False), ("parameters-with-gates", True), ("costs", False)}
    # with a quadratic cost alone whoever has some benefit participates
    one = Participation(np.array([1e-6]), np.eye(1), beta=9.0, gamma=0.0, eta=0.0)
    assert one.equilibrium()[0] == pytest.approx(1e-6 / 18)


def _protocol():
    training = {
        "widths": [64, 16, 8, 10],
        "batch": 32,
        "steps": 400,
        "step": 0.1,
        "gate_step": 0.001,
        "threshold": 0.01,
    }
    return training, digits.load(360, 0)


@LONG
@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="digits need the extra nashscape[digits]")
def test_networks_learn_digits_and_gates_decay_as_costs_say():
    training, data = _protocol()
    assert [len(own) for own in data] == [1437, 1437, 360, 360]
    plain = digits.trained("no benefit", 0.0, 0.0, training, data, [0, 1])
    assert (plain.gates == 1).all()
    assert (plain.accuracy > 0.6).all()
    costly = digits.trained("no benefit", 0.0, 0.5, training, data, [0, 1])
    np.testing.assert_allclose(costly.gates, 1 - 0.5 * 0.001 * 400, atol=1e-3)
    none = digits.pruned_by_size(plain, np.zeros(2), data, (64, 16, 8, 10))
    np.testing.assert_allclose(none, plain.accuracy, atol=1e-6)
    every = digits.pruned_by_size(plain, np.ones(2), data, (64, 16, 8, 10))
    assert (every < 0.2).all()
    # the same seeds give the same networks, whatever stands beside them
    again = digits.trained("no benefit", 0.0, 0.0, training, data, [1])
    np.testing.assert_allclose(again.accuracy, plain.accuracy[1:], atol=0.02)


@LONG
@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="digits need the extra nashscape[digits]")
def test_the_card_stands():
    assert ns.systems.reproduce("pruning-game", effort="quick").stands


def test_the_printed_benefit_is_what_a_neuron_costs():
    rows = {row.claim: row for row in networks._sign_of_benefit(1)}
    assert not rows["sign-of-benefit"].agrees
    assert rows["minus-benefit"].agrees
