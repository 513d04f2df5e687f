import itertools
import json
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, plain
from nashscape.semantics import parametric
from nashscape.tracing.components import by_component

SIZES = [(2, 2), (5, 2), (4, 3), (3, 4)]


def mixtures(n, k, seed=0):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(k)) for _ in range(n)]


def written_out(by_count):
    """All payoffs by counting, in every profile, what the others of every player do."""
    n, k = by_count.shape[:2]
    payoffs = np.zeros((n, *(k,) * n))
    for profile in itertools.product(range(k), repeat=n):
        for i in range(n):
            others = profile[:i] + profile[i + 1 :]
            payoffs[(i, *profile)] = by_count[(i, profile[i], *(others.count(a) for a in range(k - 1)))]
    return payoffs


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.fixture(params=SIZES, ids=str)
def case(request):
    n, k = request.param
    by_count = np.random.default_rng(n * 10 + k).normal(size=(n, k, *(n,) * (k - 1)))
    return n, k, games.anonymous(by_count), games.dense(written_out(by_count))


@pytest.mark.long
def test_the_compact_form_agrees_with_the_written_out_payoffs(case):
    n, k, game, dense = case
    assert game.shape == dense.shape
    np.testing.assert_array_equal(game.to_dense().payoffs, dense.payoffs)
    for profile in itertools.product(range(k), repeat=n):
        np.testing.assert_array_equal(game.payoffs_at(profile), dense.payoffs_at(profile))
    assert game.payoff_range == dense.payoff_range
    strategies = mixtures(n, k)
    np.testing.assert_allclose(game.expected_payoffs(strategies), dense.expected_payoffs(strategies), rtol=1e-11)
    np.testing.assert_allclose(game.regrets(strategies), dense.regrets(strategies), rtol=1e-10)
    for ours, theirs in zip(game.action_values(strategies), dense.action_values(strategies), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11)


