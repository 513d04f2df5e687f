"""The cooperation index and the sensitivity ratio against finite differences, and what trained networks come to."""

import functools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import nashscape as ns
from nashscape import games, theory
from nashscape.core import InputError
from nashscape.semantics import open_source

STEP = 1e-5
LETTERS = "abc"

CASES = {
    "profile, 2 players": lambda k: ns.semantics.networked((2, 2), ns.semantics.read_all((2, 2), seed=k)),
    "profile, players of their own": lambda k: ns.semantics.networked(
        (2, 3), ns.semantics.read_all((2, 3), sizes=(2, 4), pooling="each", seed=k), sizes=(2, 4)
    ),
    "profile, 3 players": lambda k: ns.semantics.networked(
        (2, 2, 2), ns.semantics.read_all((2, 2, 2), sizes=(1, 2, 3), pooling="each", seed=k), sizes=(1, 2, 3)
    ),
    "weights, 2 players": lambda k: ns.semantics.weight_reading((2, 2), seed=k),
    "weights, players of their own": lambda k: ns.semantics.weight_reading((3, 2), features=1, seed=k),
    "weights, 3 players": lambda k: ns.semantics.weight_reading((2, 2, 2), features=1, seed=k),
}


@jax.jit
def logs_at(semantics, points):
    return jax.vmap(lambda theta: [jnp.log(own) for own in semantics.strategies(theta)])(points)


@jax.jit
def payoffs_at(semantics, payoffs, points):
    """Expected payoffs `[N, n]`, summed over all profiles."""

    def one(theta):
        strategies = semantics.strategies(theta)
        letters = LETTERS[: len(strategies)]
        return jnp.einsum(f"z{letters},{','.join(letters)}->z", payoffs, *strategies)

    return jax.vmap(one)(points)


def climbed(semantics, payoffs, theta):
    """Every player's own gradient, by central differences."""
    d = len(theta)
    shifts = STEP * np.concatenate([np.eye(d), -np.eye(d)])
    values = np.asarray(payoffs_at(semantics, payoffs, theta + shifts))
    slopes = (values[:d] - values[d:]) / (2 * STEP)
    return np.concatenate([slopes[part, i] for i, part in enumerate(semantics.slices)])


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_the_index_is_what_the_next_small_step_does_to_17_random_networks_of_each_kind(case):
    signs = []
    for k in range(17):
        semantics, random = CASES[case](k), np.random.default_rng([7, k])
        shape = [own[0] for own in semantics.strategy_shapes]
        payoffs, target = random.normal(size=(len(shape), *shape)), tuple(int(random.integers(a)) for a in shape)
        theta = random.normal(size=semantics.dimension)
        found = ns.theory.cooperation_index(ns.parametric(games.dense(payoffs), semantics), theta, target)
        with jax.enable_x64(True):
            v = climbed(semantics, payoffs, theta)
            logs = logs_at(semantics, theta + np.array([[STEP], [-STEP], [0.0]]) * v)
        np.testing.assert_allclose(found.direction, v, atol=1e-7)
        rates = [(float(own[0, a]) - float(own[1, a])) / (2 * STEP) for own, a in zip(logs, target, strict=True)]
        np.testing.assert_allclose(found.per_player, rates, atol=1e-6, rtol=1e-6)
        np.testing.assert_allclose(found.total, sum(rates), atol=1e-6, rtol=1e-6)
        np.testing.assert_allclose(
            np.log(found.probabilities), [own[2, a] for own, a in zip(logs, target, strict=True)]
        )
        step = sum(float(own[0, a]) - float(own[2, a]) for own, a in zip(logs, target, strict=True))
        if abs(found.total) > 1e-3:
            assert np.sign(step) == np.sign(found.total)
            signs.append(np.sign(step))
        assert found.all_grow == (min(rates) > 0)
    assert {-1.0, 1.0} == set(signs)


def bent(own, others):
    return 1.5 * own + jnp.tanh(others[0] - 0.5 * own)


