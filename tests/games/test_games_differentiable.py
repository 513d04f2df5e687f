"""Games with continuous actions, against NumPy formulas, numerical maximisers and published behaviour."""

import itertools
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize

import nashscape as ns
from nashscape.core import InputError, plain
from nashscape.core.descriptions import describe
from nashscape.dynamics import PointTarget, starts
from nashscape.dynamics.program import compiled
from nashscape.games import (
    bilinear,
    cournot,
    cournot_equilibrium,
    differentiable,
    point_profile,
    quadratic,
    tandem,
)
from nashscape.learning import step_key

INF = float("inf")
BOX = quadratic(np.ones((2, 2, 2)), bounds=(0.0, 1.0))


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def random_quadratic(sizes, seed, concave=False, **options):
    """The arrays of a quadratic game, the game, and its blocks of coordinates."""
    random = np.random.default_rng(seed)
    n, total = len(sizes), sum(sizes)
    ends = np.cumsum(sizes)
    parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    matrices, linear = random.normal(size=(n, total, total)), random.normal(size=(n, total))
    for i, part in enumerate(parts):
        if concave:
            matrices[i, part, part] -= 2 * total * np.eye(sizes[i])
    constants = random.normal(size=n)
    return matrices, linear, constants, parts, quadratic(matrices, linear, constants, sizes=sizes, **options)


def split(x, parts):
    return [x[part] for part in parts]


@jax.jit
def exact_terms(game, x):
    return ns.exact().estimate(ns.parametric(game), x, step_key(0))


# --- payoffs and terms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(1, 2), (2, 1, 3), (1, 1, 1)])
def test_payoffs_of_a_quadratic_game_are_sums_over_pairs_of_coordinates(sizes):
    matrices, linear, constants, parts, game = random_quadratic(sizes, seed=1)
    x = np.random.default_rng(2).normal(size=sum(sizes))
    wanted = constants.copy()
    for i, k in itertools.product(range(len(sizes)), range(len(x))):
        wanted[i] += linear[i, k] * x[k] + sum(0.5 * x[k] * matrices[i, k, m] * x[m] for m in range(len(x)))
    np.testing.assert_allclose(game.expected_payoffs(split(x, parts)), wanted, rtol=1e-12)
    assert game.strategy_shapes == tuple((size,) for size in sizes)


