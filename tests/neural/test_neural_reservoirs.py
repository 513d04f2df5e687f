"""Reservoirs against a loop in NumPy, what is learnt and what is not, memory that fades, and training by any rule."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, environments, games, neural
from nashscape.learning import played

ENVIRONMENT = environments.of_game(games.iterated_prisoners_dilemma(), limit=8)
PLAIN = neural.reservoirs(ENVIRONMENT, (7, 4), leak=0.6, radius=0.8, seed=3, last=1.0)


def parts(player: Any) -> tuple[np.ndarray, ...]:
    """W, U, b, V and c of a player."""
    own = [np.asarray(one.numbers("float32"), float) for one in (player.recurrent, player.inputs, player.bias)]
    return (*own, np.asarray(player.last.weights[0], float), np.asarray(player.last.biases[0], float))


def test_numbers_are_those_of_the_loop_by_hand():
    theta = PLAIN.initial(jax.random.key(1)) + 0.1
    seen = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
    memory, states = PLAIN.memory(), [np.zeros(7), np.zeros(4)]
    for t in range(5):
        made, memory = PLAIN.outputs(theta, tuple(jnp.asarray(own) for own in seen[t]), memory)
        for i, player in enumerate(PLAIN.players(theta)):
            recurrent, inputs, bias, readout, offset = parts(player)
            pushed = np.tanh(recurrent @ states[i] + inputs @ seen[t, i] + bias)
            states[i] = 0.4 * states[i] + 0.6 * pushed
            np.testing.assert_allclose(memory[i], states[i], atol=1e-5)
            np.testing.assert_allclose(made[i], readout @ states[i] + offset, atol=1e-5)


def test_the_readout_alone_is_learnt_and_the_radius_is_the_true_one():
    assert PLAIN.sizes == (7 * 2 + 2, 4 * 2 + 2)
    one, two = (PLAIN.players(PLAIN.initial(jax.random.key(k))) for k in (0, 1))
    for own, other in zip(one, two, strict=True):
        first, second = parts(own), parts(other)
        for k in range(3):
            np.testing.assert_array_equal(first[k], second[k])
        assert np.abs(first[3] - second[3]).max() > 0.1
        assert np.abs(np.linalg.eigvals(first[0])).max() == pytest.approx(0.8, rel=1e-6)
    # players differ, and so do seeds
    same = neural.reservoirs(ENVIRONMENT, 4, seed=3).players(jnp.zeros(20))
    assert np.abs(parts(same[0])[0] - parts(same[1])[0]).max() > 0.1
    again, other = (neural.reservoirs(ENVIRONMENT, 4, seed=seed).players(jnp.zeros(20))[0] for seed in (3, 4))
    np.testing.assert_array_equal(parts(again)[0], parts(same[0])[0])
    assert np.abs(parts(other)[0] - parts(same[0])[0]).max() > 0.1


def test_entries_have_the_deviations_that_are_said():
    large = neural.reservoirs(ENVIRONMENT, 120, inputs=0.5, bias=0.3, last=1.0).players(jnp.zeros(2 * 242))[0]
    _, inputs, bias, _, _ = parts(large)
    assert inputs.std() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(2 * inputs.size))
    assert bias.std() == pytest.approx(0.3, abs=5 * 0.3 / np.sqrt(2 * bias.size))


def test_what_was_seen_long_ago_is_forgotten():
    """Two memories that began apart come together under the same observations."""
    theta, memories = PLAIN.initial(jax.random.key(0)), [PLAIN.memory(), (jnp.ones(7), -jnp.ones(4))]
    seen = np.random.default_rng(1).normal(size=(60, 2, 3)).astype(np.float32)
    step = jax.jit(PLAIN.outputs)
    for t in range(60):
        memories = [step(theta, tuple(seen[t]), own)[1] for own in memories]
    for own, other in zip(*memories, strict=True):
        np.testing.assert_allclose(own, other, atol=1e-4)


def test_seeds_are_arguments_of_compiled_programs_and_gradients_are_those_of_readouts():
    traces = []

    @jax.jit
    def first(policies, theta):
        traces.append(policies)
        seen = (jnp.ones(3), jnp.ones(3))
        return policies.outputs(theta, seen, policies.memory())[0][0][0]

    one, two = (neural.reservoirs(ENVIRONMENT, 4, seed=seed) for seed in (0, 1))
    theta = jnp.arange(20.0)
    assert first(one, theta) != first(two, theta)
    assert len(traces) == 1
    slope = jax.grad(lambda own: first(one, own))(theta)
    state = one.outputs(theta, (jnp.ones(3), jnp.ones(3)), one.memory())[1][0]
    np.testing.assert_allclose(slope[:4], state, atol=1e-6)


@pytest.mark.long
def test_every_rule_trains_them():
    """Where cooperation dominates, readouts learn to cooperate."""
    kind = environments.of_game(games.repeated(games.bimatrix([[3, 2], [1, 0]]), discount=0.5), limit=4)
    learners = ns.parametric(kind, neural.reservoirs(kind, 5))
    wanted = ns.dynamics.behaviour("both", "share of A", at_least=0.9, of="least")
    found = ns.entry_probability(
        learners, neural.reinforce(learning_rate=0.1), n=3, steps=60, estimator=played(32), targets=[wanted],
        settling=ns.dynamics.observing(episodes=32, moments=2),
    )  # fmt: skip
    assert found.outcomes()["both"] == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"units": 0}, "units"), ({"units": [3]}, "2 players; got units"), ({"leak": 0.0}, "leak must be above 0"),
        ({"leak": 1.5}, "leak"), ({"radius": -0.1}, "radius"), ({"radius": float("nan")}, "radius"),
        ({"inputs": -1.0}, "inputs"), ({"bias": -1.0}, "bias"), ({"seed": -1}, "seed"), ({"drawn": "even"}, "drawn"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        neural.reservoirs(ENVIRONMENT, **given)
    with pytest.raises(InputError, match="to be played by policies takes a game"):
        neural.reservoirs(games.stag_hunt())
