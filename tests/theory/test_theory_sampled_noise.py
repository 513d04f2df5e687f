"""Bounds of the noise of sampled updates against enumeration of all batches, draws, and adversarial paths."""

import itertools
import math
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.learning import (
    TermRule,
    pg,
    sampled,
    terms_from_derivatives,
)
from nashscape.learning.fields import field_at, field_of
from nashscape.learning.schedules import Constant
from nashscape.proofs.bounds import concentration
from nashscape.proofs.bounds.noisy_steps import NoisyStep, clipped, held
from nashscape.proofs.bounds.play_bounds import Spreads, play_bounds
from nashscape.proofs.bounds.sigmoid_bounds import sigmoid_bounds
from nashscape.semantics import open_source, parametric
from nashscape.tracing.intervals import Interval

ALL = TermRule("all", 0.55, own=Constant(0.35), peer=Constant(-1.5), lookahead=Constant(0.7))
ONE_EACH = [pg(), *(TermRule(name, 0.8, **{name: Constant(1.2)}) for name in ("own", "peer", "lookahead"))]


def learners_of(players, seed, coupled=False):
    game = games.dense(2.0 * np.random.default_rng(seed).normal(size=(players, *(2,) * players)))
    if not coupled:
        return parametric(game)
    couplings = np.random.default_rng([7, seed]).normal(size=(players, players))
    np.fill_diagonal(couplings, 0.0)
    return open_source(game, couplings, own=1.3, bias=0.4)


def products(rule, g, m):
    return np.asarray(_products(rule, g[None], m[None])[0])


@jax.jit
def _products(rule, g, m):
    """Of derivatives `[N, n, d]` and `[N, n, d, d]`."""

    def one(g, m):
        parts = rule.parts(terms_from_derivatives(g, m, (1,) * len(g)), jnp.int32(0))
        return sum((own for name, own in parts.items() if name != "base"), start=jnp.zeros(len(g)))

    return jax.vmap(one)(g, m)


@jax.jit
def _plays(learners, theta):
    """Logarithms of the probabilities of all plays, their first, and their second derivatives."""

    def logs(theta):
        own = learners.semantics.log_strategies(theta)
        return jnp.stack([sum(x[a] for x, a in zip(own, action, strict=True))
                          for action in itertools.product((0, 1), repeat=len(own))])  # fmt: skip

    return logs(theta), jax.jacrev(logs)(theta), jax.jacfwd(jax.jacrev(logs))(theta)


@jax.jit
def _fields(game, rule, thetas):
    return jax.vmap(lambda theta: field_at(game, rule, theta))(thetas)


class Plays:
    """All plays at a profile, from automatic differentiation of the log-probabilities."""

    def __init__(self, learners, rule, theta, batch, unbiased):
        self.learners, self.rule, self.theta, self.batch, self.unbiased = learners, rule, theta, batch, unbiased
        d = len(theta)
        with jax.enable_x64(True):
            logs, s, bend = (np.asarray(own) for own in _plays(learners, jnp.asarray(theta, "float64")))
            self.chances, bend = np.exp(logs), bend + s[:, :, None] * s[:, None, :]
            paid = np.asarray(learners.game.payoffs, float).reshape(d, -1).T
            self.g, self.m = paid[:, :, None] * s[:, None], paid[:, :, None, None] * bend[:, None]
            self.means = [np.tensordot(self.chances, own, 1) for own in (self.g, self.m)]
            base = np.diagonal(self.g, axis1=1, axis2=2)
            self.alone = np.asarray(_products(rule, self.g, self.m))
            self.together = products(rule, *self.means)
            mean = [np.broadcast_to(own, all_.shape) for own, all_ in zip(self.means, (self.g, self.m), strict=True)]
            linear = np.asarray(_products(rule, self.g, mean[1]) + _products(rule, mean[0], self.m))
        many, one = (batch / (batch - 1), 1 / (batch - 1)) if unbiased else (1.0, 0.0)
        self.factor = many
        self.w = base + many * linear - one * self.alone

    def noise(self, share):
        """Both parts of what a batch with these shares of plays adds to the exact field."""
        off = share - self.chances
        with jax.enable_x64(True):
            square = products(self.rule, np.tensordot(off, self.g, 1), np.tensordot(off, self.m, 1))
        mean = (self.chances @ self.alone - self.together) / self.batch if self.unbiased else 0.0
        return off @ self.w, self.factor * (square - mean)

    def batches(self):
        """The shares of all batches, and their chances."""
        actions = len(self.chances)
        counts = np.array([own for own in itertools.product(range(self.batch + 1), repeat=actions)
                           if sum(own) == self.batch])  # fmt: skip
        logs = math.lgamma(self.batch + 1) - np.vectorize(math.lgamma)(counts + 1.0).sum(1)
        return counts / self.batch, np.exp(logs + counts @ np.log(self.chances))


