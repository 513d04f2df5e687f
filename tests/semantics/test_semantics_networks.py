"""Players whose strategies are networks of everybody's parameters, or whose parameters are networks."""

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics.program import compiled
from nashscape.dynamics.setup import in_precision, make_setup
from nashscape.learning import step_key
from nashscape.semantics import networked, read_all, weight_reading
from nashscape.semantics.inverses import parameters_for
from nashscape.semantics.semantics import who_reads


@pytest.fixture
def double_precision():
    with jax.enable_x64(True):
        yield


class Mine(eqx.Module):
    """What a user might write: an activation among the leaves, whole numbers, flags, a static part."""

    weight: Any
    places: Any
    flags: Any
    activation: Any = jax.nn.softplus
    power: int = eqx.field(static=True, default=2)

    def __call__(self, own, others):
        read = jnp.where(self.flags, others[0][self.places], 0.0)
        return self.activation(self.weight @ jnp.concatenate([own, read**self.power]))


def mine(seed=0, outputs=1):
    return Mine(np.random.default_rng(seed).normal(size=(outputs, 4)), np.array([1, 0]), np.array([True, False]))


# --- logits written out -----------------------------------------------------------------------------------


def perceptron(mlp, x):
    for layer in mlp.layers[:-1]:
        x = np.tanh(np.asarray(layer.weight, np.float64) @ x + np.asarray(layer.bias, np.float64))
    return np.asarray(mlp.layers[-1].weight, np.float64) @ x + np.asarray(mlp.layers[-1].bias, np.float64)


@jax.jit
def strategies_of(semantics, theta):
    return semantics.strategies(theta), semantics.log_strategies(theta)


def played(z, form):
    odds = np.exp([z[0], 0.0] if form == "sigmoid" else z)
    return odds / odds.sum()


@pytest.mark.parametrize(
    ("shape", "sizes", "pooling"),
    [((2, 2), (1, 1), "mean"), ((2, 3, 2), (2, 1, 3), "each"), ((3, 3, 3), (3, 3, 3), "mean")],
)
def test_a_fixed_network_reads_own_parameters_and_those_of_the_others(double_precision, shape, sizes, pooling):
    readers = read_all(shape, sizes, pooling=pooling, depth=2, seed=3)
    semantics = networked(shape, readers, sizes)
    rows = [np.random.default_rng([9, i]).normal(size=size) for i, size in enumerate(sizes)]
    theta = jnp.concatenate([jnp.asarray(row) for row in rows])
    padded = [np.pad(row, (0, max(sizes) - len(row))) for row in rows]
    found, logs = strategies_of(semantics, theta)
    for i, own in enumerate(rows):
        reader = readers[i] if isinstance(readers, tuple) else readers
        others = np.array([row for j, row in enumerate(padded) if j != i])
        read = others.mean(axis=0) if pooling == "mean" else others.ravel()
        z = np.eye(semantics.inner.sizes[i], len(own)) @ own + perceptron(reader.layers, np.concatenate([own, read]))
        wanted = played(z, semantics.inner.forms[i])
        np.testing.assert_allclose(found[i], wanted, rtol=1e-12)
        np.testing.assert_allclose(logs[i], np.log(wanted), rtol=1e-10)
    assert isinstance(readers, tuple) == (len(set(shape)) > 1)


def test_a_network_of_weights_reads_the_description_of_the_others(double_precision):
    semantics = weight_reading((2, 3, 2), features=2, seed=4)
    assert semantics.sizes == (2 * 4 + 4 + 4 + 1, 2 * 4 + 4 + 4 * 3 + 3, 17)
    theta = jnp.asarray(np.random.default_rng(1).normal(size=semantics.dimension))
    rows = [np.asarray(row) for row in semantics.split(theta)]
    padded = [np.pad(row, (0, 27 - len(row))) for row in rows]
    matrix, found = semantics.description.whole().matrix, strategies_of(semantics, theta)[0]
    for i, (row, player) in enumerate(zip(rows, semantics.players(theta), strict=True)):
        read = np.asarray(matrix) @ np.mean([other for j, other in enumerate(padded) if j != i], axis=0)
        first = row[:8].reshape(4, 2) @ read + row[8:12]
        z = row[12 : -semantics.inner.sizes[i]].reshape(-1, 4) @ np.tanh(first) + row[-semantics.inner.sizes[i] :]
        np.testing.assert_allclose(found[i], played(z, semantics.inner.forms[i]), rtol=1e-12)
        np.testing.assert_allclose(player(jnp.asarray(read)), z, rtol=1e-12)


