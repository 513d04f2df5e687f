"""Runs that learn from plays: what is seen of behaviour, what labels say of it, and that runs know only themselves."""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, neural
from nashscape.core import PASSING, InputError, Outcome, target_code
from nashscape.dynamics import behaviour, observing
from nashscape.dynamics.playing.measures import by_name, measured
from nashscape.dynamics.playing.running import Seen, judged
from nashscape.environments import discrete
from nashscape.learning.plays.collecting import begin, play
from nashscape.learning.plays.estimator import played
from nashscape.learning.plays.records import Plays

GOALS = [behaviour("trust", "share of C", at_least=0.8, of="least"), behaviour("betrayal", "share of C", at_most=0.2)]


@pytest.mark.long
def test_players_of_the_dilemma_learn_to_defect_and_runs_do_not_know_each_other(dilemma, learning):
    five = ns.entry_probability(dilemma, ns.pg(), n=5, targets=GOALS, **{**learning, "steps": 160, "step_size": 0.2})
    assert five.outcomes() == {"betrayal": 5}
    assert (five.reduced["share of C"][:, -1] < 0.2).all()
    assert (five.hits("betrayal") > 0).all()
    assert (five.first_hit == -1).all()
    three = ns.entry_probability(dilemma, ns.pg(), n=3, targets=GOALS, **{**learning, "steps": 160, "step_size": 0.2})
    for name, own in three.reduced.items():
        np.testing.assert_array_equal(own, five.reduced[name][:3], err_msg=name)
    assert five.provenance.question.differs(three.provenance.question) == ("runs",)


@pytest.mark.long
def test_updates_are_those_of_the_loop_written_by_hand(dilemma, learning):
    """Blocks, moments and devices change nothing: the last weights are those of one update after the other."""
    from nashscape.dynamics.case import case_of
    from nashscape.dynamics.playing.running import played_in_stages
    from nashscape.learning import StepKey, seed_words

    case = case_of(dilemma, ns.pg(), targets=GOALS, seed=3, **{**learning, "steps": 7, "settling": observing(2, 3, 0)})
    start = np.float32(learning["starts"].parameters(dilemma, [1], 3)[0])
    theta, words = jnp.asarray(start), seed_words(3)
    for step in range(7):
        key = StepKey(*words, jnp.uint32(1), jnp.uint32(step))
        theta = theta + jnp.float32(0.05) * case.estimator.estimate(dilemma, theta, key).base
    found = {}
    work = played_in_stages(
        case.setup, case.starts, np.array([1]), case.goals, steps=7, how=case.settling, seed=3,
        progress=lambda done, every: found.update(done=done),
    )  # fmt: skip
    from nashscape.dynamics.playing import running

    kept = []
    join = running._joined
    running._joined = lambda groups: kept.append(join(groups)) or kept[0]
    try:
        for _ in work:
            pass
    finally:
        running._joined = join
    assert found["done"] == 1
    np.testing.assert_allclose(kept[0].theta[0], theta, rtol=0, atol=2e-6)


def test_the_first_block_of_updates_and_every_later_one_are_one_program(dilemma, learning):
    from nashscape.dynamics.playing import program

    before = program._advanced._cache_size()
    ns.entry_probability(dilemma, ns.pg(), n=2, targets=GOALS, **{**learning, "steps": 8})
    assert program._advanced._cache_size() - before <= 1


def plays_by_hand(random, rounds=6, batch=3, players=2):
    ends = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 1, 0]], bool)
    begins = np.vstack([np.ones((1, batch), bool), ends[:-1]])
    return Plays(
        observations=(jnp.zeros((rounds, batch, 1)),) * players,
        actions=tuple(jnp.asarray(random.integers(2 + i, size=(rounds, batch))) for i in range(players)),
        log_probs=(jnp.zeros((rounds, batch)),) * players,
        legal=(None,) * players,
        begins=jnp.asarray(begins),
        rewards=jnp.asarray(random.normal(size=(rounds, batch, players))),
        terminated=jnp.asarray(ends),
        truncated=jnp.zeros((rounds, batch), bool),
        after=(jnp.zeros((rounds, batch, 1)),) * players,
        memory=((),) * players,
        measures={"coins": jnp.asarray(random.integers(3, size=(rounds, batch, players)))},
    )