@pytest.mark.long
def test_with_a_rule_it_is_what_an_update_of_that_rule_does():
    rule, semantics = ns.lookahead(inner_lr=0.4), ns.semantics.networked((2, 2), bent)
    learners = ns.parametric(games.dense(np.random.default_rng(2).normal(size=(2, 2, 2))), semantics)
    theta, h = np.random.default_rng(4).normal(size=semantics.dimension), 1e-6
    run = ns.simulate(learners, rule, ns.starts.parameters([theta]), steps=1, step_size=h, projection=ns.unbounded())
    found = ns.theory.cooperation_index(learners, theta, (1, 0), rule)
    rates = [np.log(run.strategies[i][1, a] / run.strategies[i][0, a]) / h for i, a in enumerate((1, 0))]
    np.testing.assert_allclose(found.per_player, rates, rtol=1e-4, atol=1e-7)
    assert found.rule == "lookahead"
    assert not np.allclose(found.per_player, ns.theory.cooperation_index(learners, theta, (1, 0)).per_player, rtol=1e-3)


def test_independent_players_in_closed_form_and_a_total_that_hides_one_who_falls():
    """Sigmoids: log p_i grows at (1 − p_i) θ̇_i, and θ̇_i = p_i (1 − p_i) (u_i(C, ·) − u_i(D, ·))."""
    game, theta = games.dense([[[4.0, 1.0], [0.0, 0.0]], [[0.0, 0.2], [0.0, 0.1]]]), np.array([0.3, -0.4])
    p = 1 / (1 + np.exp(-theta))
    gains = [4 * p[1] + (1 - p[1]), -0.2 * p[0] - 0.1 * (1 - p[0])]
    found = ns.theory.cooperation_index(game, theta, (0, 0))
    np.testing.assert_allclose(found.per_player, p * (1 - p) ** 2 * gains, rtol=1e-12)
    assert found.total > 0
    assert not found.all_grow
    assert found.to_dict()["total"] == found.total
    assert repr(found).startswith("<CooperationIndex of AA, pg on")


# --- the ratio --------------------------------------------------------------------------------------------


def symmetric(random):
    first = random.normal(size=(2, 2))
    return games.bimatrix(first, first.T)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "form"), [("profile", "softmax"), ("weights", "sigmoid")])
def test_the_formula_for_alike_networks_is_the_derivative_of_their_logits(kind, form):
    decided = []
    for k in range(25):
        random = np.random.default_rng([3, k])
        if kind == "profile":
            semantics = ns.semantics.networked(
                (2, 2), ns.semantics.read_all((2, 2), 2, form=form, seed=k), 2, form=form
            )
        else:
            semantics = ns.semantics.weight_reading((2, 2), seed=k, form=form)
        learners = ns.parametric(symmetric(random), semantics)
        half = random.normal(size=semantics.sizes[0])
        found = ns.theory.sensitivity_ratio(learners, half)
        theta = np.tile(half, 2)
        with jax.enable_x64(True):
            v = climbed(semantics, learners.game.payoffs, theta)
            logs = [np.asarray(own) for own in logs_at(semantics, theta + np.array([[STEP], [-STEP]]) * v)]
        for own in logs:
            odds = own[:, 0] - own[:, 1]
            assert found.alike.velocity == pytest.approx((odds[0] - odds[1]) / (2 * STEP), rel=1e-6, abs=1e-7)
        np.testing.assert_allclose(found.p, np.exp(logs[0][:, 0]).mean(), rtol=1e-4)
        index = ns.theory.cooperation_index(learners, theta, (0, 0))
        assert np.sign(index.total) == np.sign(found.alike.bracket)
        assert found.decides == (not found.undecided)
        if found.decides:
            decided.append(np.sign(found.margin))
            assert np.sign(found.margin) == np.sign(found.alike.bracket)
        assert ("does not decide" in repr(found)) == (not found.decides)
        # the same by the general formula: every pair has this ratio, and all that is pulled adds up to the index
        assert found.ratios[0, 1] == pytest.approx(found.ratio) == pytest.approx(found.ratios[1, 0])
        assert found.thresholds[0, 1] == pytest.approx(found.threshold) == pytest.approx(found.thresholds[1, 0])
        assert found.total == pytest.approx(index.total)
    assert 0 < len(decided) < 25
    assert {-1.0, 1.0} == set(decided)


