"""Thresholds and continuations along dials: by name, by path and by function they are the same."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import ByRule, constant
from nashscape.theory import symmetric_thresholds

HUNT, DILEMMA = games.stag_hunt(), games.prisoners_dilemma()


def uneven(seed=0):
    """Two players with two and three actions."""
    return games.dense(np.random.default_rng(seed).normal(size=(2, 2, 3)).round(3))


def three(seed=0):
    return games.dense(np.random.default_rng(seed).normal(size=(3, 2, 2, 2)).round(3))


def numbers(found):
    return [(one.low, one.high, one.rises) for one in found.brackets], found.index.tolist(), found.values.tolist()


@pytest.mark.parametrize("game", [DILEMMA, three(), ns.open_source(three(), 0.2, graph=[(0, 1), (1, 2)])])
def test_a_game_alone_has_the_threshold_of_its_coupling(game):
    found, known = ns.threshold(game, 0.0, 2.0), ns.coupling_threshold(game)
    assert found.question == known.question
    assert numbers(found) == numbers(known)
    assert (found.complete, found.parameter, found.closed) == (True, "coupling", known.closed)
    bare = game if not hasattr(game, "semantics") else None
    if bare is not None:
        by_function = ns.threshold(lambda k: ns.open_source(bare, k), 0.0, 2.0, samples=9, degree=2)
        assert numbers(by_function) == numbers(found)
        assert by_function.question.key != found.question.key


def test_closed_forms_are_of_policy_gradient_over_the_coupling_alone():
    assert ns.threshold(DILEMMA).closed == symmetric_thresholds(DILEMMA)
    assert ns.threshold(DILEMMA, rule=ns.lookahead(lookahead=0.1), high=0.9, samples=3).closed is None
    over_peer = ns.threshold(HUNT, dial="peer", samples=3)
    assert over_peer.closed is None
    assert not over_peer.complete


@pytest.mark.parametrize("game", [HUNT, uneven(), three()])
@pytest.mark.parametrize("rule", [ns.meta_mapg(), ns.peer_only(inner_lr=0.3)])
def test_over_the_peer_coefficient_the_index_is_a_line(game, rule):
    at = None if game is not HUNT else [0.7, 0.6]
    found = ns.threshold(game, 0.0, 6.0, dial="peer", rule=rule, at=at, samples=5)
    by_function = ns.threshold(lambda v: (game, replace(rule, peer=constant(v))), 0.0, 6.0, at=at, samples=5)
    assert numbers(by_function) == numbers(found)
    first, second = found.index[0], found.index[-1]
    root = 6.0 * first / (first - second)
    np.testing.assert_allclose(found.index, np.linspace(first, second, 5), rtol=1e-9, atol=1e-12)
    assert len(found.brackets) == (0.0 < root < 6.0)
    for one in found.brackets:
        assert one.low - 1e-9 <= root <= one.high + 1e-9
        assert one.rises == (second > first)


def test_paths_and_functions_are_dials_too():
    by_name = ns.threshold(HUNT, 0.0, 2.0, dial="inner_lr", at=[0.6, 0.6], samples=9)
    by_path = ns.threshold(HUNT, 0.0, 2.0, dial="rule.inner_lr", at=[0.6, 0.6], samples=9)
    by_function = ns.threshold(
        HUNT, 0.0, 2.0, dial=lambda v: ns.meta_mapg(inner_lr=v), at=[0.6, 0.6], samples=9, parameter="inner_lr"
    )
    assert numbers(by_name) == numbers(by_path) == numbers(by_function)
    assert (by_name.parameter, by_path.parameter, by_function.parameter) == ("inner_lr", "rule.inner_lr", "inner_lr")
    assert len(by_name.brackets) == 1
    keys = {one.question.key for one in (by_name, by_path, by_function)}
    assert len(keys) == 3
    assert None not in keys


def test_two_functions_are_two_questions():
    one, other = (ns.threshold(HUNT, 0.2, 1, dial=lambda v, k=k: games.stag_hunt(P=k * v), samples=3) for k in (1, 2))
    assert one.question.key != other.question.key
    assert "dial.turn" in one.question.differs(other.question)


def test_several_rules_at_once_have_one_figure():
    rules = [ns.meta_mapg(), ns.peer_only()]
    found = ns.threshold(HUNT, dial="peer", rule=rules, at=[0.6, 0.6], samples=5)
    assert isinstance(found, ByRule)
    assert list(found) == ["meta_mapg", "peer_only"]
    for rule in rules:
        alone = ns.threshold(HUNT, dial="peer", rule=rule, at=[0.6, 0.6], samples=5)
        assert found[rule.name].question == alone.question
        assert numbers(found[rule.name]) == numbers(alone)
    with pytest.raises(InputError, match="there is no comparison of a Threshold with another"):
        found.compare()


def test_the_transverse_rate_over_a_coefficient():
    learners = ns.open_source(DILEMMA, 0.5)
    by_name = ns.theory.transverse_threshold(learners, dial="peer", at=[0.4, 0.4], samples=5, high=4.0)
    by_function = ns.theory.transverse_threshold(
        learners, dial=lambda v: ns.meta_mapg(peer=v), at=[0.4, 0.4], samples=5, low=0.0, high=4.0
    )
    assert numbers(by_name) == numbers(by_function)
    theta = learners.semantics.parameters([np.array([0.4, 0.6])] * 2)
    rates = [ns.theory.transverse_spectrum(learners, theta[:1], ns.meta_mapg(peer=v)).across_rate for v in (0.0, 4.0)]
    np.testing.assert_allclose(by_name.index[[0, -1]], rates, atol=1e-6)


@pytest.mark.parametrize(
    ("asked", "function", "start"),
    [
        ({"low": 0.38, "high": 0.44}, lambda k: ns.open_source(DILEMMA, k), [0.5, 0.5]),
        ({"dial": "peer", "low": 1.0, "high": 1.4}, lambda v: (HUNT, ns.meta_mapg(peer=v)), [0.6, 0.6]),
    ],
)
def test_branches_along_a_dial_are_those_of_the_function(asked, function, start):
    game = HUNT if "dial" in asked else DILEMMA
    by_name = ns.theory.continuation(game, **asked, start=start, switch=False)
    by_function = ns.theory.continuation(function, asked["low"], asked["high"], start=start, switch=False)
    assert len(by_name.branches) == len(by_function.branches) == 1
    np.testing.assert_array_equal(by_name.branches[0].theta, by_function.branches[0].theta)
    np.testing.assert_array_equal(by_name.branches[0].eigenvalues, by_function.branches[0].eigenvalues)
    assert by_name.parameter == asked.get("dial", "coupling")
    assert [(one.kind, one.low) for one in by_name.points] == [(one.kind, one.low) for one in by_function.points]
    assert by_name.question.key not in (None, by_function.question.key)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: ns.threshold(HUNT, dial="pear"), "unknown parameter 'pear'; did you mean 'peer'"),
        (lambda: ns.threshold(HUNT, dial="steps"), "steps has whole values, between which nothing is looked for"),
        (lambda: ns.threshold(HUNT, dial="std"), "at std = 0.05: unknown part of a case 'starts'.* Known: game, rule"),
        (lambda: ns.threshold(HUNT, dial="peer", rule=ns.pg()), "pg has no peer coefficient"),
        (lambda: ns.threshold(HUNT, dial=lambda v: games.stag_hunt(P=v)), "says nothing of its range"),
        (lambda: ns.threshold(lambda v: HUNT, 0, 1, dial="peer"), "give dial with one game"),
        (lambda: ns.threshold(lambda v: ns.pg(), 0, 1), "a function that gives rules is a dial"),
        (lambda: ns.threshold(lambda v: (HUNT, ns.lola()), 0, 1, rule=ns.pg()), "leave rule out"),
        (lambda: ns.threshold(HUNT, rule=lambda v: ns.pg()), "expected a rule"),
        (lambda: ns.threshold(3, 0, 1), "a family is a game and a dial, or a function from a number"),
        (lambda: ns.threshold(uneven()), "share a set of actions"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_error(ask, said):
    with pytest.raises(InputError, match=said):
        ask()