def spreads_of(learners, rule, low, high, batch, unbiased):
    """The bounds over one box."""
    leaves, structure = jax.tree.flatten((learners, rule))
    made = play_bounds(structure, tuple(np.shape(leaf) for leaf in leaves), unbiased)
    with jax.enable_x64(True):
        numbers = [Interval(jnp.float64(x)) for leaf in leaves for x in np.asarray(leaf, np.float64).ravel()]
        shares = [Interval(jnp.float64(x)) for x in (batch / max(batch - 1, 1), 1 / max(batch - 1, 1))]
        boxes = [Interval(jnp.float64([a]), jnp.float64([b])) for a, b in zip(low, high, strict=True)]
        found = made.spreads(numbers, shares, boxes)
    names = ("variance", "length", "product", "ratio")
    return Spreads(*(None if getattr(found, name) is None else np.asarray(getattr(found, name)) for name in names))


@pytest.mark.long
@pytest.mark.parametrize("form", ["published", "unbiased"])
@pytest.mark.parametrize(("players", "coupled"), [(2, True), (3, False)])
def test_a_sampled_update_is_the_exact_one_plus_a_mean_plus_products_of_deviations(players, coupled, form):
    learners = learners_of(players, players, coupled)
    random = np.random.default_rng(5)
    for batch in (2, 7):
        theta = random.normal(size=players)
        plays = Plays(learners, ALL, theta, batch, form == "unbiased")
        counts = random.multinomial(batch, np.full(2**players, 0.5**players))
        with jax.enable_x64(True):
            estimator = sampled(batch, form=form).for_game(learners)
            shaped = jnp.asarray(counts, "float64").reshape((2,) * players)
            found = sum(ALL.parts(estimator.from_counts(learners, jnp.asarray(theta), shaped), jnp.int32(0)).values())
        linear, square = plays.noise(counts / batch)
        assert np.allclose(field_of(learners, ALL)(theta) + linear + square, found, atol=1e-11)


@pytest.mark.long
@pytest.mark.parametrize(("players", "coupled", "unbiased"), [(2, False, True), (2, True, False), (3, False, False)])
def test_bounds_of_plays_hold_every_profile_of_a_box_and_are_exact_at_points(players, coupled, unbiased):
    learners, batch = learners_of(players, 10 + players, coupled), 9
    random = np.random.default_rng(players)
    centre = random.normal(size=players)
    for radius in (0.0, 0.3):
        found = spreads_of(learners, ALL, centre - radius, centre + radius, batch, unbiased)
        for _ in range(1 if radius == 0 else 4):
            plays = Plays(learners, ALL, centre + radius * random.uniform(-1, 1, players), batch, unbiased)
            variance = plays.chances @ (plays.w - plays.chances @ plays.w) ** 2
            length = np.ptp(plays.w, axis=0)
            means = np.concatenate([own.reshape(len(own), -1) for own in (plays.g, plays.m)], axis=1)
            halves = np.ptp(means, axis=0) / 2
            sizes = replace(ALL, peer=Constant(1.5))
            with jax.enable_x64(True):
                product = products(sizes, halves[: players**2].reshape(players, players),
                                   halves[players**2 :].reshape((players,) * 3))  # fmt: skip
            ratio = (plays.chances @ (means - plays.chances @ means) ** 2 / halves**2).max()
            truth = [variance, length, product, np.array([ratio])]
            bounds = [np.asarray(own).reshape(-1)
                      for own in (found.variance, found.length, found.product, found.ratio)]  # fmt: skip
            for bound, own in zip(bounds, truth, strict=True):
                assert (bound >= own * (1 - 1e-12)).all()
                assert radius or np.allclose(bound, own, rtol=1e-9)