@pytest.mark.parametrize("coupling", [-0.4, 0.0, 0.25, 1.0, 2.5])
def test_of_coupled_players_the_ratio_is_the_coupling(coupling):
    form = theory.symmetric_thresholds(games.prisoners_dilemma())
    for logits in ("sigmoid", "softmax"):
        learners = open_source(games.prisoners_dilemma(), coupling, own=1.7, form=logits)
        if logits == "sigmoid":
            learners = open_source(games.prisoners_dilemma(), 1.7 * coupling, own=1.7)
            found = ns.theory.sensitivity_ratio(learners, [0.3])
            assert found.alike.velocity == pytest.approx(1.7**2 * (1 + coupling) * form.drift(coupling, found.p))
        else:
            learners = open_source(games.prisoners_dilemma(), coupling, form="softmax")
            found = ns.theory.sensitivity_ratio(learners, [0.3, -0.1])
        assert found.ratio == pytest.approx(coupling, abs=1e-12)
        assert found.threshold == form.at(found.p)
        assert found.margin == pytest.approx(coupling - form.at(found.p))
        assert found.decides


def test_where_the_ratio_does_not_decide_the_condition_is_named():
    against = ns.semantics.networked((2, 2), lambda own, others: own - 2.0 * others[0])  # |a|² + ⟨a,b⟩ = 1 − 2
    found = ns.theory.sensitivity_ratio(ns.parametric(games.donation(benefit=3, cost=1), against), [0.1])
    assert found.undecided == ("|a|² + ⟨a,b⟩ = -1 is not positive",)
    assert found.ratio == pytest.approx(-2.0)
    assert found.alike.bracket == pytest.approx(1.0 + 3.0 * 2.0)
    harmful = games.bimatrix([[0.0, 2.0], [-1.0, 1.0]], [[0.0, -1.0], [2.0, 1.0]])  # T − P = −2
    found = ns.theory.sensitivity_ratio(open_source(harmful, 0.5), [0.0])
    assert found.undecided == ("B(p) = -2 is not positive",)
    neither = ns.semantics.networked((2, 2), lambda own, others: own - others[0])
    found = ns.theory.sensitivity_ratio(ns.parametric(games.stag_hunt(), neither), [0.2])
    assert (found.ratio, found.margin, found.alike.bracket) == (None, None, 0.0)
    assert "rests" in repr(found)


def test_random_exchangeable_players_below_the_threshold_in_stag_hunt_and_above():
    """κ*(p) depends on p there: the same coupling falls at one profile and grows at another."""
    learners = open_source(games.stag_hunt(), 0.5)
    low, high = (ns.theory.sensitivity_ratio(learners, [theta]) for theta in (-1.0, 1.0))
    assert low.margin < 0 < high.margin
    assert low.threshold == pytest.approx((2 - 3 * low.p) / (1 + 3 * low.p))


# --- a trained pair crosses from defection to cooperation -------------------------------------------------

WANTED = (0.15, 0.25, 0.3, 0.36, 0.42, 0.55)
REACH = 3.0


@functools.cache
def trained():
    """For every wanted ratio a network under which two players who have it answer each other so, all over a box."""
    arrays, rest = eqx.partition(ns.semantics.read_all((2, 2), 2, seed=5), eqx.is_array)
    optimiser = optax.adam(optax.cosine_decay_schedule(2e-2, 450))

    def loss(arrays, wanted, theta):
        network = eqx.combine(arrays, rest)

        def parts(own):
            a, b = jax.jacrev(lambda x, y: network(x, y[None])[0], argnums=(0, 1))(own, own)
            return a @ a + a @ b, b @ b + a @ b

        own, cross = jax.vmap(parts)(theta)
        return jnp.mean((cross / own - wanted) ** 2 + 10 * jax.nn.relu(0.5 - own) ** 2)

    def turn(wanted, carry, key):
        arrays, state = carry
        theta = jax.random.uniform(key, (32, 2), minval=-REACH, maxval=REACH)
        change, state = optimiser.update(jax.grad(loss)(arrays, wanted, theta), state)
        return (optax.apply_updates(arrays, change), state), None

    def train(wanted):
        keys = jax.random.split(jax.random.key(0), 450)
        return jax.lax.scan(functools.partial(turn, wanted), (arrays, optimiser.init(arrays)), keys)[0][0]

    several = jax.jit(jax.vmap(train))(jnp.asarray(WANTED))
    return [eqx.combine(jax.tree.map(lambda x, k=k: x[k], several), rest) for k in range(len(WANTED))]