@pytest.mark.parametrize("sizes", [(1, 2), (2, 1, 3), (1, 1, 1)])
def test_terms_are_the_products_of_matrices(sizes):
    matrices, linear, _, parts, game = random_quadratic(sizes, seed=3)
    x = np.random.default_rng(4).normal(size=sum(sizes))
    curved = [(matrix + matrix.T) / 2 for matrix in matrices]
    slopes = [matrix @ x + row for matrix, row in zip(curved, linear, strict=True)]
    terms = exact_terms(game, x)
    for i, me in enumerate(parts):
        others = [j for j in range(len(sizes)) if j != i]
        peer = sum(curved[j][me, parts[j]] @ slopes[i][parts[j]] for j in others)
        ahead = sum(curved[i][me, parts[j]] @ slopes[j][parts[j]] for j in others)
        np.testing.assert_allclose(terms.base[me], slopes[i][me], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(terms.own[me], curved[i][me, me] @ slopes[i][me], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(terms.peer[me], peer, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(terms.lookahead[me], ahead, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(terms.jacobian[me], curved[i][me], rtol=1e-12, atol=1e-12)


def test_peer_and_lookahead_are_what_the_others_steps_do_to_a_players_payoff():
    # d/dη at 0 of ∇_i J_i(x_i, x_j + η ∇_j J_j(x)); central differences of polynomials of degree two are exact
    sizes, h = (2, 1, 2), 1e-2
    matrices, linear, _, parts, game = random_quadratic(sizes, seed=5)
    x = np.random.default_rng(6).normal(size=sum(sizes))

    def shaped(i, at, inner):
        moved = at.copy()
        for j, part in enumerate(parts):
            if j != i:
                moved[part] += inner * ((matrices[j] + matrices[j].T) / 2 @ at + linear[j])[part]
        return 0.5 * moved @ matrices[i] @ moved + linear[i] @ moved

    terms = exact_terms(game, x)
    for i, part in enumerate(parts):
        for k in range(part.start, part.stop):
            step = h * np.eye(len(x))[k]
            corners = [(s, t, shaped(i, x + s * step, t * h)) for s in (1, -1) for t in (1, -1)]
            mixed = sum(s * t * value for s, t, value in corners) / (4 * h * h)
            np.testing.assert_allclose(terms.peer[k] + terms.lookahead[k], mixed, rtol=1e-8, atol=1e-8)


# --- regrets --------------------------------------------------------------------------------------------------


def best_gain(matrices, linear, x, parts, i, bounds):
    """The most that player i can gain, by a numerical maximiser from many starts."""
    part = parts[i]
    random = np.random.default_rng(i)

    def loss(own):
        at = x.copy()
        at[part] = own
        return -(0.5 * at @ matrices[i] @ at + linear[i] @ at)

    first = [x[part], *random.uniform(-2, 2, size=(6, part.stop - part.start))]
    return loss(x[part]) - min(minimize(loss, own, bounds=bounds, tol=1e-14).fun for own in first)


def test_regrets_of_concave_payoffs_without_bounds():
    matrices, linear, _, parts, game = random_quadratic((2, 1, 3), seed=7, concave=True)
    x = np.random.default_rng(8).normal(size=6)
    regrets = game.regrets(split(x, parts))
    for i in range(3):
        np.testing.assert_allclose(regrets[i], best_gain(matrices, linear, x, parts, i, None), rtol=1e-6)


@pytest.mark.parametrize("curvature", [-3.0, 0.0, 2.0])
def test_regrets_within_bounds_coordinate_by_coordinate(curvature):
    sizes, seed = (2, 1), int(10 + curvature)
    random = np.random.default_rng(seed)
    matrices = random.normal(size=(2, 3, 3))
    matrices[0, :2, :2] = np.diag([curvature, -0.5])
    matrices[1, 2, 2] = curvature
    linear = random.normal(size=(2, 3))
    game = quadratic(matrices, linear, sizes=sizes, bounds=([-1.0, 0.5], [[2.0, 0.5], INF]))
    bounds = [[(-1.0, 2.0), (-1.0, 0.5)], [(0.5, None)]]
    parts = [slice(0, 2), slice(2, 3)]
    for x in (np.array([0.3, -0.2, 1.1]), np.array([-1.0, 0.5, 0.5]), np.array([2.0, 0.1, 3.0])):
        regrets = np.asarray(game.regrets(split(x, parts)))
        np.testing.assert_allclose(
            regrets[0], best_gain(matrices, linear, x, parts, 0, bounds[0]), rtol=1e-6, atol=1e-9
        )
        rise = ((matrices[1] + matrices[1].T) / 2 @ x + linear[1])[2]
        if curvature > 0 or (curvature == 0 and rise > 0):
            assert regrets[1] == INF
        else:
            np.testing.assert_allclose(
                regrets[1], best_gain(matrices, linear, x, parts, 1, bounds[1]), rtol=1e-6, atol=1e-9
            )


def test_regrets_of_coupled_coordinates_within_bounds_are_exact_or_not_known():
    own = np.array([[-2.0, 1.0], [1.0, -3.0]])
    matrices = np.zeros((2, 3, 3))
    matrices[0, :2, :2], matrices[1, 2, 2] = own, -1.0
    parts = [slice(0, 2), slice(2, 3)]
    linear = np.array([[0.4, -0.3, 0], [0, 0, 0]])
    inside = quadratic(matrices, linear, sizes=(2, 1), bounds=(-1.0, 1.0))
    x = np.array([0.9, -0.7, 0.0])
    np.testing.assert_allclose(
        inside.regrets(split(x, parts)), [best_gain(matrices, linear, x, parts, 0, [(-1, 1)] * 2), 0.0], rtol=1e-6
    )
    outside = quadratic(matrices, [[9.0, 9.0, 0], [0, 0, 0]], sizes=(2, 1), bounds=(-1.0, 1.0))
    assert np.isnan(outside.regrets([[0.0, 0.0], [0.0]])[0])
    np.testing.assert_array_equal(outside.regrets([[1.0, 1.0], [0.0]]), [0.0, 0.0])  # both press against their bounds
    assert np.isnan(outside.regrets([[1.0, -1.0], [0.0]])[0])


def test_gains_without_end_are_infinite():
    game = bilinear([[1.0, 2.0]])
    np.testing.assert_array_equal(game.regrets([[0.0], [0.0, 0.0]]), [0.0, 0.0])
    np.testing.assert_array_equal(game.regrets([[0.0], [-2.0, 1.0]]), [0.0, 0.0])  # x gains nothing: A y = 0
    np.testing.assert_array_equal(game.regrets([[1e-9], [-2.0, 1.0]]), [0.0, INF])
    np.testing.assert_array_equal(game.regrets([[0.0], [0.0, -1.0]]), [INF, 0.0])
    # bounds make them finite: u_1 = x (y_1 + 2 y_2) at y = (1/2, −1)
    bounded = bilinear([[1.0, 2.0]], bounds=(-1.0, 1.0))
    np.testing.assert_allclose(bounded.regrets([[0.25], [0.5, -1.0]]), [1.5 * 1.25, 0.25 * (1.5 + 0.0)], rtol=1e-12)
    saddle = np.array([[1.0, 2.0], [2.0, -1.0]])
    bent = np.zeros((2, 3, 3))
    bent[0, :2, :2] = saddle
    bent[1, 2, 2] = 1.0
    np.testing.assert_array_equal(quadratic(bent, sizes=(2, 1)).regrets([[0.0, 0.0], [0.0]]), [INF, INF])
    # flat along (1, −1): a gain along it has no end, across it it has
    bent[0, :2, :2], bent[1, 2, 2] = -np.ones((2, 2)), -1.0
    level = quadratic(bent, [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]], sizes=(2, 1))
    np.testing.assert_allclose(level.regrets([[0.3, 0.2], [0.0]]), [0.125, 0.0], rtol=1e-12)
    tilted = quadratic(bent, [[1.0, 0.9, 0.0], [0.0, 0.0, 0.0]], sizes=(2, 1))
    np.testing.assert_array_equal(tilted.regrets([[0.3, 0.2], [0.0]]), [INF, 0.0])


# --- functions of one's own -----------------------------------------------------------------------------------


def shared_effort(points, coefficients):
    """Players 1 and 2 work on a product, player 3 follows the first coordinate of player 2."""
    x, y, z = points
    gain = coefficients["gain"]
    return jnp.stack(
        [
            gain * x[0] * jnp.tanh(y[1]) - jnp.exp(x[0]),
            gain * x[0] * y[1] - jnp.sum(y**4),
            -((z[0] - y[0]) ** 2),
        ]
    )


def test_gradients_of_a_function_of_ones_own():
    game = differentiable(shared_effort, (1, 2, 1), coefficients={"gain": 2}, name="effort")
    x = np.array([0.3, -0.4, 0.6, 0.2])
    terms = exact_terms(game, x)
    wanted = [2 * np.tanh(0.6) - np.exp(0.3), -4 * (-0.4) ** 3, 2 * 0.3 - 4 * 0.6**3, -2 * (0.2 + 0.4)]
    np.testing.assert_allclose(terms.base, wanted, rtol=1e-12)
    assert np.isnan(game.regrets([[0.3], [-0.4, 0.6], [0.2]])).all()


def follower(points, coefficients):
    x, y = points
    return jnp.stack([-((x[0] - coefficients * y[0]) ** 2), -((y[0] - jnp.sin(x[0])) ** 2)])


def follower_answers(points, coefficients):
    x, y = points
    return coefficients * y, jnp.sin(x)


def follower_regrets(points, coefficients):
    return -follower(points, coefficients)


@pytest.mark.parametrize("known", [{"best_responses": follower_answers}, {"regrets": follower_regrets}])
def test_regrets_from_best_responses_and_from_a_function(known):
    game = differentiable(follower, (1, 1), coefficients=0.5, **known)
    np.testing.assert_allclose(game.regrets([[0.7], [0.2]]), [0.6**2, (0.2 - np.sin(0.7)) ** 2], rtol=1e-12)


@pytest.mark.long
def test_a_resting_point_is_an_equilibrium_only_where_regrets_are_known():
    game = differentiable(follower, (1, 1), coefficients=0.5, best_responses=follower_answers)
    run = ns.simulate(game, ns.pg(), start=[0.7, 0.2], step_size=0.2, steps=300)
    assert run.outcome == "other equilibrium"
    np.testing.assert_allclose(run.theta[-1], 0.0, atol=1e-6)
    unknown = ns.simulate(
        differentiable(follower, (1, 1), coefficients=0.5), ns.pg(), [0.7, 0.2], step_size=0.2, steps=300
    )
    assert unknown.outcome == "stationary unknown"
    np.testing.assert_array_equal(unknown.theta, run.theta)


@pytest.mark.long
def test_other_coefficients_and_bounds_compile_nothing():
    def shares(game):
        goal = PointTarget("zero", ((0.0,), (0.0,)), radius=0.01)
        entry = ns.entry_probability(
            game, ns.pg(), starts=starts.uniform(0, 1), n=64, steps=100, step_size=0.2, targets=[goal]
        )
        return float(entry.probability("zero"))

    def made(coefficient, high):
        return differentiable(
            follower, (1, 1), coefficients=coefficient, best_responses=follower_answers, bounds=(0, high)
        )

    assert shares(made(0.5, 1.0)) == 1.0
    before = compiled.cache_info().misses
    assert shares(made(0.7, 2.0)) == 1.0
    assert shares(made(1.4, 1.0)) == 0.0  # x = 1.4 sin x has a root above zero, which attracts
    assert shares(made(5, 1.0)) == 0.0
    assert compiled.cache_info().misses == before


@pytest.mark.long
def test_the_batched_program_follows_the_same_path_and_finds_the_same_regret():
    _, _, _, _, game = random_quadratic((1, 2), seed=11, concave=True, bounds=(-0.05, INF))
    x = np.abs(np.random.default_rng(12).normal(size=3))
    run = ns.simulate(game, ns.lola(inner_lr=0.02), starts.parameters([x]), steps=60, step_size=0.05)
    setup = ns.dynamics.make_setup(game, ns.lola(inner_lr=0.02), step_size=0.05)
    endings, _ = ns.dynamics.run_starts(
        setup, starts.parameters([x]), np.zeros(3, np.int64), steps=60,
        precision="float64",
    )  # fmt: skip
    np.testing.assert_allclose(endings.theta, np.tile(run.theta[-1], (3, 1)), rtol=1e-9, atol=1e-12)
    wanted = np.max(game.regrets([own[-1] for own in run.strategies]))
    np.testing.assert_allclose(endings.regret, wanted, rtol=1e-6, atol=1e-12)
    assert run.theta.min() >= -0.05


WIDE = ns.starts.normal(std=1.35)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: differentiable(lambda p, c: jnp.zeros(3), (1, 1)), "must be 2 real numbers.*got shape"),
        (lambda: differentiable(lambda p, c: jnp.zeros(2, int), (1, 1)), "real numbers, one per player"),
        (lambda: differentiable(lambda p, c: p[0][0] if p[0][0] > 0 else p[1][0], (1, 1)), "cannot be traced by JAX"),
        (lambda: differentiable(lambda p, c: p[2], (1, 1)), "cannot be traced by JAX .*IndexError"),
        (lambda: differentiable(lambda p, c: np.sin(p[0]), (1, 1)), "cannot be traced by JAX"),
        (lambda: differentiable(lambda p, c: jnp.log(jnp.stack([p[0][0] - 3, 1.0])), (1, 1)), "not finite at"),
        (lambda: differentiable(lambda p, c: jnp.sqrt(jnp.concatenate(p) - 0.5), (1, 1)), "gradients are not finite"),
        (lambda: differentiable(3, (1, 1)), "payoffs must be a function"),
        (
            lambda: differentiable(lambda p: p[0], (1, 1)),
            r"called as payoffs\(points, coefficients\), .*too",
        ),
        (lambda: differentiable(follower, (1,)), "at least two players"),
        (lambda: differentiable(follower, 2), "at least two players"),
        (lambda: differentiable(follower, (1, 0)), "at least 1"),
        (lambda: differentiable(follower, (1, 1), coefficients="a"), "coefficients must be numbers"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, players=["a"]), "2 different player names"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, bounds=(1, 0)), "below the high one"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, bounds=3), "a pair"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, bounds=([0, 0, 0], 1)), "low bound must be"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, bounds=(float("nan"), 1)), "low bound must be"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, payoff_range=0), "payoff_range must be above 0"),
        (lambda: differentiable(follower, (1, 1), coefficients=1.0, probe=[1.0]), "needs 2 points"),
        (
            lambda: differentiable(follower, (1, 1), coefficients=0.5, best_responses=lambda p, c: (p[0] + 1, p[1])),
            "regrets cannot be negative",
        ),
        (
            lambda: differentiable(follower, (1, 1), coefficients=1.0, regrets=lambda p, c: jnp.zeros(3)),
            "regrets of differentiable_game must have shape",
        ),
        (
            lambda: differentiable(
                follower, (1, 1), coefficients=1.0, regrets=follower_regrets, best_responses=follower_answers
            ),
            "not both",
        ),
        (lambda: quadratic(np.zeros((2, 2, 3))), r"shape \[n, D, D\]"),
        (lambda: quadratic(np.zeros((2, 3, 3))), "2 sizes with sum 3"),
        (lambda: quadratic(np.zeros((2, 3, 3)), sizes=(1, 1)), "2 sizes with sum 3"),
        (lambda: quadratic(np.zeros((2, 2, 2)), np.zeros(2)), "linear must have shape"),
        (lambda: bilinear([[1.0, 2.0]], [[1.0], [2.0]]), "column_matrix must have shape"),
        (lambda: cournot(1), "firms must be at least 2"),
        (lambda: cournot(slope=0), "slope must be above 0"),
        (lambda: cournot(costs=[1.0, 11.0]), "below the intercept"),
        (lambda: cournot(3, costs=[1.0, 1.0]), "costs must have shape"),
        (lambda: point_profile(tandem(), [[1.0, 2.0], [0.0]]), "the point of player 1 must have shape"),
        (lambda: point_profile(tandem(), [float("nan"), [0.0]]), "must be finite"),
        (lambda: point_profile(cournot(), [1.0, -1.0]), "within the bounds of cournot"),
        (lambda: ns.simulate(cournot(), ns.pg(), start=[1.0, -1.0]), "within the bounds of cournot"),
        (lambda: ns.simulate(tandem(), ns.pg(), start=[0.5, 0.5], targets=["CC"]), "has no actions to name"),
        (
            lambda: ns.entry_probability(cournot(), ns.pg(), n=50),
            r"points of cournot have no bounds.*uniform\(low, high\)",
        ),
        (
            lambda: ns.entry_probability(cournot(), ns.pg(), n=50, starts=WIDE),
            r"beyond the bounds of cournot.*starts\.uniform\(low",
        ),
        (
            lambda: ns.entry_probability(BOX, ns.pg(), n=50, starts=WIDE),
            r"bounds of quadratic.*starts=starts\.uniform_strategies\(\)",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.long
def test_a_game_as_plain_data_tells_functions_of_one_name_apart():
    once, twice = (
        differentiable(lambda p, c, k=k: k * jnp.concatenate(p), (1, 1), bounds=(0, INF), name="line")
        for k in (1.0, 2.0)
    )
    first, second = plain(once), plain(twice)
    assert first["payoffs"] == second["payoffs"]
    assert [describe(game).data["payoffs"]["defaults"] for game in (once, twice)] == [[1.0], [2.0]]
    assert json.loads(json.dumps(first)) == first
    runs = [ns.simulate(game, ns.pg(), [0.5, 0.5], steps=2) for game in (once, twice, once)]
    hashes = [run.question.key for run in runs]
    assert hashes[0] != hashes[1]
    assert hashes[0] == hashes[2]


def test_names_are_no_part_of_a_program_and_coefficients_are_its_numbers():
    one, other = quadratic(np.ones((2, 2, 2)), name="a"), quadratic(2 * np.ones((2, 2, 2)), name="b", payoff_range=3)
    assert jax.tree.structure(one) == jax.tree.structure(other)
    assert jax.tree.structure(one) != jax.tree.structure(quadratic(np.ones((2, 2, 2)), bounds=(0, 1)))
    whole = differentiable(follower, (1, 1), coefficients=1)
    assert whole.coefficients.dtype == np.float64
    assert repr(cournot(3)) == "<DifferentiableGame cournot: 3 players, points of 1×1×1 coordinates, within bounds>"
    assert repr(whole) == "<DifferentiableGame differentiable_game: 2 players, points of 1×1 coordinates, anywhere>"


# --- known games ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("firms", "costs"), [(2, 1.0), (2, [1.0, 4.0]), (3, [2.0, 1.0, 3.5]), (4, [9.0, 1.0, 2.0, 9.5]), (2, [9.0, 0.0])]
)
def test_cournot_has_no_regret_at_its_equilibrium_and_some_elsewhere(firms, costs):
    market = {"intercept": 10.0, "slope": 0.8, "costs": costs}
    game, quantities = cournot(firms, **market), cournot_equilibrium(firms, **market)
    each = np.broadcast_to(costs, firms)

    def profits(q):
        return (10.0 - 0.8 * q.sum() - each) * q

    np.testing.assert_allclose(game.expected_payoffs(quantities[:, None]), profits(quantities), atol=1e-12)
    np.testing.assert_allclose(game.regrets(quantities[:, None]), 0.0, atol=1e-12)
    random = np.random.default_rng(13)
    tries = np.linspace(0.0, 14.0, 28_001)
    for q in random.uniform(0.0, 6.0, size=(5, firms)):
        found = np.asarray(game.regrets(q[:, None]))
        for i in range(firms):
            others = q.sum() - q[i]
            best = ((10.0 - 0.8 * (tries + others) - each[i]) * tries).max()
            np.testing.assert_allclose(found[i], best - profits(q)[i], atol=1e-6)
        assert found.max() > 1e-3
    if np.ndim(costs) == 0:
        np.testing.assert_allclose(quantities, (10.0 - costs) / ((firms + 1) * 0.8), rtol=1e-12)
    assert game.payoff_range == pytest.approx((10.0 - each.min()) ** 2 / 3.2)


