"""POLA against its objectives written out in NumPy, and its independence of the parametrisation."""

import dataclasses
import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import RULES, Oracle, exact, lola, pg, pola, rule_by_name, sampled, step_key
from nashscape.learning.proximal_lola import divergence
from nashscape.semantics import Semantics, independent, parametric, simplex


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@functools.partial(jax.jit, static_argnames="steps")
def follow(rule, game, theta, size, steps):
    """The strategies before and after every one of some updates, without a projection."""

    def turn(theta, step):
        after = theta + size * rule.update(Oracle(game, exact(), theta, step_key(0), size), (), step)[0]
        return after, theta

    last, path = jax.lax.scan(turn, theta, jnp.arange(steps))
    return jax.vmap(game.strategies)(jnp.concatenate([path, last[None]]))


@jax.jit
def propose(rule, game, strategies):
    """The strategies that the players propose."""
    logits = rule.proposal(game.expected_payoffs, tuple(map(jnp.log, strategies)))
    return tuple(map(jax.nn.softmax, logits))


# --- the objectives in NumPy ----------------------------------------------------------------------------


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def marginal(theory, player, strategies):
    """What each action of a player pays against the others' strategies."""
    payoffs = theory.payoffs[player]
    for j in reversed([j for j in theory.players if j != player]):
        payoffs = np.tensordot(payoffs, strategies[j], axes=([j], [0]))
    return payoffs


def penalty(before, after):
    return float(np.sum(before * np.log(before / after)))


def answers(theory, anchors, player, own, *, beta, rate, steps):
    """The others' strategies after simultaneous steps on logits with the metric 2/(σ + σ')."""
    now = [softmax(own) if j == player else anchors[j] for j in theory.players]
    for _ in range(steps):
        after = list(now)
        for j in theory.players:
            if j != player:
                pay = marginal(theory, j, now)
                slope = now[j] * (pay - now[j] @ pay) / beta - (now[j] - anchors[j])
                after[j] = softmax(np.log(now[j]) + rate * 2 * slope / (now[j] + anchors[j]))
        now = after
    return now


def objective(theory, anchors, player, own, rule):
    settings = {"beta": rule.inner_penalty, "rate": rule.rate, "steps": rule.inner_steps}
    strategies = answers(theory, anchors, player, own, **settings)
    payoff = strategies[player] @ marginal(theory, player, strategies)
    return payoff - rule.outer_penalty * penalty(anchors[player], strategies[player])


def differences(function, point, step=1e-5):
    steps = step * np.eye(point.size).reshape(-1, *point.shape)
    return np.array([(function(point + e) - function(point - e)) / (2 * step) for e in steps]).reshape(point.shape)


@pytest.fixture(params=["2x3x2"])
def played(request, case_named):
    """A random game in closed form, strategies, and the library's game."""
    theory, theta = case_named(request.param)
    return theory, theory.strategies(theta), games.dense(theory.payoffs)


@pytest.mark.parametrize("played", ["2x3", "2x3x2"], indirect=True)
def test_objective_and_its_gradient_are_those_of_the_definition(played):
    theory, anchors, game = played
    rule = pola(outer_penalty=1.5, inner_penalty=0.9, inner_steps=2, rate=0.7)
    logs, random = tuple(map(jnp.log, anchors)), np.random.default_rng(3)
    for player in (0, len(anchors) - 1):
        own = random.normal(size=len(anchors[player]))
        raised = functools.partial(rule.objective, game.expected_payoffs, logs, player)
        value, slope = jax.jit(jax.value_and_grad(raised))(own)
        wanted = functools.partial(objective, theory, anchors, player, rule=rule)
        np.testing.assert_allclose(value, wanted(own), rtol=1e-12)
        np.testing.assert_allclose(slope, differences(wanted, own), atol=1e-8)


def test_steps_lead_to_the_proximal_point(played):
    theory, anchors, game = played
    rule = pola(outer_penalty=4.0, inner_penalty=2.0, inner_steps=1, outer_steps=60)
    random = np.random.default_rng(4)
    for player, own in enumerate(map(np.log, propose(rule, game, anchors))):
        wanted = functools.partial(objective, theory, anchors, player, rule=rule)
        np.testing.assert_allclose(differences(wanted, own), 0, atol=1e-7)
        best = wanted(own)
        assert best > wanted(np.log(anchors[player])) + 1e-6
        for size in (0.01, 0.3):
            assert all(wanted(own + size * random.normal(size=own.size)) < best for _ in range(10))


