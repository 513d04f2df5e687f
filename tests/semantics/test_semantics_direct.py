"""Direct parameters: points, and probabilities on the simplex with projected gradient ascent."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq, minimize

import nashscape as ns
from nashscape.core import InputError
from nashscape.dynamics import cell_grid, starts
from nashscape.learning import default_projection
from nashscape.learning.projection import simplexes
from nashscape.semantics import PerState, independent, parametric, points, simplex

SHAPES = [((2, 2), None), ((2, 3), None), ((4, 2, 3), None), ((2, 3), 2)]


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def policies(shape, states, seed):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(k), size=() if states is None else states) for k in shape]


def gradients(learners, theta):
    """Every player's gradient of the own payoff, side by side."""
    slopes = np.asarray(jax.jit(jax.jacrev(learners.utilities))(theta))
    return np.concatenate([slopes[i, part] for i, part in enumerate(learners.semantics.slices)])


# --- semantics ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shape", "states"), SHAPES)
def test_probabilities_are_their_own_parameters(shape, states):
    semantics = simplex(shape, states=states)
    assert semantics.domain == "simplex"
    assert semantics.sizes == tuple((states or 1) * k for k in shape)
    wanted = policies(shape, states, 1)
    wanted[0].flat[: shape[0]] = np.eye(shape[0])[1]  # a pure strategy among them
    theta = semantics.parameters(wanted)
    np.testing.assert_array_equal(theta, np.concatenate([own.ravel() for own in wanted]))
    for back, own in zip(jax.jit(semantics.strategies)(theta), wanted, strict=True):
        np.testing.assert_array_equal(back, own)
    with np.errstate(divide="ignore"):
        for log, own in zip(semantics.log_strategies(theta), wanted, strict=True):
            np.testing.assert_allclose(log, np.log(own), rtol=1e-13)


@pytest.mark.parametrize(("shape", "states"), SHAPES)
def test_off_the_simplex_strategies_are_the_nearest_point_of_sum_one(shape, states):
    semantics = simplex(shape, states=states)
    theta = np.random.default_rng(2).normal(size=semantics.dimension)
    found = jax.jit(semantics.strategies)(theta)
    for own, strategy, k in zip(semantics.split(theta), found, shape, strict=True):
        rows = own.reshape(-1, k)
        np.testing.assert_allclose(
            strategy.reshape(-1, k), rows - (rows.sum(axis=1, keepdims=True) - 1) / k, rtol=1e-12
        )
        np.testing.assert_allclose(strategy.sum(axis=-1), 1.0, rtol=1e-12)


@pytest.mark.parametrize(("shape", "states"), SHAPES)
@pytest.mark.parametrize("inside", [True, False])
def test_a_player_reads_the_own_parameters_and_gradients_lie_in_the_plane(shape, states, inside):
    # the derivative is the same where the sum is one and where it is not
    semantics = simplex(shape, states=states)
    theta = semantics.parameters(policies(shape, states, 3))
    theta = theta if inside else theta + 0.1 * jnp.arange(len(theta))
    jacobians = jax.jit(jax.jacfwd(semantics.strategies))(theta)
    for i, j in itertools.product(range(len(shape)), repeat=2):
        k = shape[i]
        block = np.asarray(jacobians[i])[..., semantics.slices[j]].reshape((states or 1) * k, -1)
        plane = np.kron(np.eye(states or 1), np.eye(k) - 1.0 / k)
        np.testing.assert_allclose(block, plane if i == j else 0.0, atol=1e-15)


def test_base_is_the_payoff_vector_less_its_mean():
    game = ns.games.random_game((2, 3, 2), seed=4)
    learners = parametric(game, simplex((2, 3, 2)))
    strategies = policies((2, 3, 2), None, 5)
    base = gradients(learners, learners.semantics.parameters(strategies))
    wanted = [
        np.einsum("abc,b,c->a", game.payoffs[0], strategies[1], strategies[2]),
        np.einsum("abc,a,c->b", game.payoffs[1], strategies[0], strategies[2]),
        np.einsum("abc,a,b->c", game.payoffs[2], strategies[0], strategies[1]),
    ]
    for part, own in zip(learners.semantics.slices, wanted, strict=True):
        np.testing.assert_allclose(base[part], own - own.mean(), atol=1e-12)


