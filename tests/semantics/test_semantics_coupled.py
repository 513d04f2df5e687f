"""Players who read each other's parameters: logits, inverses, what learners make of it, bad input."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, label_names
from nashscape.learning import step_key
from nashscape.semantics import coupled, open_source, parametric

RANDOM = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def asymmetric(actions, form=None, alignment=None):
    """Three players with their own weights, one of whom reads nobody."""
    random = np.random.default_rng(actions)
    matrix = random.normal(size=(3, 3)) * (1 - np.eye(3))
    matrix[2] = 0
    own, bias = np.array([1.0, 0.5, 2.0]), random.normal(size=3)
    semantics = coupled((actions,) * 3, matrix, own=own, bias=bias, form=form, alignment=alignment)
    return semantics, matrix, own, bias


@pytest.mark.parametrize(("actions", "form"), [(2, None), (2, "softmax"), (3, None)])
def test_logits_are_the_weighted_sums_written_out(actions, form):
    semantics, matrix, own, bias = asymmetric(actions, form)
    theta = [RANDOM.normal(size=size) for size in semantics.sizes]
    found = semantics.logits(jnp.concatenate([jnp.asarray(one) for one in theta]))
    for i, part in enumerate(semantics.slices):
        wanted = own[i] * theta[i] + sum(matrix[i, j] * theta[j] for j in range(3)) + bias[i]
        np.testing.assert_allclose(found[part], wanted, rtol=1e-13)
    flat = jnp.concatenate([jnp.asarray(one) for one in theta])
    for i, strategy in enumerate(semantics.strategies(flat)):
        z = np.asarray(found[semantics.slices[i]])
        powers = np.exp(z if len(z) == actions else [z[0], 0.0])
        np.testing.assert_allclose(strategy, powers / powers.sum(), rtol=1e-12)
        np.testing.assert_allclose(semantics.log_strategies(flat)[i], np.log(strategy), rtol=1e-10)


def test_who_reads_nobody_is_moved_by_nobody():
    semantics, *_ = asymmetric(2)
    jacobian = jax.jacfwd(lambda theta: jnp.stack([own[0] for own in semantics.strategies(theta)]))(jnp.zeros(3))
    assert (np.asarray(jacobian[2]) != 0).tolist() == [False, False, True]
    assert (np.asarray(jacobian[0]) != 0).all()


def test_a_graph_and_mixing_are_couplings():
    theta = jnp.asarray(RANDOM.normal(size=5))
    ring = coupled((2,) * 5, 0.3, graph="ring:5")
    neighbours = [(1, 4), (0, 2), (1, 3), (2, 4), (3, 0)]
    wanted = [theta[i] + 0.3 * (theta[a] + theta[b]) for i, (a, b) in enumerate(neighbours)]
    np.testing.assert_allclose(ring.logits(theta), wanted, rtol=1e-13)
    mixed = coupled((2,) * 5, mixing=0.2, graph="ring:5")
    wanted = [0.8 * theta[i] + 0.1 * (theta[a] + theta[b]) for i, (a, b) in enumerate(neighbours)]
    np.testing.assert_allclose(mixed.logits(theta), wanted, rtol=1e-13)
    # on an uneven graph: the one in the middle of a path reads two, those at its ends read one
    path = coupled((2,) * 3, mixing=0.2, graph="path:3")
    wanted = [
        0.8 * theta[0] + 0.2 * theta[1],
        0.8 * theta[1] + 0.1 * (theta[0] + theta[2]),
        0.8 * theta[2] + 0.2 * theta[1],
    ]
    np.testing.assert_allclose(path.logits(theta[:3]), wanted, rtol=1e-13)
    # for two players mixing m is the coupling m/(1 − m), in units of the own weight
    two, same = coupled((2, 2), mixing=0.2), coupled((2, 2), 0.25)
    np.testing.assert_allclose(two.logits(theta[:2]), 0.8 * same.logits(theta[:2]), rtol=1e-13)


@pytest.mark.parametrize("form", ["sigmoid", "softmax"])
def test_an_alignment_is_a_renaming_of_actions(form):
    """Permuted players with an alignment play as players in the common order do, with their actions renamed."""
    actions = 2 if form == "sigmoid" else 3
    orders = [(1, 0), (0, 1)] if actions == 2 else [(2, 0, 1), (1, 0, 2)]
    plain = coupled((actions, actions), [[0, 0.7], [-0.4, 0]], form=form)
    renamed = coupled((actions, actions), [[0, 0.7], [-0.4, 0]], form=form, alignment=orders)
    theta = [RANDOM.normal(size=size) for size in plain.sizes]
    if form == "softmax":
        own = [np.array([theta[i][orders[i][k]] for k in range(actions)]) for i in range(2)]
    else:
        own = [theta[i] if orders[i][0] == 0 else -theta[i] for i in range(2)]
    common, found = plain.strategies(jnp.concatenate(theta)), renamed.strategies(jnp.concatenate(own))
    for i, k in itertools.product(range(2), range(actions)):
        assert float(found[i][k]) == pytest.approx(float(common[i][orders[i][k]]), rel=1e-12)


@pytest.mark.parametrize("actions", [2, 3])
def test_parameters_give_the_strategies_asked_for(actions):
    semantics, *_ = asymmetric(actions)
    strategies = [jnp.asarray(RANDOM.dirichlet(np.ones(actions))) for _ in range(3)]
    for own, wanted in zip(semantics.strategies(semantics.parameters(strategies)), strategies, strict=True):
        np.testing.assert_allclose(own, wanted, rtol=1e-9)


@pytest.mark.long
def test_where_logits_are_the_same_only_equal_strategies_can_be_played():
    learners = open_source(games.stag_hunt(), 1.0)
    run = ns.simulate(learners, ns.pg(), [0.7, 0.7], steps=1)
    np.testing.assert_allclose([own[0, 0] for own in run.strategies], 0.7)
    for ask in (
        lambda: ns.simulate(learners, ns.pg(), [0.7, 0.6]),
        lambda: ns.basin_map(learners, ns.pg(), grid=3),
        lambda: ns.entry_probability(learners, ns.pg(), n=5, starts=ns.starts.uniform_strategies()),
    ):
        with pytest.raises(InputError, match="cannot play under this semantics; start from parameters"):
            ask()


@pytest.mark.long
def test_maps_are_of_the_strategies_at_the_start():
    learners = open_source(games.stag_hunt(), 0.5)
    found = ns.basin_map(learners, ns.meta_mapg(), grid=4, kind="endpoints", steps=60)
    axis, names = np.linspace(0.05, 0.95, 4), label_names(found.targets)
    for a, b in itertools.product(range(4), repeat=2):
        run = ns.simulate(learners, ns.meta_mapg(), [axis[a], axis[b]], targets=["CC", "DD"], steps=60)
        assert names[int(found.labels[0, a, b])] == run.outcome
        np.testing.assert_allclose([own[0, 0] for own in run.strategies], [axis[a], axis[b]], rtol=1e-9)


@pytest.mark.long
@pytest.mark.parametrize("actions", [2, 3])
def test_terms_are_derivatives_of_the_utilities(actions):
    """Base, own, peer and look-ahead against their definition, with derivatives of the utilities as a whole."""
    semantics, *_ = asymmetric(actions)
    learners = parametric(games.dense(RANDOM.normal(size=(3, *(actions,) * 3))), semantics)
    theta = jnp.asarray(RANDOM.normal(size=semantics.dimension))
    terms = ns.exact().estimate(learners, theta, step_key(0))
    gradient = np.asarray(jax.jacrev(learners.utilities)(theta))
    hessian = np.asarray(jax.jacfwd(jax.jacrev(learners.utilities))(theta))
    for i, me in enumerate(semantics.slices):
        others = [(j, part) for j, part in enumerate(semantics.slices) if j != i]
        np.testing.assert_allclose(terms.base[me], gradient[i, me], rtol=1e-9)
        np.testing.assert_allclose(terms.own[me], hessian[i][me, me] @ gradient[i, me], rtol=1e-8, atol=1e-12)
        peer = sum(hessian[j][me, part] @ gradient[i, part] for j, part in others)
        np.testing.assert_allclose(terms.peer[me], peer, rtol=1e-8, atol=1e-12)
        ahead = sum(hessian[i][me, part] @ gradient[j, part] for j, part in others)
        np.testing.assert_allclose(terms.lookahead[me], ahead, rtol=1e-8, atol=1e-12)


@pytest.mark.long
def test_sampled_terms_have_the_exact_ones_as_expectation():
    semantics, *_ = asymmetric(2)
    learners = parametric(games.dense(np.random.default_rng(5).normal(size=(3, 2, 2, 2))), semantics)
    theta, estimator = jnp.asarray([0.3, -0.5, 0.2]), ns.sampled(batch=300, form="unbiased")
    draw = jax.jit(lambda key: estimator.estimate(learners, theta, key))
    drawn = [draw(step_key(k)) for k in range(600)]
    exact = ns.exact().estimate(learners, theta, step_key(0))
    for name in ("base", "own", "peer", "lookahead"):
        values = np.array([getattr(one, name) for one in drawn])
        z = (values.mean(axis=0) - np.asarray(getattr(exact, name))) / (values.std(axis=0) / np.sqrt(len(values)))
        assert np.abs(z).max() < 4.5, name


@pytest.mark.parametrize(
    ("coupling", "outcomes"),
    [(0.2, {"DD"}), (0.4, {"CD", "DC"}), (0.7, {"CC"}), (0.9, {"CC"})],
)
def test_random_starts_of_the_donation_game_are_exploited_below_the_global_threshold(coupling, outcomes):
    """Donation, b = 3, c = 1: diagonal threshold 1/3, global threshold √(1/3) = .577 of the unbounded flow."""
    learners = open_source(games.donation(benefit=3, cost=1), coupling)
    entry = ns.entry_probability(
        learners, ns.pg(), n=200, starts=ns.starts.normal(std=1.0), targets=["CC", "CD", "DC", "DD"],
        steps=6000, step_size=0.3, projection=ns.unbounded(),
    )  # fmt: skip
    assert set(entry.outcomes()) == outcomes


@pytest.mark.parametrize("coupling", [1 / 3 - 1e-3, 1 / 3 + 1e-3])
def test_on_the_diagonal_the_direction_switches_at_the_threshold(coupling):
    """Only as long as the run stays on the diagonal, from which rounding takes it away in the end."""
    learners = open_source(games.donation(benefit=3, cost=1), coupling)
    run = ns.simulate(learners, ns.pg(), [0.5, 0.5], steps=400, step_size=1.0)
    np.testing.assert_allclose(run.theta[:, 0], run.theta[:, 1], atol=1e-9)
    assert (np.sign(np.diff(run.theta[:, 0])) == np.sign(coupling - 1 / 3)).all()
    p = run.strategies[0][0, 0]
    rate = p * (1 - p) * (3 * coupling - 1)  # dθ = s [A + κ B] with A = −c, B = b
    np.testing.assert_allclose(run.theta[1, 0] - run.theta[0, 0], rate, rtol=1e-9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: coupled((2, 3)), "share a set of actions; these have"),
        (lambda: coupled((2,)), "share a set of actions"),
        (lambda: coupled((2, 2), np.ones(2)), "one number or a matrix"),
        (lambda: coupled((2, 2), np.ones((2, 2))), "zeros on its diagonal"),
        (lambda: coupled((2, 2), np.nan), "finite"),
        (lambda: coupled((2, 2), 0.0, own=0.0), "player 1 would depend on no parameter"),
        (lambda: coupled((2, 2), own=[1, 2, 3]), "own must be one number"),
        (lambda: coupled((2, 2), 0.5, mixing=0.2), "not both"),
        (lambda: coupled((2, 2), mixing=1.5), "mixing"),
        (lambda: coupled((2, 2), 0.5, graph="ring:4"), "the graph has 4 nodes; there are 2 players"),
        (lambda: coupled((2, 2), [[0, 1], [1, 0]], graph="complete:2"), "leave the graph out"),
        (lambda: coupled((2, 2), 0.5, bias=[1, 2, 3]), "bias must be one number"),
        (lambda: coupled((3, 3), 0.5, alignment=[[0, 1, 2], [0, 0, 1]]), "a permutation of 0 … 2"),
        (lambda: open_source(games.cournot(), 0.5), "points"),
        (lambda: open_source("chicken", 0.5), "expected a game"),
    ],
)
def test_what_does_not_fit_is_one_input_error(make, message):
    with pytest.raises(InputError, match=message):
        make()
