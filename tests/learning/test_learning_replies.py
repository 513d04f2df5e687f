"""Best replies in rounds, and fictitious play: against plain Python, linear programs, enumeration and known results."""

import dataclasses
import functools
import itertools
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import Oracle, best_replies, exact, fictitious_play, step_key
from nashscape.learning.replies import best_actions
from nashscape.semantics import parametric, simplex


@functools.partial(jax.jit, static_argnames="rounds")
def _followed(rule, learners, start, rounds):
    """The strategies after every round of the rule in games of one shape, `[G, rounds, Σ a_i]`."""

    def one(mine, theta):
        def turn(theta, step):
            oracle = Oracle(mine, exact(), theta, step_key(0), 1.0, rule.needs)
            after = theta + rule.direction(oracle, step)
            return after, after

        return jax.lax.scan(turn, theta, jnp.arange(rounds))[1]

    return jax.vmap(one)(learners, start)


def followed(rule, payoffs, start, rounds):
    with jax.enable_x64(True):
        learners = parametric(games.dense(payoffs[0]), simplex(payoffs.shape[2:]))
        [_] = jax.tree.leaves(learners)  # payoffs are all the numbers that there are
        every = jax.tree.map(lambda leaf: jnp.asarray(payoffs), learners)
        return np.asarray(_followed(rule, every, jnp.asarray(start), rounds))


def plain(payoffs, start, weights, rounds, *, temperature=0.0, in_turn=False):
    """Fictitious play in loops, of which nothing is shared with the library."""
    shape = payoffs.shape[1:]
    beliefs = [np.array(own, float) for own in start]
    path = []
    for t in range(rounds):
        before = [own.copy() for own in beliefs]
        for i, actions in enumerate(shape):
            seen = beliefs if in_turn else before
            values = [0.0] * actions
            for profile in itertools.product(*map(range, shape)):
                chance = 1.0
                for j, action in enumerate(profile):
                    chance *= 1.0 if j == i else seen[j][action]
                values[profile[i]] += chance * payoffs[(i, *profile)]
            if temperature:
                odds = [np.exp((value - max(values)) / temperature) for value in values]
                reply = [one / sum(odds) for one in odds]
            else:
                reply = [float(a == values.index(max(values))) for a in range(actions)]
            beliefs[i] = beliefs[i] + weights(t) * (np.array(reply) - beliefs[i])
        path.append(np.concatenate(beliefs))
    return np.array(path)


CASES = {
    "all rounds alike": (fictitious_play(), lambda t: 1 / (t + 2), {}),
    "in turn": (fictitious_play(order="sequential"), lambda t: 1 / (t + 2), {"in_turn": True}),
    "forgetting": (fictitious_play(weight=0.3), lambda t: 0.3, {}),
    "logit": (fictitious_play(temperature=0.4), lambda t: 1 / (t + 2), {"temperature": 0.4}),
    "all the way": (best_replies(ties="first"), lambda t: 1.0, {}),
    "all the way, in turn": (best_replies(order="sequential", ties="first"), lambda t: 1.0, {"in_turn": True}),
}


@pytest.mark.parametrize(
    ("case", "shape"), [*((name, (3, 2, 2)) for name in CASES), ("all rounds alike", (2, 3)), ("in turn", (2, 3))]
)
def test_rounds_are_those_of_plain_loops(case, shape):
    rule, weights, how = CASES[case]
    random = np.random.default_rng(5)
    payoffs, start = random.normal(size=(len(shape), *shape)), [random.dirichlet(np.ones(k)) for k in shape]
    found = followed(rule, payoffs[None], np.concatenate(start)[None], 30)[0]
    np.testing.assert_allclose(found, plain(payoffs, start, weights, 30, **how), atol=1e-12)


def test_beliefs_bound_the_value_of_zero_sum_games_from_both_sides_and_close_in_on_it():
    random = np.random.default_rng(1)
    first = random.normal(size=(6, 3, 4))
    start = np.concatenate([random.dirichlet(np.ones(k), 6) for k in (3, 4)], axis=1)
    path = followed(fictitious_play(), np.stack([first, -first], axis=1), start, 4000)
    own, other = path[..., :3], path[..., 3:]
    high = np.einsum("gab,gtb->gta", first, other).max(axis=2)
    low = np.einsum("gab,gta->gtb", first, own).min(axis=2)
    values = np.array([ns.theory.zero_sum_value(games.bimatrix(one, -one)).value for one in first])
    assert (low <= values[:, None] + 1e-12).all()
    assert (high >= values[:, None] - 1e-12).all()
    assert (high - low)[:, -1].max() < 0.05
    assert (high - low)[:, 30].min() > (high - low)[:, -1].max()