def test_points_are_their_own_parameters():
    semantics = points((1, 3, 2))
    assert (semantics.domain, semantics.sizes, semantics.dimension) == ("points", (1, 3, 2), 6)
    theta = np.random.default_rng(6).normal(size=6)
    found = jax.jit(semantics.strategies)(theta)
    for point, part in zip(found, ([0], [1, 2, 3], [4, 5]), strict=True):
        np.testing.assert_array_equal(point, theta[part])
    np.testing.assert_array_equal(semantics.parameters(found), theta)
    jacobians = jax.jacfwd(semantics.strategies)(theta)
    np.testing.assert_array_equal(np.concatenate(jacobians), np.eye(6))


def test_structure_and_numbers():
    assert jax.tree.leaves(simplex((2, 3))) == []
    assert jax.tree.structure(simplex((2, 3))) != jax.tree.structure(simplex((2, 3), states=1))
    assert simplex((2, 3)) == simplex([np.int64(2), 3])
    assert jax.tree.leaves(points((2, 3))) == []
    low, high = jax.tree.leaves(points((1, 2), bounds=(0.0, [1.0, [2.0, np.inf]])))
    np.testing.assert_array_equal([low, high], [[0, 0, 0], [1, 2, np.inf]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simplex(3), "action counts"),
        (lambda: simplex((2, 0)), "at least 1"),
        (lambda: simplex((2, 2), states=0), "at least 1"),
        (lambda: points((1,)), "at least two players"),
        (lambda: points((1, 1), bounds=(1.0, 1.0)), "below the high one"),
        (lambda: points((1, 1)).log_strategies(jnp.zeros(2)), "no probabilities"),
        (lambda: jax.jacrev(simplex((2, 2)).log_strategies)(jnp.full(4, 0.5)), "cannot be sampled"),
        (lambda: parametric(ns.games.stag_hunt(), simplex((2, 3))), "the game needs"),
        (lambda: parametric(ns.games.cournot(3), points((1, 1))), "the game needs"),
        (lambda: simplexes(()), "number of entries"),
        (lambda: simplexes((2, 0)), "at least 1"),
        (lambda: simplexes((2, 2), escape=1.0), "escape must be above 1"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


# --- projections ----------------------------------------------------------------------------------------------


def nearest(v):
    """The Euclidean projection onto the simplex by root finding: max(v − τ, 0) with sum one."""
    shift = brentq(lambda t: np.maximum(v - t, 0).sum() - 1, v.min() - 2.0, v.max(), xtol=1e-14)
    return np.maximum(v - shift, 0)


def test_the_nearest_probabilities_are_found():
    random = np.random.default_rng(7)
    lengths = (2, 3, 1, 7)
    project = jax.jit(simplexes(lengths).project)
    for scale in (0.1, 1.0, 30.0):
        for _ in range(20):
            v = scale * random.normal(size=sum(lengths))
            blocks = np.split(v, np.cumsum(lengths)[:-1])
            np.testing.assert_allclose(project(v), np.concatenate([nearest(own) for own in blocks]), atol=1e-12)
    ties = np.array([0.5, 0.5, 0.2, 0.2, 0.2, 3.0, 1.0, 1.0, 1.0, -4.0, 1.0, 0.0, 0.0])
    blocks = np.split(ties, np.cumsum(lengths)[:-1])
    np.testing.assert_allclose(project(ties), np.concatenate([nearest(own) for own in blocks]), atol=1e-12)


def test_the_nearest_probabilities_solve_the_quadratic_programme():
    v = np.array([0.9, -0.3, 0.7, 0.1])
    programme = minimize(
        lambda x: ((x - v) ** 2).sum(), np.full(4, 0.25), bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1}, tol=1e-14,
    )  # fmt: skip
    np.testing.assert_allclose(simplexes((4,)).project(jnp.asarray(v)), programme.x, atol=1e-6)


@pytest.mark.parametrize("double", [True, False])
def test_corners_and_points_of_the_simplex_are_hit_exactly(double):
    with jax.enable_x64(double):
        project = jax.jit(simplexes((3, 2)).project)
        for v in ([7.3, 0.1, 6.2, 1.0 + 1e-7, 0.0], [1e3, -1e3, 5.0, 123.456, 122.1], [0.0, 1.0, 0.0, 1.0, 0.0]):
            found = np.asarray(project(jnp.asarray(v)))
            corner = [*np.eye(3)[np.argmax(v[:3])], *np.eye(2)[np.argmax(v[3:])]]
            np.testing.assert_array_equal(found, corner)
            np.testing.assert_array_equal(project(found), found)
        eps = np.finfo(found.dtype).eps
        random = np.random.default_rng(8)
        for _ in range(10):
            once = project(jnp.asarray(random.normal(size=5)))
            np.testing.assert_allclose(project(once), once, atol=2 * eps)
            assert abs(float(once[:3].sum()) - 1) <= 4 * eps
            assert (once >= 0).all()


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf, 1e4, -1e5])
def test_what_diverged_is_never_taken_for_a_corner(lost):
    found = np.asarray(jax.jit(simplexes((2, 3)).project)(jnp.array([0.25, 0.75, 0.2, lost, 0.3])))
    np.testing.assert_array_equal(found[:2], [0.25, 0.75])
    assert np.isnan(found[2:]).all()
    near = simplexes((2, 3), escape=2.0).project(jnp.array([1.9, 0.0, 2.1, 0.0, 0.0]))
    np.testing.assert_array_equal(near, [1.0, 0.0, np.nan, np.nan, np.nan])