@pytest.mark.long
def test_firms_that_learn_reach_the_cournot_equilibrium_and_the_dear_one_leaves_the_market():
    costs = [1.0, 4.0, 9.0]
    goal = PointTarget("equilibrium", tuple((q,) for q in cournot_equilibrium(3, costs=costs)), radius=1e-3)
    entry = ns.entry_probability(
        cournot(3, costs=costs), ns.pg(), starts=starts.uniform(0.0, 5.0), n=100, step_size=0.2, targets=[goal]
    )
    assert float(entry.probability("equilibrium")) == 1.0
    run = ns.simulate(cournot(3, costs=costs), ns.pg(), start=[1.0, 1.0, 1.0], step_size=0.2, steps=260)
    assert run.outcome == "other equilibrium"
    assert run.theta[-1, 2] == 0.0
    assert run.theta.min() == 0.0
    steep = ns.simulate(cournot(3, slope=3.0), ns.pg(), start=[3.0, 0.1, 1.0], step_size=0.5, steps=260)
    assert steep.theta.min() == 0.0  # ascent overshoots, and is brought back
    assert np.isfinite(steep.theta).all()


# Letcher et al. (2019), Stable opponent shaping in differentiable games, section 3.2 (the Tandem game)


@pytest.mark.long
@pytest.mark.parametrize("inner", [0.05, 0.1, 0.2])
def test_in_tandem_lola_rests_where_nobody_is_content_and_lookahead_does_not(inner):
    random = np.random.default_rng(14)
    lola_level = (1 - 2 * inner) / (1 - 4 * inner)  # where (2 − 2s)(1 − 2η) + 4ηs = 0 for s = x + y
    for start in random.normal(size=(3, 2)):
        ahead = ns.simulate(tandem(), ns.lookahead(inner_lr=inner), start=start, step_size=0.1, steps=600)
        shaped = ns.simulate(tandem(), ns.lola(inner_lr=inner), start=start, step_size=0.1, steps=600)
        assert ahead.theta[-1].sum() == pytest.approx(1.0, abs=1e-6)
        assert shaped.theta[-1].sum() == pytest.approx(lola_level, abs=1e-6)
        assert ahead.outcome == "other equilibrium"
        assert shaped.outcome == "stationary unknown"
        # fixed points of simultaneous ascent are x + y = 1; LOLA's are none of them, and both lose by it
        base = exact_terms(tandem(), shaped.theta[-1]).base
        np.testing.assert_allclose(base, 2 - 2 * lola_level, atol=1e-5)
        assert (shaped.payoffs[-1] < ahead.payoffs[-1]).all()
        # the losses of the paper: (x+y)² − 2x and (x+y)² − 2y
        x, y = shaped.theta[-1]
        np.testing.assert_allclose(-shaped.payoffs[-1], [(x + y) ** 2 - 2 * x, (x + y) ** 2 - 2 * y], rtol=1e-9)