def test_weights_and_networks_are_the_same_thing():
    template = eqx.nn.MLP(2, 1, 3, 1, jnp.tanh, key=jax.random.key(0))
    semantics = weight_reading((2, 2), template, features=2)
    others = [eqx.nn.MLP(2, 1, 3, 1, jnp.tanh, key=jax.random.key(k)) for k in (5, 6)]
    theta = semantics.weights(others)
    for given, back in zip(others, semantics.players(theta), strict=True):
        assert eqx.tree_equal(given, back)
    np.testing.assert_array_equal(semantics.weights(), np.tile(semantics.split(semantics.weights())[0], 2))
    np.testing.assert_array_equal(semantics.weights(template), semantics.weights())
    with pytest.raises(InputError, match="network of player 2 differs in more than its weights"):
        semantics.weights([others[0], eqx.nn.MLP(2, 1, 4, 1, jnp.tanh, key=jax.random.key(1))])


def test_a_network_that_treats_others_alike_makes_players_exchangeable(double_precision):
    for semantics in (
        networked((2, 2, 2), read_all((2, 2, 2), 2, seed=2), 2),
        weight_reading((2, 2, 2), seed=2),
    ):
        rows = np.random.default_rng(3).normal(size=(3, semantics.sizes[0]))
        before = strategies_of(semantics, jnp.asarray(rows.ravel()))[0]
        for order in ([1, 0, 2], [2, 0, 1]):
            after = strategies_of(semantics, jnp.asarray(rows[order].ravel()))[0]
            for place, player in enumerate(order):
                np.testing.assert_allclose(after[place], before[player], rtol=1e-12)


# --- as a pytree ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_modules_have_only_arrays_as_leaves_and_come_back_whole(double_precision):
    semantics = networked((2, 2), mine(), 2)
    leaves = jax.tree.leaves(semantics)
    assert sorted(leaf.dtype.kind for leaf in leaves) == ["b", "f", "i"]
    theta = jnp.array([0.3, -0.2, 0.7, 1.1])
    wanted = [
        np.logaddexp(0, mine().weight @ np.array([*own, other[1] ** 2, 0.0]))
        for own, other in ((theta[:2], theta[2:]), (theta[2:], theta[:2]))
    ]
    np.testing.assert_allclose(semantics.logits(theta), np.concatenate(wanted), rtol=1e-12)
    # a run casts every leaf to numbers of its precision, flags and whole numbers too
    setup = in_precision(make_setup(ns.parametric(games.stag_hunt(), semantics), ns.pg()), "float64")
    assert {leaf.dtype.kind for leaf in jax.tree.leaves(setup.game.semantics)} == {"b", "f", "i"}
    np.testing.assert_allclose(setup.game.semantics.logits(theta), np.concatenate(wanted), rtol=1e-12)


@pytest.mark.long
def test_networks_that_differ_in_weights_share_one_program_and_are_told_apart():
    def entry(reader):
        learners = ns.parametric(games.stag_hunt(), networked((2, 2), reader))
        return ns.entry_probability(learners, ns.pg(), n=20, steps=5)

    one = entry(read_all((2, 2), width=3, seed=0))
    misses = compiled.cache_info().misses
    two, again = entry(read_all((2, 2), width=3, seed=1)), entry(read_all((2, 2), width=3, seed=0))
    assert compiled.cache_info().misses == misses
    assert one.question.key == again.question.key
    assert one.question.key != two.question.key
    assert one.to_json()