def test_every_semantics_gets_the_projection_that_fits():
    assert default_projection(independent((2, 2))).high == 8.0
    assert default_projection(simplex((2, 3))).lengths == (2, 3)
    assert default_projection(simplex((2, 3), states=2)).lengths == (2, 2, 3, 3)
    anywhere = default_projection(points((1, 1)))
    np.testing.assert_array_equal(anywhere.project(jnp.array([-9e3, 2e4])), [-9e3, np.nan])
    bounded = default_projection(points((1, 2), bounds=([0.0, -1.0], [np.inf, [1.0, 2e5]])))
    found = bounded.project(jnp.array([-3.0, 5.0, 3e5]))
    np.testing.assert_array_equal(found, [0.0, 1.0, 2e5])
    # beyond ten widths of two bounds, or 10⁴ of a single one, a proposal counts as diverged
    np.testing.assert_array_equal(bounded.project(jnp.array([9e3, -20.5, 1e5])), [9e3, -1.0, 1e5])
    np.testing.assert_array_equal(bounded.project(jnp.array([-1.1e4, -21.5, 3e6])), [np.nan] * 3)


# --- runs -----------------------------------------------------------------------------------------------------


def reference_ascent(game, profile, step, count):
    """Projected gradient ascent of two players in NumPy."""
    x, y = (np.array(own) for own in profile)
    path = [np.concatenate([x, y])]
    for _ in range(count):
        rise, climb = game.payoffs[0] @ y, game.payoffs[1].T @ x
        x, y = nearest(x + step * (rise - rise.mean())), nearest(y + step * (climb - climb.mean()))
        path.append(np.concatenate([x, y]))
    return np.array(path)


@pytest.mark.long
def test_runs_are_projected_gradient_ascent():
    game, profile = ns.games.random_game((2, 3), seed=9), policies((2, 3), None, 10)
    run = ns.simulate(parametric(game, simplex((2, 3))), ns.pg(), start=profile, step_size=0.2, steps=60)
    np.testing.assert_allclose(run.theta, reference_ascent(game, profile, 0.2, 60), atol=1e-10)