def test_beliefs_become_equilibria_of_games_with_a_potential():
    random = np.random.default_rng(2)
    common = random.normal(size=(8, 1, 2, 3))
    own = np.stack(
        [random.normal(size=(8, 1, 3)).repeat(2, axis=1), random.normal(size=(8, 2, 1)).repeat(3, axis=2)], 1
    )
    payoffs = common + own
    start = np.concatenate([random.dirichlet(np.ones(k), 8) for k in (2, 3)], axis=1)
    end = followed(fictitious_play(), payoffs, start, 4000)[:, -1]
    gains = [
        games.dense(one).regrets([jnp.asarray(s[:2]), jnp.asarray(s[2:])]).max()
        for one, s in zip(payoffs, end, strict=True)
    ]
    assert max(map(float, gains)) < 5e-3


def test_in_the_game_of_shapley_beliefs_circle_ever_more_slowly():
    payoffs = np.asarray(games.shapley().payoffs)
    path = followed(fictitious_play(), payoffs[None], np.array([[0.6, 0.3, 0.1, 0.2, 0.5, 0.3]]), 6000)[0]
    most = path[:, :3].argmax(axis=1)
    turns = np.flatnonzero(np.diff(most)) + 1
    assert np.abs(path[1000:, :3] - 1 / 3).max(axis=1).min() > 0.1
    lengths = np.diff(turns)
    assert len(lengths) >= 6
    assert lengths[-1] > 1.5 * lengths[-4] > 0


def test_in_the_game_of_jordan_three_players_of_two_actions_circle_about_the_only_equilibrium():
    """The first matches the second, the second the third, and the third avoids the first: amplitude (√5 − 1)/4."""
    payoffs = np.zeros((1, 3, 2, 2, 2))
    for a, b, c in itertools.product(range(2), repeat=3):
        payoffs[0, :, a, b, c] = a == b, b == c, c != a
    start = np.array([[0.9, 0.1, 0.8, 0.2, 0.7, 0.3]])
    path = followed(fictitious_play(), payoffs, start, 6000)[0, 500:, ::2]
    np.testing.assert_allclose([path.min(axis=0), path.max(axis=0)], [[0.191] * 3, [0.809] * 3], atol=0.03)


STRICT = [np.array(own, float).reshape(2, 2) for own in itertools.permutations(range(4))]


def test_in_turn_all_strict_games_of_two_actions_end_at_a_pure_equilibrium_where_there_is_one():
    payoffs = np.array([[one, other] for one in STRICT for other in STRICT])
    for first, second in itertools.product(range(2), repeat=2):
        start = np.tile(np.concatenate([np.eye(2)[first], np.eye(2)[second]]), (len(payoffs), 1))
        path = followed(best_replies(order="sequential"), payoffs, start, 8)
        for game, last, before in zip(payoffs, path[:, -1], path[:, -2], strict=True):
            pure = {
                (a, b)
                for a, b in itertools.product(range(2), repeat=2)
                if game[0][a, b] >= game[0][:, b].max() and game[1][a, b] >= game[1][a].max()
            }
            ends = (int(last[:2].argmax()), int(last[2:].argmax()))
            assert (ends in pure) if pure else (last != before).any()


@pytest.mark.long
def test_ends_of_runs_are_told_by_their_labels():
    def found(game, **how):
        learners = parametric(game, simplex(game.shape))
        return ns.entry_probability(
            learners, best_replies(**how), n=20, starts=ns.starts.uniform_strategies(), steps=40
        )

    assert found(games.matching_pennies(), order="sequential").outcomes() == {"cycling": 20}
    assert set(found(games.stag_hunt(), order="sequential").outcomes()) == {"CC", "DD"}
    assert "cycling" in found(games.stag_hunt()).outcomes()


@pytest.mark.long
def test_who_rests_at_a_tie_that_any_doubt_would_break_is_fragile():
    """At AA the second player's actions pay the same, and B pays it more as soon as the first may play B."""
    game = parametric(games.bimatrix([[1, 1], [0, 2]], [[1, 1], [0, 3]]), simplex((2, 2)))
    ends = [ns.simulate(game, best_replies(), [1 - doubt, 1 - doubt], steps=20).outcome for doubt in (0.0, 1e-9)]
    assert ends == ["fragile", "BB"]
    strict = parametric(games.bimatrix([[2, 1], [0, 0]], [[1, 1], [0, 0]]), simplex((2, 2)))
    assert ns.simulate(strict, best_replies(), [1.0, 1.0], steps=20).outcome == "other equilibrium"