# Balduzzi et al. (2018), The mechanics of n-player differentiable games, section 3 (Hamiltonian games)


@pytest.mark.long
def test_in_a_bilinear_game_ascent_spirals_out_and_lookahead_converges():
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]])
    game = bilinear(turn)
    start = starts.parameters([[0.5, 0.2, -0.1, -0.4]])
    out = ns.simulate(game, ns.pg(), start, step_size=0.1, steps=400)
    inward = ns.simulate(game, ns.lookahead(inner_lr=1.0), start, step_size=0.1, steps=400)
    radii = np.linalg.norm(out.theta, axis=1)
    np.testing.assert_allclose(radii[1:] / radii[:-1], np.sqrt(1 + 0.1**2), rtol=1e-9)  # since AᵀA = I
    assert np.linalg.norm(inward.theta[-1]) < 1e-3 * radii[0]
    # the two payoffs sum to zero, and the symmetric part of the Jacobian of ascent is zero
    np.testing.assert_allclose(out.payoffs.sum(axis=1), 0.0, atol=1e-9)
    jacobian = np.asarray(exact_terms(game, out.theta[3]).jacobian)
    np.testing.assert_allclose(jacobian, -jacobian.T, atol=1e-12)
    # a run that leaves every bound says so
    lost = ns.simulate(bilinear(3 * turn), ns.pg(), start, step_size=1.0, steps=400)
    assert lost.outcome == "diverged"
    assert np.isnan(lost.theta[-1]).any()


