"""The exact terms against closed forms, finite differences and first-order Taylor identities."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.learning import exact, step_key
from nashscape.learning.terms import terms_from_products
from nashscape.semantics import independent, parametric

TERMS = ("base", "own", "peer", "lookahead")


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@jax.jit
def exact_terms(learners, theta):
    return exact().estimate(learners, theta, step_key(0))


def library_terms(theory, theta):
    learners = parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))
    return exact_terms(learners, jnp.asarray(theta))


def check(found, wanted, tolerance=1e-11):
    for name in TERMS:
        np.testing.assert_allclose(getattr(found, name), wanted[name], rtol=0, atol=tolerance, err_msg=name)


def test_terms_have_their_closed_forms(case):
    theory, theta = case
    found = library_terms(theory, theta)
    check(found, theory.terms(theta))
    assert found.sizes == theory.sizes
    assert [(part.start, part.stop) for part in found.slices] == [
        (sum(theory.sizes[:i]), sum(theory.sizes[: i + 1])) for i in theory.players
    ]


def test_terms_by_products_are_those_of_the_definition_player_by_player():
    """Three players with unequal numbers of parameters and utilities without any symmetry, of third degree."""
    sizes, random = (2, 1, 3), np.random.default_rng(7)
    first, second, third = (random.normal(size=(3, *[6] * k)) for k in (1, 2, 3))
    second = second + second.transpose(0, 2, 1)
    third = sum(third.transpose(0, *order) for order in itertools.permutations((1, 2, 3)))

    def utilities(at):
        return (first + ((second / 2) + (third / 6) @ at) @ at) @ at

    theta = random.normal(size=6)
    bent = (third @ theta) @ theta
    g, h = first + second @ theta + bent / 2, second + third @ theta
    parts = [range(2), range(2, 3), range(3, 6)]
    wanted = {name: np.zeros(6) for name in TERMS}
    for i, me in enumerate(parts):
        for k in me:
            wanted["base"][k] = g[i, k]
            wanted["own"][k] = sum(h[i, m, k] * g[i, m] for m in me)
            for j, other in enumerate(parts):
                if j != i:
                    wanted["peer"][k] += sum(h[j, m, k] * g[i, m] for m in other)
                    wanted["lookahead"][k] += sum(h[i, m, k] * g[j, m] for m in other)
    owner = np.repeat([0, 1, 2], sizes)
    found = jax.jit(lambda at: terms_from_products(utilities, at, sizes))(jnp.asarray(theta))
    check(found, wanted, tolerance=1e-9)
    np.testing.assert_allclose(found.jacobian, [h[owner[k], k] for k in range(6)], atol=1e-10)
    assert found.sizes == sizes


def difference(function, x, player_part, step=1e-4):
    """Central differences of a function of the profile along one player's parameters: shape [d_i, …]."""
    rows = []
    for k in range(player_part.start, player_part.stop):
        move = np.zeros_like(x)
        move[k] = step
        rows.append((function(x + move) - function(x - move)) / (2 * step))
    return np.array(rows)


def test_terms_agree_with_finite_differences_of_the_definitions(case):
    theory, theta = case
    ends = np.cumsum(theory.sizes)
    parts = [slice(end - size, end) for end, size in zip(ends, theory.sizes, strict=True)]

    def gradient(x, utility, player):
        return difference(lambda y: theory.utilities(y)[utility], x, parts[player])

    def product(learner, rows, player, vector):
        """`[∂(∇_rows J_learner)/∂θ_player]ᵀ` times a vector."""
        return difference(lambda y: gradient(y, learner, rows) @ vector, theta, parts[player])

    def joined(one):
        return np.concatenate([one(i) for i in theory.players])

    def others(i):
        return [j for j in theory.players if j != i]

    wanted = {
        "base": joined(lambda i: gradient(theta, i, i)),
        "own": joined(lambda i: product(i, i, i, gradient(theta, i, i))),
        "peer": joined(lambda i: sum(product(j, j, i, gradient(theta, i, j)) for j in others(i))),
        "lookahead": joined(lambda i: sum(product(i, j, i, gradient(theta, j, j)) for j in others(i))),
    }
    check(library_terms(theory, theta), wanted, tolerance=1e-6)


@pytest.mark.long
def test_terms_are_the_first_orders_of_unrolled_learning(case):
    theory, theta = case
    theta = jnp.asarray(theta)
    ends = np.cumsum(theory.sizes)[:-1]
    payoffs = jnp.asarray(theory.payoffs)

    def utilities(parts):
        sigma = [
            jax.nn.softmax(jnp.append(own, 0.0) if form == "sigmoid" else own)
            for own, form in zip(parts, theory.forms, strict=True)
        ]
        letters = "abc"[: len(sigma)]
        return jnp.einsum(f"j{letters},{','.join(letters)}->j", payoffs, *sigma)

    def learned(parts):
        """Every player's naive gradient."""
        return [
            jax.grad(lambda own, i=i: utilities([*parts[:i], own, *parts[i + 1 :]])[i])(parts[i])
            for i in theory.players
        ]

    def through(rate, i, stopped, moves_self):
        def after(own):
            now = [*parts[:i], own, *parts[i + 1 :]]
            steps = learned(now)
            if stopped:
                steps = [jax.lax.stop_gradient(step) for step in steps]
            moved = [
                place + rate * step if j != i or moves_self else place
                for j, (place, step) in enumerate(zip(now, steps, strict=True))
            ]
            return utilities(moved)[i]

        parts = jnp.split(theta, ends)
        return jax.grad(after)(parts[i])

    def first_order(**how):
        def update(rate):
            return jnp.concatenate([through(rate, i, **how) for i in theory.players])

        return jax.jit(lambda: jax.jvp(update, (0.0,), (1.0,)))()

    terms = library_terms(theory, theta)
    expansions = {
        (True, False): terms.lookahead,
        (False, False): terms.lookahead + terms.peer,
        (False, True): 2 * terms.own + terms.lookahead + terms.peer,
    }
    for (stopped, moves_self), slope in expansions.items():
        base, found = first_order(stopped=stopped, moves_self=moves_self)
        np.testing.assert_allclose(base, terms.base, atol=1e-12)
        np.testing.assert_allclose(found, slope, atol=1e-11)


