"""Alignment: closed forms of the one-shot 2×2 games, finite differences, and what has no direction."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError

ETA, LAMBDA, MU = 0.55, 1.5, 0.35
HUNT, DILEMMA = ns.games.stag_hunt(), ns.games.prisoners_dilemma()
PAYOFFS = {"stag_hunt": (4, 0, 3, 2), "prisoners_dilemma": (3, 0, 5, 1)}  # R S T P


@pytest.fixture(scope="module")
def aligned():
    return {game.name: ns.alignment(game, ns.meta_mapg(), "CC", grid=9) for game in (HUNT, DILEMMA)}


@pytest.mark.parametrize("name", PAYOFFS)
def test_closed_forms_of_a_symmetric_game(aligned, name):
    # base_i = s_i A(p_j), peer_i = λ s_i η c s_j² B(p_i), own_i = μ η s_i' s_i A(p_j)², and d_i = 1 − p_i
    r, s_, t, p_ = PAYOFFS[name]
    c = r - s_ - t + p_
    found = aligned[name]
    p = np.stack(np.meshgrid(found.axis, found.axis, indexing="ij"), axis=-1)
    q, s = p[..., ::-1], p * (1 - p)
    a, b = s_ - p_ + c * q, t - p_ + c * p
    expected = {
        "base": s * a,
        "own": MU * ETA * s * (1 - 2 * p) * a * s * a,
        "peer": LAMBDA * ETA * c * s * s[..., ::-1] ** 2 * b,
    }
    expected["total"] = sum(expected.values())
    d = 1 - p
    length = np.linalg.norm(d, axis=-1)
    np.testing.assert_allclose(found.length, length, rtol=1e-12)
    assert found.terms == ("base", "own", "peer", "total")
    for term, part in expected.items():
        np.testing.assert_allclose(found.by_player[term], part, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(found.projections[term], (part * d).sum(axis=-1) / length, rtol=1e-9, atol=1e-14)


def test_the_peer_term_pushes_up_in_the_stag_hunt_and_down_in_the_dilemma(aligned):
    assert aligned["stag_hunt"].signs("peer") == {"positive": 81, "negative": 0, "zero": 0, "undefined": 0}
    assert aligned["prisoners_dilemma"].signs("peer") == {"positive": 0, "negative": 81, "zero": 0, "undefined": 0}
    assert float(aligned["stag_hunt"].positive("peer")) == 1.0
    assert float(aligned["prisoners_dilemma"].mean("peer")) < 0
    assert 0 < float(aligned["stag_hunt"].positive("base")) < 1


@pytest.mark.long
def test_the_sum_of_three_players_is_the_change_of_the_cooperation_index():
    # along the rule's direction v: d/dε Σ_i log σ_i(θ + ε v)[a*_i] = ⟨v, d⟩ = projection · |d|
    game = ns.games.random_game((2, 3, 2), seed=4)
    learners = ns.parametric(game)
    found = ns.alignment(game, ns.lola(), (0, 2, 1), at=ns.starts.normal(), n=5, seed=1)
    assert found.projections["lookahead"].shape == (5,)
    assert found.by_player["base"].shape == (5, 3)

    def index(theta):
        own = [np.asarray(x, np.float64) for x in learners.split(theta)] if hasattr(learners, "split") else None
        own = own or [theta[:1], theta[1:4], theta[4:]]
        log = [-np.log1p(np.exp(-own[0][0])), own[1][2] - np.log(np.exp(own[1]).sum()), -np.log1p(np.exp(own[2][0]))]
        return sum(log)

    for k in range(5):
        theta, h = found.theta[k], 1e-6
        gradient = np.array([(index(theta + h * e) - index(theta - h * e)) / (2 * h) for e in np.eye(5)])
        assert found.length[k] == pytest.approx(np.linalg.norm(gradient), rel=1e-6)
        # one tiny step of the rule is its direction
        run = ns.simulate(game, ns.lola(), ns.starts.parameters([theta]), steps=1, step_size=1e-7)
        v = (run.theta[1] - run.theta[0]) / 1e-7
        assert found.projections["total"][k] == pytest.approx(v @ gradient / np.linalg.norm(gradient), rel=1e-5)
        blocks = [slice(0, 1), slice(1, 4), slice(4, 5)]
        each = [v[b] @ gradient[b] / np.linalg.norm(gradient[b]) for b in blocks]
        np.testing.assert_allclose(found.by_player["total"][k], each, rtol=1e-5)
    parts = sum(found.projections[term] for term in ("base", "peer", "lookahead"))
    np.testing.assert_allclose(found.projections["total"], parts, rtol=1e-12)


def test_random_starts_give_intervals_and_given_ones_do_not():
    drawn = ns.alignment(HUNT, ns.pg(), at=ns.starts.normal(), n=50)
    assert drawn.positive().trials == 50
    assert drawn.mean("base").low < drawn.mean("base").value < drawn.mean("base").high
    given = ns.alignment(HUNT, ns.pg(), at=[[0.9, 0.8], [0.2, 0.3]])
    assert given.axis is None
    assert given.positive("base").level is None
    assert float(given.positive("base")) == 0.5
    assert "positive at: base 0.500" in repr(given)


def test_schedules_are_taken_at_the_step():
    fading = ns.peer_only(peer=ns.schedules.handoff(2.0, at=10))
    early, late = (ns.alignment(HUNT, fading, at=[[0.4, 0.6]], step=step) for step in (9, 10))
    assert early.signs("peer")["positive"] == 1
    assert late.signs("peer")["zero"] == 1
    steady = ns.alignment(HUNT, ns.peer_only(peer=2.0), at=[[0.4, 0.6]])
    np.testing.assert_allclose(early.projections["peer"], steady.projections["peer"])


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Momentum(ns.learning.Rule):
    """A rule whose correction is all in what it remembers."""

    name: ClassVar = "momentum"
    sources: ClassVar = ()

    def init(self, theta):
        return 0.0 * theta

    def update(self, oracle, state, step):
        moved = 0.9 * state + oracle.terms().base
        return moved, moved


def test_of_a_rule_that_remembers_is_said_that_its_first_update_is_seen():
    found = ns.alignment(HUNT, [Momentum(), ns.meta_mapg()], at=[[0.4, 0.6]])
    np.testing.assert_array_equal(found["momentum"].projections["correction"], 0.0)
    (note,) = found["momentum"].provenance.notes
    assert note.startswith("momentum remembers earlier updates and is seen as at its first")
    assert found["meta_mapg"].provenance.notes == ()
    assert ns.selection.term_field(HUNT, Momentum(), grid=3).provenance.notes == (note,)


def test_where_there_is_no_direction_nothing_is_made_up():
    # at a logit of 800 the probability of cooperating is one and its gradient underflows to zero
    found = ns.alignment(HUNT, ns.pg(), at=ns.starts.parameters([[800.0, 800.0], [800.0, 0.0]]))
    assert found.undefined == 1
    assert np.isnan(found.projections["base"][0])
    assert found.signs("base")["undefined"] == 1
    assert np.isnan(found.by_player["base"][1]).tolist() == [True, False]
    nowhere = ns.alignment(HUNT, ns.pg(), at=ns.starts.parameters([[800.0, 800.0]]))
    with pytest.raises(InputError, match="no start has a direction"):
        nowhere.positive()
    assert nowhere.to_dict()["projections"]["base"] == [None]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ns.alignment(ns.games.random_game((2, 3), seed=0), ns.pg(), (0, 0)), "a grid needs"),
        (lambda: ns.alignment(ns.games.matching_pennies(), ns.pg()), "no strict pure"),
        (lambda: ns.alignment(HUNT, ns.pg(), "XX"), "not a profile"),
        (lambda: ns.alignment(HUNT, ns.pg()).positive("peer"), "term"),
        (lambda: ns.alignment(HUNT, ns.pg(), at=[[0.5, 0.5]], n=3), "only 1 starts"),
        (lambda: ns.alignment(HUNT, ns.pg(), step=-1), "step"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_terms_at_given_parameters_are_what_alignment_projects():
    theta = np.array([[0.4, -0.3], [-1.1, 0.8], [0.0, 0.2]])
    rule = ns.lola(peer=0.8, lookahead=1.7, inner_lr=0.3)
    found = ns.selection.terms_at(HUNT, rule, theta)
    towards = 1 / (1 + np.exp(theta))
    unit = towards / np.linalg.norm(towards, axis=1, keepdims=True)
    seen = ns.alignment(HUNT, rule, "CC", at=ns.starts.parameters(theta))
    assert set(found) == {"base", "peer", "lookahead", "total"}
    for name, own in found.items():
        np.testing.assert_allclose((own * unit).sum(axis=1), seen.projections[name], atol=1e-6)


def test_the_base_term_is_the_gradient_of_the_payoffs():
    """Against finite differences, in a game without symmetry, of a player with three actions."""
    game = ns.games.random_game((2, 3), 4)
    theta = np.random.default_rng(1).normal(size=(2, 4))

    def payoffs(theta):
        first = np.array([1 / (1 + np.exp(-theta[0])), 1 / (1 + np.exp(theta[0]))])
        second = np.exp(theta[1:]) / np.exp(theta[1:]).sum()
        return np.array([first @ own @ second for own in game.payoffs])

    h, players = 1e-5, [0, 1, 1, 1]
    slopes = [
        [(payoffs(one + h * np.eye(4)[k]) - payoffs(one - h * np.eye(4)[k]))[players[k]] / (2 * h) for k in range(4)]
        for one in theta
    ]
    np.testing.assert_allclose(ns.selection.terms_at(game, ns.pg(), theta)["base"], slopes, atol=1e-5)
    with pytest.raises(InputError, match="theta"):
        ns.selection.terms_at(game, ns.pg(), [[0.0, 0.0]])
