"""DiCE and Loaded DiCE against exact derivatives, by enumeration of all plays in float64."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.learning import exact, step_key
from nashscape.learning.plays.dice import along_rounds, dice_objective, loaded_dice_objective, magic_box
from nashscape.semantics import parametric

# --- one action: a sigmoid with payoffs 0 and 1 ---------------------------------------------------------------

AT = 1.0
VALUE, FIRST, SECOND = 0.7310586, 0.1966119, -0.0908577
"""p, p(1 − p) and p(1 − p)(1 − 2p) for p = sigmoid(1)."""


def weighted(objective):
    """The expectation of an objective over both actions: weights are held while it is differentiated."""

    def made(theta, *rest):
        logs = jax.nn.log_sigmoid(jnp.stack([-theta, theta]))
        chances = jax.lax.stop_gradient(jnp.exp(logs))
        return objective(logs[None], 2 * chances[None, :, None], *rest)

    return made


def derivatives(function, at=AT):
    orders = (function, jax.grad(function), jax.grad(jax.grad(function)), jax.grad(jax.grad(jax.grad(function))))
    return [float(one) for one in jax.jit(lambda at: [one(at) for one in orders])(at)]


def objective_with(baseline):
    """DiCE of payoffs 0 and 1, with a baseline."""
    paid = jnp.array([0.0, 1.0])[None, :, None]
    return weighted(lambda logs, w: dice_objective([logs], w * paid, baselines=w * baseline)[0])


@pytest.mark.long
def test_the_value_and_two_derivatives_of_one_action():
    with jax.enable_x64(True):
        third = VALUE * (1 - VALUE) * (1 - 6 * VALUE * (1 - VALUE))
        for b in (0.0, 0.6, -3.0):
            found = derivatives(objective_with(jnp.full((1, 2, 1), b)))
            np.testing.assert_allclose(found, [VALUE, FIRST, SECOND, third], atol=2e-7, err_msg=f"baseline {b}")


@pytest.mark.long
def test_what_the_wrong_forms_give():
    """The same enumeration shows what goes wrong elsewhere, so that it would show it here."""
    paid = jnp.array([0.0, 1.0])
    with jax.enable_x64(True):
        surrogate = weighted(lambda logs, w: jnp.mean(w[0, :, 0] * paid * logs[0]))
        np.testing.assert_allclose(derivatives(surrogate)[1:3], [FIRST, -0.1437348], atol=5e-8)
        shifted = weighted(lambda logs, w: jnp.mean(w[0, :, 0] * magic_box(logs[0]) * (paid - 0.6)))
        np.testing.assert_allclose(derivatives(shifted)[0], 0.1310586, atol=5e-8)
        attached = lambda t: weighted(lambda logs, w: jnp.mean(w[0, :, 0] * magic_box(logs[0]) * (paid - 0.3 * t)))(t)  # noqa: E731
        np.testing.assert_allclose(jax.grad(attached)(AT), -0.1033881, atol=5e-8)
        one_play = lambda t, c, a: (1 - magic_box(jax.nn.log_sigmoid(a * t))) * c  # noqa: E731
        mixed = [-float(jax.grad(jax.grad(one_play), argnums=1)(AT, 0.3, a)) for a in (-1.0, 1.0)]
        np.testing.assert_allclose(mixed, [-0.73106, 0.26894], atol=5e-6)


@pytest.mark.long
def test_nothing_is_differentiated_through_baselines_and_advantages():
    logs, ones = [jnp.log(jnp.array([[0.3, 0.7]]))], jnp.ones((1, 2, 1))

    def by_dice(shift, critic):
        return dice_objective([logs[0] + shift], ones, 0.9, critic * ones)[0]

    def loaded(shift, critic):
        return loaded_dice_objective([logs[0] + shift], ones - critic * ones)[0]

    for objective in (by_dice, loaded):
        assert float(jax.grad(objective, argnums=1)(0.0, 0.4)) == 0.0
        assert float(jax.grad(jax.grad(objective), argnums=1)(0.0, 0.4)) == 0.0
        assert float(jax.grad(objective)(0.0, 0.4)) != 0.0


# --- all plays of games over states ---------------------------------------------------------------------------

GAMES = {"2x2": ((2, 2), 2, 0.9), "2x3x2": ((2, 3, 2), 2, 0.8)}
"""Actions, states and γ; two rounds."""


def case(name):
    """A random Markov game of two rounds, and a random profile."""
    shape, states, discount = GAMES[name]
    random = np.random.default_rng(len(shape))
    payoffs = random.normal(size=(len(shape), states, *shape))
    moves = random.dirichlet(np.ones(states), size=(states, *shape))
    initial = random.dirichlet(np.ones(states))
    learners = parametric(games.markov(payoffs, moves, discount=discount, horizon=2, initial=initial))
    return learners, jnp.asarray(random.normal(size=learners.dimension))


class AllPlays:
    """Every play of two rounds of a game, with its probability at a profile."""

    def __init__(self, learners, theta):
        game, shape = learners.game, learners.game.shape
        self.learners, self.discount = learners, float(game.discount)
        joint = list(itertools.product(*map(range, shape)))
        each = np.array(
            [(s, a, t, b) for s, t in np.ndindex(2, 2) for a in range(len(joint)) for b in range(len(joint))]
        )
        self.states = each[:, [0, 2]].T  # [T, B]
        self.actions = np.array(joint)[each[:, [1, 3]].T]  # [T, B, n]
        payoffs = np.asarray(game.payoffs)
        of_players = [payoffs[(i, self.states, *np.moveaxis(self.actions, -1, 0))] for i in range(len(shape))]
        self.rewards = np.stack(of_players, axis=-1)
        moved = np.asarray(game.transitions)[(self.states[0], *self.actions[0].T, self.states[1])]
        drawn = np.exp(sum(map(np.asarray, self.log_probs(theta))).sum(axis=0))
        self.chances = drawn * np.asarray(game.initial)[self.states[0]] * moved
        np.testing.assert_allclose(self.chances.sum(), 1.0, atol=1e-12)

    def log_probs(self, theta):
        logs = self.learners.semantics.log_strategies(theta)
        return [own[self.states, self.actions[..., i]] for i, own in enumerate(logs)]

    def weighted(self, values):
        """Times B and the probability of the play, so that a mean over plays is an expectation."""
        return jnp.asarray(values * (len(self.chances) * self.chances)[None, :, None])

    @property
    def to_go(self):
        """What is paid from a round on, discounted to the beginning."""
        paid = self.rewards * self.discount ** np.arange(2)[:, None, None]
        return np.cumsum(paid[::-1], axis=0)[::-1]

    def state_values(self, scale):
        """Some baseline: a number for every round, state and player."""
        table = scale * np.random.default_rng(5).normal(size=(2, 2, self.rewards.shape[-1]))
        return table[np.arange(2)[:, None], self.states]

    def dice(self, baselines=None):
        given = None if baselines is None else self.weighted(baselines)
        paid = self.weighted(self.rewards)
        return lambda theta: dice_objective(self.log_probs(theta), paid, self.discount, given)

    def loaded(self, trace=1.0, baselines=0.0):
        worth = self.weighted(self.to_go - baselines)
        return lambda theta: loaded_dice_objective(self.log_probs(theta), worth, trace)


def derivatives_of(functions, theta):
    """Value, first and second derivative of each of several functions `[d] → [n]`, compiled as one."""
    together = lambda theta: jnp.concatenate([function(theta) for function in functions])  # noqa: E731
    each = jax.jit(lambda theta: [one(theta) for one in (together, jax.jacfwd(together), jax.hessian(together))])
    return list(zip(*(np.split(np.asarray(one), len(functions)) for one in each(theta)), strict=True))


@pytest.mark.long
@pytest.mark.parametrize("name", GAMES)
def test_all_derivatives_of_dice_are_those_of_expected_payoffs(name):
    with jax.enable_x64(True):
        learners, theta = case(name)
        plays = AllPlays(learners, theta)
        far = plays.state_values(3.0)
        objectives = [plays.dice(), plays.dice(far), plays.loaded(), plays.loaded(baselines=far)]
        exactly, *found = derivatives_of([learners.utilities, *objectives], theta)
        for k, own in enumerate(found):
            np.testing.assert_allclose(own[0], exactly[0] if k < 2 else 0.0 * exactly[0], atol=1e-12)
            for order in (1, 2):
                np.testing.assert_allclose(own[order], exactly[order], atol=1e-10, err_msg=f"{k}, order {order}")
        # the mixed blocks of the exact estimator
        jacobian = jax.jit(lambda theta: exact().estimate(learners, theta, step_key(0)).jacobian)(theta)
        rows = [found[1][2][i, own] for i, own in enumerate(learners.semantics.slices)]
        np.testing.assert_allclose(np.concatenate(rows), jacobian, atol=1e-10)


@pytest.mark.long
def test_the_third_derivative_along_a_line():
    with jax.enable_x64(True):
        learners, theta = case("2x3x2")
        plays = AllPlays(learners, theta)
        line = jnp.asarray(np.random.default_rng(1).normal(size=len(theta)))
        objectives = [plays.dice(plays.state_values(1.0)), plays.loaded(baselines=plays.state_values(1.0))]

        def along(t):
            return jnp.stack([function(theta + t * line) for function in (learners.utilities, *objectives)])

        wanted, *found = jax.jit(jax.jacfwd(jax.jacfwd(jax.jacfwd(along))))(0.0)
        assert np.abs(wanted).max() > 0.1
        for own in found:
            np.testing.assert_allclose(own, wanted, atol=1e-10)


def test_two_orders_against_differences_of_exact_values():
    with jax.enable_x64(True):
        learners, theta = case("2x3x2")
        objective, value = AllPlays(learners, theta).dice(), jax.jit(learners.utilities)
        line, h = jnp.asarray(np.random.default_rng(2).normal(size=len(theta))), 1e-4
        ends = [np.asarray(value(theta + k * h * line)) for k in (-1, 0, 1)]
        along = lambda t: objective(theta + t * line)  # noqa: E731
        first, second = jax.jit(lambda t: (jax.jacfwd(along)(t), jax.jacfwd(jax.jacfwd(along))(t)))(0.0)
        np.testing.assert_allclose(first, (ends[2] - ends[0]) / (2 * h), atol=1e-6)
        np.testing.assert_allclose(second, (ends[2] - 2 * ends[1] + ends[0]) / h**2, atol=1e-5)


def test_a_shorter_trace_leaves_first_derivatives_and_damps_products_of_two_rounds():
    with jax.enable_x64(True):
        learners, theta = case("2x2")
        plays = AllPlays(learners, theta)
        none, some, all_ = derivatives_of([plays.loaded(trace) for trace in (0.0, 0.4, 1.0)], theta)
        for first in (none[1], some[1]):
            np.testing.assert_allclose(first, all_[1], atol=1e-12)
        # two rounds: one power of λ
        np.testing.assert_allclose(some[2], 0.6 * none[2] + 0.4 * all_[2], atol=1e-12)
        assert np.abs(none[2] - all_[2]).max() > 0.01


def test_sums_over_rounds_fade_by_a_power_for_every_round():
    values = np.random.default_rng(3).normal(size=(5, 2)).astype(np.float32)
    for trace in (0.0, 0.7, 1.0):
        total, found = np.zeros(2), np.asarray(along_rounds(jnp.asarray(values), trace))
        for now, own in zip(values, found, strict=True):
            total = trace * total + now
            np.testing.assert_allclose(own, total, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("logs", "rewards", "said"),
    [
        ([np.zeros((2, 3)), np.zeros((2, 4))], np.zeros((2, 3, 2)), "of one shape"),
        ([np.zeros(3)], np.zeros((3, 1)), r"an array \[T, B\]"),
        ([np.zeros((2, 3))], np.zeros((2, 3)), r"has the shape \(2, 3, 1\); got \(2, 3\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(logs, rewards, said):
    for objective in (dice_objective, loaded_dice_objective):
        with pytest.raises(InputError, match=said):
            objective(logs, rewards)