@pytest.mark.long
def test_a_trained_pair_crosses_from_defection_to_cooperation_where_the_ratio_crosses_the_threshold():
    """Donation b = 3, c = 1: κ* = 1/3 at every p. The ratio is measured all along the way that the players climb."""
    for wanted, network in zip(WANTED, trained(), strict=True):
        learners = ns.parametric(games.donation(benefit=3, cost=1), ns.semantics.networked((2, 2), network, 2))
        run = ns.simulate(
            learners, ns.pg(), [0.5, 0.5], targets=["CC", "DD"], steps=300, step_size=1.0, projection=ns.box(REACH)
        )
        # the diagonal may repel what rounding does; so far it has not come to matter
        np.testing.assert_allclose(run.theta[:, :2], run.theta[:, 2:], atol=1e-3)
        along = [ns.theory.sensitivity_ratio(learners, theta[:2]) for theta in run.theta[::30]]
        assert all(found.decides and found.threshold == pytest.approx(1 / 3) for found in along)
        assert all(abs(found.ratio - wanted) < 0.025 for found in along)  # so it never changes sides
        assert {np.sign(found.margin) for found in along} == {np.sign(wanted - 1 / 3)}
        # where they stand: what the least difference does to two who are alike is another question
        stands = np.array([own[-1, 0] for own in run.strategies])
        assert (stands >= 0.82).all() if wanted > 1 / 3 else (stands <= 0.18).all()
        # and what is learnt is no linear coupling: the sensitivities change along the way
        assert np.ptp([found.alike.self_sensitivity for found in along]) > 0.02


# --- bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ns.theory.cooperation_index(games.tandem(), np.zeros(2)), "no actions to name"),
        (lambda: ns.theory.cooperation_index(games.stag_hunt(), np.zeros(3)), r"theta must have shape \(2\)"),
        (lambda: ns.theory.cooperation_index(games.stag_hunt(), [0, np.inf]), "theta must be finite"),
        (lambda: ns.theory.cooperation_index(games.stag_hunt(), [0, 0], "CX"), "CX"),
        (lambda: ns.theory.cooperation_index(games.stag_hunt(), [0, 0], rule="pg"), "expected a rule"),
        (
            lambda: ns.theory.cooperation_index(
                ns.parametric(games.stag_hunt(), ns.semantics.simplex((2, 2))), [0.5] * 4
            ),
            "parameters that move freely",
        ),
        (
            lambda: ns.theory.sensitivity_ratio(
                ns.parametric(games.stag_hunt(), ns.semantics.simplex((2, 2))), [0.5] * 4
            ),
            "parameters that move freely",
        ),
        (lambda: ns.theory.sensitivity_ratio(games.stag_hunt(), np.zeros(3)), "2 entries, or 1"),
        (
            lambda: ns.theory.sensitivity_ratio(games.random_game((2, 3), seed=1), np.zeros(2)),
            "theta must have 4 entries; got 2",
        ),
        (lambda: ns.theory.sensitivity_ratio(games.tandem(), np.zeros(2)), "no actions to name"),
        (lambda: ns.theory.sensitivity_ratio(games.stag_hunt(), [0, 0], "CX"), "CX"),
    ],
)
def test_what_does_not_fit_is_one_input_error(make, message):
    with pytest.raises(InputError, match=message):
        make()