class Lopsided:
    """What measures ask of a game: three actions here, two there, one name in common."""

    players, discount = ("one", "two"), 0.5
    action_spaces = (discrete(2, ("C", "D")), discrete(3, ("D", "E", "F")))


@pytest.mark.long
def test_measures_are_those_of_the_first_episodes_counted_by_hand():
    with jax.enable_x64(True):
        plays = plays_by_hand(np.random.default_rng(0))
        found = by_name(Lopsided, {name: np.asarray(own) for name, own in measured(Lopsided, plays).items()})
    lengths, paid = [2, 6, 4], np.asarray(plays.rewards)
    for b, rounds in enumerate(lengths):
        own = paid[:rounds, b]
        np.testing.assert_allclose(found["return"][b], own.sum(axis=0))
        np.testing.assert_allclose(found["payoff"][b], own.mean(axis=0))
        np.testing.assert_allclose(found["discounted return"][b], (0.5 ** np.arange(rounds)) @ own)
        np.testing.assert_allclose(found["coins"][b], np.asarray(plays.measures["coins"])[:rounds, b].sum(axis=0))
        drawn = [np.asarray(action)[:rounds, b] for action in plays.actions]
        np.testing.assert_allclose(found["share of D"][b], [(drawn[0] == 1).mean(), (drawn[1] == 0).mean()])
        np.testing.assert_allclose(found["share of F"][b], [0.0, (drawn[1] == 2).mean()])
        assert found["rounds"][b] == rounds
    assert not any(name.startswith("share of action") for name in found)


@pytest.mark.long
def test_payoffs_in_whole_numbers_are_discounted_as_others():
    bare = plays_by_hand(np.random.default_rng(0))
    whole = replace(bare, rewards=jnp.asarray(np.random.default_rng(1).integers(5, size=(6, 3, 2))))
    real = measured(Lopsided, replace(whole, rewards=whole.rewards.astype(float)))
    for name, own in measured(Lopsided, whole).items():
        np.testing.assert_array_equal(own, real[name], err_msg=name)


def test_an_environment_does_not_measure_under_a_name_that_is_taken(dilemma):
    plays = replace(plays_by_hand(np.random.default_rng(0)), measures={"return": jnp.ones((6, 3, 2))})
    with pytest.raises(InputError, match="'return', which is known of every environment"):
        measured(dilemma.game, plays)


def test_shares_keep_their_names_where_there_are_ten_actions_or_more():
    """Programs give a dictionary in the order of its letters, in which action 10 comes before action 2."""

    class Wide:
        players, discount = ("one", "two"), 1.0
        action_spaces = (discrete(12, tuple("abcdefghijkl")), discrete(11, tuple("klmnopqrstu")))

    bare = plays_by_hand(np.random.default_rng(0))
    drawn = np.array([1, 1, 10]), np.array([9, 0, 0])
    plays = replace(bare, actions=tuple(jnp.broadcast_to(own, (6, 3)) for own in drawn))
    found = by_name(Wide, jax.device_get(jax.jit(lambda: measured(Wide, plays))()))
    assert {name: own.tolist() for name, own in found.items() if name.startswith("share") and own.any()} == {
        "share of b": [[1, 0], [1, 0], [0, 0]],
        "share of k": [[0, 0], [0, 1], [1, 1]],
        "share of t": [[0, 1], [0, 0], [0, 0]],
    }


