"""COLA against the definition of consistency, a game solved by hand, and higher-order LOLA."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import (
    RULES,
    Oracle,
    cola,
    consistency_residual,
    exact,
    lola,
    per_player,
    pg,
    sampled,
    step_key,
)
from nashscape.semantics import independent, parametric

RATE = 1.0
REGION = (-2.0, 2.0)


@pytest.fixture(scope="module")
def trained():
    """COLA for Stag Hunt, and what its training reported."""
    reports = []
    rule = cola(
        games.stag_hunt(),
        inner_lr=RATE,
        region=REGION,
        hidden=(24,),
        steps=3000,
        progress=lambda *told: reports.append(told),
    )
    return rule, reports


def direction(rule, game, theta):
    with jax.enable_x64(True):
        theta = jnp.asarray(theta, "float64")
        oracle = Oracle(parametric(game), exact(), theta, step_key(0), RATE)
        return np.asarray(rule.update(oracle, rule.init(theta), jnp.int32(0))[0])


# --- the definition -------------------------------------------------------------------------------------


def violation_by_differences(theory, update, theta, rate, step=1e-5):
    """`g_i − d/dθ_i J_i(θ_i, θ_-i + η g_-i)`, the derivative by central differences."""
    parts = np.split(np.arange(len(theta)), np.cumsum(theory.sizes)[:-1])

    def anticipated(theta, i):
        ahead = theta + rate * update(theta)
        ahead[parts[i]] = theta[parts[i]]
        return theory.utilities(ahead)[i]

    wanted = np.zeros(len(theta))
    for i, own in enumerate(parts):
        for k in own:
            e = step * np.eye(len(theta))[k]
            wanted[k] = (anticipated(theta + e, i) - anticipated(theta - e, i)) / (2 * step)
    return update(theta) - wanted


@pytest.mark.long
def test_the_residual_is_the_violation_of_the_definition(case_named):
    theory, theta = case_named("2x3x2")
    game = parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))
    rate, points = 0.8, np.stack([theta, 0.5 * theta, -theta])

    def lola_update(theta):
        terms = theory.terms(theta)
        return terms["base"] + rate * (terms["lookahead"] + terms["peer"])

    lengths = [np.linalg.norm(violation_by_differences(theory, lola_update, point, rate)) for point in points]
    found = consistency_residual(lola(inner_lr=rate), game, points, inner_lr=rate)
    assert found.points == 3
    np.testing.assert_allclose(found.largest, max(lengths), rtol=1e-6)
    np.testing.assert_allclose(found.rms, np.sqrt(np.mean(np.square(lengths))), rtol=1e-6)


@pytest.mark.long
def test_naive_learners_are_less_consistent_than_lola():
    game, points = games.stag_hunt(), np.random.default_rng(0).uniform(*REGION, size=(1000, 2))
    plain = consistency_residual(pg(), game, points, inner_lr=0.1)
    assert 0 < consistency_residual(lola(inner_lr=0.1), game, points, inner_lr=0.1).rms < plain.rms / 2
    assert consistency_residual(pg(), game, points, inner_lr=1e-9).largest < 1e-6


# --- a game solved by hand ------------------------------------------------------------------------------


def tandem_solution(rate):
    """The affine consistent steps `f_i = a (x + y) + b` of Tandem, `J_1 = −(x+y)² + 2x`, on the branch from a = 0.

    With `s = x + y + f`, `f = η (2 − 2 (1+a) s)`: `a = −2η (1+a)²`, `b = 2η / (1 + 2η (1+a))`.
    """
    a = (-(4 * rate + 1) + np.sqrt(8 * rate + 1)) / (4 * rate)
    return a, 2 * rate / (1 + 2 * rate * (1 + a))


@pytest.fixture(scope="module", params=[0.2, 0.5])
def tandem(request):
    rate = request.param
    rule = cola(
        games.tandem(), inner_lr=rate, region=REGION, hidden=(), steps=2000, batch=16, learning_rate=0.03,
        precision="float64",
    )  # fmt: skip
    return rate, rule


@pytest.mark.long
def test_tandem_is_solved_as_by_hand(tandem):
    rate, rule = tandem
    a, b = tandem_solution(rate)
    for x, y in ((0.0, 0.0), (1.5, -0.5), (-2.0, -1.0)):
        step = rate * direction(rule, games.tandem(), [x, y])
        np.testing.assert_allclose(step, a * (x + y) + b, atol=1e-5)
    assert rule.residual.largest < 1e-4
    assert rule.lola.rms > 1000 * rule.residual.rms


def test_higher_order_lola_fails_in_tandem_where_cola_does_not():
    # on steps a (x + y) + b the iteration is a ← −2η (1+a)², b ← η (2 − 2 (1+a) b)
    def iterated(rate, orders):
        a = b = 0.0
        for _ in range(orders):
            a, b = -2 * rate * (1 + a) ** 2, rate * (2 - 2 * (1 + a) * b)
        return a, b

    np.testing.assert_allclose(iterated(0.2, 400), tandem_solution(0.2), atol=1e-12)
    later = [iterated(0.5, orders)[0] for orders in (400, 401)]
    np.testing.assert_allclose(sorted(later), [-1.0, 0.0], atol=1e-9)  # to and fro for ever, whatever the order


# --- one-shot games -------------------------------------------------------------------------------------


@pytest.mark.long
def test_cola_is_far_more_consistent_than_lola(trained):
    rule, _ = trained
    assert rule.residual.points == rule.lola.points >= 1000
    assert rule.residual.rms < rule.lola.rms / 5
    assert rule.residual.largest < rule.lola.largest / 2
    # what is reported is what is measured on points of one's own
    points = np.random.default_rng(5).uniform(*REGION, size=(1000, 2))
    again = consistency_residual(rule, games.stag_hunt(), points, inner_lr=RATE)
    np.testing.assert_allclose(again.rms, rule.residual.rms, rtol=0.2)
    assert consistency_residual(lola(inner_lr=RATE), games.stag_hunt(), points, inner_lr=RATE).rms > 5 * again.rms


@pytest.mark.long
def test_cola_is_what_higher_order_lola_tends_to_where_it_does():
    rate = 0.4
    rule = cola(games.stag_hunt(), inner_lr=rate, region=REGION, hidden=(24,), steps=3000)
    width = np.linspace(-3.0, 3.0, 1201)
    own, other = np.meshgrid(width, width, indexing="ij")

    def payoff(own, other):
        p, q = 1 / (1 + np.exp(-own)), 1 / (1 + np.exp(-other))
        return 4.0 * p * q + 3.0 * (1 - p) * q + 2.0 * (1 - p) * (1 - q)  # R = 4, S = 0, T = 3, P = 2

    def order(previous):
        # the game is symmetric: what the other does at (own, other) is what I do at (other, own)
        return np.gradient(payoff(own, other + rate * previous.T), width, axis=0, edge_order=2)

    orders = [np.zeros_like(own)]
    for _ in range(6):
        orders.append(order(orders[-1]))
    inside = np.abs(width) < 1.8
    late, last = (update[np.ix_(inside, inside)] for update in orders[-2:])
    np.testing.assert_allclose(last, late, atol=1e-3)  # here the iteration converges
    some = np.flatnonzero(inside)[::120]
    points = [(width[k], width[l]) for k in some for l in some]
    wanted = np.array([orders[-1][k, l] for k in some for l in some])
    found = np.array([direction(rule, games.stag_hunt(), point)[0] for point in points])
    plain = np.array([direction(lola(inner_lr=rate), games.stag_hunt(), point)[0] for point in points])
    assert np.abs(found - wanted).max() < 0.01  # of updates up to 0.3
    assert np.abs(found - wanted).mean() < np.abs(plain - wanted).mean() / 2


@pytest.mark.long
def test_a_game_of_unequal_action_counts(case_named):
    theory, _ = case_named("2x3")
    game = parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))
    rule = cola(game, inner_lr=2.0, region=((-1.5,) * 4, (1.5,) * 4), hidden=(24,), steps=2500)
    assert rule.sizes == (1, 3)
    assert rule.residual.rms < rule.lola.rms / 2


# --- as a rule ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_training_tells_how_far_it_is_and_is_reproducible(trained):
    rule, reports = trained
    assert [steps for steps, _ in reports] == list(range(300, 3001, 300))
    assert reports[-1][1] < reports[0][1]
    settings = {"inner_lr": RATE, "region": REGION, "hidden": (24,), "steps": 3000}
    again, other = cola(games.stag_hunt(), **settings), cola(games.stag_hunt(), **settings, seed=1)
    for one, two in zip(jax.tree.leaves(rule), jax.tree.leaves(again), strict=True):
        np.testing.assert_array_equal(one, two)
    assert rule.residual == again.residual != other.residual


@pytest.mark.long
def test_a_rule_like_any_other(trained):
    rule, _ = trained
    assert "cola" not in RULES
    leaves, structure = jax.tree.flatten(rule)
    assert sum(np.size(leaf) for leaf in leaves) == 24 * 6 + 24 + 2 * 24 + 2 + 2 * 6 + 3 * 2 + 1
    assert jax.tree.structure(rule.renamed("mine")) == structure
    assert rule.renamed("mine").residual == rule.residual
    assert "rms violation" in repr(rule)
    run = ns.simulate(games.stag_hunt(), rule, start=[0.6, 0.55], steps=30, step_size=RATE)
    np.testing.assert_allclose(
        run.theta[1] - run.theta[0], direction(rule, games.stag_hunt(), run.theta[0]), atol=1e-12
    )
    together = per_player([rule, pg()])
    mixed = direction(together, games.stag_hunt(), [0.3, -0.2])
    np.testing.assert_allclose(mixed[0], direction(rule, games.stag_hunt(), [0.3, -0.2])[0], atol=1e-12)


@pytest.mark.long
def test_outside_the_region_the_update_is_that_of_the_nearest_point(trained):
    rule, _ = trained
    far, near = (direction(rule, games.stag_hunt(), theta) for theta in ([7.0, -0.5], [2.0, -0.5]))
    np.testing.assert_allclose(far, near, atol=1e-12)
    assert np.abs(near - direction(rule, games.stag_hunt(), [1.0, -0.5])).max() > 1e-3


def test_what_cola_cannot_do_is_one_input_error(trained):
    rule, _ = trained
    three = games.dense(np.random.default_rng(1).normal(size=(3, 2, 2, 2)))
    with pytest.raises(InputError, match="COLA is defined for two players"):
        cola(three)
    with pytest.raises(InputError, match="trained for players with \\[1, 1\\] parameters"):
        ns.simulate(three, rule, start=[0.5] * 3)
    with pytest.raises(InputError, match="exact"):
        ns.simulate(games.stag_hunt(), rule, start=[0.5, 0.5], estimator=sampled(batch=8))
    with pytest.raises(InputError, match="say where"):
        cola(games.tandem())
    stag = games.stag_hunt()
    bad = {
        "region must be": {"region": 3.0},
        "low below high": {"region": (1.0, -1.0)},
        "hidden": {"hidden": 16},
        "inner_lr": {"inner_lr": 0.0},
        "steps": {"steps": 0},
        "batch": {"batch": 1.5},
        "learning_rate": {"learning_rate": -1.0},
        "seed": {"seed": -1},
        "precision": {"precision": "half"},
    }
    for message, given in bad.items():
        with pytest.raises(InputError, match=message):
            cola(stag, **given)
    with pytest.raises(InputError, match="points"):
        consistency_residual(pg(), stag, [[0.0, 0.0, 0.0]], inner_lr=1.0)
    with pytest.raises(InputError, match="at least one"):
        consistency_residual(pg(), stag, np.zeros((0, 2)), inner_lr=1.0)
    with pytest.raises(InputError, match="inner_lr"):
        consistency_residual(pg(), stag, [[0.0, 0.0]], inner_lr=0.0)
    assert dataclasses.is_dataclass(rule.residual)
