"""Terms of plays: against matrices of derivatives of the same plays, exact terms, and identities."""

from dataclasses import replace
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import neural
from nashscape.core import InputError
from nashscape.learning import Terms, exact, step_key, terms_from_derivatives
from nashscape.learning.plays.collecting import begin, evaluate, play
from nashscape.learning.plays.dice import dice_objective, loaded_dice_objective
from nashscape.learning.plays.terms_of_plays import first_episodes, returns, terms_of_plays
from nashscape.learning.terms import terms_from_products
from nashscape.semantics import parametric

TERMS = ("base", "own", "peer", "lookahead")
SHAPE = (2, 3, 2)
FORMS = ("published", "unbiased")
DRAWS = 4000
MOST = 4.0  # standard errors of a mean over draws


def plays_of(pair, theta, batch, seed=0, rounds=3):
    ready = begin(pair.played, jax.random.key(seed), batch)
    return play(pair.played, theta, jax.random.key(seed + 1), ready, rounds)[0]


def log_probs(pair, theta, plays):
    """From the tables of strategies, without the policies."""
    states = jnp.argmax(plays.observations[0], axis=-1)
    logs = pair.exactly.semantics.log_strategies(theta)
    return [own[states, acted] for own, acted in zip(logs, plays.actions, strict=True)]


