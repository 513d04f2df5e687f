"""Players who read the parameters of some steps ago: against loops written out, and what delays do."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import expit

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import Oracle, PlayerRules, StepKey, delayed, exact, per_player, step_key
from nashscape.semantics import coupled, imperfect, open_source, parametric

MATRIX = np.array([[0.0, 0.9, -0.5], [0.4, 0.0, 1.2], [-0.7, 0.3, 0.0]])
OWN, BIAS = np.array([1.0, 0.5, 2.0]), np.array([0.2, -0.4, 0.1])
PAYOFFS = np.random.default_rng(1).normal(size=(3, 2, 2, 2))


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def three():
    return parametric(games.dense(PAYOFFS), coupled((2, 2, 2), MATRIX, own=OWN, bias=BIAS))


def written_out(theta, delay, steps, size):
    """Policy gradient of three players by hand: multilinear payoffs, chain rule through everybody's logits."""
    path = [theta]
    for t in range(steps):
        now, past = path[-1], path[max(t - delay, 0)]
        p = expit(OWN * now + MATRIX @ past + BIAS)
        mixed = np.stack([p, 1 - p], axis=1)
        step = np.zeros(3)
        for i in range(3):
            slopes = []
            for j in range(3):  # ∂U_i/∂p_j
                sides = [np.array([1.0, -1.0]) if k == j else mixed[k] for k in range(3)]
                slopes.append(np.einsum("abc,a,b,c->", PAYOFFS[i], *sides))
            sensitivity = MATRIX[:, i] + OWN * (np.arange(3) == i)  # ∂z_j/∂θ_i, as without delay
            step[i] = np.sum(np.array(slopes) * p * (1 - p) * sensitivity)
        path.append(now + size * step)
    return np.array(path)


@pytest.mark.long
@pytest.mark.parametrize("delay", [1, 2, 5])
def test_runs_are_those_of_a_loop_written_out(delay):
    theta = np.array([0.5, -0.3, 0.8])
    run = ns.simulate(
        three(), delayed(ns.pg(), steps=delay), ns.starts.parameters([theta]), steps=12, step_size=0.7,
        projection=ns.unbounded(),
    )  # fmt: skip
    wanted = written_out(theta, delay, 12, 0.7)
    np.testing.assert_allclose(run.theta, wanted, atol=1e-12)
    assert np.abs(wanted - written_out(theta, 0, 12, 0.7)).max() > 1e-3
    # what is reported is the reading without delay
    np.testing.assert_allclose(run.strategies[0][:, 0], expit(OWN[0] * wanted[:, 0] + wanted @ MATRIX[0] + BIAS[0]))


def test_no_delay_is_the_rule_itself():
    for rule in (ns.pg(), ns.meta_mapg(), per_player([ns.pg(), ns.lola()])):
        assert delayed(rule, steps=0) is rule
    np.testing.assert_allclose(
        written_out(np.array([0.5, -0.3, 0.8]), 0, 3, 0.7),
        ns.simulate(three(), ns.pg(), ns.starts.parameters([[0.5, -0.3, 0.8]]), steps=3, step_size=0.7).theta,
        atol=1e-12,
    )


def asked(learners, rule, theta, past, estimator=None):
    """The direction of a delayed rule whose memory holds one profile."""
    ready = delayed(rule, steps=2).for_game(learners)
    own, memory = ready.init(theta)
    state = (own, memory.at[-1].set(past))

    @jax.jit
    def answers(theta, state):
        oracle = Oracle(learners, estimator or exact(), theta, step_key(3), jnp.float64(0.1))
        direction, (_, after) = ready.update(oracle, state, jnp.int32(0))
        return direction, after, sum(ready.contributions(oracle, state, jnp.int32(0)).values())

    direction, after, added = answers(theta, state)
    np.testing.assert_array_equal(after, jnp.stack([theta, memory[0]]))
    return np.asarray(direction), np.asarray(added)


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "actions", "estimator"),
    [(ns.meta_mapg, 3, exact()), (ns.learning.exact_lola, 3, exact()), (ns.pg, 2, ns.sampled(batch=64))],
)
def test_every_rule_sees_the_game_with_shifted_logits(make, actions, estimator):
    """Three players: the game whose bias holds what the others were."""
    random = np.random.default_rng(2)
    game, entries = games.dense(random.normal(size=(3, *(actions,) * 3))), 3 if actions == 3 else 1
    bias = random.normal(size=(3, entries))
    theta, past = (jnp.asarray(random.normal(size=3 * entries)) for _ in range(2))
    moved = MATRIX @ (np.asarray(past) - np.asarray(theta)).reshape(3, entries)
    plain, shifted = (coupled((actions,) * 3, MATRIX, own=OWN, bias=b) for b in (bias, bias + moved))
    found, added = asked(parametric(game, plain), make(), theta, past, estimator)

    @jax.jit
    def directly(theta):
        oracle = Oracle(parametric(game, shifted), estimator, theta, step_key(3), jnp.float64(0.1))
        return make().update(oracle, make().init(theta), jnp.int32(0))[0]

    wanted = directly(theta)
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    np.testing.assert_allclose(found, added, atol=1e-12)