@pytest.mark.long
def test_mean_returns_of_evaluation_episodes_are_exact_payoffs():
    game = ns.games.iterated_prisoners_dilemma()
    env = environments.of_game(game)
    policies = neural.perceptrons(env, hidden=(3,), last=2.0)
    learners, theta = ns.parametric(env, policies), policies.initial(jax.random.key(4))
    seen = begin(learners, jax.random.key(1), 4000)
    plays, _ = jax.jit(lambda: play(learners, theta, jax.random.key(2), seen, env.horizon))()
    found = np.asarray(measured(env, plays)["discounted return"], np.float64)
    table = [jnp.asarray(own) for own in env.views]
    chances = [
        jax.nn.softmax(jax.vmap(lambda one, i=i: policies.outputs(theta, (one, one), ((), ()))[0][i])(own))
        for i, own in enumerate(table)
    ]
    wanted = np.asarray(game.expected_payoffs(chances), np.float64)
    errors = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - wanted) < 4.5 * errors).all(), (found.mean(axis=0), wanted, errors)


def seen_of(shares):
    shares = np.asarray(shares, float)
    nothing = {"share of C": shares}
    updates = np.arange(1, shares.shape[1] + 1) * 10
    return Seen(updates, nothing, nothing, {}, {}, np.zeros((len(shares), 3)))


def test_a_target_is_reached_where_it_holds_at_all_moments_of_the_second_half(dilemma):
    seen = seen_of([
        [[0.1, 0.1], [0.9, 0.9], [0.9, 0.9], [0.9, 0.9]],   # trust from the second moment on
        [[0.9, 0.9], [0.9, 0.9], [0.9, 0.5], [0.9, 0.9]],   # broken at the third
        [[0.9, 0.9], [0.9, 0.9], [0.9, 0.9], [0.9, 0.79]],  # not at the last
        [[0.5, 0.5], [0.5, 0.5], [0.1, 0.1], [0.1, 0.3]],   # betrayal: the mean counts
        [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, np.nan]],
    ])  # fmt: skip
    made, endings = judged(dilemma.game, GOALS, seen)
    wanted = [target_code(0), target_code(0) + PASSING, Outcome.OUT_OF_BUDGET, target_code(1), Outcome.OUT_OF_BUDGET]
    assert made.codes.tolist() == [int(one) for one in wanted]
    assert made.held.tolist() == [0, 0, -1, 1, -1]
    assert endings.first_hit.tolist() == [20, 10, 10, -1, -1]
    assert endings.reduced["first_hit_betrayal"].tolist() == [10, -1, -1, 30, -1]


def test_a_target_that_is_reached_counts_before_one_that_is_only_passed(dilemma):
    goals = [behaviour("trust", "share of C", at_least=0.8), behaviour("some", "share of C", at_least=0.5)]
    made, _ = judged(dilemma.game, goals, seen_of([[[0.6, 0.6]] * 3 + [[0.9, 0.9]], [[0.9, 0.9]] * 4]))
    assert made.codes.tolist() == [target_code(1), target_code(0)]
    assert made.held.tolist() == [0, 0]


def test_what_is_no_players_is_not_taken_for_that_of_as_many_players_as_there_are_moments(dilemma):
    rounds = np.array([[3.0, 5.0], [5.0, 5.0], [5.0, 3.0]])
    seen = replace(seen_of([[[0.0, 0.0]] * 2] * 3), means={"rounds": rounds})
    made, _ = judged(dilemma.game, [behaviour("long", "rounds", at_least=4)], seen)
    assert made.codes.tolist() == [target_code(0), target_code(0), int(Outcome.OUT_OF_BUDGET)]


@pytest.mark.parametrize("shape", [(5,), (2, 2)])
def test_a_target_is_seen_in_no_array_of_other_things_than_players(dilemma, shape):
    with pytest.raises(InputError, match=r"is an array .* one for each of its 2 players"):
        behaviour("much", "heat", at_least=1).value(dilemma.game, {"heat": np.ones(shape)})


