"""Policies that are networks: the same functions as networks of exact games, weights drawn, and what is refused."""

import dataclasses
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import InputError, environments, games, neural, open_source, parametric
from nashscape.environments.spaces import discrete, reals
from nashscape.neural.layers import Spread
from nashscape.semantics import policy_network
from nashscape.semantics.heads import Categorical, Gaussian

GAME = games.iterated_prisoners_dilemma()
ENVIRONMENT = environments.of_game(GAME, limit=16)
CLOSE = 1e-5
"""Of logits in single precision that are added up in another order."""


@jax.tree_util.register_static
@dataclasses.dataclass(frozen=True)
class Shown:
    """What players see and do; none of it is played."""

    observation_spaces: tuple[Any, ...]
    action_spaces: tuple[Any, ...]

    name = "shown"
    offers = frozenset({"plays"})
    discount, horizon = 1.0, None

    @property
    def players(self):
        return tuple(f"player {i + 1}" for i in range(len(self.action_spaces)))

    def reset(self, key): ...
    def step(self, key, state, actions): ...
    def legal(self, state): ...
    def exact(self): ...


MIXED = Shown((reals((2, 2)), discrete(5), reals(3)), (discrete(3), discrete(2), reals((2, 1), low=-1.0, high=1.0)))


def strategies(policies, theta, views):
    """Of all players in all states, `[S, a_i]`."""
    rows = [
        policies.outputs(theta, tuple(jnp.asarray(own[s], theta.dtype) for own in views), policies.memory())[0]
        for s in range(len(views[0]))
    ]
    return [jax.nn.softmax(jnp.stack([row[i] for row in rows])) for i in range(len(views))]


def test_policies_of_the_networks_of_a_game_play_its_strategies():
    network = policy_network(GAME, width=4, forms="softmax")
    policies = neural.policies(ENVIRONMENT, network.networks)
    theta = jnp.asarray(np.random.default_rng(0).normal(size=network.dimension), jnp.float32)
    assert policies.sizes == network.sizes
    for own, wanted in zip(strategies(policies, theta, network.seen), network.strategies(theta), strict=True):
        np.testing.assert_allclose(own, wanted, atol=CLOSE)
    assert not policies.reads_others


@pytest.mark.parametrize("how", [{"coupling": 0.4}, {"coupling": [[0, 0.7], [-0.2, 0]], "own": [1.0, 0.5]},
                                 {"mixing": 0.3}])  # fmt: skip
def test_who_reads_others_plays_as_players_of_open_source_in_the_exact_game(how):
    network = policy_network(GAME, width=3, forms="softmax")
    exact = open_source(parametric(GAME, network), **how)
    policies = neural.coupled(neural.policies(ENVIRONMENT, network.networks), **how)
    theta = jnp.asarray(np.random.default_rng(1).normal(size=network.dimension), jnp.float32)
    for own, wanted in zip(strategies(policies, theta, network.seen), exact.strategies(theta), strict=True):
        np.testing.assert_allclose(own, wanted, atol=CLOSE)
    assert policies.reads_others
    with jax.enable_x64(True):
        # player 2 of the uneven matrix reads player 1 with the weight of its own row
        read = np.asarray(policies.reading, float) @ np.asarray(theta, float).reshape(2, -1)
        np.testing.assert_allclose(policies.acting(jnp.asarray(theta, float)), read.ravel(), rtol=1e-12)


def test_a_coupling_is_an_argument_of_compiled_programs():
    traces = []

    @jax.jit
    def acting(policies, theta):
        traces.append(policies)
        return policies.acting(theta)

    inner = neural.perceptrons(ENVIRONMENT, hidden=())
    theta = jnp.arange(16.0)
    first, second = (acting(neural.coupled(inner, coupling), theta) for coupling in (0.5, -1.0))
    assert len(traces) == 1
    assert (first[0], second[0]) == (4.0, -8.0)


def test_every_player_has_what_fits_what_it_sees_and_does():
    policies = neural.perceptrons(MIXED, hidden=[(4,), (), (3, 2)])
    assert policies.sizes == (4 * 4 + 4 + 4 * 3 + 3, 5 * 2 + 2, (3 * 3 + 3) + (3 * 2 + 2) + (2 * 2 + 2) + 2)
    assert policies.heads == (Categorical(3), Categorical(2), Gaussian((-1.0, -1.0), (1.0, 1.0)))
    assert policies.observation_shapes == ((2, 2), (), (3,))
    theta = policies.initial(jax.random.key(0))
    seen = (jnp.ones((2, 2)), jnp.int32(3), jnp.ones(3))
    made, memory = policies.outputs(theta, seen, policies.memory())
    assert [own.shape for own in made] == [(3,), (2,), (4,)]
    assert memory == ((), (), ())
    # a whole number has one input of its own
    weights = policies.players(theta)[1].weights[0]
    np.testing.assert_allclose(made[1], weights[:, 3], atol=CLOSE)