@pytest.mark.long
@pytest.mark.parametrize("unbiased", [False, True])
@pytest.mark.parametrize(("players", "batch"), [(2, 15), (3, 4)])
def test_exponential_moments_of_the_noise_are_bounded_as_enumeration_of_all_batches_shows(players, batch, unbiased):
    learners, size = learners_of(players, 20 + players), 0.4
    theta = np.random.default_rng(batch).normal(size=players)
    plays = Plays(learners, ALL, theta, batch, unbiased)
    shares, chances = plays.batches()
    linear, square = (np.array(own) for own in zip(*(plays.noise(share) for share in shares), strict=True))
    found = spreads_of(learners, ALL, theta, theta, batch, unbiased)
    many = batch / (batch - 1) if unbiased else 1.0
    rates = 2.0 ** np.arange(-8, 8)
    with jax.enable_x64(True):
        column = jnp.asarray(rates)[:, None]
        one = concentration.of_means(column, size, batch, found.variance[:, None], found.length[:, None])
        two = concentration.of_products(column, size, batch, found.product[:, None] * many, found.ratio)
        if unbiased:
            two = two + column * size * many * found.product[:, None] * found.ratio / batch
    one, two = np.asarray(one)[:, :, 0], np.asarray(two)[:, :, 0]
    for k, rate in enumerate(rates):
        truths = [np.log(np.exp(way * rate * size * linear).T @ chances) for way in (1, -1)]
        for truth in truths:
            assert (truth <= one[:, k] + 1e-12).all()
        assert (np.log(np.exp(rate * size * np.abs(square)).T @ chances) <= two[:, k] + 1e-12).all()
        if k == 0:  # of a small rate only the variance is left
            assert np.allclose(truths[0], one[:, k], rtol=0.05)
    assert np.isfinite(two).any()
    assert np.isinf(two).any()


@pytest.mark.long
@pytest.mark.parametrize("players", [2, 3])
@pytest.mark.parametrize("rule", ONE_EACH, ids=lambda rule: rule.name)
def test_sums_of_sampled_noise_stay_within_their_bounds_at_all_steps_at_once(rule, players):
    learners, batch, size, steps, runs = learners_of(players, 30), 64, 0.4, 50, 2000
    random = np.random.default_rng(players)
    theta = random.normal(size=players)
    plays = Plays(learners, rule, theta, batch, False)
    counts = random.multinomial(batch, plays.chances / plays.chances.sum(), size=(runs * steps,))
    off = counts / batch - plays.chances
    with jax.enable_x64(True):
        g, m = (jnp.tensordot(off, own, 1) for own in (plays.g, plays.m))
        square = np.asarray(_products(rule, g, m))
    summed = np.cumsum(size * (off @ plays.w + square).reshape(runs, steps, players), axis=1)
    found = spreads_of(learners, rule, theta, theta, batch, False)
    step = np.arange(1, steps + 1)[:, None, None, None]
    for failure in (0.3, 1e-3):
        deviation = size * math.sqrt(steps / batch) * float(np.sqrt(found.variance.max()))
        largest = 0.0 if found.product is None else size * float(found.product.max()) / batch
        rates = concentration.rates_for(failure, players, found.product is not None, deviation, largest)
        with jax.enable_x64(True):
            rate = jnp.asarray(rates.linear)[:, None]
            sums = step * concentration.of_means(rate, size, batch, found.variance[:, None], found.length[:, None])
            bound = np.stack([concentration.radius(own, rate, rates.linear_cost) for own in sums])[:, :, 0]
            if found.product is not None:
                rate = jnp.asarray(rates.squared)[:, None]
                sums = step * concentration.of_products(rate, size, batch, found.product[:, None], found.ratio)
                bound += np.stack([concentration.radius(own, rate, rates.squared_cost) for own in sums])[:, :, 0]
        left = (np.abs(summed) > bound).any(axis=(1, 2)).sum()
        assert left <= runs * failure + 4 * math.sqrt(runs * failure)
        # not so wide that any noise would fit
        usual = size * np.sqrt(steps * found.variance[:, 0] / batch)
        assert (bound[-1] < 10 * usual + 120 * largest).all()