def test_peer_and_lookahead_differ_in_asymmetric_games(case):
    theory, theta = case
    terms = library_terms(theory, theta)
    distance = np.linalg.norm(terms.peer - terms.lookahead)
    assert distance > 0.1 * max(np.linalg.norm(terms.peer), np.linalg.norm(terms.lookahead))
    assert distance > 0.001


@pytest.mark.parametrize("sign", [-1, 1], ids=["zero-sum", "common-payoff"])
def test_peer_and_lookahead_coincide_where_two_players_have_equal_or_opposite_payoffs(sign, theory):
    random = np.random.default_rng(5)
    own = random.normal(size=(2, 3))
    terms = library_terms(theory(np.stack([own, sign * own]), ("softmax", "softmax")), random.normal(size=5))
    np.testing.assert_allclose(terms.peer, terms.lookahead, atol=1e-13)
    assert np.linalg.norm(terms.peer) > 0.01


def test_two_by_two_games_in_probabilities(theory):
    # u_i = p_i A_i(p_j) + D_i(p_j); the derivative of p is s = p(1 − p)
    payoffs = np.random.default_rng(6).normal(size=(2, 2, 2))
    theta = np.array([0.7, -0.4])
    p = 1 / (1 + np.exp(-theta))
    s = p * (1 - p)
    mine = [payoffs[0], payoffs[1].T]  # own action first
    c = [u[0, 0] - u[0, 1] - u[1, 0] + u[1, 1] for u in mine]
    wanted = {name: np.zeros(2) for name in TERMS}
    for i, j in ((0, 1), (1, 0)):

        def gain(k, other):  # A_k(p): what k's first action is worth to k
            return other * (mine[k][0, 0] - mine[k][1, 0]) + (1 - other) * (mine[k][0, 1] - mine[k][1, 1])

        worth = p[i] * (mine[i][0, 0] - mine[i][0, 1]) + (1 - p[i]) * (mine[i][1, 0] - mine[i][1, 1])  # B_i(p_i)
        wanted["base"][i] = s[i] * gain(i, p[j])
        wanted["own"][i] = s[i] ** 2 * (1 - 2 * p[i]) * gain(i, p[j]) ** 2
        wanted["peer"][i] = s[i] * s[j] * c[j] * s[j] * worth
        wanted["lookahead"][i] = s[i] * s[j] * c[i] * s[j] * gain(j, p[i])
    check(library_terms(theory(payoffs, ("sigmoid", "sigmoid")), theta), wanted, tolerance=1e-14)


@pytest.mark.parametrize("game", [games.stag_hunt(), games.prisoners_dilemma(), games.chicken()], ids=lambda g: g.name)
def test_peer_learning_is_coupling_of_state_dependent_strength(game, theory):
    (R, S), (T, P) = game.payoffs[0]
    c = R - S - T + P
    theta = np.array([0.9, -0.3])
    p = 1 / (1 + np.exp(-theta))
    s = p * (1 - p)
    terms = library_terms(theory(np.asarray(game.payoffs), ("sigmoid", "sigmoid")), theta)
    for i, j in ((0, 1), (1, 0)):
        A, B = (S - P) + c * p, (T - P) + c * p
        np.testing.assert_allclose(terms.base[i], s[i] * A[j], rtol=1e-12)
        np.testing.assert_allclose(terms.peer[i], s[i] * (c * s[j] ** 2) * B[i], rtol=1e-12)


def test_in_stag_hunt_lookahead_works_against_peer_learning_below_two_thirds(theory):
    stag_hunt = theory(np.asarray(games.stag_hunt().payoffs), ("sigmoid", "sigmoid"))
    learners = parametric(games.dense(stag_hunt.payoffs))
    p = np.stack(np.meshgrid([0.05, 0.3, 0.6, 0.66, 0.67, 0.8, 0.95], [0.1, 0.5, 0.9]), axis=-1).reshape(-1, 2)
    theta = jnp.log(p / (1 - p))
    terms = jax.vmap(exact_terms, in_axes=(None, 0))(learners, theta)
    assert (terms.peer > 0).all()
    np.testing.assert_array_equal(np.sign(terms.lookahead), np.where(p < 2 / 3, -1, 1))


def test_exact_terms_use_no_random_numbers(case_named):
    theory, theta = case_named("2x3")
    learners = parametric(games.dense(theory.payoffs))
    one, other = (
        jax.jit(exact().estimate)(learners, jnp.asarray(theta), step_key(seed, seed, seed)) for seed in (0, 1)
    )
    np.testing.assert_array_equal(one.own, other.own)
    assert exact().exact


def test_terms_stay_finite_and_vanish_at_saturated_logits():
    with jax.enable_x64(False):
        learners = parametric(games.random_game((2, 3), seed=1))
        for theta in ([200.0, 300.0, 0.0, -300.0], [-5000.0, 0.0, 9000.0, 0.0]):
            terms = exact_terms(learners, jnp.asarray(theta))
            for name in TERMS:
                np.testing.assert_allclose(getattr(terms, name), 0.0, atol=1e-20, err_msg=name)