@pytest.mark.long
def test_numbers_of_a_perceptron_and_of_a_recurrent_unit_are_those_of_their_formulas():
    sigmoid = lambda x: 1.0 / (1.0 + np.exp(-x))  # noqa: E731
    policies = neural.perceptrons(MIXED, hidden=(4, 3), activation="relu", last=1.0, spread=-0.5)
    theta = policies.initial(jax.random.key(3)) + 0.1
    first, _, third = policies.players(theta)
    seen = np.array([[0.3, -1.0], [0.7, 2.0]])
    value = seen.ravel()
    for weight, bias in zip(first.weights[:-1], first.biases[:-1], strict=True):
        value = np.maximum(np.asarray(weight) @ value + np.asarray(bias), 0.0)
    made, _ = policies.outputs(theta, (jnp.asarray(seen), jnp.int32(0), jnp.zeros(3)), policies.memory())
    np.testing.assert_allclose(made[0], np.asarray(first.weights[-1]) @ value + first.biases[-1], atol=CLOSE)
    np.testing.assert_allclose(made[2][2:], [-0.4, -0.4], atol=CLOSE)
    assert hasattr(third, "spread")

    policies = neural.recurrent(MIXED, [3, 2, 2], last=1.0)
    theta = policies.initial(jax.random.key(4)) + 0.1
    own, before = policies.players(theta)[0], np.array([0.2, -0.4, 0.9])
    cell = jax.tree.map(np.asarray, own.cell)
    ir, iz, i_n = np.split(cell.weight_ih @ seen.ravel(), 3)
    hr, hz, hn = np.split(cell.weight_hh @ before, 3)
    br, bz, bn = np.split(cell.bias, 3)
    reset, update = sigmoid(ir + hr + br), sigmoid(iz + hz + bz)
    new = np.tanh(i_n + bn + reset * (hn + cell.bias_n))
    wanted = new + update * (before - new)
    memory = (jnp.asarray(before, jnp.float32), *policies.memory()[1:])
    made, after = policies.outputs(theta, (jnp.asarray(seen), jnp.int32(0), jnp.zeros(3)), memory)
    np.testing.assert_allclose(after[0], wanted, atol=CLOSE)
    np.testing.assert_allclose(made[0], np.asarray(own.last.weights[0]) @ wanted + own.last.biases[0], atol=CLOSE)


@pytest.mark.long
def test_drawn_weights_are_orthogonal_with_the_gains_that_are_said_and_biases_zero():
    first, _, third = neural.perceptrons(MIXED, hidden=(8, 3), spread=0.25).players(
        neural.perceptrons(MIXED, hidden=(8, 3), spread=0.25).initial(jax.random.key(1))
    )
    wide, narrow, last = (np.asarray(own, float) for own in first.weights)
    np.testing.assert_allclose(wide.T @ wide, 2.0 * np.eye(4), atol=CLOSE)
    np.testing.assert_allclose(narrow @ narrow.T, 2.0 * np.eye(3), atol=CLOSE)
    np.testing.assert_allclose(last @ last.T, 1e-4 * np.eye(3), atol=CLOSE)
    assert not any(np.asarray(own).any() for own in first.biases)
    assert third.spread.tolist() == [0.25, 0.25]
    gated = neural.recurrent(MIXED, 5)
    cell = gated.players(gated.initial(jax.random.key(1)))[0].cell
    for gate in np.split(np.asarray(cell.weight_hh, float), 3):
        np.testing.assert_allclose(gate @ gate.T, np.eye(5), atol=CLOSE)
    assert not np.asarray(cell.bias).any()


def test_orthogonal_weights_have_no_preferred_signs_or_places():
    """Entries of a uniform orthogonal matrix of three rows have mean zero and variance a third."""
    from nashscape.neural.drawing import orthogonal

    made = np.asarray(jax.jit(jax.vmap(lambda key: orthogonal(key, (3, 3))))(jax.random.split(jax.random.key(0), 4000)))
    np.testing.assert_allclose(made.mean(axis=0), 0.0, atol=5 * np.sqrt(1 / 3 / 4000))
    np.testing.assert_allclose((made**2).mean(axis=0), 1 / 3, atol=5 * 0.3 / np.sqrt(4000))
    assert {1, -1} == set(np.sign(np.linalg.det(made)).astype(int).tolist())


@pytest.mark.long
def test_matrices_of_other_modules_are_drawn_by_their_inputs_and_all_else_stays():
    module = eqx.nn.MLP(3, 2, 400, 1, key=jax.random.key(9))
    policies = neural.policies(ENVIRONMENT, module)
    one, two = (policies.players(policies.initial(jax.random.key(k)))[0] for k in (0, 1))
    for k, inputs in enumerate((3, 400)):
        weight = np.asarray(one.layers[k].weight)
        assert np.abs(weight - np.asarray(two.layers[k].weight)).max() > 0.1 / np.sqrt(inputs)
        assert weight.std() * np.sqrt(inputs) == pytest.approx(1.0, abs=5 / np.sqrt(2 * weight.size))
        np.testing.assert_array_equal(one.layers[k].bias, module.layers[k].bias)
    both = policies.weights([one, two])
    np.testing.assert_array_equal(policies.players(both)[0].layers[1].weight, one.layers[1].weight)
    np.testing.assert_array_equal(policies.players(both)[1].layers[1].weight, two.layers[1].weight)
    lecun = neural.perceptrons(ENVIRONMENT, hidden=(300,), drawn="lecun")
    first, last = lecun.players(lecun.initial(jax.random.key(2)))[1].weights
    assert np.asarray(first).std() * np.sqrt(3) == pytest.approx(1.0, abs=5 / np.sqrt(2 * 900))
    assert np.asarray(last).std() * np.sqrt(300) == pytest.approx(1.0, abs=5 / np.sqrt(2 * 600))