def test_far_penalties_give_the_natural_gradient_of_lola(played):
    # one full inner step is the others' natural gradient step, σ_j ∝ σ_j exp(u_j/β_in)
    theory, anchors, game = played
    beta = 1e6
    rule = pola(outer_penalty=beta, inner_penalty=1.5, inner_steps=1, outer_steps=2, rate=1.0)
    for player, own in enumerate(map(np.log, propose(rule, game, anchors))):

        def anticipated(mine, player=player):
            now = [mine if j == player else anchors[j] for j in theory.players]
            moved = [
                mine if j == player else softmax(np.log(anchors[j]) + marginal(theory, j, now) / 1.5)
                for j in theory.players
            ]
            return mine @ marginal(theory, player, moved)

        natural = differences(anticipated, anchors[player])
        moved = beta * (own - np.log(anchors[player]))
        np.testing.assert_allclose(moved - moved.mean(), natural - natural.mean(), rtol=1e-4, atol=1e-5)
        plain = marginal(theory, player, anchors)
        assert np.abs(natural - natural.mean() - plain + plain.mean()).max() > 0.01


@pytest.mark.long
def test_policies_are_penalised_by_the_mean_over_states():
    game = games.repeated(games.dense(np.random.default_rng(5).normal(size=(2, 2, 3))), discount=0.6)
    policies = [softmax(np.random.default_rng(k).normal(size=shape)) for k, shape in enumerate(game.strategy_shapes)]
    beta = 1e6
    rule = pola(outer_penalty=beta, inner_steps=0, outer_steps=1, rate=1.0)
    proposal = propose(rule, game, policies)
    states = game.n_states
    for player in range(2):

        def payoff(logits, player=player):
            profile = [softmax(logits) if j == player else policies[j] for j in range(2)]
            return float(game.expected_payoffs(profile)[player])

        logs = np.log(policies[player])
        moved = beta * (np.log(proposal[player]) - logs)
        wanted = states * differences(payoff, logs) / policies[player]  # the inverse Fisher information, S per state
        gauge = moved - wanted
        np.testing.assert_allclose(gauge, np.broadcast_to(gauge[:, :1], gauge.shape), atol=1e-4)
        assert np.abs(wanted).max() > 0.1
    pair = policies[0], softmax(np.random.default_rng(9).normal(size=policies[0].shape))
    np.testing.assert_allclose(divergence(*map(jnp.log, pair)), penalty(*pair) / states, rtol=1e-12)


# --- independence of the parametrisation ----------------------------------------------------------------


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class Affine(Semantics):
    """`σ(3 θ_i + 1)`."""

    sizes = (1, 1)

    def logit(self, theta):
        return 3 * theta + 1

    def inverse(self, logit):
        return (logit - 1) / 3

    def strategies(self, theta):
        first = jax.nn.sigmoid(self.logit(theta))
        return tuple(jnp.stack([p, 1 - p]) for p in first)

    def parameters(self, strategies):
        return self.inverse(jnp.stack([jnp.log(own[0]) - jnp.log(own[1]) for own in strategies]))


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class Cubic(Affine):
    """`σ(θ_i³ + θ_i)`."""

    def logit(self, theta):
        return theta**3 + theta

    def inverse(self, logit):
        return 2 / np.sqrt(3) * jnp.sinh(jnp.arcsinh(1.5 * np.sqrt(3) * logit) / 3)


KINDS = {
    "sigmoid": independent((2, 2)),
    "softmax": independent((2, 2), "softmax"),
    "affine": Affine(),
    "cubic": Cubic(),
    "simplex": simplex((2, 2)),
}
START = [np.array([0.35, 0.65]), np.array([0.8, 0.2])]
BATTLE = np.array([[[3.0, 0.2], [-0.5, 1.7]], [[1.1, -0.3], [0.4, 2.6]]])


def trajectories(rule, kind, size, steps=12):
    semantics = KINDS[kind]
    theta = semantics.parameters([jnp.asarray(own) for own in START])
    return np.stack(follow(rule, parametric(games.dense(BATTLE), semantics), theta, size, steps))