@pytest.mark.long
def test_fixed_points_are_those_without_delay():
    """The mixture of T=5 R=3 P=1 S=0 at κ = 0.35, p° = [(P−S) − κ(T−P)]/[(1+κ)c]."""
    p = (1 - 0.35 * 4) / (1.35 * -1)
    learners = open_source(games.prisoners_dilemma(), 0.35)
    run = ns.simulate(learners, delayed(ns.pg(), steps=3), [p, p], steps=5, step_size=1.0)
    np.testing.assert_allclose(run.theta, run.theta[:1] + np.zeros((6, 1)), atol=1e-13)
    near = ns.simulate(learners, delayed(ns.pg(), steps=3), [p + 0.05, p + 0.05], steps=800, step_size=1.0)
    np.testing.assert_allclose([own[-1, 0] for own in near.strategies], p, atol=1e-6)


def growth(delay, size, coupling):
    """The greatest growth per step about the middle of Matching Pennies, where player 2 reads with the opposite sign.

    With `w = θ_1 + iθ_2` and the coupling b, to first order `w(t+1) = w(t) + h/4 [(−b − i) w(t) + (−b + ib²) w(t−k)]`.
    """
    now, late = 1 + size / 4 * (-coupling - 1j), size / 4 * (-coupling + 1j * coupling**2)
    return np.abs(np.roots([1, -now, *[0] * (delay - 1), -late])).max()


@pytest.mark.parametrize(("delay", "settles"), [(2, True), (12, False)])
@pytest.mark.long
def test_a_long_delay_makes_a_fixed_point_repel(delay, settles):
    """Opposite couplings make Matching Pennies settle; whether it still does when they are late, its roots tell."""
    learners = parametric(games.matching_pennies(), coupled((2, 2), [[0, 1.0], [-1.0, 0]]))
    rate = growth(delay, 1.0, 1.0)
    assert (rate < 1) == settles
    start = 1e-4 * np.array([[1.0, 0.5]])
    run = ns.simulate(learners, delayed(ns.pg(), steps=delay), ns.starts.parameters(start), steps=240, step_size=1.0)
    sizes = np.linalg.norm(run.theta, axis=1)
    if settles:
        assert sizes[-1] < 1e-12
    else:
        # over whole turns the spiral grows at the rate of the largest root
        assert np.log(sizes[200:].max() / sizes[100:140].max()) / 100 == pytest.approx(np.log(rate), rel=0.1)


@pytest.mark.long
def test_maps_entries_and_rules_of_their_own():
    learners = open_source(games.stag_hunt(), 0.5)
    rule = delayed(ns.pg(), steps=2)
    entry = ns.entry_probability(learners, rule, n=40, targets=["CC"], steps=40)
    assert entry.rule == "pg, read 2 late"
    assert 0 < entry.probability("CC").value < 1
    mixed = per_player([delayed(ns.pg(), steps=2), ns.pg()]).for_game(learners)
    assert isinstance(mixed, PlayerRules)
    theta = jnp.array([0.3, -0.2])
    oracle = Oracle(learners, exact(), theta, StepKey(*(jnp.uint32(0) for _ in range(4))), jnp.float64(0.1))
    direction, state = mixed.update(oracle, mixed.init(theta), jnp.int32(0))
    # before anybody has moved there is nothing to be late about
    np.testing.assert_allclose(direction, exact().estimate(learners, theta, step_key(0)).base, atol=1e-15)
    later = mixed.update(Oracle(learners, exact(), theta + 1, oracle.key, oracle.step_size), state, jnp.int32(1))[0]
    plain = exact().estimate(learners, theta + 1, step_key(0)).base
    assert (np.asarray(later) != np.asarray(plain)).tolist() == [True, False]


def test_what_does_not_fit_is_one_input_error():
    rule = delayed(ns.pg(), steps=2)
    with pytest.raises(InputError, match="delayed reading is for coupled players"):
        ns.simulate(games.stag_hunt(), rule, [0.5, 0.6])
    noisy = parametric(games.stag_hunt(), imperfect(coupled((2, 2), 0.5), noise=1.0))
    with pytest.raises(InputError, match="Imperfect semantics"):
        ns.simulate(noisy, rule, [0.5, 0.6])
    with pytest.raises(InputError, match=r"no flow|no steps"):
        ns.flow(open_source(games.stag_hunt(), 0.5), rule, [0.5, 0.6])
    for steps in (-1, 1.5, True):
        with pytest.raises(InputError, match="steps"):
            delayed(ns.pg(), steps=steps)
    with pytest.raises(InputError, match="expected a rule"):
        delayed("pg", steps=2)
