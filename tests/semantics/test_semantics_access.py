"""Players who read each other imperfectly: against integration, enumeration and plays of chance."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate
from scipy.special import expit, softmax
from scipy.stats import norm

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import step_key
from nashscape.semantics import Semantics, coupled, imperfect, parametric
from nashscape.semantics.averages import Nodes
from nashscape.semantics.means import mean_sigmoid
from nashscape.semantics.reading_noise import EvenNoise, LogitNoise, ProfileNoise

RANDOM = np.random.default_rng(3)
MATRIX = np.array([[0.0, 0.9, -0.5], [0.4, 0.0, 1.2], [-0.7, 0.3, 0.0]])
OWN, BIAS = np.array([1.0, 0.5, 2.0]), np.array([0.2, -0.4, 0.1])
NOISE = np.array([0.7, 1.5, 0.3])


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def three(actions=2, form=None):
    """Three players with weights of their own."""
    return coupled((actions,) * 3, MATRIX, own=OWN, bias=BIAS, form=form)


def logits_read(semantics, theta, player, read):
    """The logits of a player who reads `read` in place of the whole profile, written out."""
    parts = [np.asarray(own) for own in semantics.split(jnp.asarray(theta))]
    others = [np.asarray(own) for own in semantics.split(jnp.asarray(read))]
    seen = sum(MATRIX[player, j] * others[j] for j in range(3) if j != player)
    return OWN[player] * parts[player] + seen + BIAS[player]


played = jax.jit(lambda semantics, theta: semantics.strategies(theta))
base = jax.jit(lambda learners, theta: ns.exact().estimate(learners, theta, step_key(0)).base)
logs_played = jax.jit(lambda semantics, theta: semantics.log_strategies(theta))


def first(semantics, theta):
    return np.array([own[0] for own in played(semantics, jnp.asarray(theta))])


# --- noise ----------------------------------------------------------------------------------------------------


def test_normal_noise_of_sigmoids_against_integration():
    semantics = imperfect(three(), noise=NOISE)
    assert semantics.expectation == "quadrature of 48 nodes, measured error below 1e-10"
    for theta in RANDOM.normal(scale=3, size=(5, 3)):
        found = first(semantics, theta)
        for i in range(3):
            z, s = logits_read(semantics, theta, i, theta)[0], NOISE[i] * np.sqrt((MATRIX[i] ** 2).sum())
            wanted, _ = integrate.quad(lambda x, z=z, s=s: expit(z + s * x) * norm.pdf(x), -12, 12, epsabs=1e-13)
            assert found[i] == pytest.approx(wanted, abs=2e-11)


def test_uniform_noise_of_one_neighbour_is_a_closed_form():
    chain = coupled((2, 2, 2), [[0, 0.8, 0], [0, 0, -1.5], [0, 0, 0]], bias=0.3)
    semantics = imperfect(chain, noise=[1.0, 4.0, 2.0], form="uniform")
    assert semantics.expectation == "closed form"
    assert isinstance(semantics.noise, EvenNoise)
    for theta in RANDOM.normal(scale=3, size=(5, 3)):
        z = np.asarray(chain.logits(jnp.asarray(theta)))
        for i, w in enumerate([0.8, 6.0]):
            wanted = integrate.quad(expit, z[i] - w, z[i] + w, epsabs=1e-13)[0] / (2 * w)
            assert first(semantics, theta)[i] == pytest.approx(wanted, abs=1e-12)
            formula = (np.logaddexp(0, z[i] + w) - np.logaddexp(0, z[i] - w)) / (2 * w)
            assert formula == pytest.approx(wanted, abs=1e-12)
        assert first(semantics, theta)[2] == pytest.approx(expit(z[2]), abs=1e-12)  # reads nobody


def test_uniform_noise_of_two_neighbours_against_integration():
    semantics = imperfect(three(), noise=NOISE, form="uniform")
    assert "measured error below 1e-10" in semantics.expectation
    theta = RANDOM.normal(scale=2, size=3)
    for i in range(3):
        z, widths = logits_read(semantics, theta, i, theta)[0], NOISE[i] * np.abs(np.delete(MATRIX[i], i))
        wanted, _ = integrate.dblquad(
            lambda y, x, z=z, w=widths: expit(z + w[0] * x + w[1] * y) / 4, -1, 1, -1, 1, epsabs=1e-12
        )
        assert first(semantics, theta)[i] == pytest.approx(wanted, abs=1e-10)


def test_normal_noise_of_softmaxes_against_a_rule_for_the_noise_itself():
    """Two players with three actions and alignments, each entry of the other's parameters noisy on its own."""
    plain = coupled((3, 3), [[0, 0.7], [-1.1, 0]], own=[1.0, 0.6], alignment=[(2, 0, 1), (1, 0, 2)], bias=0.2)
    semantics = imperfect(plain, noise=[1.0, 0.5])
    theta, (nodes, weights) = RANDOM.normal(size=6), np.polynomial.hermite_e.hermegauss(30)
    grid = np.array(list(itertools.product(nodes, repeat=3)))
    shares = np.prod(list(itertools.product(weights / weights.sum(), repeat=3)), axis=1)
    for i, size in enumerate([1.0, 0.5]):
        noise = np.zeros((len(grid), 6))
        noise[:, 3 * (1 - i) : 3 * (1 - i) + 3] = size * grid
        z = (theta + noise) @ np.asarray(plain.matrix).T + np.asarray(plain.bias)
        wanted = shares @ softmax(z[:, 3 * i : 3 * i + 3], axis=1)
        np.testing.assert_allclose(played(semantics, jnp.asarray(theta))[i], wanted, atol=1e-9)


