"""Strategies and updates as polynomials: they hold what decimal arithmetic and the simulated rule give, and tightly."""

from decimal import Decimal, getcontext
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import certify, games, lola, meta_mapg, parametric, pg
from nashscape.learning import box, terms_from_derivatives
from nashscape.proofs.bounds.step_enclosures import enclosure, followed_of
from nashscape.proofs.bounds.strategy_polynomials import sigmoid_polynomials, strategy_polynomials
from nashscape.proofs.bounds.term_formulas import written
from nashscape.tracing.intervals import Interval

getcontext().prec = 50


def value(polynomial, x):
    """Of a polynomial at a point between −1 and 1, in decimals."""
    found = Decimal(0)
    for key, coefficient in polynomial.terms.items():
        term = Decimal(float(np.asarray(coefficient)))
        for number in key:
            term *= Decimal(float(x[number]))
        found += term
    return found


@pytest.mark.parametrize("free", [1, 2, 3, 4])
def test_strategies_are_within_the_rest_of_their_polynomials(free):
    random = np.random.default_rng(free)
    for radius in (1e-9, 0.01, 0.2, 1.0, 3.0):
        middle = np.round(random.uniform(-6, 6, size=free), 3)
        radii = radius * random.choice([0.25, 1.0], size=free)
        with jax.enable_x64(True):
            found = strategy_polynomials(
                [jnp.float64(m) for m in middle], [jnp.float64(r) for r in radii], list(range(free))
            )
        worst = [Decimal(0)] * (free + 1)
        for x in [*product((-1.0, 0.0, 1.0), repeat=free)][:81] + list(random.uniform(-1, 1, size=(10, free))):
            # exactly the logit that a machine number and a radius give
            point = zip(middle, radii, x, strict=True)
            logits = [Decimal(float(m)) + Decimal(float(r)) * Decimal(float(t)) for m, r, t in point]
            sizes = [z.exp() for z in logits] + [Decimal(1)]
            for a, own in enumerate(found):
                away = abs(sizes[a] / sum(sizes) - value(own, x))
                assert away <= Decimal(float(own.rest))
                worst[a] = max(worst[a], away)
        if radius in (0.01, 0.2) and free < 3:
            # no more than thirty times what is needed, rounding aside
            for own, away in zip(found, worst, strict=True):
                assert Decimal(float(own.rest)) <= 30 * away + Decimal("1e-10")


def test_a_sigmoid_comes_with_three_derivatives():
    with jax.enable_x64(True):
        found = sigmoid_polynomials(jnp.float64(0.7), jnp.float64(0.3), 0)
        s = [jax.nn.sigmoid]
        for _ in range(3):
            s.append(jax.grad(s[-1]))
        for x in np.linspace(-1, 1, 21):
            for own, function in zip(found, s, strict=True):
                here = float(function(jnp.float64(0.7 + 0.3 * x)))
                assert abs(float(value(own, [x])) - here) <= float(own.rest) + 1e-15
        assert float(found[3].rest) < 0.01


GAMES = {
    "three by three": lambda: games.dense(np.random.default_rng(0).normal(size=(2, 3, 3))),
    "two by three": lambda: games.dense(np.random.default_rng(1).normal(size=(2, 2, 3))),
    "four by two": lambda: games.dense(np.random.default_rng(2).normal(size=(2, 4, 2))),
    "three players": lambda: games.dense(np.random.default_rng(3).normal(size=(3, 2, 2, 3))),
}


RULES = {"pg": pg(), "meta_mapg": meta_mapg(), "lola": lola(peer=-0.7)}


def stepped(learners, rule, low, high, size):
    """Bounds of an update, `[d]` each, as a proof uses them."""
    leaves, structure = jax.tree.flatten((learners, rule))
    made = enclosure(structure, tuple(np.shape(leaf) for leaf in leaves))
    assert made.polynomials is not None
    with jax.enable_x64(True):
        numbers = [Interval(jnp.float64(x)) for leaf in leaves for x in np.asarray(leaf, np.float64).ravel()]
        y = [Interval(jnp.array([a]), jnp.array([b])) for a, b in zip(low, high, strict=True)]
        found = made.updated(numbers, y, Interval(jnp.float64(size)), Interval(jnp.float64(1.0)))
    return np.array([[float(x.low[0]), float(x.high[0])] for x in found]).T


def run(learners, rule, points, size):
    """The same update by automatic differentiation of the utilities, between followed numbers, `[N, d]`."""
    followed = followed_of(learners)
    with jax.enable_x64(True):
        theta = jnp.asarray(followed.parameters(points))
        after = theta + size * _fields(learners, rule, theta)
    return np.asarray(after) @ followed.differences.T