def test_ascent_reaches_corners_exactly_and_can_leave_them():
    hunt = parametric(ns.games.stag_hunt(), simplex((2, 2)))
    run = ns.simulate(hunt, ns.pg(), start=[0.7, 0.72], step_size=0.2, steps=400, targets=["CC", "DD"])
    assert run.outcome == "CC"
    np.testing.assert_array_equal(run.theta[-1], [1.0, 0.0, 1.0, 0.0])
    low = ns.simulate(hunt, ns.pg(), start=[0.5, 0.6], step_size=0.2, steps=400, targets=["CC", "DD"])
    np.testing.assert_array_equal(low.theta[-1], [0.0, 1.0, 0.0, 1.0])
    # logits never get away from a corner, probabilities do: alone in cooperation, a hunter turns to hares
    corner = ns.simulate(hunt, ns.pg(), start=[[1.0, 0.0], [0.0, 1.0]], step_size=0.2, steps=400)
    np.testing.assert_array_equal(corner.theta[0], [1.0, 0.0, 0.0, 1.0])
    np.testing.assert_array_equal(corner.theta[-1], [0.0, 1.0, 0.0, 1.0])
    assert corner.outcome == "DD"


def test_matching_pennies_spirals_out_to_the_boundary_and_hits_it_exactly():
    pennies = parametric(ns.games.matching_pennies(), simplex((2, 2)))
    run = ns.simulate(pennies, ns.pg(), start=[0.55, 0.5], step_size=0.1, steps=400)
    reach = np.abs(run.theta - 0.5).max(axis=1)
    assert reach[0] < 0.06
    assert (run.theta[200:] == 1.0).any()
    assert (run.theta[200:] == 0.0).any()
    assert run.theta.min() == 0.0
    assert reach[-100:].min() > 0.3  # and never comes back to the equilibrium in the middle
    assert run.outcome == "cycling"


@pytest.mark.long
def test_many_starts_end_where_projected_ascent_takes_each():
    hunt = parametric(ns.games.stag_hunt(), simplex((2, 2)))
    entry = ns.entry_probability(
        hunt, ns.pg(), starts=starts.uniform_strategies(), n=512, steps=400, step_size=0.05, precision="float64"
    )
    theta = starts.uniform_strategies().parameters(hunt, np.arange(512), seed=0)
    for k in range(0, 512, 16):
        last = reference_ascent(ns.games.stag_hunt(), np.split(theta[k], 2), 0.05, 400)[-1]
        assert entry.reached("CC")[k] == (last[0] > 0.5)
    assert entry.outcomes().keys() == {"CC", "DD"}


@pytest.mark.long
def test_policies_of_a_markov_game_are_projected_state_by_state():
    random = np.random.default_rng(13)
    moves = random.dirichlet(np.ones(2), size=(2, 2, 3))
    game = ns.games.markov(random.normal(size=(2, 2, 2, 3)), moves, discount=0.9, horizon=2)
    learners, start = parametric(game, simplex((2, 3), states=2)), policies((2, 3), 2, 14)
    run = ns.simulate(learners, ns.pg(), start=start, step_size=0.3, steps=40)
    for own, actions in zip(run.strategies, (2, 3), strict=True):
        assert own.shape == (41, 2, actions)
        np.testing.assert_allclose(own.sum(axis=-1), 1.0, rtol=1e-12)
        assert (own[-1].max(axis=-1) == 1.0).any()
    # the same rise as that of logits in the same place, by the chain rule: dσ/dlogit = diag σ − σσᵀ
    logits = parametric(game, PerState(independent((2, 3), "softmax"), (2, 2)))
    direct = gradients(learners, learners.semantics.parameters(start))
    through = gradients(logits, logits.semantics.parameters([jnp.asarray(policy) for policy in start]))
    first = 0
    for row in [*start[0], *start[1]]:
        part = slice(first, first + len(row))
        first += len(row)
        np.testing.assert_allclose(direct[part].sum(), 0.0, atol=1e-12)
        np.testing.assert_allclose((np.diag(row) - np.outer(row, row)) @ direct[part], through[part], atol=1e-12)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (starts.normal(), "parameters of stag_hunt are probabilities"),
        (starts.uniform(0.0, 1.0), "use starts.uniform_strategies"),
        (starts.parameters([[0.5, 0.6, 0.5, 0.5]]), "are probabilities"),
        (starts.parameters([[1.5, -0.5, 0.5, 0.5]]), "are probabilities"),
        (starts.strategies([[1.2, 0.5]]), "must be at least 0 and at most 1"),
    ],
)
def test_starts_that_are_no_probabilities_are_refused(source, message):
    hunt = parametric(ns.games.stag_hunt(), simplex((2, 2)))
    with pytest.raises(InputError, match=message):
        source.parameters(hunt, np.arange(1), 0)