def by_matrices(pair, theta, plays, objective):
    """The same from all gradients and second derivatives of an objective of plays, in both forms."""
    batch = plays.begins.shape[1]
    every = []
    for part in (slice(None), slice(0, batch // 2), slice(batch // 2, None)):
        some = jax.tree.map(lambda own, part=part: own[:, part], replace(plays, memory=()))
        every.append(objective(some))
    together = lambda theta: jnp.stack([value(theta) for value in every])  # noqa: E731
    first, second = jax.jacrev(together)(theta), jax.hessian(together)(theta)

    def crossed(one, other):
        return terms_from_derivatives(first[other], second[one], pair.played.sizes)

    halves = (crossed(1, 2), crossed(2, 1))
    both = {name: (getattr(halves[0], name) + getattr(halves[1], name)) / 2 for name in TERMS}
    return {"published": crossed(0, 0), "unbiased": Terms(pair.played.sizes, **both)}


def means_less(values):
    """Less the mean over the other plays."""
    batch = values.shape[1]
    return values - (values.sum(axis=1, keepdims=True) - values) / (batch - 1)


WAYS = {
    "dice": ({"baseline": None}, lambda plays, logs, gamma: dice_objective(logs, plays.rewards, gamma)),
    "whole returns": (
        {"baseline": None, "reward_to_go": False},
        # as if all had been drawn in the first round
        lambda plays, logs, gamma: dice_objective(
            [jnp.zeros_like(own).at[0].set(own.sum(axis=0)) for own in logs], plays.rewards, gamma
        ),
    ),
    "leave one out": (
        {},
        lambda plays, logs, gamma: dice_objective(logs, means_less(plays.rewards.astype(float)), gamma),
    ),
    "loaded": (
        {"baseline": None, "trace": 0.6},
        lambda plays, logs, gamma: loaded_dice_objective(logs, to_go(plays, gamma), 0.6),
    ),
}


def to_go(plays, gamma):
    paid = plays.rewards.astype(float) * gamma ** np.arange(len(plays.begins))[:, None, None]
    return jnp.cumsum(paid[::-1], axis=0)[::-1]


@pytest.mark.parametrize("coupling", [None, pytest.param(0.3, marks=pytest.mark.long)])
def test_terms_are_products_of_all_derivatives_of_dice(coupling, pair_of):
    pair = pair_of(SHAPE, coupling=coupling)
    ways = WAYS if coupling is None else {name: WAYS[name] for name in ("leave one out", "loaded")}
    with jax.enable_x64(True):
        theta, gamma = jnp.asarray(pair.theta), float(pair.exactly.game.discount)
        plays = jax.jit(lambda theta: plays_of(pair, theta, 6))(theta)

        @jax.jit
        def found(theta):
            return {
                said: {form: terms_of_plays(pair.played, theta, plays, form=form, **options) for form in FORMS}
                for said, (options, _) in ways.items()
            }

        @jax.jit
        def wanted(theta):
            def objective(of):
                return lambda some: lambda theta: of(some, log_probs(pair, theta, some), gamma)

            return {said: by_matrices(pair, theta, plays, objective(of)) for said, (_, of) in ways.items()}

        own, meant = found(theta), wanted(theta)
        for said in ways:
            for form in FORMS:
                for name in TERMS:
                    truth = np.asarray(getattr(meant[said][form], name))
                    assert np.abs(truth).max() > 1e-3
                    given = getattr(own[said][form], name)
                    np.testing.assert_allclose(given, truth, atol=1e-10, err_msg=f"{said} {form} {name}")


# --- drawn plays against exact terms --------------------------------------------------------------------------


def drawn(pair, batch, draws, **options):
    """Terms of so many batches, `[draws, d]` each."""
    theta = jnp.asarray(pair.theta, jnp.float32)

    def one(seed):
        keys = jax.random.split(jax.random.key(7 + seed))
        plays, _ = play(pair.played, theta, keys[0], begin(pair.played, keys[1], batch), 3)
        return terms_of_plays(pair.played, theta, plays, **options)

    found = jax.jit(lambda: jax.lax.map(one, jnp.arange(draws), batch_size=min(draws, 500)))()
    return {name: np.asarray(getattr(found, name), float) for name in TERMS}


def exactly(pair):
    terms = jax.jit(lambda theta: exact().estimate(pair.exactly, theta, step_key(0)))(jnp.asarray(pair.theta))
    return {name: np.asarray(getattr(terms, name)) for name in TERMS}


def errors_from(values, truth):
    """How many standard errors means lie from what is meant."""
    return np.abs(values.mean(axis=0) - truth) / (values.std(axis=0, ddof=1) / np.sqrt(len(values)))


@pytest.mark.parametrize("coupling", [None, pytest.param(0.3, marks=pytest.mark.long)])
def test_the_unbiased_form_has_the_exact_terms_as_means(coupling, pair_of):
    pair = pair_of(SHAPE, coupling=coupling)
    truth, found = exactly(pair), drawn(pair, 8, DRAWS)
    for name in TERMS:
        assert (errors_from(found[name], truth[name]) < MOST).all(), (name, errors_from(found[name], truth[name]))


@pytest.mark.long
def test_the_published_form_has_a_bias_that_so_many_batches_can_tell(pair_of):
    pair = pair_of(SHAPE)
    truth, found = exactly(pair), drawn(pair, 8, DRAWS, form="published")
    assert (errors_from(found["base"], truth["base"]) < MOST).all()
    assert all(errors_from(found[name], truth[name]).max() > 6 for name in ("own", "peer", "lookahead"))


@pytest.mark.long
def test_a_large_batch_has_the_direction_of_the_exact_terms(pair_of):
    pair = pair_of(SHAPE)
    truth, found = exactly(pair), drawn(pair, 40_000, 1)
    for name in TERMS:
        one, other = found[name][0], truth[name]
        cosine = one @ other / np.sqrt((one @ one) * (other @ other))
        assert cosine > 0.99, (name, cosine)
        np.testing.assert_allclose(np.linalg.norm(one), np.linalg.norm(other), rtol=0.15)


# --- identities -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coupling", [None, pytest.param(0.3, marks=pytest.mark.long)])
@pytest.mark.parametrize("sign", [1.0, pytest.param(-1.0, marks=pytest.mark.long)])
def test_peer_is_lookahead_where_payoffs_are_common_or_opposite(sign, coupling, pair_of):
    pair = pair_of((2, 3), payoffs=lambda pay: np.stack([pay[0], sign * pay[0]]), coupling=coupling)
    theta = jnp.asarray(pair.theta, jnp.float32)
    plays = jax.jit(lambda: plays_of(pair, theta, 32))()
    for form in FORMS:
        found = jax.jit(lambda form=form: terms_of_plays(pair.played, theta, plays, form=form))()
        unit = np.abs(found.peer).max()
        assert unit > 1e-3
        np.testing.assert_allclose(found.peer, found.lookahead, atol=3e-6 * unit)
        assert np.abs(found.peer - found.own).max() > 0.01 * unit


# --- which rounds count, and what is given --------------------------------------------------------------------


@pytest.mark.long
def test_what_comes_after_the_first_episode_of_a_column_is_left_out(pair_of):
    pair = pair_of((2, 3))
    over = np.zeros((3, 6), bool)
    over[0, 1] = over[1, 2] = over[2] = True  # an episode of one round, one of two, and all others of three
    with jax.enable_x64(True):
        theta = jnp.asarray(pair.theta)
        plays = jax.jit(lambda theta: plays_of(pair, theta, 6))(theta)
        cut = replace(plays, truncated=jnp.asarray(over), terminated=jnp.zeros((3, 6), bool))
        kept = np.array([[1] * 6, [1, 0, 1, 1, 1, 1], [1, 0, 0, 1, 1, 1]], bool)
        np.testing.assert_array_equal(first_episodes(cut), kept)
        other = replace(cut, rewards=jnp.where(kept[..., None], cut.rewards, 1e6))
        masked = replace(cut, rewards=jnp.where(kept[..., None], cut.rewards, 0.0))
        gamma = float(pair.exactly.game.discount)

        @jax.jit
        def found(plays):
            return terms_of_plays(pair.played, theta, plays, form="published")

        def dice(some):
            # of episodes that are over nothing is subtracted either, as nothing of theirs is left to be chosen
            live = first_episodes(some)[..., None]
            return lambda theta: loaded_dice_objective(
                log_probs(pair, theta, some), live * means_less(to_go(some, gamma)), 1.0
            )

        wanted = jax.jit(lambda theta: by_matrices(pair, theta, masked, dice)["published"])(theta)
        one, two = found(cut), found(other)
        for name in TERMS:
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
            np.testing.assert_allclose(getattr(one, name), getattr(wanted, name), atol=1e-10, err_msg=name)


@pytest.mark.long
def test_players_who_remember_have_the_terms_of_all_derivatives_too(pair_of):
    played = pair_of((2, 3)).played
    learners = parametric(played.game, neural.recurrent(played.game, 2, last=1.0))
    with jax.enable_x64(True):
        theta = jnp.asarray(learners.semantics.initial(jax.random.key(3)), float)
        pair = SimpleNamespace(played=learners)
        plays = jax.jit(lambda theta: plays_of(pair, theta, 8))(theta)
        gamma = float(played.game.discount)

        def objective(theta):
            logs = evaluate(learners, theta, plays).log_probs
            return dice_objective(logs, means_less(plays.rewards.astype(float)), gamma)

        found = jax.jit(lambda theta: terms_of_plays(learners, theta, plays, form="published"))(theta)
        wanted = jax.jit(lambda theta: terms_from_products(objective, theta, learners.sizes, jacobian=False))(theta)
        for name in TERMS:
            truth = np.asarray(getattr(wanted, name))
            assert np.abs(truth).max() > 1e-4
            np.testing.assert_allclose(getattr(found, name), truth, atol=1e-10, err_msg=name)


@pytest.mark.long
def test_advantages_that_are_returns_give_the_same(pair_of):
    pair = pair_of((2, 3))
    theta = jnp.asarray(pair.theta, jnp.float32)
    plays = jax.jit(lambda: plays_of(pair, theta, 8))()
    gamma = jnp.float32(pair.exactly.game.discount)

    @jax.jit
    def both():
        worth = returns(plays, first_episodes(plays), gamma) / gamma ** jnp.arange(3)[:, None, None]
        ask = lambda **options: terms_of_plays(pair.played, theta, plays, wanted=frozenset({"peer"}), **options)  # noqa: E731
        return ask(baseline=None), ask(advantages=worth), ask()

    plain, given, other = both()
    assert set(plain) == {"peer"}
    np.testing.assert_allclose(given.peer, plain.peer, rtol=1e-4, atol=1e-6)
    assert np.abs(other.peer - plain.peer).max() > 1e-3


@pytest.mark.parametrize(
    ("batch", "options", "said"),
    [
        (5, {}, "an even number of episodes, whose halves are independent, at least 4; got 5"),
        (2, {}, "at least 4; got 2"),
        (1, {"form": "published"}, "takes episodes, at least 2; got 1"),
        (4, {"form": "unbaised"}, "did you mean 'unbiased'"),
        (4, {"baseline": "per-state"}, "baseline 'per-state'"),
    ],
)
def test_batches_and_forms_that_do_not_fit_are_refused(batch, options, said, pair_of):
    pair = pair_of((2, 3))
    plays = jax.eval_shape(lambda: plays_of(pair, jnp.zeros(10), batch))
    with pytest.raises(InputError, match=said):
        jax.eval_shape(lambda plays: terms_of_plays(pair.played, jnp.zeros(10), plays, **options), plays)
