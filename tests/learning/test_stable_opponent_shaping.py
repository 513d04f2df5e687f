"""SOS against the published criterion, written once more for losses."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import learning
from nashscape.learning import Terms, constant, sos

STEP = jnp.int32(0)
RATE = 0.7


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


class Given:
    """An oracle whose answer is known."""

    def __init__(self, terms):
        self.given = terms
        self.theta = jnp.zeros_like(terms.base)

    def terms(self):
        return self.given


def direction(rule, terms):
    return np.asarray(rule.update(Given(terms), (), STEP)[0])


def made(base, look, peer):
    arrays = {"base": base, "peer": peer, "lookahead": look}
    return Terms((1, len(base) - 1), **{name: jnp.asarray(part, float) for name, part in arrays.items()})


def published(losses, theta, alpha, a, b):
    """Algorithm 1 of Letcher et al. (2019), which descends losses: the direction −ξ_p and the two criteria."""
    gradients, hessians = losses.derivatives(theta)
    players = losses.players
    others = {i: [j for j in players if j != i] for i in players}
    xi = np.concatenate([gradients[i][i] for i in players])
    ahead = [sum(hessians[i][j, i].T @ gradients[j][j] for j in others[i]) for i in players]
    chi = np.concatenate([sum(hessians[j][j, i].T @ gradients[i][j] for j in others[i]) for i in players])
    xi_0 = xi - alpha * np.concatenate(ahead)
    inner = -alpha * chi @ xi_0
    p1 = 1.0 if inner > 0 else min(1.0, -a * np.linalg.norm(xi_0) ** 2 / inner)
    p2 = np.linalg.norm(xi) ** 2 if np.linalg.norm(xi) < b else 1.0
    p = min(p1, p2)
    return -(xi_0 - p * alpha * chi), p1, p2


def test_the_update_is_the_published_one(case):
    theory, theta = case
    losses = type(theory)(-theory.payoffs, theory.forms)
    random = np.random.default_rng(1)
    seen = set()
    for _ in range(60):
        theta = random.normal(size=len(theta), scale=random.choice([0.3, 1.0, 4.0]))
        alpha = random.choice([0.5, 5.0, 50.0])
        a, b = random.uniform(0.05, 0.95), random.choice([0.02, 0.3])
        wanted, p1, p2 = published(losses, theta, alpha, a, b)
        terms = theory.terms(theta)
        given = Terms(theory.sizes, **{name: jnp.asarray(own) for name, own in terms.items()})
        rule = sos(a=a, b=b, inner_lr=alpha)
        np.testing.assert_allclose(direction(rule, given), wanted, rtol=1e-9, atol=1e-12)
        assert float(rule.share(given, STEP)) == pytest.approx(min(p1, p2), rel=1e-9)
        seen.add((p1 < 1, p2 < 1))
    assert len(seen) > 1  # more than one branch of the criteria was met


def test_all_branches_of_the_criteria():
    rule = sos(a=0.5, b=0.1, inner_lr=RATE)
    base, look = np.array([1.0, 2.0, 0.0]), np.array([0.0, 1.0, -1.0])
    ahead = base + RATE * look
    for scale, share in ((2.0, 1.0), (-0.1, 1.0), (-5.0, 0.1 / RATE), (-50.0, 0.01 / RATE)):
        found = rule.share(made(base, look, scale * ahead), STEP)
        assert float(found) == pytest.approx(share, rel=1e-12)
    # the length of base is just below and just above b
    across = np.array([0.0, 0.0, 1.0])
    for length, share in ((0.0999, 0.0999**2), (0.1001, 1.0)):
        terms = made(np.array([length, 0.0, 0.0]), np.zeros(3), across)
        assert float(rule.share(terms, STEP)) == pytest.approx(share, rel=1e-12)


def test_without_share_it_is_lookahead_and_with_all_of_it_lola(case):
    theory, theta = case
    terms = theory.terms(theta)
    look, peer = terms["lookahead"], terms["peer"]
    against = peer if peer @ (terms["base"] + RATE * look) < 0 else -peer
    given = made(terms["base"], look, against)
    nothing = sos(a=0.0, b=0.0, inner_lr=RATE)
    everything = dataclasses.replace(nothing, a=constant(1e9))  # beyond what sos takes
    assert (float(nothing.share(given, STEP)), float(everything.share(given, STEP))) == (0.0, 1.0)
    np.testing.assert_array_equal(direction(nothing, given), direction(learning.lookahead(inner_lr=RATE), given))
    lola = direction(learning.lola(inner_lr=RATE), given)
    np.testing.assert_allclose(direction(everything, given), lola, atol=1e-15)


def test_the_peer_term_never_takes_back_more_than_the_share_a():
    random = np.random.default_rng(2)
    for a in (0.1, 0.5, 0.9):
        rule = sos(a=a, b=0.0, inner_lr=RATE)
        for _ in range(30):
            base, look, peer = random.normal(size=(3, 4))
            ahead = base + RATE * look
            found = direction(rule, made(base, look, 10 * peer))
            assert found @ ahead >= (1 - a) * ahead @ ahead - 1e-12


def test_one_share_for_all_players(case):
    theory, theta = case
    terms = theory.terms(theta)
    given = made(terms["base"], terms["lookahead"], -40 * terms["base"])
    parts = sos(inner_lr=RATE).contributions(Given(given), (), STEP)
    shares = np.asarray(parts["peer"]) / (RATE * np.asarray(given.peer))
    assert np.ptp(shares) < 1e-12
    assert 0 < shares[0] < 1


def test_at_zeros_of_base_the_direction_vanishes_and_nothing_is_divided_by_zero():
    zero, some = np.zeros(3), np.array([1.0, -2.0, 0.5])
    for base, look, peer in ((zero, zero, zero), (zero, zero, some), (some, -some / RATE, some), (some, zero, zero)):
        terms = made(base, look, peer)

        def total(parts, terms=terms):
            changed = terms.changed(base=parts[0], lookahead=parts[1], peer=parts[2])
            return jnp.sum(sos(inner_lr=RATE).update(Given(changed), (), STEP)[0])

        value, slope = jax.value_and_grad(total)((terms.base, terms.lookahead, terms.peer))
        assert np.isfinite(value)
        assert all(np.isfinite(part).all() for part in slope)
        if not base.any():
            np.testing.assert_array_equal(direction(sos(inner_lr=RATE), terms), zero)


def test_coefficients_may_be_schedules():
    rule = sos(a=lambda step: jnp.minimum(0.1 * step, 1.0), b=constant(0.0), inner_lr=1.0)
    terms = made(np.array([1.0, 0.0, 0.0]), np.zeros(3), np.array([-1.0, 0.0, 0.0]))
    assert [round(float(rule.share(terms, step)), 7) for step in (0, 3, 20)] == [0.0, 0.3, 1.0]