def test_sampled_terms_are_refused():
    hunt = parametric(ns.games.stag_hunt(), simplex((2, 2)))
    with pytest.raises(InputError, match="scores are infinite where a probability is zero"):
        ns.entry_probability(
            hunt, ns.pg(), starts=starts.uniform_strategies(), n=8, steps=5, estimator=ns.sampled(batch=16)
        )


# --- starts drawn from the simplex ----------------------------------------------------------------------------


@pytest.mark.parametrize("made", [simplex((2, 3)), independent((2, 3)), independent((2, 3), "softmax")])
def test_strategies_drawn_are_uniform_on_the_simplex_whatever_the_parameters(made):
    learners = parametric(ns.games.random_game((2, 3), seed=11), made)
    theta = starts.uniform_strategies().parameters(learners, np.arange(4000), seed=3)
    first, second = (np.asarray(own) for own in jax.vmap(learners.strategies)(jnp.asarray(theta)))
    for column, law in ((first[:, 0], stats.beta(1, 1)), *((second[:, k], stats.beta(1, 2)) for k in range(3))):
        assert stats.kstest(column, law.cdf).pvalue > 1e-3
    assert abs(np.corrcoef(first[:, 0], second[:, 0])[0, 1]) < 4 / np.sqrt(4000)
    np.testing.assert_allclose(np.corrcoef(second.T)[0, 1], -0.5, atol=0.06)  # that of Dirichlet(1, 1, 1)


def test_strategies_drawn_are_the_same_in_any_order_and_number():
    learners = parametric(ns.games.random_game((2, 3), seed=11))
    source = starts.uniform_strategies()
    whole = source.parameters(learners, np.arange(300), seed=3)
    order = np.random.default_rng(12).permutation(300)[:77]
    np.testing.assert_array_equal(source.parameters(learners, order, seed=3), whole[order])
    np.testing.assert_array_equal(source.parameters(learners, order[:1], seed=3), whole[order[:1]])
    assert (source.parameters(learners, order, seed=4) != whole[order]).all()


def test_strategies_drawn_for_a_markov_game_have_a_row_for_every_state():
    game = ns.games.repeated(ns.games.prisoners_dilemma(), horizon=3, discount=0.9)
    direct, logits = parametric(game, simplex((2, 2), states=5)), parametric(game)
    theta = starts.uniform_strategies().parameters(direct, np.arange(6), seed=0)
    assert theta.shape == (6, 20)
    np.testing.assert_allclose(theta.reshape(6, 10, 2).sum(axis=2), 1.0, rtol=1e-12)
    shares = theta.reshape(6, 10, 2)[:, :, 0]
    other = starts.uniform_strategies().parameters(logits, np.arange(6), seed=0)
    np.testing.assert_allclose(other, np.log(shares / (1 - shares)), rtol=1e-9)
    with pytest.raises(InputError, match="no mixed strategies to draw"):
        starts.uniform_strategies().parameters(parametric(ns.games.tandem()), np.arange(3), 0)


def test_grids_of_probabilities_start_there():
    hunt = parametric(ns.games.stag_hunt(), simplex((2, 2)))
    theta = cell_grid(2, 2, low=0.0, high=1.0).parameters(hunt, np.arange(4), 0)
    np.testing.assert_array_equal(theta[1], [0.25, 0.75, 0.75, 0.25])
    np.testing.assert_array_equal(theta[2], [0.75, 0.25, 0.25, 0.75])