def test_a_network_can_be_trained_through_the_semantics():
    """Its weights as tracers: what is made inside of a derivative is a semantics like any other."""

    def cooperation(reader):
        semantics = networked((2, 2), reader)
        return sum(own[0] for own in semantics.strategies(jnp.array([0.2, -0.4])))

    reader = read_all((2, 2), width=3)
    slope = eqx.filter_grad(cooperation)(reader)
    moved = eqx.apply_updates(reader, jax.tree.map(lambda g: 0.01 * g, slope))
    size = sum(float((leaf**2).sum()) for leaf in jax.tree.leaves(slope))
    assert float(cooperation(moved) - cooperation(reader)) == pytest.approx(0.01 * size, rel=0.05)


# --- in games ---------------------------------------------------------------------------------------------


def bent(own, others):
    return 1.2 * own + jnp.tanh(0.8 * others[0] - 0.3 * own)


GAMES = {
    "function": lambda: ns.parametric(games.stag_hunt(), networked((2, 2), bent)),
    "profile": lambda: ns.parametric(games.stag_hunt(), networked((2, 2), read_all((2, 2), 2, width=3), 2)),
    "wide": lambda: ns.parametric(games.stag_hunt(), networked((2, 2), read_all((2, 2), width=40, depth=3))),
    "weights": lambda: ns.parametric(games.stag_hunt(), weight_reading((2, 2), features=1)),
}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["function", "wide"])
def test_many_starts_at_once_are_single_runs_also_where_networks_are_too_long_to_be_written_out(kind):
    learners = GAMES[kind]()
    points = np.random.default_rng(5).normal(size=(3, learners.dimension))
    options = {"steps": 40, "targets": ["CC", "DD"], "step_size": 1.0}
    entry = ns.entry_probability(
        learners, ns.pg(), n=3, starts=ns.starts.parameters(points), precision="float64", **options
    )
    outcomes = [ns.simulate(learners, ns.pg(), ns.starts.parameters([point]), **options).outcome for point in points]
    assert entry.outcomes() == {name: outcomes.count(name) for name in dict.fromkeys(entry.outcomes())}


@pytest.mark.long
def test_maps_start_at_the_probabilities_of_their_cells():
    learners = GAMES["function"]()
    found = ns.basin_map(learners, ns.pg(), grid=3, steps=40, targets=["CC", "DD"])
    names = {5: "CC", 6: "DD"}
    for a, b in np.ndindex(3, 3):
        run = ns.simulate(learners, ns.pg(), found.axis[[a, b]], targets=["CC", "DD"], steps=40)
        np.testing.assert_allclose([own[0, 0] for own in run.strategies], found.axis[[a, b]], atol=1e-9)
        assert names.get(int(found.labels[0, a, b]), run.outcome) == run.outcome