def test_bilinear_payoffs_of_a_game_that_is_not_zero_sum():
    first, second = np.array([[1.0, 2.0, 0.5]]), np.array([[0.3, -1.0, 2.0]])
    x, y = np.array([0.7]), np.array([0.2, -0.4, 1.5])
    payoffs = bilinear(first, second).expected_payoffs([x, y])
    np.testing.assert_allclose(payoffs, [x @ first @ y, x @ second @ y], rtol=1e-12)


def _pulled(points, pull):
    x, y = points[0][0], points[1][0]
    return jnp.stack([pull * x * y - x**2 / 2, pull * x * y - y**2 / 2])


@pytest.mark.long
def test_maps_of_players_who_choose_numbers_start_all_over_their_ranges():
    """F = (2y − x, 2x − y) goes up where x + y > 0 and down where it is below, so that the basins are known."""
    bounds = ([-1.0, -3.0], [1.0, 1.0])
    game = differentiable(_pulled, (1, 1), coefficients=2.0, bounds=bounds)
    ends = [PointTarget(name, [np.array([x]), (y,)], 0.05) for name, x, y in (("up", 1.0, 1.0), ("down", -1.0, -2.0))]
    found = ns.basin_map(game, ns.pg(), grid=6, low=0.0, high=1.0, targets=ends, steps=400, step_size=0.05)
    places = (np.arange(6) + 0.5) / 6
    x, y = np.meshgrid(-1 + 2 * places, -3 + 4 * places, indexing="ij")
    clear = np.abs(x + y) > 0.35  # the way there is cut off at a bound before it turns
    assert ((found.reached("up")[0] == (x + y > 0)) | ~clear).all()
    assert found.reached("up").any()
    assert found.reached("down").any()
    axes = found.plot().axes[0]
    assert axes.get_xlabel() == "player 1 in its range at the start"
    run = ns.simulate(game, ns.pg(), ns.starts.strategies([[0.5, 0.5]]), steps=5, step_size=0.05, targets=ends)
    with pytest.raises(ns.InputError, match="over maps of probabilities"):
        ns.figures.basin_atlas(found, [run])
    # as a hashable question, whichever way the point was given
    assert ends[0].point == ((1.0,), (1.0,))
    endless = differentiable(_pulled, (1, 1), coefficients=2.0, bounds=(0, np.inf))
    with pytest.raises(ns.InputError, match="one number between two bounds"):
        ns.basin_map(endless, ns.pg(), targets=ends)