@jax.jit
def _fields(learners, rule, theta):
    return jax.vmap(lambda own: sum(rule.parts(_terms(learners, own), jnp.int32(0)).values()))(theta)


@jax.jit
def _terms(learners, theta):
    slopes, second = jax.jacfwd(learners.utilities)(theta), jax.hessian(learners.utilities)(theta)
    return terms_from_derivatives(slopes, second, learners.sizes)


# every game, and every rule, at once; their pairs where there is time
SHORT = {("three by three", "pg"), ("two by three", "meta_mapg"), ("four by two", "pg"), ("three players", "lola")}
PAIRS = [pytest.param(*own, marks=() if own in SHORT else pytest.mark.long) for own in product(GAMES, RULES)]


@pytest.mark.long
@pytest.mark.parametrize(("name", "rule"), PAIRS)
def test_boxes_hold_every_update_and_are_hardly_larger_than_what_is_reached(name, rule):
    learners, random = parametric(GAMES[name]()), np.random.default_rng(7)
    d = followed_of(learners).dimension
    shares = np.array(list(product(np.linspace(0, 1, 3), repeat=d)))
    for radius, most in ((0.01, 1.02), (0.1, 1.15), (0.3, 1.6)):
        for _ in range(3):
            centre = random.normal(size=d)
            low, high = centre - radius * random.uniform(0.5, 1, size=d), centre + radius
            found = stepped(learners, RULES[rule], low, high, 0.7)
            points = np.concatenate([low + (high - low) * shares, random.uniform(low, high, size=(200, d))])
            real = run(learners, RULES[rule], points, 0.7)
            assert (found[0] <= real.min(axis=0) + 1e-13).all()
            assert (found[1] >= real.max(axis=0) - 1e-13).all()
            assert (np.ptp(found, axis=0) <= most * np.ptp(real, axis=0)).all()


@pytest.mark.long
@pytest.mark.parametrize("name", GAMES)
def test_written_terms_are_those_of_automatic_differentiation(name):
    learners, random = parametric(GAMES[name]()), np.random.default_rng(8)
    with jax.enable_x64(True):
        theta = jnp.asarray(random.normal(size=sum(learners.sizes)))
        logits = learners.semantics.split(theta)
        known = [jnp.stack(orders(own[0])) if len(own) == 1 else jax.nn.softmax(own) for own in logits]
        payoffs = jnp.asarray(learners.game.payoffs, "float64")
        wanted = _terms(learners, theta)
        for by_pairs in (True, False):
            found = jax.jit(lambda *given, pairs=by_pairs: _written(*given, pairs))(payoffs, known, logits)
            for term, values in found.items():
                np.testing.assert_allclose(values, getattr(wanted, term), rtol=0, atol=1e-13)


def _written(payoffs, known, logits, by_pairs):
    terms = written(payoffs, known, logits, by_pairs)
    return {name: terms.moves(getattr(terms, name)) for name in ("base", "own", "peer", "lookahead")}


def orders(logit):
    made = [jax.nn.sigmoid]
    for _ in range(3):
        made.append(jax.grad(made[-1]))
    return [function(logit) for function in made]


@pytest.mark.long
def test_four_parameters_are_decided_and_runs_end_where_it_is_proved():
    payoffs = np.diag([4.0, 3.0, 2.0])
    found = certify(games.bimatrix(payoffs, payoffs), pg(), resolution=1 / 16, projection=box(8.0))
    assert found.status.value == "complete"
    assert found.undecided < 0.46
    # what is certified by the end is what the curve ends with, and it never falls
    np.testing.assert_allclose(found.curve[-1, 1:], [found.fraction(name) for name in found.targets], atol=1e-12)
    assert (np.diff(found.curve, axis=0) >= -1e-12).all()
    random = np.random.default_rng(0)
    cells = random.choice(np.flatnonzero(found.trap >= 0), size=400)
    y = found.low[cells] + random.random((400, 4)) * (found.high - found.low)[cells]
    learners = parametric(games.bimatrix(payoffs, payoffs))
    for step in range(400):
        y = run(learners, pg(), y, 0.9 / (step + 10) ** 0.24)
    played = [np.append(own, 0.0).argmax() for player in (y[:, :2], y[:, 2:]) for own in player]
    names = ["ABC"[one] + "ABC"[other] for one, other in zip(played[:400], played[400:], strict=True)]
    assert [found.targets[k] for k in found.label[cells]] == names
