"""Players with tables: rows, values against plain loops and exact values, sharing, masks, refusals."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games, neural, parametric
from nashscape.core import InputError
from nashscape.environments.spaces import reals
from nashscape.learning import played, rule_by_name, step_key


def by_hand(learners, terms, theta, rate, gamma, *, target="max", temperature=1.0):
    """Q-learning from the rounds of some episodes, in plain Python: each table moves by its mean error."""
    plays, environment = terms.plays, learners.game
    sizes = [space.n for space in environment.action_spaces]
    parts = np.split(np.asarray(theta, np.float64), np.cumsum(learners.sizes)[:-1])
    tables = [own.reshape(-1, size) for own, size in zip(parts, sizes, strict=True)]
    rows = [np.asarray(own.whole().rows.bits).view(np.float32) for own in learners.semantics.inner.networks]

    def row(i, seen):
        return int(np.flatnonzero((rows[i] == np.asarray(seen, np.float32)).all(axis=1))[0])

    rounds, batch = plays.actions[0].shape
    for t in range(rounds):
        old = [own.copy() for own in tables]
        for i, own in enumerate(tables):
            errors = {}
            for b in range(batch):
                at, did = row(i, plays.observations[i][t, b]), int(plays.actions[i][t, b])
                after = old[i][row(i, plays.after[i][t, b])]
                follows = after.max()
                if target == "expected":
                    chances = np.exp(after / temperature - (after / temperature).max())
                    follows = (chances / chances.sum()) @ after
                worth = float(plays.rewards[t, b, i]) + gamma * (not plays.terminated[t, b]) * follows
                errors.setdefault((at, did), []).append(worth - old[i][at, did])
            for place, own_errors in errors.items():
                own[place] += rate * np.mean(own_errors)
    return np.concatenate([own.ravel() for own in tables])


@pytest.mark.parametrize("target", ["max", "expected"])
def test_values_move_as_in_a_plain_loop(three, rounds_of, updated, target):
    learners = parametric(three, neural.soft_values(neural.tables(three, deviation=1.0), 0.7))
    theta = learners.semantics.initial(jax.random.key(2))
    terms = rounds_of(learners, theta, batch=5, rounds=9)
    assert bool(terms.plays.terminated.any())
    moved, _ = updated(neural.q_learning(learning_rate=0.3, target=target), learners, terms, theta)
    wanted = by_hand(learners, terms, theta, 0.3, float(three.discount), target=target, temperature=0.7)
    np.testing.assert_allclose(np.asarray(theta + moved), wanted, atol=2e-5)
    assert np.abs(wanted - np.asarray(theta)).max() > 0.1


def test_what_is_cut_off_would_have_gone_on(rounds_of, updated):
    env = environments.of_game(games.iterated_prisoners_dilemma(), limit=3)
    learners = parametric(env, neural.soft_values(neural.tables(env, start=2.0), 1.0))
    theta = learners.semantics.initial(jax.random.key(0))
    terms = rounds_of(learners, theta, batch=3, rounds=6)
    cut, over = terms.plays.truncated, terms.plays.terminated
    assert bool(cut.any())
    assert not bool(over.any())
    ended = terms.changed(plays=replace(terms.plays, terminated=cut, truncated=over))
    rule = neural.q_learning(learning_rate=1.0)
    goes_on, stops = (updated(rule, learners, own, theta)[0] for own in (terms, ended))
    for own, made in ((terms, goes_on), (ended, stops)):
        wanted = by_hand(learners, own, theta, 1.0, float(env.discount))
        np.testing.assert_allclose(np.asarray(theta + made), wanted, atol=1e-4)
    assert float(jnp.abs(goes_on - stops).max()) > 0.5


def test_one_who_learns_alone_finds_the_best_values(learned):
    random = np.random.default_rng(3)
    moves = random.dirichlet(np.ones(3), size=(3, 2, 1))
    alone = games.markov(random.normal(size=(2, 3, 2, 1)), moves, discount=0.8)
    env = environments.of_game(alone, limit=40)
    learners = parametric(env, neural.soft_values(neural.tables(env), 5.0))
    theta = learners.semantics.initial(jax.random.key(0))
    theta, *_ = learned(neural.q_learning(learning_rate=0.02), learners, theta, steps=150, batch=64, rounds=40)
    best = np.zeros((3, 2))
    for _ in range(300):
        best = np.asarray(alone.payoffs)[0, :, :, 0] + 0.8 * moves[:, :, 0] @ best.max(axis=1)
    np.testing.assert_allclose(np.asarray(theta[:6]).reshape(3, 2), best, atol=0.12)
    assert np.ptp(best) > 1.0


def test_only_what_will_be_legal_is_worth_something(rounds_of, updated):
    dilemma = games.dense(np.array([[[3.0, 0], [4, 1]], [[3.0, 4], [0, 1]]]), actions=[["C", "D"]] * 2)
    env = environments.pairings(dilemma, 3, rounds=2, punish="direct", discount=0.9)
    tables = neural.tables(env)
    learners = parametric(env, neural.soft_values(tables, 1.0))
    # values of what is hardly ever legal are far too high: nobody may fall for them
    high = np.zeros((env.observation_spaces[0].n, env.action_spaces[0].n), np.float32)
    high[:, 3] = 100.0
    theta = jnp.asarray(np.tile(high.ravel(), 3))
    terms = rounds_of(learners, theta, batch=4, rounds=4)
    plays = terms.plays
    moved, _ = updated(neural.q_learning(learning_rate=1.0), learners, terms, theta)
    values = np.split(np.array(theta, np.float64), 3)
    for t in range(4):
        for i in range(3):
            own, before = values[i].reshape(high.shape), values[i].reshape(high.shape).copy()
            errors = {}
            for b in range(4):
                at, did = int(plays.observations[i][t, b]), int(plays.actions[i][t, b])
                later = before[int(plays.after[i][t, b])]
                follows = max(later[k] for k in np.flatnonzero(plays.legal_after[i][t, b]))
                errors.setdefault((at, did), []).append(float(plays.rewards[t, b, i]) + 0.9 * follows - before[at, did])
            for place, found in errors.items():
                own[place] += np.mean(found)
    np.testing.assert_allclose(np.asarray(theta + moved), np.concatenate(values), atol=1e-3)
    # with whatever rule: masked afterwards, who would do what it may not would do anything
    with pytest.raises(InputError, match="some actions are not legal"):
        parametric(env, neural.greedy_values(tables, 0.1))


def test_rows():
    boxes = neural.bins([(0.5, 2.0), (), (0.0,)]).rows(reals(3), "player 1")
    assert boxes.count == 6
    seen = [[0.4, 9, -1], [0.4, 9, 0.0], [0.5, 9, -1], [2.0, -9, 3]]
    assert [int(boxes(jnp.array(own))) for own in seen] == [0, 1, 2, 5]
    even = neural.bins(4).rows(reals(1, 0.0, 2.0), "player 1")
    assert [int(even(jnp.array([own]))) for own in (0.0, 0.49, 0.5, 1.99, 7.0)] == [0, 0, 1, 3, 3]
    up = neural.flags().rows(reals((2, 2)), "player 1")
    assert int(up(jnp.array([[0.0, 0.0], [1.0, 0.0]]))) == 2
    by = neural.rows_by(lambda seen: (seen[0] > 1).astype(int) * 7, 3).rows(reals(1), "player 1")
    assert [int(by(jnp.array([own]))) for own in (0.0, 5.0)] == [0, 2]


def test_policy_gradients_of_tables_are_those_of_the_exact_game(three):
    shallow = parametric(three, neural.tables(three, deviation=0.5))
    theta = shallow.semantics.initial(jax.random.key(4))
    estimator = played(4096).for_game(shallow)
    sampled = np.asarray(jax.jit(estimator.estimate)(shallow, theta, step_key(7)).base)
    rows = [np.asarray(own.whole().rows.bits).view(np.float32) for own in shallow.semantics.networks]
    order = [
        np.array([int(np.flatnonzero((rows[i] == np.asarray(view, np.float32)).all(axis=1))[0]) for view in views])
        for i, views in enumerate(three.views)
    ]

    def paid(theta):
        parts = [own.reshape(len(rows[i]), -1) for i, own in enumerate(shallow.semantics.split(theta))]
        return three.exact().expected_payoffs([jax.nn.softmax(own[order[i]], -1) for i, own in enumerate(parts)])

    slopes, owner = np.asarray(jax.jacrev(paid)(theta)), np.repeat(range(3), shallow.sizes)
    wanted = slopes[owner, np.arange(len(owner))]
    assert np.abs(sampled - wanted).max() < 0.06
    assert np.corrcoef(sampled, wanted)[0, 1] > 0.97


def test_players_of_a_group_learn_from_each_other(rounds_of, updated):
    stage = games.dense(np.random.default_rng(8).normal(size=(3, 2, 2, 2)))
    env = environments.of_game(games.repeated(stage, horizon=3, discount=0.9), seen=[np.eye(9)] * 3)
    apart = neural.tables(env, neural.flags(), deviation=0.3)
    together = neural.shared(apart, ["a", "b", "a"])
    assert (together.sizes[2], together.sizes[0]) == (0, apart.sizes[0])
    one, other = (parametric(env, own) for own in (together, apart))
    theta = together.initial(jax.random.key(1))
    spread = together.acting(theta)
    terms = rounds_of(one, theta, batch=6, rounds=5)
    rule = neural.reinforce(learning_rate=0.1, optimiser="sgd")
    shared_move, _ = updated(rule, one, terms, theta)
    own_move, _ = updated(rule, other, replace_sizes(terms, other), spread)
    size = apart.sizes[0]
    first, second, third = np.split(np.asarray(own_move), [size, 2 * size])
    np.testing.assert_allclose(np.asarray(shared_move), np.concatenate([first + third, second]), atol=1e-5)


def replace_sizes(terms, learners):
    """The same rounds for players with weights of their own."""
    return type(terms)(learners.sizes, plays=terms.plays)


def test_exploration_that_is_left_is_a_weight(three, rounds_of, updated):
    learners = parametric(three, neural.soft_values(neural.tables(three), 2.0, scheduled=True))
    theta = learners.semantics.initial(jax.random.key(0))
    assert [own[-1] for own in np.split(np.asarray(theta), np.cumsum(learners.sizes)[:-1])] == [1.0] * 3
    rule = neural.q_learning(exploration=lambda step: 1.0 / (1.0 + step))
    moved, _ = updated(rule, learners, rounds_of(learners, theta), theta, step=3)
    left = [own[-1] for own in np.split(np.asarray(theta + moved), np.cumsum(learners.sizes)[:-1])]
    np.testing.assert_allclose(left, 0.2, rtol=1e-6)


def test_greedy_chances():
    env = environments.of_game(games.stag_hunt())
    players = neural.greedy_values(neural.tables(env), 0.3)
    np.testing.assert_allclose(np.exp(players.explored(jnp.array([2.0, 2.0, 1.0]), 1.0)), [0.45, 0.45, 0.1], rtol=1e-5)
    np.testing.assert_allclose(np.exp(players.explored(jnp.array([2.0, 1.0]), 0.5)), [0.925, 0.075], rtol=1e-5)


def test_by_name_and_refusals(three):
    assert repr(rule_by_name("q_learning:learning_rate=0.2,target=expected")).startswith("neural.q_learning")
    pool = environments.fishery()
    with pytest.raises(InputError, match="nobody knows which there are"):
        neural.tables(pool)
    with pytest.raises(InputError, match="got bins of 1"):
        neural.tables(pool, neural.bins([(0.5,)]))
    with pytest.raises(InputError, match="must rise"):
        neural.bins([(1.0, 0.5)])
    with pytest.raises(InputError, match="partition the 3 players"):
        neural.shared(neural.tables(three), [0, 0])
    with pytest.raises(InputError, match="differ in what they see or do"):
        neural.shared(neural.tables(three), [0, 0, 1])
    with pytest.raises(InputError, match='"double" takes other values'):
        neural.q_learning(target="double")
    with pytest.raises(InputError, match="begins with 1"):
        neural.q_learning(exploration=0.5)
    with pytest.raises(InputError, match="which these players do not play by"):
        neural.q_learning().for_game(parametric(three, neural.tables(three)))
    with pytest.raises(InputError, match="scheduled=True"):
        neural.q_learning(exploration=1.0).for_game(parametric(three, neural.soft_values(neural.tables(three), 1.0)))
