"""What training is known to arrive at: defection, the better of two common outcomes, the exact gradient."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, neural, parametric
from nashscape.core import InputError
from nashscape.dynamics import behaviour, observing
from nashscape.environments import of_game
from nashscape.learning import played

PLAYS = 8192
"""Episodes by which a direction is known to within 5 degrees or so."""


class Table(eqx.Module):
    """A critic that knows the value of every state, which is seen as flags."""

    numbers: jax.Array

    def __call__(self, seen):
        return self.numbers @ seen

    def drawn(self, key):
        return self


def layered():
    """Two states in each of three rounds, 2 and 3 actions; where players go next depends on what they do."""
    random = np.random.default_rng(8)
    payoffs, moves = random.normal(size=(2, 6, 2, 3)), np.zeros((6, 2, 3, 6))
    for state in range(6):
        first = 2 * (state // 2 + 1) % 6
        share = random.random((2, 3))
        moves[state, ..., first], moves[state, ..., first + 1] = share, 1.0 - share
    return games.markov(payoffs, moves, discount=1.0, horizon=3, initial=[0.3, 0.7, 0, 0, 0, 0])


def strategies_of(learners, theta):
    """What players do in every state, `[6, a_i]` each."""
    views = tuple(jnp.eye(6, dtype=theta.dtype) for _ in range(2))
    numbers = jax.vmap(lambda one, two: learners.semantics.outputs(theta, (one, two), ((), ()))[0])(*views)
    return tuple(jax.nn.softmax(own) for own in numbers)


def values_of(game, strategies):
    """What is still to be earned in every state, `[n, 6]`: from the last round back."""
    joint = np.einsum("sa,sb->sab", *map(np.asarray, strategies))
    paid, moved = np.einsum("nsab,sab->ns", game.payoffs, joint), np.einsum("sabz,sab->sz", game.transitions, joint)
    moved[4:] = 0.0
    return np.linalg.solve(np.eye(6) - moved, paid.T).T


@pytest.mark.long
@pytest.mark.parametrize("trace", [0.0, 1.0])
def test_the_direction_of_a2c_is_the_exact_gradient(rounds_of, updated, trace):
    game = layered()
    environment = of_game(game)
    learners = parametric(environment, neural.perceptrons(environment, (), last=1.0))
    theta = learners.semantics.initial(jax.random.key(0))
    values = values_of(game, strategies_of(learners, theta))
    critics = [Table(jnp.asarray(own, jnp.float32)) for own in values]
    rule = neural.a2c(trace=trace, entropy=0.0, max_norm=None, optimiser="sgd", learning_rate=1.0, critics=critics)
    terms = rounds_of(learners, theta, batch=PLAYS, rounds=3)
    moved = updated(rule, learners, terms, theta)[0]
    exact = jax.jacrev(lambda theta: game.expected_payoffs(strategies_of(learners, theta)))(theta)
    for i, own in enumerate(learners.semantics.slices):
        made, wanted = np.asarray(moved[own]), np.asarray(exact[i, own])
        assert made @ wanted / np.linalg.norm(made) / np.linalg.norm(wanted) >= 0.99
        assert np.linalg.norm(3 * made) == pytest.approx(np.linalg.norm(wanted), rel=0.05)  # means over three rounds


@pytest.mark.long
def test_players_of_the_iterated_dilemma_learn_to_defect(learned):
    environment = of_game(games.iterated_prisoners_dilemma())
    learners = parametric(environment, neural.perceptrons(environment, (8,)))
    theta = learners.semantics.initial(jax.random.key(1))
    rule = neural.ppo(learning_rate=0.02, minibatches=2, critic_hidden=(8,))
    _, _, told, paid = learned(rule, learners, theta, steps=60, batch=32, rounds=12)
    assert (np.asarray(paid[0]) > 1.8).all()  # uniform play pays 2.25
    assert (np.asarray(paid[-5:]) < 1.2).all()  # defection pays 1
    assert np.asarray(told["entropy"][0] > 0.6).all()
    assert np.asarray(told["entropy"][-1] < 0.3).all()
    assert np.isfinite(np.concatenate([np.ravel(own) for own in told.values()])).all()


def together():
    """Staying pays both 1; going together pays nothing now, and 4 in every later round in which both go again."""
    stage = np.array([[[1.0, 0.2], [0.2, 0.0]], [[1.0, 1.0], [1.0, 4.0]]])
    moves = np.zeros((2, 2, 2, 2))
    moves[0, ..., 0], moves[1, ..., 1] = 1.0, 1.0
    moves[0, 1, 1] = [0.0, 1.0]
    return games.markov([stage, stage], moves, discount=0.95, horizon=5)


TEAMS = {
    "ppo": lambda: neural.ppo(learning_rate=0.02, minibatches=2, critic_hidden=(8,), entropy=0.01),
    "mappo": lambda: neural.mappo(learning_rate=0.02, minibatches=2, critic_hidden=(8,), entropy=0.01),
    "vdn": lambda: neural.vdn(learning_rate=0.05, minibatches=2, target_rate=0.3),
}


@pytest.mark.long
@pytest.mark.parametrize("name", TEAMS)
def test_players_with_common_payoffs_learn_the_better_outcome(learned, name):
    environment = of_game(together())
    policies = neural.perceptrons(environment, ())
    learners = parametric(environment, neural.soft_values(policies, 0.5) if name == "vdn" else policies)
    theta = learners.semantics.initial(jax.random.key(2))
    _, _, _, paid = learned(TEAMS[name](), learners, theta, steps=80, batch=32, rounds=5)
    np.testing.assert_allclose(np.asarray(paid[-10:]).mean(axis=0), 16 / 5, atol=0.3)  # staying would pay 1


@pytest.mark.long
def test_critics_learn_that_a_time_limit_is_not_the_end(learned):
    """One is paid in every round of an endless game: worth ten at a discount of .9, however soon it is cut off."""
    stage = games.dense(np.ones((2, 2, 3)))
    environment = of_game(games.repeated(stage, discount=0.9), limit=4)
    learners = parametric(environment, neural.perceptrons(environment, ()))
    theta = learners.semantics.initial(jax.random.key(3))
    rule = neural.ppo(critic_learning_rate=0.05, epochs=4, minibatches=1, critic_hidden=(), max_norm=None)
    _, state, _, _ = learned(rule, learners, theta, steps=120, batch=4, rounds=4)
    ready = rule.for_game(learners)
    seen = tuple(jnp.asarray(own, jnp.float32)[None] for own in environment.views)
    np.testing.assert_allclose(ready.made.values(state.critics, seen), 10.0, rtol=0.05)


def test_what_value_decomposition_cannot_do_is_told():
    points, environment = of_game(games.tandem()), of_game(together())
    with pytest.raises(InputError, match="player 1 chooses points"):
        neural.soft_values(neural.perceptrons(points, ()), 0.1)
    with pytest.raises(InputError, match="do not play by"):
        neural.vdn().for_game(parametric(environment, neural.perceptrons(environment, ())))
    with pytest.raises(InputError, match="these remember"):
        neural.vdn().for_game(parametric(environment, neural.soft_values(neural.recurrent(environment, 3), 0.1)))
    with pytest.raises(InputError, match="temperature must be above 0"):
        neural.soft_values(neural.perceptrons(environment, ()), 0.0)
    with pytest.raises(InputError, match="expected policies"):
        neural.soft_values(games.stag_hunt(), 0.1)


@pytest.mark.long
def test_lola_from_dice_cooperates_in_the_repeated_dilemma_and_policy_gradient_defects():
    """With the payoffs and the discount of the papers of LOLA, from policies that are nearly indifferent.

    With batches of 128 noise decides: about half of the runs cooperate, the others take turns or defect.
    """
    mine = np.array([[-1.0, -3.0], [0.0, -2.0]])
    game = games.repeated(games.dense([mine, mine.T]), discount=0.96)
    environment = of_game(game, limit=50)
    learners = parametric(environment, neural.perceptrons(environment, ()))
    cooperate = behaviour("cooperate", "payoff", at_least=-1.1, of="least")
    defect = behaviour("defect", "payoff", at_most=-1.9, of="most")

    def ends(rule):
        found = ns.entry_probability(
            learners, rule, n=8, steps=300, step_size=0.1, estimator=played(512), targets=[cooperate, defect],
            settling=observing(episodes=64, moments=4), seed=1,
        )  # fmt: skip
        return found.outcomes(), np.asarray(found.reduced["payoff"])[:, -1].mean(axis=-1)

    reached, paid = ends(ns.lola(inner_lr=0.3))
    assert reached.get("cooperate", 0) + reached.get("passing cooperate", 0) >= 6
    assert np.median(paid) == pytest.approx(-1.0, abs=0.05)
    reached, paid = ends(ns.pg())
    assert reached == {"defect": 8}
    np.testing.assert_allclose(paid, -2.0, atol=0.05)