@pytest.mark.long
def test_gradients_agree_with_the_dense_game(case):
    n, k, game, dense = case
    strategies = [jnp.asarray(strategy) for strategy in mixtures(n, k, seed=1)]
    ours, theirs = (jax.jit(jax.jacrev(one.expected_payoffs))(strategies) for one in (game, dense))
    for j in range(n):
        np.testing.assert_allclose(ours[j], theirs[j], rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(ours[j][j], game.action_values(strategies)[j], rtol=1e-10)
    ours, theirs = (parametric(one) for one in (game, dense))
    theta = jnp.linspace(-1.0, 1.5, ours.dimension)
    derivative = jax.hessian if n * k <= 10 else jax.jacrev
    first, second = (jax.jit(derivative(one.utilities))(theta) for one in (ours, theirs))
    np.testing.assert_allclose(first, second, atol=1e-12)


def test_derivatives_are_right_at_pure_strategies():
    by_count = np.random.default_rng(2).normal(size=(4, 2, 4))
    game, dense = games.anonymous(by_count), games.dense(written_out(by_count))
    pure = [jnp.array(strategy) for strategy in ([1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0])]
    ours, theirs = (jax.jit(jax.jacrev(one.expected_payoffs))(pure) for one in (game, dense))
    np.testing.assert_allclose(np.stack(ours), np.stack(theirs), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(game.expected_payoffs(pure), game.payoffs_at((0, 1, 0, 1)), rtol=1e-14)


def test_it_can_be_written_out_by_component():
    game, strategies = games.threshold_stag_hunt(), mixtures(4, 2, seed=2)
    run = by_component(lambda g, s: g.expected_payoffs(s), game, strategies)
    entries = [x for leaf in jax.tree_util.tree_leaves((game, strategies)) for x in jnp.asarray(leaf).ravel()]
    np.testing.assert_allclose(run(entries), game.expected_payoffs(strategies), rtol=1e-12)


def test_games_of_one_size_share_one_program():
    traces = []

    @jax.jit
    def payoffs(game, strategies):
        traces.append(game.shape)
        return game.expected_payoffs(strategies), game.regrets(strategies)

    strategies = mixtures(4, 2)
    for game in (games.public_goods(), games.threshold_stag_hunt(), games.volunteers_dilemma(4)):
        np.testing.assert_allclose(payoffs(game, strategies)[0], game.expected_payoffs(strategies), rtol=1e-12)
    assert traces == [(2,) * 4]


def test_counts_are_binomial_when_all_play_alike():
    # 30 players: payoff of the count itself, of "exactly m others", and of a polynomial
    n, p = 30, 0.3
    chances = np.array([math.comb(n - 1, m) * p**m * (1 - p) ** (n - 1 - m) for m in range(n)])
    for payoff in (np.arange(n), np.arange(n) == 29, np.arange(n) ** 2 - 7.0):
        game = games.anonymous(np.stack([payoff, -np.asarray(payoff, float)]))
        own = jax.jit(game.action_values)([np.array([p, 1 - p])] * n)
        expected = float(chances @ payoff)
        np.testing.assert_allclose(own[11], [expected, -expected], rtol=1e-11)
        np.testing.assert_allclose(own[0], own[29], rtol=1e-11)


def test_fifty_players_have_payoffs_and_the_right_gradient():
    n = 50
    random = np.random.default_rng(4)
    game, theta, player = games.anonymous(random.normal(size=(n, 2, n))), random.normal(size=n), 17

    @jax.jit
    def utility(theta):
        first = jax.nn.sigmoid(theta)
        return game.expected_payoffs([jnp.stack([x, 1 - x]) for x in first])[player]

    # the Poisson-binomial distribution of the others, as the coefficients of a product of polynomials
    chances = np.ones(1)
    first = 1 / (1 + np.exp(-theta))
    for j in range(n):
        if j != player:
            chances = np.convolve(chances, [1 - first[j], first[j]])
    own = game.by_count[player] @ chances
    assert float(utility(theta)) == pytest.approx(first[player] * own[0] + (1 - first[player]) * own[1], rel=1e-10)

    gradient, h = jax.jit(jax.grad(utility))(theta), 1e-5
    assert np.isfinite(gradient).all()
    for k in (0, player, 49):
        step = h * np.eye(n)[k]
        difference = float(utility(theta + step) - utility(theta - step)) / (2 * h)
        assert float(gradient[k]) == pytest.approx(difference, rel=1e-5, abs=1e-9)


def test_small_probabilities_are_not_lost():
    # the chance that all of 40 others play the first action, 10⁻⁸⁰, keeps its digits
    game = games.anonymous(np.stack([np.arange(41) == 40, np.zeros(41)]))
    own = jax.jit(game.action_values)([np.array([0.01, 0.99])] * 41)
    assert float(own[3][0]) == pytest.approx(0.01**40, rel=1e-12)


def test_one_table_can_be_shared_by_all_players():
    table = np.random.default_rng(1).normal(size=(3, 4, 4))
    game = games.anonymous(table, actions="XYZ", players=list("abcd"))
    assert game.shape == (3,) * 4
    assert game.actions == (("X", "Y", "Z"),) * 4
    valid = [(a, b) for a in range(4) for b in range(4) if a + b <= 3]
    for a, b in valid:
        np.testing.assert_array_equal(game.by_count[2, :, a, b], table[:, a, b])
    assert len(set(map(float, game.by_count[:, 1, 1, 1]))) == 1


def test_counts_that_cannot_be_are_ignored():
    table = np.ones((3, 3, 3))
    other = table + 100.0 * (np.add.outer(np.arange(3), np.arange(3)) > 2)
    np.testing.assert_array_equal(games.anonymous(table).by_count, games.anonymous(other).by_count)
    assert games.anonymous(other).payoff_range == 0


def test_text_forms():
    game = games.volunteers_dilemma()
    assert repr(game) == "<AnonymousGame volunteers_dilemma: 3 players, actions (C D)>"
    assert game.table().startswith("every player:")
    unequal = games.anonymous(np.arange(12.0).reshape(2, 3, 2, 1) * np.ones((1, 1, 1, 2)))
    assert unequal.table().count("others playing A, B") == 2
    rebuilt = games.AnonymousGame(**json.loads(json.dumps(plain(game))))
    np.testing.assert_array_equal(rebuilt.by_count, game.by_count)
    assert (rebuilt.actions, rebuilt.players, rebuilt.name) == (game.actions, game.players, game.name)
    with pytest.raises(ValueError, match="read-only"):
        game.by_count[0, 0, 0] = 1
    assert games.check_offers(game) == {"pays", "normal", "table"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: games.anonymous(3.0), "must have shape"),
        (lambda: games.anonymous(np.zeros((3, 2, 4))), r"must have shape \[n, 2, n\].*got \[3, 2, 4\]"),
        (lambda: games.anonymous(np.zeros((3, 3, 3, 3, 3))), "must have shape"),
        (lambda: games.anonymous(np.zeros((2, 1))), "must have shape"),
        (lambda: games.anonymous(np.full((2, 3), np.inf)), "finite"),
        (lambda: games.anonymous(np.zeros((2, 3)), actions="CC"), "different names"),
        (lambda: games.anonymous(np.zeros((2, 3)), actions="CDE"), "action names"),
        (lambda: games.anonymous(np.zeros((2, 3)), actions=["C", "a,b"]), "commas"),
        (lambda: games.anonymous(np.zeros((2, 3)), players=["a", "b"]), "player names"),
        (lambda: games.anonymous(np.zeros((2, 50))).to_dense(), "use fewer players"),
        (lambda: games.anonymous(np.zeros((2, 3))).payoffs_at((0, 1, 2)), "no action"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