@pytest.mark.long
def test_strategies_do_not_depend_on_the_parametrisation_nor_on_the_step_size():
    rule = pola(outer_penalty=3.0, inner_penalty=1.0, outer_steps=4, inner_steps=1)  # far from converged
    paths = {kind: trajectories(rule, kind, 0.3) for kind in KINDS}
    for kind, path in paths.items():
        np.testing.assert_allclose(path, paths["sigmoid"], atol=1e-9, err_msg=kind)
    np.testing.assert_allclose(trajectories(rule, "sigmoid", 2.0), paths["sigmoid"], atol=1e-9)
    assert np.abs(paths["sigmoid"][:, -1] - paths["sigmoid"][:, 0]).max() > 0.1


def test_those_of_lola_do():
    paths = {kind: trajectories(lola(inner_lr=0.5), kind, 0.3) for kind in ("sigmoid", "softmax", "cubic")}
    for kind in ("softmax", "cubic"):
        assert np.abs(paths[kind] - paths["sigmoid"]).max() > 0.02, kind


def test_a_whole_step_arrives_at_the_proximal_point(case_named):
    theory, theta = case_named("2x3x2")
    rule = pola(outer_penalty=2.0, inner_penalty=1.0, outer_steps=3, inner_steps=1)
    game = parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))
    path = follow(rule, game, jnp.asarray(theta), 0.1, 1)
    proposal = propose(rule, game.game, theory.strategies(theta))
    for own, wanted in zip(path, proposal, strict=True):
        np.testing.assert_allclose(own[1], wanted, atol=1e-12)
        assert np.abs(own[1] - own[0]).max() > 0.005
    # steps of size zero stay where they are, and so do endless penalties
    for own in follow(rule, game, jnp.asarray(theta), 0.0, 1):
        np.testing.assert_array_equal(own[1], own[0])
    stiff = follow(pola(outer_penalty=1e12, outer_steps=3, inner_steps=1), game, jnp.asarray(theta), 0.1, 1)
    for own in stiff:
        np.testing.assert_allclose(own[1], own[0], atol=1e-10)


# --- runs -----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_cooperation_in_the_iterated_prisoners_dilemma():
    game = parametric(games.repeated(games.prisoners_dilemma(), discount=0.96))
    starts = jnp.asarray(np.random.default_rng(0).normal(size=(16, 10)))
    over_starts = jax.vmap(follow, in_axes=(None, None, 0, None, None))

    def cooperating(rule, size, steps):
        last = jax.tree.map(lambda path: path[:, -1], over_starts(rule, game, starts, size, steps))
        per_round = jax.vmap(game.game.expected_payoffs)(last) / game.game.rounds
        assert np.isfinite(per_round).all()
        return float(np.mean(per_round.mean(axis=1) > 2.5))  # R = 3, P = 1

    assert cooperating(pg(), 0.05, 300) == 0.0
    rule = pola(outer_penalty=20.0, inner_penalty=40.0, inner_steps=1, outer_steps=10, rate=1.0)
    assert cooperating(rule, 1.0, 60) > 0.5


@pytest.mark.long
def test_a_rule_like_any_other():
    assert rule_by_name("pola", outer_penalty=30.0) == pola(outer_penalty=30.0)
    assert RULES["pola"] is pola
    rule = pola(inner_steps=1, outer_steps=5)
    assert jax.tree.structure(rule) == jax.tree.structure(pola(inner_steps=1, outer_penalty=3.0).renamed("mine"))
    assert jax.tree.structure(rule) != jax.tree.structure(pola(inner_steps=2))
    run = ns.simulate(games.stag_hunt(), rule, start=[0.7, 0.6], steps=140, targets=["CC", "DD"], precision="float32")
    assert run.outcome == "CC"
    assert set(run.terms) == {"base", "correction"}


def test_what_pola_cannot_do_is_one_input_error():
    for name in ("outer_penalty", "inner_penalty", "rate"):
        for bad in (0.0, -1.0, np.nan, "large", None):
            with pytest.raises(InputError, match=name):
                pola(**{name: bad})
    with pytest.raises(InputError, match="rate"):
        pola(rate=1.5)
    for name, bad in {"outer_steps": 0, "inner_steps": -1}.items():
        with pytest.raises(InputError, match=name):
            pola(**{name: bad})
    with pytest.raises(InputError, match="exact"):
        ns.simulate(games.stag_hunt(), pola(), start=[0.5, 0.5], estimator=sampled(batch=8))
    with pytest.raises(InputError, match="strategies of tandem are points"):
        ns.simulate(games.tandem(), pola(), start=[[0.0], [0.0]])