@pytest.mark.long
def test_boxes_hold_every_path_whose_summed_noise_is_small_however_it_is_made_and_clipped():
    random = np.random.default_rng(4)
    for seed, coupled in ((1, False), (2, True)):
        learners, edge, size = learners_of(2, seed, coupled), 1.0, 0.1
        field = field_of(learners, ALL)
        leaves, _ = jax.tree.flatten((learners, ALL))
        low = np.array([[-0.3, 0.9], [0.4, -0.98]]).T
        high = low + 0.1
        runs = 150
        theta = low[:, :, None] + (high - low)[:, :, None] * random.uniform(size=(2, 2, runs))
        total, r = np.zeros((2, 2, runs)), np.zeros((2, 2))
        clips = 0
        with jax.enable_x64(True):
            numbers = [Interval(jnp.float64(x)) for leaf in leaves for x in np.asarray(leaf, np.float64).ravel()]
            step = NoisyStep(2, *sigmoid_bounds(learners, ALL))
            for k in range(6):
                after = step.moved(
                    numbers, jnp.asarray(low), jnp.asarray(high), Interval(jnp.float64(size)), jnp.asarray(r)
                )
                r = r + np.array([[0.1, 0.04], [0.02, 0.08]]) / (1 + k)
                low, high = (np.asarray(end) for end in clipped(*after, r, -edge, edge))
                inside = [np.asarray(end) for end in held(low, high, r, -edge, edge)]
                # any sum within the bounds, half of the time an extreme one
                drawn = random.uniform(-1, 1, size=total.shape)
                fresh = r[:, :, None] * np.where(random.uniform(size=total.shape) < 0.5, np.sign(drawn), drawn)
                moved = np.asarray(_fields(field.game, field.rule, theta.reshape(2, -1).T)).T.reshape(theta.shape)
                proposed = theta + size * moved + fresh - total
                theta, total = np.clip(proposed, -edge, edge), fresh
                clips += int((theta != proposed).sum())
                assert (theta >= inside[0][:, :, None]).all()
                assert (theta <= inside[1][:, :, None]).all()
        assert clips > 20
        assert (high - low).min() < 1.0


@pytest.mark.parametrize("products", [False, True])
@pytest.mark.parametrize("components", [1, 6])
def test_all_bounds_together_fail_as_seldom_as_is_asked(products, components):
    # Ville's inequality for every rate and both sides of every sum, and for the squares of every sum of products
    for failure in (0.05, 1e-6):
        made = concentration.rates_for(failure, components, products, 0.3, 0.01)
        fails = 2 * components * len(made.linear) * math.exp(-made.linear_cost)
        if products:
            fails += components * len(made.squared) * math.exp(-made.squared_cost)
        assert 0.99 * failure < fails <= failure