@pytest.mark.long
def test_a_key_has_the_same_weights_in_both_precisions_and_players_have_their_own():
    policies = neural.perceptrons(ENVIRONMENT)
    single = np.asarray(policies.initial(jax.random.key(5)))
    with jax.enable_x64(True):
        double = np.asarray(policies.initial(jax.random.key(5)))
        made, _ = policies.outputs(jnp.asarray(double, float), (jnp.ones(3), jnp.ones(3)), policies.memory())
        assert made[0].dtype == jnp.float64
    np.testing.assert_array_equal(single, double)
    first, second = policies.split(jnp.asarray(single))
    assert np.abs(first - second).max() > 0.1


def test_a_module_may_give_means_alone_or_spreads_too():
    shown = Shown((reals(3),), (reals(2),))
    means = neural.policies(shown, eqx.nn.Linear(3, 2, key=jax.random.key(0)))
    both = neural.policies(shown, eqx.nn.Linear(3, 4, key=jax.random.key(0)))
    assert (means.sizes, both.sizes) == ((3 * 2 + 2 + 2,), (3 * 4 + 4,))
    assert isinstance(means.players(means.weights())[0], Spread)


class Forgetful(eqx.Module):
    """Remembers one number more every time."""

    weight: jax.Array

    def memory(self):
        return jnp.zeros(1)

    def __call__(self, seen, memory):
        return self.weight * seen[:2], jnp.append(memory, 0.0)


def linear(inputs, outputs):
    return eqx.nn.Linear(inputs, outputs, key=jax.random.key(0))


TWO = Shown((reals(3), reals(4)), (discrete(2), discrete(3)))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: neural.policies(TWO, linear(3, 2)), r"player 2 fails on observations of shape \[4\]"),
        (lambda: neural.policies(TWO, [linear(3, 2), linear(4, 2)]), r"gives numbers of shape \[2\].*take \[3\]"),
        (lambda: neural.policies(TWO, [linear(3, 2)]), "2 players; got 1 modules: give one each"),
        (lambda: neural.policies(TWO, [lambda seen: seen[:2], linear(4, 3)]), "player 1 has no weights"),
        (lambda: neural.policies(TWO, [Forgetful(jnp.ones(2)), linear(4, 3)]), "must keep the shapes and types"),
        (lambda: neural.policies(TWO, [lambda seen: (seen, seen), linear(4, 3)]), "must give one array"),
        (lambda: neural.policies(Shown((reals(3),), (reals(2),)), linear(3, 3)), r"take \[4\], or means alone, \[2\]"),
        (lambda: neural.policies(games.stag_hunt(), linear(3, 2)), "to be played by policies takes a game"),
        (lambda: neural.perceptrons(games.stag_hunt()), "to be played by policies takes a game"),
        (lambda: neural.perceptrons(TWO, 16), r"such as \(16, 16\)"),
        (lambda: neural.perceptrons(TWO, [(4,)]), "2 players; hidden gives layers of 1"),
        (lambda: neural.perceptrons(TWO, (0,)), "an entry of hidden"),
        (lambda: neural.perceptrons(TWO, activation="tan"), "did you mean 'tanh'"),
        (lambda: neural.perceptrons(TWO, drawn="uniform"), "Known: lecun, orthogonal"),
        (lambda: neural.perceptrons(TWO, last=0.0), "last"),
        (lambda: neural.recurrent(TWO, [3]), "2 players; got units"),
        (lambda: neural.recurrent(TWO, 0), "units"),
        (lambda: neural.coupled(neural.perceptrons(TWO), 0.5), "networks alike; that of player 2 differs"),
        (lambda: neural.coupled(neural.coupled(neural.perceptrons(ENVIRONMENT), 0.5), 0.5), "players read nobody"),
        (lambda: neural.coupled(neural.perceptrons(ENVIRONMENT), np.ones(3)), r"one number or a matrix \[2, 2\]"),
        (lambda: neural.coupled(neural.perceptrons(Shown((reals(3),), (discrete(2),))), mixing=0.5), "reads nobody"),
        (lambda: neural.perceptrons(TWO).weights([linear(3, 2), linear(4, 3)]), "differs in more than its weights"),
        (lambda: parametric(TWO, neural.perceptrons(ENVIRONMENT)), r"policies see arrays of shapes"),
        (lambda: parametric(Shown((reals(3),) * 2, (discrete(3),) * 2), neural.perceptrons(ENVIRONMENT)), "the heads"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_before_anything_is_compiled(make, said):
    with pytest.raises(InputError, match=said):
        make()