@pytest.mark.parametrize(("actions", "form"), [(3, "normal"), (3, "uniform"), (5, "normal")])
def test_noise_of_softmaxes_against_chance(actions, form):
    """Many entries of noise: a grid of nodes for the three logits of normal noise, samples otherwise."""
    semantics = imperfect(three(actions), noise=NOISE, form=form)
    assert isinstance(semantics.noise, LogitNoise)
    assert semantics.noise.nodes.sampled == ((actions, form) != (3, "normal"))
    bound = float(semantics.expectation.split()[-1])
    theta, draws = RANDOM.normal(size=3 * actions), 100_000
    for i, part in enumerate(semantics.slices):
        unit = RANDOM.normal if form == "normal" else (lambda size: RANDOM.uniform(-1, 1, size))
        noise = NOISE[i] * unit(size=(draws, 3 * actions))
        noise[:, part] = 0
        z = (theta + noise) @ np.asarray(semantics.inner.matrix).T + np.asarray(semantics.inner.bias)
        drawn = softmax(z[:, part], axis=1)
        error = np.abs(np.asarray(played(semantics, jnp.asarray(theta))[i]) - drawn.mean(axis=0))
        assert (error < 4.5 * drawn.std(axis=0) / np.sqrt(draws) + bound).all()


@jax.tree_util.register_static
class Foreign(Semantics):
    """A semantics of somebody else's: the first player's logit is a product of parameters."""

    sizes = (1, 2)

    def strategies(self, theta):
        first = jax.nn.sigmoid(theta[0] * jnp.tanh(theta[1]))
        return jnp.stack([first, 1 - first]), jax.nn.softmax(jnp.stack([theta[1] + theta[0], theta[2], 0.0]))

    def parameters(self, strategies):
        raise NotImplementedError


@pytest.mark.parametrize("form", ["normal", "uniform"])
def test_any_semantics_may_be_read_with_noise(form):
    semantics = imperfect(Foreign(), noise=[0.8, 0.5], form=form)
    assert isinstance(semantics.noise, ProfileNoise)
    assert semantics.expectation.startswith("sample of 512 quasi-random points of the noise")
    theta, draws = np.array([0.7, -0.4, 1.1]), 100_000
    unit = RANDOM.normal(size=(draws, 3)) if form == "normal" else RANDOM.uniform(-1, 1, size=(draws, 3))
    for i, reach in enumerate([np.array([0, 0.8, 0.8]), np.array([0.5, 0, 0])]):
        drawn = np.asarray(jax.vmap(lambda t, i=i: Foreign().strategies(t)[i])(jnp.asarray(theta + reach * unit)))
        error = np.abs(np.asarray(played(semantics, jnp.asarray(theta))[i]) - drawn.mean(axis=0))
        assert (error < 4.5 * drawn.std(axis=0) / np.sqrt(draws) + 1e-4).all()