@pytest.mark.long
def test_the_flow_is_the_curve_along_the_gradients():
    learners = GAMES["function"]()
    flow = ns.flow(learners, ns.pg(), ns.starts.parameters([[0.4, -0.3]]), time=4.0, samples=4)
    with jax.enable_x64(True):
        slopes = jax.jit(jax.jacrev(learners.utilities))
        curve = solve_ivp(lambda _, theta: np.diagonal(slopes(theta)), (0, 4), [0.4, -0.3], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(curve.y[:, -1], flow.theta[-1], atol=1e-7)
    assert np.abs(flow.theta[-1] - flow.theta[0]).max() > 0.1


@jax.jit
def derivatives(learners, theta):
    slopes = jax.jacrev(learners.utilities)
    return ns.exact().estimate(learners, theta, step_key(0)), slopes(theta), jax.jacfwd(slopes)(theta)


def test_terms_are_derivatives_of_the_utilities(double_precision):
    learners = GAMES["profile"]()
    terms, gradient, hessian = derivatives(learners, jnp.array([0.3, -1.1, 0.8, 0.2]))
    for i, (me, other) in enumerate((learners.semantics.slices, learners.semantics.slices[::-1])):
        np.testing.assert_allclose(terms.base[me], gradient[i, me], rtol=1e-9)
        np.testing.assert_allclose(terms.own[me], hessian[i][me, me] @ gradient[i, me], rtol=1e-8)
        np.testing.assert_allclose(terms.peer[me], hessian[1 - i][me, other] @ gradient[i, other], rtol=1e-8)
        np.testing.assert_allclose(terms.lookahead[me], hessian[i][me, other] @ gradient[1 - i, other], rtol=1e-8)


def test_sampled_terms_have_the_exact_ones_as_expectation(double_precision):
    learners, theta, estimator = GAMES["function"](), jnp.array([0.4, -0.3]), ns.sampled(batch=200, form="unbiased")
    draw = jax.jit(lambda key: estimator.estimate(learners, theta, key))
    drawn, exact = [draw(step_key(k)) for k in range(300)], derivatives(learners, theta)[0]
    for name in ("base", "own", "peer", "lookahead"):
        values = np.array([getattr(one, name) for one in drawn])
        z = (values.mean(axis=0) - np.asarray(getattr(exact, name))) / (values.std(axis=0) / np.sqrt(len(values)))
        assert np.abs(z).max() < 4.5, name


@pytest.mark.long
@pytest.mark.parametrize(("kind", "rule"), [("function", ns.meta_mapg()), ("weights", ns.pg())])
def test_players_with_networks_learn_from_samples(kind, rule):
    learners = GAMES[kind]()
    entry = ns.entry_probability(
        learners, rule, n=40, starts=ns.starts.normal(std=1.0), steps=60, step_size=0.5,
        estimator=ns.sampled(batch=64), targets=["CC", "DD"],
    )  # fmt: skip
    assert sum(entry.outcomes().get(name, 0) for name in ("CC", "DD")) >= 25
    assert {"CC", "DD"} <= set(entry.outcomes())


# --- parameters of strategies -----------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    "make",
    [
        lambda k: networked((2, 3, 2), read_all((2, 3, 2), (2, 3, 1), seed=k), (2, 3, 1)),
        lambda k: weight_reading((2, 3), features=1, seed=k),
    ],
)
def test_parameters_give_the_strategies_asked_for(make):
    for k in range(4):
        semantics, random = make(k), np.random.default_rng([8, k])
        shape = [own[0] for own in semantics.strategy_shapes]
        learners = ns.parametric(games.dense(random.normal(size=(len(shape), *shape))), semantics)
        wanted = [random.dirichlet(np.ones(a), size=6) for a in shape]
        theta = parameters_for(learners, wanted)  # raises where one is missed by 1e-6
        assert theta.shape == (6, semantics.dimension)
        assert np.isfinite(theta).all()


def test_weights_for_strategies_stay_near_those_given_so_that_players_still_read(double_precision):
    semantics = weight_reading((2, 2), seed=1)
    theta = semantics.parameters([jnp.array([0.5, 0.5]), jnp.array([0.7, 0.3])])
    assert np.abs(theta - np.asarray(semantics.weights())).max() < 1.0
    answers = jax.jit(jax.jacrev(semantics.logits))(theta)
    for i, other in enumerate(semantics.slices[::-1]):
        assert np.abs(answers[i, other]).max() > 1e-2


def test_where_logits_are_bounded_strategies_beyond_are_refused():
    bounded = ns.parametric(games.stag_hunt(), networked((2, 2), lambda own, others: jnp.tanh(own + others[0])))
    with pytest.raises(InputError, match="start from parameters"):
        ns.simulate(bounded, ns.pg(), [0.9, 0.9])


# --- bad input --------------------------------------------------------------------------------------------


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Listed:
    weight: Any
    names: Any = None

    def __call__(self, own, others):
        return self.weight * own


class Unhashable:
    __hash__ = None

    def __call__(self, own, others):
        return own


