import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.semantics import ParametricGame, Semantics, independent, parametric

CASES = [
    ((2, 2), None, (1, 1)),
    ((2, 3), None, (1, 3)),
    ((2, 2), "softmax", (2, 2)),
    ((2, 2), ["softmax", "sigmoid"], (2, 1)),
    ((4, 2, 3), None, (4, 1, 3)),
    ((3, 2, 2, 2), ["softmax", "softmax", "sigmoid", "sigmoid"], (3, 2, 1, 1)),
]


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize(("shape", "forms", "sizes"), CASES)
def test_strategies_are_softmaxes_and_sigmoids_of_the_players_own_parameters(shape, forms, sizes):
    semantics = independent(shape, forms)
    assert semantics.sizes == sizes
    assert semantics.dimension == sum(sizes)
    theta = np.random.default_rng(1).normal(size=sum(sizes)) * 2
    parts = np.split(theta, np.cumsum(sizes)[:-1])
    found = jax.jit(semantics.strategies)(theta)
    assert [own.shape for own in found] == [(actions,) for actions in shape]
    for own, strategy, actions in zip(parts, found, shape, strict=True):
        powers = np.exp(own) if len(own) == actions else np.exp([own[0], 0.0])
        np.testing.assert_allclose(strategy, powers / powers.sum(), rtol=1e-13)
    for own, part in zip(parts, semantics.slices, strict=True):
        np.testing.assert_array_equal(theta[part], own)
    for own, split in zip(parts, semantics.split(jnp.asarray(theta)), strict=True):
        np.testing.assert_array_equal(split, own)


@pytest.mark.parametrize(("shape", "forms", "sizes"), CASES)
def test_a_player_reads_no_parameters_of_others(shape, forms, sizes):
    semantics = independent(shape, forms)
    jacobians = jax.jit(jax.jacfwd(semantics.strategies))(jnp.linspace(-1, 1, sum(sizes)))
    for i, j in itertools.product(range(len(shape)), repeat=2):
        block = jacobians[i][:, semantics.slices[j]]
        assert np.any(block) == (i == j)


@pytest.mark.parametrize(("shape", "forms", "sizes"), CASES)
def test_parameters_are_the_logits_of_strategies(shape, forms, sizes):
    semantics, random = independent(shape, forms), np.random.default_rng(2)
    strategies = [jnp.asarray(random.dirichlet(np.ones(actions))) for actions in shape]
    theta = semantics.parameters(strategies)
    assert theta.shape == (sum(sizes),)
    for back, wanted in zip(semantics.strategies(theta), strategies, strict=True):
        np.testing.assert_allclose(back, wanted, rtol=1e-12)
    for own, actions in zip(semantics.split(theta), shape, strict=True):
        if own.shape == (actions,):
            np.testing.assert_allclose(np.mean(own), 0, atol=1e-14)
    # and the way round, up to the constant that a softmax does not see
    start = random.normal(size=sum(sizes))
    back = semantics.parameters(semantics.strategies(jnp.asarray(start)))
    for ours, own, actions in zip(semantics.split(back), semantics.split(start), shape, strict=True):
        constant = np.mean(own) if own.shape == (actions,) else 0.0
        np.testing.assert_allclose(ours, own - constant, atol=1e-12)


@pytest.mark.parametrize("forms", ["sigmoid", "softmax"])
def test_logarithms_and_their_gradients_stay_finite_at_saturated_logits(forms):
    with jax.enable_x64(False):
        semantics = independent((2, 2), forms)
        score = jax.jit(jax.jacrev(semantics.log_strategies))
        bend = jax.jit(jax.jacfwd(jax.jacrev(semantics.log_strategies)))
        for scale in (1.0, 30.0, 200.0, 5000.0, 9999.0):
            theta = jnp.resize(jnp.array([scale, -scale]), semantics.dimension)
            logs = semantics.log_strategies(theta)
            gap = scale if forms == "sigmoid" else 2 * scale  # the difference of the two logits
            tiny = -np.log1p(np.exp(-gap))
            np.testing.assert_allclose(logs[0], [tiny, tiny - gap], rtol=1e-6, atol=1e-12)
            scores = score(theta)
            bends = bend(theta)
            assert all(np.isfinite(array).all() for array in (*scores, *bends))
            # the score of the action that is never taken is the whole distance to it
            np.testing.assert_allclose(scores[0][1, 0], -1.0 if scale > 20 else -1 / (1 + np.exp(-gap)), rtol=1e-6)


