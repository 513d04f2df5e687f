"""What one update does: the plain policy gradient first, corrections before the optimiser, nothing across players."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from nashscape import games, neural, parametric
from nashscape.core import InputError
from nashscape.environments import of_game
from nashscape.learning import Oracle, step_key
from nashscape.learning.plays.advantages import gae
from nashscape.learning.plays.collecting import evaluate
from nashscape.learning.plays.estimator import played
from nashscape.learning.schedules import handoff
from nashscape.neural.objectives import policy_objective

KINDS = {"perceptrons": lambda env: neural.perceptrons(env, (5,)), "recurrent": lambda env: neural.recurrent(env, 4)}
PLAIN = {"max_norm": None, "optimiser": "sgd", "entropy": 0.0, "critic_hidden": (4,)}
SMALL = {"critic_hidden": (4,)}
SEVERAL = {"epochs": 2, "minibatches": 3, "max_norm": 0.1, "learning_rate": 0.05, **SMALL}
"""One program for several tests: what differs are numbers."""


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.fixture(scope="module")
def learners(three):
    return parametric(three, neural.perceptrons(three, [(5,), (4,), ()], last=1.0))


def start_of(learners):
    return learners.semantics.initial(jax.random.key(4)).astype(float)


def changed(terms, **arrays):
    return terms.changed(plays=replace(terms.plays, **arrays))


def parts(learners, flat):
    return [np.asarray(flat[own]) for own in learners.semantics.slices]


@pytest.mark.parametrize(
    "kind", [own if own == "perceptrons" else pytest.param(own, marks=pytest.mark.long) for own in KINDS]
)
def test_before_any_step_nothing_has_moved_and_the_first_gradient_is_the_plain_one(three, rounds_of, updated, kind):
    learners = parametric(three, KINDS[kind](three))
    theta = start_of(learners)
    terms = rounds_of(learners, theta)
    rule = neural.ppo(learning_rate=0.1, epochs=1, minibatches=1, normalise=False, **PLAIN)
    moved, state = updated(rule, learners, terms, theta)
    np.testing.assert_allclose(state.told["kl"], 0.0, atol=1e-15)
    np.testing.assert_array_equal(state.told["clip_fraction"], 0.0)
    ready, plays = rule.for_game(learners), terms.plays
    critics = ready.init(theta).critics
    values = [ready.made.values(critics, seen) for seen in (plays.observations, plays.after)]
    advantages = gae(plays.rewards, *values, plays.terminated, plays.truncated, discount=0.9, trace=0.95)

    def plain(theta, player):
        return jnp.mean(advantages[..., player] * evaluate(learners, theta, plays).log_probs[player])

    wanted = [jax.grad(plain)(theta, i)[own] for i, own in enumerate(learners.semantics.slices)]
    np.testing.assert_allclose(moved, 0.1 * np.concatenate(wanted), rtol=1e-9, atol=1e-14)


def test_a2c_is_ppo_of_one_whole_step_without_clipping():
    same = {"trace": 0.9, "entropy": 0.02, "learning_rate": 0.01, "optimiser": "adam", "max_norm": 0.5}
    pairs = [
        (neural.a2c(**same), neural.ppo(epochs=1, minibatches=1, clip=None, normalise=False, **same)),
        (neural.reinforce(), neural.ppo(**{**PLAIN, "critics": None, "learning_rate": 0.01, "trace": 1.0,
            "epochs": 1, "minibatches": 1, "clip": None, "normalise": False})),
        (neural.mappo(), neural.ppo(critics="central")),
    ]  # fmt: skip
    for one, other in pairs:
        assert jax.tree.structure(one) == jax.tree.structure(other)
        assert jax.tree.leaves(one) == jax.tree.leaves(other)
    cited = [own.key for own in neural.a2c(peer=1.0, inner_lr=0.5).renamed("ours").sources]
    assert cited == ["actor_critic", "generalised_advantages", "lola"]


@pytest.mark.long
@pytest.mark.parametrize("critics", ["own", "central"])
def test_what_one_player_is_paid_never_reaches_another(learners, rounds_of, updated, critics):
    """Bit for bit, through critics, normalising, shortening and moments, over all steps of an update."""
    theta = start_of(learners)
    terms = rounds_of(learners, theta)
    rule = neural.ppo(critics=critics, **SEVERAL)
    more = changed(terms, rewards=terms.plays.rewards * jnp.array([1.0, 100.0, 1.0]) + jnp.array([0.0, 7.0, 0.0]))
    (one, before), (other, after) = (updated(rule, learners, own, theta) for own in (terms, more))
    for i, pair in enumerate(zip(parts(learners, one), parts(learners, other), strict=True)):
        assert np.array_equal(*pair) == (i != 1)
        assert np.array_equal(before.critics[i], after.critics[i]) == (i != 1)


@pytest.mark.long
def test_no_loss_reaches_the_weights_of_another_player_or_of_critics(learners, rounds_of):
    theta = start_of(learners)
    terms = rounds_of(learners, theta)
    ready = neural.ppo(**SMALL).for_game(learners)
    critics = ready.init(theta).critics

    def objective(theta, critics, player=None):
        lesson = ready.lesson(terms.plays, terms.plays.rewards, critics, 0.9)
        only = jnp.ones(3) if player is None else jnp.eye(3)[player]
        alone = replace(lesson, advantages=lesson.advantages * only)
        return policy_objective(
            learners.semantics, theta, theta, alone, clip=0.2, entropy=jnp.zeros(()), normalise=True
        )[0]

    for i in range(3):
        slopes = parts(learners, jax.grad(objective)(theta, critics, i))
        assert [bool(np.any(own)) for own in slopes] == [j == i for j in range(3)]
    for slope in jax.grad(objective, argnums=1)(theta, critics):
        np.testing.assert_array_equal(slope, 0.0)


@pytest.mark.long
def test_corrections_are_added_before_the_optimiser_and_every_player_is_shortened_by_itself(
    learners, rounds_of, updated
):
    theta = start_of(learners)
    terms = rounds_of(learners, theta, corrections=("own", "peer", "lookahead"))

    def moved(step=0, max_norm=1e9, **coefficients):
        given = {"learning_rate": 0.1, "normalise": False, "inner_lr": 0.5, **PLAIN, **coefficients}
        direction, state = updated(neural.a2c(**{**given, "max_norm": max_norm}), learners, terms, theta, step=step)
        return direction / 0.1, state.told

    def lengths(flat):
        return np.array([np.linalg.norm(own) for own in parts(learners, flat)])

    plain, _ = moved(own=0.0, peer=handoff(0.0, at=2), lookahead=0.0)
    wanted = {"own": 0.35, "peer": handoff(1.5, at=2), "lookahead": 2.0}
    for step, peer in ((0, 1.5), (2, 0.0)):
        added = {"own": 0.5 * 0.35 * terms.own, "peer": 0.5 * peer * terms.peer, "lookahead": terms.lookahead}
        whole, told = moved(step, **wanted)
        np.testing.assert_allclose(whole, plain + sum(added.values()), rtol=1e-9)
        for name, one in added.items():
            np.testing.assert_allclose(told[name], lengths(one) / lengths(plain), rtol=1e-9)
        limit = float(np.sort(lengths(whole))[1])
        short = lengths(moved(step, max_norm=limit, **wanted)[0])
        np.testing.assert_allclose(short, np.minimum(lengths(whole), limit), rtol=1e-9)
        assert np.sum(short < lengths(whole) - 1e-9) == 1


@pytest.mark.long
def test_steps_are_counted_once_for_an_update_and_the_last_one_moves(learners, rounds_of, updated):
    """Ten thousand rounds of the published example: 19 updates, from the whole rate down to a nineteenth of it."""
    plan = neural.budget(10_000, batch=4, rounds=128, epochs=10, minibatches=32)
    assert (plan.updates, plan.gradient_steps, plan.requested, plan.played) == (19, 6080, 10_000, 9728)
    theta = start_of(learners)
    terms = rounds_of(learners, theta)
    falling = optax.linear_schedule(0.1, 0.0, plan.updates)
    rule = neural.reinforce(learning_rate=falling)
    moved = [updated(rule, learners, terms, theta, step=k)[0] for k in range(plan.updates)]
    rates = [float(own @ moved[0] / (moved[0] @ moved[0])) * 0.1 for own in moved]
    np.testing.assert_allclose(rates, [0.1 * (19 - k) / 19 for k in range(19)], rtol=1e-5)
    assert rates[-1] == pytest.approx(0.1 / 19, rel=1e-5)
    for library in (falling, handoff(0.1, at=19), lambda step: 0.1 * (1 - step / 19)):
        assert float(library(0)) == pytest.approx(0.1)
    once = updated(neural.ppo(**SEVERAL), learners, terms, theta)[1]
    twice = updated(neural.ppo(**SEVERAL), learners, terms, theta, state=once, step=1)[1]
    for updates, state in ((1, once), (2, twice)):
        counts = {int(own[1].count) for own in (*state.policy_moments, *state.critic_moments)}
        assert counts == {updates * 2 * 3}


@pytest.mark.long
def test_numbers_are_arguments_of_one_program(learners, rounds_of, updated):
    theta = start_of(learners)
    terms = rounds_of(learners, theta)
    rules = [
        neural.ppo(**{**SEVERAL, "learning_rate": rate, "max_norm": 5 * rate}, clip=clip, trace=trace, entropy=rate)
        for rate, clip, trace in ((0.01, 0.2, 0.9), (0.02, 0.1, 0.8))
    ]
    ready = [own.for_game(learners) for own in rules]
    assert len({jax.tree.structure(own) for own in ready}) == 1
    made = [updated(own, learners, terms, theta)[0] for own in rules]
    assert not np.allclose(*made)
    together = jax.tree.map(lambda *own: jnp.stack([jnp.asarray(one) for one in own]), *ready)
    shapes = jax.eval_shape(jax.vmap(lambda own: updated(own, learners, terms, theta, ready=True)), together)
    assert shapes[0].shape == (2, len(theta))


@pytest.mark.long
def test_payoffs_times_a_power_of_two_leave_the_path_as_it_is(learners, rounds_of, updated):
    theta = start_of(learners)
    terms = rounds_of(learners, theta)
    more = changed(terms, rewards=8.0 * terms.plays.rewards)
    for rule in (neural.ppo(critics=None, **SEVERAL), neural.ppo(scale_rewards="one", episodes=8, **SEVERAL)):
        made = [updated(rule, learners, own, theta)[0] for own in (terms, more)]
        np.testing.assert_array_equal(*made)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_minibatches_hold_whole_episodes_of_players_who_remember_and_single_rounds_of_others(
    three, rounds_of, updated, kind
):
    learners = parametric(three, KINDS[kind](three))
    theta = start_of(learners)
    terms = rounds_of(learners, theta)  # eight episodes of six rounds
    fits = {"perceptrons": 16, "recurrent": 8}[kind]
    made = jax.eval_shape(lambda: updated(neural.ppo(minibatches=fits, **SMALL), learners, terms, theta))
    assert made[0].shape == theta.shape
    with pytest.raises(InputError, match=f"{'48 rounds' if kind == 'perceptrons' else '8 episodes'}.* cannot be dealt"):
        updated(neural.ppo(minibatches=5, **SMALL), learners, terms, theta)


@pytest.mark.long
def test_corrections_come_from_the_estimator_that_plays(learners):
    theta = start_of(learners)
    rule = neural.ppo(peer=1.5, lookahead=0.5, inner_lr=0.1, **SEVERAL).for_game(learners)
    estimator = played(6).for_game(learners)
    assert rule.needs - {"policies"} <= estimator.gives

    def once(theta):
        oracle = Oracle(learners, estimator, theta, step_key(0), 1.0, rule.needs, estimator.init(learners, theta))
        return rule.update(oracle, rule.init(theta), jnp.int32(0))

    moved, state = jax.eval_shape(once, theta)
    assert moved.shape == theta.shape
    assert set(state.told) == {"kl", "clip_fraction", "entropy", "value_loss", "peer", "lookahead"}


@pytest.mark.long
def test_players_who_see_the_same_may_share_a_critic(three, rounds_of, updated):
    apart = of_game(three.game, seen=[np.eye(13), np.eye(13), np.ones((13, 1))])
    with pytest.raises(InputError, match="see different things"):
        neural.ppo(critics="shared").for_game(parametric(apart, neural.perceptrons(apart, ())))
    alike = parametric(three, neural.perceptrons(three, ()))
    theta = start_of(alike)
    terms = rounds_of(alike, theta)
    state = jax.eval_shape(lambda: updated(neural.ppo(critics="shared", **SMALL), alike, terms, theta))[1]
    assert len(state.critics) == 1
    assert state.told["value_loss"].shape == (3,)


@pytest.mark.long
def test_every_start_has_critics_of_its_own(learners):
    ready = neural.ppo(**SMALL).for_game(learners)
    theta = start_of(learners)
    first, again, other = (ready.init(own).critics for own in (theta, theta, theta.at[-1].add(1e-12)))
    jax.tree.map(np.testing.assert_array_equal, first, again)
    assert all(not np.allclose(one, two) for one, two in zip(first, other, strict=True))


WRONG = [
    (lambda: neural.ppo(clip=0.0), "clip must be above 0"),
    (lambda: neural.ppo(trace=1.5), "trace must be at least 0 and at most 1"),
    (lambda: neural.ppo(epochs=0), "epochs must be at least 1"),
    (lambda: neural.ppo(minibatches=2.0), "minibatches must be a whole number"),
    (lambda: neural.ppo(critics="all"), "critics"),
    (lambda: neural.ppo(optimiser="adamw"), "optimiser"),
    (lambda: neural.ppo(learning_rate="fast"), "learning_rate"),
    (lambda: neural.ppo(peer=1.0), "inner_lr of 0 is nothing"),
    (lambda: neural.ppo(scale_rewards="each"), "say how many, as in episodes=64"),
    (lambda: neural.ppo(episodes=4), "leave it out"),
    (lambda: neural.ppo(scale_rewards="both", episodes=4), "scale_rewards"),
    (lambda: neural.ppo(critic_hidden=8), "critic_hidden must be units"),
    (lambda: neural.ppo(critics=[3, 4, 5]), "the critic of player 1 must be a function"),
    (lambda: neural.ppo().rescaled(2.0), "no numbers of it make up for another unit"),
    (lambda: neural.budget(100, batch=64, rounds=8), "an update takes 512 rounds"),
    (lambda: neural.ppo(learning_rat=0.1), "did you mean 'learning_rate'"),
]


@pytest.mark.parametrize(("make", "reason"), WRONG)
def test_what_is_wrong_is_told_before_anything_runs(make, reason):
    with pytest.raises(InputError, match=reason):
        make()


def test_games_that_are_not_played_and_critics_that_do_not_fit_are_refused(learners, rounds_of, updated):
    with pytest.raises(InputError, match="to learn by ppo takes a game that is played round by round"):
        neural.ppo().for_game(parametric(games.stag_hunt()))
    with pytest.raises(InputError, match="no critics before it knows its game"):
        neural.ppo().init(start_of(learners))
    with pytest.raises(InputError, match="3 players; got 2 critics"):
        neural.ppo(critics=[jnp.sum, jnp.sum]).for_game(learners)
    with pytest.raises(InputError, match="the critic of player 1 has no weights"):
        neural.ppo(critics=[lambda seen: seen] * 3).for_game(learners)
    with pytest.raises(InputError, match="one number, the value of what is seen"):
        neural.ppo(critics=[eqx.nn.Linear(6, 2, key=jax.random.key(0))] * 3).for_game(learners)
    with pytest.raises(InputError, match="the critic of player 1 fails on observations of shape"):
        neural.ppo(critics=[eqx.nn.Linear(5, 1, key=jax.random.key(0))] * 3).for_game(learners)
    theta = start_of(learners)
    with pytest.raises(InputError, match="over 5 episodes side by side; 8 are played"):
        updated(neural.ppo(scale_rewards="each", episodes=5), learners, rounds_of(learners, theta), theta)


def test_advantages_of_single_rounds_are_not_normalised_to_nothing(three, rounds_of):
    learners = parametric(three, neural.perceptrons(three, ()))
    theta = start_of(learners)
    plays = jax.tree.map(lambda own: own[:1], rounds_of(learners, theta).plays)
    for rule, refused in (
        (neural.ppo(minibatches=8, **SMALL), True),
        (neural.ppo(minibatches=4, **SMALL), False),
        (neural.ppo(minibatches=8, normalise=False, **SMALL), False),
        (neural.a2c(**SMALL), False),
    ):
        ready = rule.for_game(learners)
        critics = jax.eval_shape(ready.init, theta).critics
        if refused:
            with pytest.raises(InputError, match="8 minibatches are a round each"):
                jax.eval_shape(ready.lesson, plays, plays.rewards, critics, 0.9)
        else:
            assert jax.eval_shape(ready.lesson, plays, plays.rewards, critics, 0.9).advantages.shape == (1, 8, 3)