def two(network, **options):
    return lambda: networked((2, 2), network, **options)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (two(lambda own, others: jnp.ones(3)), r"player 1 gives an array of shape \(3,\); a sigmoid of 2 .* one logit"),
        (two([bent, lambda own, others: jnp.ones(2)]), "player 2 gives an array of shape"),
        (two(bent, form="softmax", sizes=3), "a softmax of 2 actions needs 2 logits, one per action"),
        (two(lambda own, others: (own, own)), "must give one array of real numbers"),
        (two(lambda own, others: own > 0), "must give one array of real numbers"),
        (two(lambda own: own), r"the network of player 1 fails on inputs of shapes \[1\] and \[1, 1\]: .*argument"),
        (two(read_all((2, 2), 2)), r"player 1 fails on inputs of shapes \[1\] and \[1, 1\]"),
        (two("mlp"), "must be a function or a module that can be called; got 'mlp'"),
        (two([bent]), "there are 2 players but 1 networks"),
        (two(bent, sizes=0), "number of parameters of a player must be at least 1"),
        (two(bent, sizes=(1, 1, 1)), "there are 2 players but 3 sizes"),
        (two(Listed(np.array([np.nan]))), "weights that are not finite"),
        (two(Listed(np.array([1j]))), "its arrays must be real numbers"),
        (two(Listed(jax.random.key(0))), "its arrays must be real numbers"),
        (two(Unhashable()), "neither an array nor hashable"),
        (lambda: networked((2,), bent), "two players at least"),
        (lambda: networked((2, 2), bent, form="logit"), "form"),
        (lambda: read_all((2, 2), pooling="sum"), "pooling"),
        (lambda: read_all((2, 2), width=0), "width"),
        (lambda: weight_reading((2, 2), lambda x: x[:1]), "has none: use networked for a fixed function"),
        (
            lambda: weight_reading((2, 2), eqx.nn.MLP(5, 1, 2, 1, key=jax.random.key(0))),
            r"network of player 1 fails on inputs of shapes \[3\]",
        ),
        (lambda: weight_reading((2, 2), description=lambda others: others), "network of player 1 fails on inputs"),
        (lambda: weight_reading((2, 2), description=3), "description must be a function"),
        (lambda: weight_reading((2, 2), features=0), "features"),
        (lambda: ns.parametric(games.public_goods(), networked((2, 2), bent)), "the game needs"),
    ],
)
def test_what_does_not_fit_is_one_input_error(make, message):
    with pytest.raises(InputError, match=message):
        make()


@pytest.mark.long
def test_how_strongly_weights_are_read_can_be_dialled():
    make = lambda c: weight_reading((2, 2), features=2, seed=1, strength=c)  # noqa: E731
    weak, strong, deaf = make(0.5), make(2.0), make(0.0)
    theta = jax.random.normal(jax.random.key(3), (weak.dimension,))
    own, others = weak.split(theta)
    [_, before] = weak.split(weak.weights())
    now, then = (np.asarray(weak.description(x[None])) for x in (others, before))
    network = weak.players(theta)[0]
    for semantics, c in ((weak, 0.5), (strong, 2.0), (deaf, 0.0), (make(1.0), 1.0)):
        wanted = network(jnp.asarray(then + c * (now - then)))[0]
        np.testing.assert_allclose(semantics.logits(theta)[0], wanted, rtol=2e-6, atol=1e-7)
    # how the own weights matter there does not hang on it, how the others' do is proportional
    slopes = {c: np.asarray(jax.jacfwd(make(c).logits)(weak.weights())) for c in (1.0, 3.0)}
    d = own.size
    np.testing.assert_allclose(slopes[3.0][0, :d], slopes[1.0][0, :d], atol=1e-6)
    np.testing.assert_allclose(slopes[3.0][0, d:], 3 * slopes[1.0][0, d:], atol=1e-6)
    assert jax.tree.structure(weak) == jax.tree.structure(strong)
    assert who_reads(deaf) is None
    with pytest.raises(InputError, match="strength"):
        make(float("nan"))


@pytest.mark.long
def test_the_sensitivity_ratio_crosses_its_threshold_as_the_strength_rises():
    """Networks as they are made here read too little to switch; with their strength dialled they do."""
    game = games.donation(benefit=3, cost=1)

    def ratio(strength):
        semantics = weight_reading((2, 2), strength=strength)
        return ns.theory.sensitivity_ratio(ns.parametric(game, semantics), semantics.weights())

    assert ratio(1.0).ratio < 1 / 3
    low, high = 1.0, 100.0
    assert ratio(low).alike.bracket < 0 < ratio(high).alike.bracket
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if ratio(middle).alike.bracket < 0 else (low, middle)
    found = ratio(low)
    assert found.decides
    assert found.ratio == pytest.approx(found.threshold, rel=1e-3) == pytest.approx(1 / 3, rel=1e-3)