def test_samples_have_the_moments_of_the_noise():
    for form, square in (("normal", 1.0), ("uniform", 1 / 3)):
        points = Nodes(form, 5, 512, sampled=True).points()
        np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-15)
        np.testing.assert_allclose((points.T @ points / 512), square * np.eye(5), atol=0.03)
        grid = Nodes(form, 2, 24)
        np.testing.assert_allclose(grid.weights() @ grid.points() ** 2, square, atol=1e-9)


@pytest.mark.parametrize("form", ["normal", "uniform"])
def test_little_noise_bends_the_strategy_by_half_its_second_derivative(form):
    plain, theta = coupled((2, 2), [[0, 0.8], [-0.5, 0]]), np.array([0.9, -1.7])
    p = first(plain, theta)
    curvature = p * (1 - p) * (1 - 2 * p) * np.array([0.8, -0.5]) ** 2 * (1.0 if form == "normal" else 1 / 3)
    for size in (0.1, 0.02):
        change = first(imperfect(plain, noise=size, form=form), theta) - p
        np.testing.assert_allclose(change / size**2, curvature / 2, atol=2 * size**2)
    np.testing.assert_allclose(first(imperfect(plain, noise=0.0, form=form), theta), p, atol=1e-13)


# --- derivatives and logarithms -------------------------------------------------------------------------------