def test_logarithms_are_those_of_the_strategies():
    semantics = independent((2, 3, 2), ["sigmoid", "softmax", "softmax"])
    theta = jnp.asarray(np.random.default_rng(3).normal(size=semantics.dimension))
    for log, strategy in zip(semantics.log_strategies(theta), semantics.strategies(theta), strict=True):
        np.testing.assert_allclose(log, np.log(strategy), rtol=1e-13)
    plain = Semantics.log_strategies(semantics, theta)
    for log, other in zip(semantics.log_strategies(theta), plain, strict=True):
        np.testing.assert_allclose(log, other, rtol=1e-12)


def test_strategies_and_utilities_keep_their_gradients_at_saturated_logits():
    with jax.enable_x64(False):
        learners = parametric(games.random_game((2, 3), seed=1))
        for theta in ([500.0, -500.0, 0.0, 500.0], [-9999.0, 9999.0, 0.0, 0.0]):
            value, slope = jax.value_and_grad(lambda x: learners.utilities(x)[0])(jnp.asarray(theta))
            assert np.isfinite(value)
            np.testing.assert_allclose(slope, 0, atol=1e-30)


def test_a_semantics_without_numbers_is_a_structure():
    leaves, structure = jax.tree.flatten(independent((2, 3)))
    assert leaves == []
    assert structure.unflatten([]) == independent((2, 3))
    assert structure != jax.tree.structure(independent((3, 2)))
    assert independent([np.int64(2), 3]).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: independent((2, 3), "sigmoid"), "describes two actions; this player has 3"),
        (lambda: independent((2, 2), "sigmod"), "did you mean 'sigmoid'"),
        (lambda: independent((2, 2), ["sigmoid"]), "2 players but 1 forms"),
        (lambda: independent((2, 2), ["sigmoid", 3]), "unknown form 3"),
        (lambda: independent((2, 2), ["sigmoid"] * 3), "2 players but 3 forms"),
    ],
)
def test_bad_forms_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


# --- games with parameters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3, 2)])
def test_utilities_are_expected_payoffs_of_the_strategies(shape):
    random = np.random.default_rng(4)
    payoffs = random.normal(size=(len(shape), *shape))
    learners = parametric(games.dense(payoffs, name="noise"))
    theta = random.normal(size=learners.dimension)
    strategies = [np.asarray(own) for own in learners.strategies(jnp.asarray(theta))]
    wanted = np.zeros(len(shape))
    for play in itertools.product(*map(range, shape)):
        wanted += np.prod([own[a] for own, a in zip(strategies, play, strict=True)]) * payoffs[(slice(None), *play)]
    np.testing.assert_allclose(jax.jit(ParametricGame.utilities)(learners, jnp.asarray(theta)), wanted, rtol=1e-12)
    assert learners.sizes == independent(shape).sizes
    assert learners.name == "noise"


def test_utilities_of_a_game_of_two_probabilities():
    p, q = 0.3, 0.8
    theta = jnp.log(jnp.array([p / (1 - p), q / (1 - q)]))
    found = parametric(games.stag_hunt()).utilities(theta)
    np.testing.assert_allclose(found[0], 4 * p * q + 3 * (1 - p) * q + 2 * (1 - p) * (1 - q), rtol=1e-12)
    np.testing.assert_allclose(found[1], 4 * p * q + 3 * p * (1 - q) + 2 * (1 - p) * (1 - q), rtol=1e-12)


def test_a_game_with_parameters_is_passed_on():
    learners = parametric(games.stag_hunt(), independent((2, 2), "softmax"))
    assert parametric(learners) is learners
    assert learners.dimension == 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: parametric([[4, 0], [3, 2]]), "one matrix of payoffs"),
        (lambda: parametric(games.stag_hunt), "expected a game, got the function stag_hunt; call it"),
        (lambda: parametric(games.stag_hunt(), independent((2, 3))), r"the game needs"),
        (lambda: parametric(games.stag_hunt(), independent((2, 2, 2))), "semantics gives strategies of shapes"),
        (lambda: parametric(parametric(games.stag_hunt()), independent((2, 2))), "has a semantics already"),
    ],
)
def test_what_cannot_be_made_parametric_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