def test_ties():
    values = jnp.asarray([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0 * (1 - 1e-7)]], jnp.float32)
    played = jnp.asarray([[0.1, 0.2, 0.7], [0.0, 0.2, 0.8]], jnp.float32)
    wanted = {
        "first": [[1, 0, 0], [0, 1, 0]],
        "equal": [[0.5, 0.5, 0], [0, 0.5, 0.5]],
        "stay": [[1, 0, 0], [0, 0, 1]],
    }
    for ties, reply in wanted.items():
        np.testing.assert_array_equal(best_actions(values, played, ties), reply)
        # many rows take another way to the same reply
        many = best_actions(jnp.tile(values, (4, 1)), jnp.tile(played, (4, 1)), ties)
        np.testing.assert_array_equal(many, np.tile(reply, (4, 1)))


def test_in_games_over_points_rounds_are_those_of_reply_paths():
    def pays(points, slopes):
        return jnp.stack(
            [-jnp.sum((own - best) ** 2) for own, best in zip(points, replies(points, slopes), strict=True)]
        )

    def replies(points, slopes):
        first, second = points
        return slopes[0] * jnp.sum(second) + jnp.array([1.0, -1.0]), slopes[1] * jnp.sum(first, keepdims=True) + 0.5

    game = games.differentiable(pays, (2, 1), coefficients=np.array([0.3, -0.8]), best_responses=replies)
    learners, start = parametric(game), [[2.0, -3.0], [1.0]]
    with jax.enable_x64(True):
        for order in ("simultaneous", "sequential"):
            rule = best_replies(order=order).for_game(learners)
            path = ns.theory.reply_path(game, start, order=order, rounds=3)
            theta = jnp.concatenate([jnp.asarray(own) for own in start])
            for step, wanted in enumerate(path.points[1:]):
                theta = theta + _update(rule, learners, theta, step)
                np.testing.assert_allclose(theta, wanted, atol=1e-12)


def test_in_games_of_rows_every_row_is_replied_to():
    game = games.hats(2)
    learners, stacks = parametric(game, simplex((2, 2), states=4)), np.asarray(game.stacks)
    best = Fraction(0)
    for own in itertools.product(range(2), repeat=4):
        ends = follow(learners, best_replies(order="sequential"), [np.eye(2)[list(own)]] * 2)
        first, second = (one.argmax(axis=1) for one in ends)
        wins = [stacks[x, first[y]] * stacks[y, second[x]] for x in range(4) for y in range(4)]
        assert float(game.regrets(ends).max()) == 0.0
        best = max(best, Fraction(int(sum(wins)), 16))
    assert best == Fraction(5, 16)


def follow(learners, rule, start):
    theta = jnp.concatenate([jnp.asarray(own).ravel() for own in start])
    for step in range(4):
        theta = theta + _update(rule, learners, theta, step)
    return learners.strategies(theta)


@jax.jit
def _update(rule, learners, theta, step):
    return rule.direction(Oracle(learners, exact(), theta, step_key(0), 1.0, rule.needs), step)


def test_values_of_naming_a_hat_are_derivatives_of_the_payoff():
    game = games.hats(3)
    random = np.random.default_rng(0)
    profile = tuple(jnp.asarray(random.dirichlet(np.ones(3), 8)) for _ in range(2))
    for i, values in enumerate(game.action_values(profile)):
        slope = jax.grad(lambda own, i=i: game.expected_payoffs([own, profile[1]] if i == 0 else [profile[0], own])[i])
        np.testing.assert_allclose(values, slope(profile[i]), atol=1e-7)


REFUSED = {
    "states": (lambda: (games.iterated_prisoners_dilemma(), best_replies()), "does not say what single actions pay"),
    "points": (
        lambda: (dataclasses.replace(games.tandem(), best_responses=None), best_replies()),
        "it knows no best responses",
    ),
    "logit points": (lambda: (games.tandem(), fictitious_play(temperature=1.0)), "players of tandem choose points"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_games_that_cannot_be_answered_are_refused_with_the_reason(case):
    make, reason = REFUSED[case]
    game, rule = make()
    with pytest.raises(InputError, match=reason):
        ns.entry_probability(game, rule, n=2, steps=2, starts=None if case == "states" else ns.starts.uniform(0.0, 1.0))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: best_replies(order="at once"), "order"),
        (lambda: fictitious_play(ties="last"), "ties"),
        (lambda: fictitious_play(weight=1.5), r"weight must be from 0 to 1; at step 0 it is 1.5"),
        (lambda: fictitious_play(temperature=-1.0), "temperature"),
    ],
)
def test_bad_words_and_numbers_are_refused(make, reason):
    with pytest.raises(InputError, match=reason):
        make()