KINDS = {
    "noise": {"noise": NOISE},
    "uniform": {"noise": NOISE, "form": "uniform"},
    "sometimes": {"reads": [0.2, 0.9, 0.5]},
    "hidden": {"visible": [[1, 1, 0], [1, 1, 1], [0, 1, 1]]},
    "dithered": {"quantum": [0.5, 0.0, 0.3], "rounding": "dithered"},
    "all": {"noise": NOISE, "reads": 0.6, "quantum": 0.7, "rounding": "dithered", "visible": [1, 1, 0]},
    "chosen": {"noise": NOISE, "reads": "chosen", "cost": [0.1, 0.0, 0.4]},
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.mark.long
@pytest.mark.parametrize("name", ["noise", "uniform", "all", "chosen"])
def test_derivatives_are_those_of_finite_differences(name):
    semantics = imperfect(three(), **KINDS[name])
    learners = parametric(games.dense(np.random.default_rng(5).normal(size=(3, 2, 2, 2))), semantics)
    theta = jnp.asarray(np.random.default_rng(6).normal(size=semantics.dimension))
    value, gradient = jax.jit(learners.utilities), jax.jit(jax.jacrev(learners.utilities))
    hessian = jax.jit(jax.jacfwd(jax.jacrev(learners.utilities)))
    for f, slope in ((value, gradient), (gradient, hessian)):
        found = np.stack([(f(theta + e) - f(theta - e)) / 2e-5 for e in 1e-5 * np.eye(len(theta))], axis=-1)
        np.testing.assert_allclose(slope(theta), found, atol=1e-8)


def test_derivatives_of_a_mean_sigmoid_by_everything():
    z, noise, weights = 0.7, jnp.array([-1.0, 0.2, 2.0]), jnp.array([0.2, 0.5, 0.3])

    def plain(z, noise, weights):
        return jnp.sum(weights * jax.nn.sigmoid(z + noise))

    for f, g in ((mean_sigmoid, plain), (jax.grad(mean_sigmoid), jax.grad(plain))):
        for derive in (jax.jacfwd, jax.jacrev):
            found, wanted = (jax.jit(derive(one, (0, 1, 2)))(z, noise, weights) for one in (f, g))
            for own, other in zip(found, wanted, strict=True):
                np.testing.assert_allclose(own, other, atol=1e-14)
    fourth = [jax.jit(jax.grad(jax.grad(jax.grad(jax.grad(f)))))(z, noise, weights) for f in (mean_sigmoid, plain)]
    assert float(fourth[0]) == pytest.approx(float(fourth[1]), rel=1e-10)


def test_logarithms_are_those_of_the_strategies(kind):
    for actions in (2,) if "visible" in kind else (2, 3):
        semantics = imperfect(three(actions, "softmax" if actions == 3 else None), **kind)
        theta = jnp.asarray(RANDOM.normal(size=semantics.dimension))
        for strategy, logs in zip(played(semantics, theta), logs_played(semantics, theta), strict=True):
            assert float(strategy.sum()) == pytest.approx(1, abs=1e-14)
            np.testing.assert_allclose(logs, np.log(strategy), rtol=1e-11)


@pytest.mark.parametrize("form", ["normal", "uniform"])
def test_logarithms_keep_their_digits_far_out(form):
    """Far out `σ(−z) = e^{−z}`, whose mean over the noise is known: e^{s²/2}, and sinh(w)/w."""
    semantics = imperfect(coupled((2, 2), 0.5), noise=2.0, form=form)
    factor = np.exp(0.5) if form == "normal" else np.sinh(1.0)
    for z in (60.0, -60.0):
        logs = logs_played(semantics, jnp.array([z, 0.0]))[0]
        np.testing.assert_allclose(logs[::-1] if z < 0 else logs, [0.0, -60 + np.log(factor)], atol=1e-11)


# --- ways of reading ------------------------------------------------------------------------------------------


def enumerated(payoffs, semantics, ways, theta):
    """Utilities as the mean over every combination of what the three players read, each on its own."""
    total = 0.0
    for each in itertools.product(*ways):
        chance = np.prod([weight for weight, _ in each])
        plays = [expit(logits_read(semantics, theta, i, read)[0]) for i, (_, read) in enumerate(each)]
        strategies = [np.array([p, 1 - p]) for p in plays]
        total = total + chance * np.einsum("jabc,a,b,c->j", payoffs, *strategies)
    return total


def test_sometimes_reading_is_a_mixture_over_who_reads():
    payoffs, theta, q = RANDOM.normal(size=(3, 2, 2, 2)), RANDOM.normal(size=3), [0.2, 0.9, 0.5]
    semantics = imperfect(three(), reads=q)
    assert semantics.expectation == "exact over 2 ways of reading"
    ways = [[(qi, theta), (1 - qi, np.zeros(3))] for qi in q]
    found = parametric(games.dense(payoffs), semantics).utilities(jnp.asarray(theta))
    np.testing.assert_allclose(found, enumerated(payoffs, semantics, ways, theta), atol=1e-14)


@pytest.mark.long
def test_dithered_reading_is_a_mixture_over_roundings():
    payoffs, theta, step = RANDOM.normal(size=(3, 2, 2, 2)), RANDOM.normal(size=3), 0.4
    semantics = imperfect(three(), quantum=step, rounding="dithered")
    assert semantics.expectation == "exact over 4 ways of reading"
    low = np.floor(theta / step)
    up = theta / step - low
    ways = []
    for up_or_down in itertools.product([0, 1], repeat=3):
        went = np.array(up_or_down)
        ways.append((np.prod(np.where(went, up, 1 - up)), step * (low + went)))
    assert sum(weight for weight, _ in ways) == pytest.approx(1)
    np.testing.assert_allclose(sum(weight * read for weight, read in ways), theta)
    found = parametric(games.dense(payoffs), semantics).utilities(jnp.asarray(theta))
    np.testing.assert_allclose(found, enumerated(payoffs, semantics, [ways] * 3, theta), atol=1e-13)


def test_rounded_reading_has_no_derivative_and_straight_through_that_of_the_rounded_place():
    theta = jnp.array([0.33, -0.74, 1.28])
    rounded = np.array([0.5, -0.5, 1.5])
    nearest, straight = (imperfect(three(), quantum=0.5, rounding=how) for how in ("nearest", "straight-through"))
    wanted = [expit(logits_read(nearest, theta, i, rounded)[0]) for i in range(3)]
    for semantics in (nearest, straight):
        np.testing.assert_allclose(first(semantics, theta), wanted, atol=1e-15)
        assert semantics.expectation == "exact over 1 way of reading"
    slopes = [
        np.asarray(jax.jacfwd(lambda t, s=s: jnp.stack([own[0] for own in s.strategies(t)]))(theta))
        for s in (nearest, straight)
    ]
    slope = np.array(wanted) * (1 - np.array(wanted))
    np.testing.assert_allclose(slopes[0], np.diag(slope * OWN), atol=1e-15)
    np.testing.assert_allclose(slopes[1], slope[:, None] * (MATRIX + np.diag(OWN)), atol=1e-15)
    one = imperfect(three(), quantum=[0.0, 0.5, 0.5])  # the first player reads all digits
    assert first(one, theta)[0] == pytest.approx(expit(logits_read(one, theta, 0, theta)[0]))


@pytest.mark.long
def test_gradient_players_see_no_coupling_in_rounded_parameters():
    theta = jnp.array([0.3, 0.4])  # read as 0.5 and 0.5
    ways = {}
    for how in ("nearest", "straight-through", "dithered"):
        semantics = imperfect(coupled((2, 2), 0.7), quantum=0.5, rounding=how)
        ways[how] = np.asarray(base(parametric(games.donation(benefit=3, cost=1), semantics), theta))
    p = expit(theta + 0.7 * 0.5)
    slope = p * (1 - p)
    np.testing.assert_allclose(ways["nearest"], -slope, atol=1e-15)
    np.testing.assert_allclose(ways["straight-through"], 3 * 0.7 * slope[::-1] - slope, atol=1e-15)
    assert (ways["dithered"] > 0).all()


def test_what_is_hidden_counts_as_zero_and_has_no_noise():
    mask = np.array([[1, 1, 0], [1, 1, 1], [0, 0, 1]], dtype=bool)
    semantics, theta = imperfect(three(), visible=mask, noise=NOISE), RANDOM.normal(size=3)
    for i in range(3):
        z = logits_read(semantics, theta, i, mask[i] * theta)[0]
        s = NOISE[i] * np.sqrt((mask[i] * MATRIX[i] ** 2).sum())
        wanted = integrate.quad(lambda x, z=z, s=s: expit(z + s * x) * norm.pdf(x), -12, 12, epsabs=1e-13)[0]
        assert first(semantics, theta)[i] == pytest.approx(wanted, abs=1e-10)
    everyone = imperfect(three(), visible=[1, 1, 0])
    wanted = [expit(logits_read(everyone, theta, i, theta * [1, 1, 0])[0]) for i in range(3)]
    np.testing.assert_allclose(first(everyone, theta), wanted, atol=1e-15)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: imperfect("coupled"), "parameters are logits"),
        (lambda: imperfect(ns.semantics.points((1, 1))), "parameters are logits"),
        (lambda: imperfect(imperfect(three(), noise=1.0), reads=0.5), "in one call"),
        (lambda: imperfect(three(), noise=-1.0), "noise must not be negative"),
        (lambda: imperfect(three(), noise=[1.0, 2.0]), "one per player"),
        (lambda: imperfect(three(), noise=np.nan), "noise must be finite"),
        (lambda: imperfect(three(), noise=1.0, form="cauchy"), "form"),
        (lambda: imperfect(coupled((2, 2), 2.0), noise=30, form="uniform"), "up to 40 wide"),
        (lambda: imperfect(three(), reads=1.5), "reads must be from 0 to 1"),
        (lambda: imperfect(three(), reads="never"), "'chosen'"),
        (lambda: imperfect(three(), visible=[1, 0]), "visible must be true or false"),
        (lambda: imperfect(three(), visible=[1, 0.5, 1]), "visible must be true or false"),
        (lambda: imperfect(three(), quantum=-1), "quantum must not be negative"),
        (lambda: imperfect(three(), rounding="dithered"), "needs a quantum"),
        (lambda: imperfect(three(), quantum=1, rounding="up"), "rounding"),
        (lambda: imperfect(coupled((2,) * 12, 0.1), quantum=1, rounding="dithered"), "up to 8 parameters"),
        (lambda: imperfect(three(), cost=-0.1), "cost must not be negative"),
    ],
)
def test_what_does_not_fit_is_one_input_error(make, message):
    with pytest.raises(InputError, match=message):
        make()