def test_weights_that_are_no_numbers_have_diverged(dilemma):
    seen = seen_of([[[0.9, 0.9]] * 4] * 2)
    seen.theta[1, 2] = np.inf
    made, _ = judged(dilemma.game, GOALS, seen)
    assert made.codes.tolist() == [target_code(0), int(Outcome.DIVERGED)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"targets": ["CC"]}, "targets are seen in behaviour"),
        ({"targets": [behaviour("rich", "gold", at_least=1)]}, "measure"),
        ({"targets": [GOALS[0], GOALS[0]]}, "same name"),
        ({"targets": [behaviour("x", at_least=1, of="player 9")]}, "player"),
        ({"settling": ns.Settling()}, "observing"),
        ({"settling": observing(moments=90)}, "90 times in 40 updates"),
    ],
)
def test_what_cannot_be_seen_is_refused_before_anything_is_compiled(dilemma, learning, changes, said):
    with pytest.raises(InputError, match=said):
        ns.entry_probability(dilemma, ns.pg(), n=2, **{**learning, "targets": GOALS, **changes})


class Unasked(ns.dynamics.Starts):
    """Starts that nobody draws: what is wrong is said before."""

    def parameters(self, game, indices, seed):
        raise AssertionError("a start was drawn")

    def to_dict(self):
        return {"kind": "unasked"}


def broken(env, **changes):
    """An environment some of whose rounds are changed."""

    @jax.tree_util.register_dataclass
    @dataclass(frozen=True, eq=False)
    class Broken(type(env)):
        def step(self, key, state, actions):
            return replace(super().step(key, state, actions), **{name: own(actions) for name, own in changes.items()})

    return Broken(env.game, env.views, env.choices, env.limit, env.clock)


@pytest.mark.parametrize(
    ("rule", "changes", "said"),
    [
        (neural.ppo(minibatches=3), {}, "128 rounds cannot be dealt out to 3 minibatches"),
        (neural.ppo(scale_rewards="one", episodes=4), {}, "over 4 episodes side by side; 16 are played"),
        (neural.a2c(), {"rewards": lambda actions: jnp.ones(2) if actions[0] else jnp.zeros(2)}, "Tracer.*jnp.where"),
        (neural.a2c(), {"rewards": lambda actions: jnp.ones(3)}, "cannot be played by a2c, .*check_environment"),
        (neural.a2c(), {"terminated": lambda actions: jnp.int32(0)}, "cannot be played by a2c, .*check_environment"),
    ],
)
def test_an_update_that_cannot_be_made_is_refused_before_anything_is_compiled(learning, rule, changes, said):
    env = broken(environments.of_game(ns.games.iterated_prisoners_dilemma(), limit=8), **changes)
    learners = ns.parametric(env, neural.perceptrons(env, hidden=(4,)))
    how = {**learning, "estimator": played(16, fresh=False), "starts": Unasked(), "step_size": None}
    with pytest.raises(InputError, match=said):
        ns.entry_probability(learners, rule, n=2, targets=GOALS, **how)


@pytest.mark.parametrize(
    ("options", "said"),
    [({}, "say what counts"), ({"at_least": 2, "at_most": 1}, "nothing lies between"), ({"at_least": "x"}, "at_least")],
)
def test_behaviours_that_say_nothing_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        behaviour("won", **options)


def test_environments_want_policies_that_fit(dilemma):
    with pytest.raises(InputError, match="need policies"):
        ns.entry_probability(dilemma.game, ns.pg())
    other = environments.of_game(ns.games.rock_paper_scissors())
    with pytest.raises(InputError, match="shows"):
        ns.parametric(other, dilemma.semantics)
    three = environments.of_game(ns.games.dense(np.arange(18.0).reshape(2, 3, 3)), seen=[np.ones((1, 3))] * 2)
    with pytest.raises(InputError, match="need"):
        ns.parametric(three, dilemma.semantics)
