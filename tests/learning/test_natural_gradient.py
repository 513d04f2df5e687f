"""The natural gradient against the replicator equation and against the definition."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import Oracle, exact, natural_gradient, per_player, pg, step_key
from nashscape.semantics import independent, parametric


@jax.jit
def _direction(learners, theta):
    return natural_gradient().update(Oracle(learners, exact(), theta, step_key(0), 0.1), (), jnp.int32(0))[0]


def direction(learners, theta):
    return np.asarray(_direction(learners, jnp.asarray(theta)))


def action_values(theory, sigma, player):
    """What each action of a player pays against the others, from the payoff array."""
    values = np.moveaxis(theory.payoffs[player], player, 0)
    for j in reversed([j for j in theory.players if j != player]):
        values = values @ sigma[j]
    return values


def replicator(theory, sigma):
    """Logit velocities: `u_1 − u_2` of a sigmoid, `u − mean(u)` of a softmax."""
    parts = []
    for player, form in enumerate(theory.forms):
        values = action_values(theory, sigma, player)
        parts.append([values[0] - values[1]] if form == "sigmoid" else values - values.mean())
    return np.concatenate(parts)


def learners_of(theory):
    return parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))


def test_it_is_the_replicator_equation(case):
    theory, theta = case
    sigma = theory.strategies(theta)
    with jax.enable_x64(True):
        found = direction(learners_of(theory), theta)
    np.testing.assert_allclose(found, replicator(theory, sigma), atol=1e-12)
    # and the strategies move as dσ(a)/dt = σ(a) (u(a) − Σ σ u)
    slopes, _ = theory.slopes(theta)
    for player, own in enumerate(theory.split(found)):
        values = action_values(theory, sigma, player)
        wanted = sigma[player] * (values - sigma[player] @ values)
        np.testing.assert_allclose(slopes[player] @ own, wanted, atol=1e-12)


def test_it_is_the_pseudo_inverse_of_the_fisher_information(case):
    theory, theta = case
    base = theory.split(theory.terms(theta)["base"])
    slopes, _ = theory.slopes(theta)
    wanted = []
    for sigma, slope, own in zip(theory.strategies(theta), slopes, base, strict=True):
        fisher = sum(np.outer(row, row) / p for row, p in zip(slope, sigma, strict=True))
        wanted.append(np.linalg.pinv(fisher) @ own)
    with jax.enable_x64(True):
        np.testing.assert_allclose(direction(learners_of(theory), theta), np.concatenate(wanted), atol=1e-11)


def test_rare_actions_move_at_full_speed(case):
    theory, theta = case
    for scale in (8.0, 16.0):
        far = scale * np.sign(theta)
        found = direction(learners_of(theory), far.astype(np.float32))
        wanted = replicator(theory, theory.strategies(far))
        if scale == 8.0:
            np.testing.assert_allclose(found, wanted, atol=2e-3)
        assert np.isfinite(found).all()


def test_underflow_gives_nothing_that_is_not_finite(case):
    theory, theta = case
    for scale in (30.0, 95.0, 500.0):
        assert np.isfinite(direction(learners_of(theory), (scale * np.sign(theta)).astype(np.float32))).all()


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Linear(ns.semantics.Semantics):
    """Softmaxes of linear functions of the parameters; `mixing` lets one player's enter the other's strategy."""

    first: jax.Array
    second: jax.Array
    mixing: float

    @property
    def sizes(self):
        return (self.first.shape[1], self.second.shape[1])

    def strategies(self, theta):
        one, other = self.split(theta)
        return jax.nn.softmax(self.first @ one + self.mixing * other[0]), jax.nn.softmax(self.second @ other)

    def parameters(self, strategies):
        raise NotImplementedError


def linear(mixing):
    random = np.random.default_rng(4)
    # more parameters than directions of the simplex, and the other way round; the mixing enters one action only
    first = random.normal(size=(2, 3))
    return Linear(jnp.asarray(first), jnp.asarray(random.normal(size=(3, 1))), jnp.asarray([mixing, 0.0]))


def test_other_independent_semantics_use_the_pseudo_inverse(case_named):
    theory, _ = case_named("2x3")
    with jax.enable_x64(True):
        semantics = linear(0.0)
        learners = parametric(games.dense(theory.payoffs), semantics)
        theta = jnp.asarray(np.random.default_rng(5).normal(size=4))
        assert natural_gradient().for_game(learners) == natural_gradient()
        found, sigma = direction(learners, theta), [np.asarray(own) for own in semantics.strategies(theta)]
        wanted = []
        for player, weights in enumerate((np.asarray(semantics.first), np.asarray(semantics.second))):
            slope = (np.diag(sigma[player]) - np.outer(sigma[player], sigma[player])) @ weights
            fisher = slope.T @ np.diag(1 / sigma[player]) @ slope
            wanted.append(np.linalg.pinv(fisher) @ slope.T @ action_values(theory, sigma, player))
        np.testing.assert_allclose(found, np.concatenate(wanted), atol=1e-10)


def test_games_it_is_not_defined_for_are_one_input_error(case_named):
    theory, _ = case_named("2x3")
    coupled = parametric(games.dense(theory.payoffs), linear(0.5))
    with pytest.raises(InputError, match="needs independent strategies"):
        natural_gradient().for_game(coupled)
    repeated = games.repeated(games.prisoners_dilemma(), horizon=3)
    for rule in (natural_gradient(), per_player([pg(), natural_gradient()])):
        with pytest.raises(InputError, match="one-shot"):
            ns.entry_probability(repeated, rule)

    @jax.tree_util.register_dataclass
    @dataclass(frozen=True)
    class Points(Linear):
        domain = "points"

    points = parametric(games.dense(theory.payoffs), Points(*jax.tree.leaves(linear(0.0))))
    with pytest.raises(InputError, match="points"):
        natural_gradient().for_game(points)
