"""Imperfect readers who learn: starts, costs, sampled plays, and how much coupling cooperation then needs."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, optimize
from scipy.special import expit
from scipy.stats import norm

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics.reduction import Seen
from nashscape.learning import step_key
from nashscape.semantics import coupled, imperfect, parametric

RANDOM = np.random.default_rng(4)
MATRIX = np.array([[0.0, 0.9, -0.5], [0.4, 0.0, 1.2], [-0.7, 0.3, 0.0]])
OWN, BIAS = np.array([1.0, 0.5, 2.0]), np.array([0.2, -0.4, 0.1])
NOISE = np.array([0.7, 1.5, 0.3])


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


base = jax.jit(lambda learners, theta: ns.exact().estimate(learners, theta, step_key(0)).base)


@pytest.mark.long
@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        (2, {"reads": [0.2, 0.9, 0.5]}),
        (2, {"noise": NOISE, "reads": 0.6, "quantum": 0.7, "rounding": "dithered", "visible": [1, 1, 0]}),
        (2, {"noise": NOISE, "reads": "chosen", "cost": [0.1, 0.0, 0.4]}),
        (3, {"noise": NOISE}),
    ],
)
def test_parameters_give_the_strategies_asked_for(actions, kind):
    semantics = imperfect(coupled((actions,) * 3, 0.4 * MATRIX, own=OWN, bias=BIAS), **kind)
    profiles = [jnp.asarray(RANDOM.dirichlet(np.ones(actions), size=8)) for _ in range(3)]
    theta = jax.vmap(semantics.parameters)(profiles)
    for own, wanted in zip(jax.jit(jax.vmap(semantics.strategies))(theta), profiles, strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-9)
    if "cost" in kind:
        np.testing.assert_array_equal(np.asarray(theta).reshape(8, 3, -1)[:, :, -1], 0)


def test_starts_that_cannot_be_played_are_refused():
    learners = parametric(games.stag_hunt(), imperfect(coupled((2, 2), 1.0), noise=1.0))
    starts = ns.starts.strategies([[0.7, 0.7], [0.7, 0.6]])
    strategies = learners.strategies(jnp.asarray(starts.parameters(learners, np.array([0]), 0)[0]))
    np.testing.assert_allclose([own[0] for own in strategies], 0.7, atol=1e-9)
    with pytest.raises(InputError, match="cannot play under this semantics"):
        starts.parameters(learners, np.array([1]), 0)


@pytest.mark.long
def test_a_constant_cost_lowers_utilities_and_changes_no_gradient():
    payoffs, theta = RANDOM.normal(size=(3, 2, 2, 2)), jnp.asarray(RANDOM.normal(size=3))
    chain = coupled((2, 2, 2), [[0, 0.8, 0.5], [0, 0, -1.5], [0, 0, 0]])
    free, paid = (parametric(games.dense(payoffs), imperfect(chain, reads=0.5, cost=c)) for c in (None, [0.2, 0.3, 9]))
    # the first reads two, the second one, the third nobody
    np.testing.assert_allclose(free.utilities(theta) - paid.utilities(theta), [0.2, 0.15, 0.0], atol=1e-15)
    np.testing.assert_allclose(base(free, theta), base(paid, theta), atol=1e-15)
    assert ns.sampled(50).for_game(paid) == ns.sampled(50)
    # a player of three parameters is read once
    three, place = coupled((3, 3), [[0, 0.8], [0.4, 0]], form="softmax"), jnp.asarray(RANDOM.normal(size=6))
    free, paid = (
        parametric(games.random_game((3, 3), 1), imperfect(three, reads=0.5, cost=c)) for c in (None, [0.2, 0.3])
    )
    np.testing.assert_allclose(free.utilities(place) - paid.utilities(place), [0.1, 0.15], atol=1e-15)


def test_chosen_reading_learns_whether_it_pays():
    """`∂U_i/∂r_i = q_i (1 − q_i) (∂U_i/∂σ_i · (σ_i read − σ_i blind) − cost)`."""
    game = games.donation(benefit=3, cost=1)
    learners = parametric(game, imperfect(coupled((2, 2), [[0, 0.7], [-0.4, 0]]), reads="chosen", cost=[0.05, 0.0]))
    assert learners.sizes == (2, 2)
    theta = jnp.array([0.4, 1.0, -0.8, -0.5])
    q = expit([1.0, -0.5])
    read, blind = expit([0.4 + 0.7 * -0.8, -0.8 - 0.4 * 0.4]), expit([0.4, -0.8])
    played = q * read + (1 - q) * blind
    wanted = -played + 3 * played[::-1] - q * [0.05, 0.0]
    np.testing.assert_allclose(learners.utilities(theta), wanted, atol=1e-14)
    np.testing.assert_allclose(base(learners, theta)[1::2], q * (1 - q) * (-(read - blind) - [0.05, 0.0]), atol=1e-14)
    np.testing.assert_allclose(Seen(learners, theta, jnp.int32(0)).payoffs, wanted, atol=1e-14)
    for rule, options in ((ns.pg(), {"estimator": ns.sampled(64)}), (ns.learning.pola(), {})):
        with pytest.raises(InputError, match="costs"):
            ns.simulate(learners, rule, ns.starts.normal(), **options)
    free = parametric(game, imperfect(coupled((2, 2), 0.7), reads="chosen"))
    assert ns.sampled(64).for_game(free) == ns.sampled(64)


@pytest.mark.long
def test_learning_gives_up_reading_and_cooperation_with_it():
    """Donation, κ = 0.9: readers of cooperators cooperate more, at their own cost, so that reading is unlearned."""
    learners = parametric(games.donation(benefit=3, cost=1), imperfect(coupled((2, 2), 0.9), reads="chosen", cost=0.05))
    run = ns.simulate(
        learners, ns.pg(), ns.starts.parameters([[1.0, 3.0, 1.0, 3.0]]), steps=600, step_size=1.0, targets=["CC", "DD"]
    )
    assert run.theta[:, 0].max() > 2.5  # at first being read pays
    assert run.theta[run.theta[:, 0].argmax(), 1] < 3
    assert run.outcome == "DD"
    np.testing.assert_allclose(run.payoffs[50], learners.utilities(jnp.asarray(run.theta[50])), atol=1e-12)
    paid = learners.game.expected_payoffs([own[50] for own in run.strategies]) - run.payoffs[50]
    np.testing.assert_allclose(paid, 0.05 * expit(run.theta[50, 1::2]), atol=1e-12)


def test_where_nothing_is_paid_nothing_is_subtracted():
    for semantics in (None, coupled((2, 2), 0.5)):
        learners = parametric(games.stag_hunt(), semantics)
        theta = jnp.zeros(2)
        assert learners.semantics.costs(theta) is None
        plain = jax.make_jaxpr(lambda t, g=learners: g.game.expected_payoffs(g.strategies(t)))(theta)
        assert str(jax.make_jaxpr(learners.utilities)(theta)) == str(plain)


@pytest.mark.long
def test_sampled_terms_have_the_exact_ones_as_expectation():
    semantics = imperfect(coupled((2, 2, 2), MATRIX, own=OWN, bias=BIAS), noise=NOISE, reads=[0.7, 1.0, 0.4])
    learners = parametric(games.dense(np.random.default_rng(5).normal(size=(3, 2, 2, 2))), semantics)
    theta, estimator = jnp.asarray([0.3, -0.5, 0.2]), ns.sampled(batch=300, form="unbiased")
    draw = jax.jit(lambda key: estimator.estimate(learners, theta, key))
    drawn = [draw(step_key(k)) for k in range(600)]
    exact = ns.exact().estimate(learners, theta, step_key(0))
    for name in ("base", "own", "peer", "lookahead"):
        values = np.array([getattr(one, name) for one in drawn])
        z = (values.mean(axis=0) - np.asarray(getattr(exact, name))) / (values.std(axis=0) / np.sqrt(len(values)))
        assert np.abs(z).max() < 4.5, name


# --- in runs --------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_maps_and_entries_of_noisy_readers():
    learners = parametric(games.stag_hunt(), imperfect(coupled((2, 2), 0.5), noise=1.0))
    found = ns.basin_map(learners, ns.pg(), grid=3, targets=["CC"], steps=60)
    assert found.labels.shape == (1, 3, 3)
    assert found.labels[0, 0, 0] != found.labels[0, 2, 2]
    described = found.question["semantics"]
    assert described["expectation"] == "quadrature of 24 nodes, measured error below 1e-10"
    entry = ns.entry_probability(learners, ns.pg(), n=50, targets=["CC"], steps=60)
    assert 0 < entry.probability("CC").value < 1


def test_numbers_of_access_are_no_part_of_the_program():
    one, other = (imperfect(coupled((2, 2), k), noise=s, reads=q) for k, s, q in ((0.5, 1.0, 0.2), (0.4, 0.8, 0.9)))
    assert jax.tree.structure(one) == jax.tree.structure(other)
    uneven = imperfect(coupled((2, 2), 0.5), noise=1.0, form="uniform", reads=0.2)
    assert jax.tree.structure(one) != jax.tree.structure(uneven)


def uphill(semantics, theta, player=0):
    """How fast the parameter of a player rises in the donation game with b = 3 and c = 1."""
    return float(base(parametric(games.donation(benefit=3, cost=1), semantics), jnp.asarray(theta))[player])


def threshold(make, theta=(0.0, 0.0), player=0):
    return optimize.brentq(lambda k: uphill(make(k), theta, player), 0.05, 3.0, xtol=1e-10)


@pytest.mark.long
def test_noise_that_is_the_same_for_both_leaves_the_diagonal_threshold():
    """`∂U_1/∂θ_1 = G'(z) (κ b − c)` on the diagonal, whatever the slope of the mean sigmoid G."""
    for at in (-2.0, 0.0, 1.5):
        for noise in (0.5, 2.0):
            found = threshold(lambda k, s=noise: imperfect(coupled((2, 2), k), noise=s), (at, at))
            assert found == pytest.approx(1 / 3, abs=1e-9)


@pytest.mark.long
def test_a_noisy_reader_is_harder_to_move_from_the_middle():
    """Player 2's noise: `−c G_1'(0) + κ b G_2'(0) = 0` at a larger κ for player 1, and a smaller one for player 2."""

    def slope(s):
        return integrate.quad(lambda x: expit(s * x) * expit(-s * x) * norm.pdf(x), -12, 12)[0]

    for player, other in ((0, 1), (1, 0)):
        noise = np.array([0.0, 3.0])
        wanted = optimize.brentq(
            lambda k, i=player, j=other, s=noise: 3 * k * slope(s[j] * k) - slope(s[i] * k), 0.05, 3.0
        )
        found = threshold(lambda k, s=noise: imperfect(coupled((2, 2), k), noise=s), player=player)
        assert found == pytest.approx(wanted, abs=1e-7)
        assert (found - 1 / 3) * (1 if player == 0 else -1) > 0.01


def test_who_sometimes_reads_is_coupled_so_much_less_in_the_middle():
    """At θ = 0 the coupling is qκ. Further up those who read nothing weigh more, and a mixture remains."""
    for q in (0.25, 0.5, 0.8):
        found = threshold(lambda k, q=q: imperfect(coupled((2, 2), k), reads=q))
        assert found == pytest.approx(1 / (3 * q), rel=1e-9)
    q, k = 0.8, 0.9

    def bell(z):
        return expit(z) * expit(-z)

    rest = optimize.brentq(lambda t: q * bell((1 + k) * t) * (3 * k - 1) - (1 - q) * bell(t), 0.1, 10)
    semantics = imperfect(coupled((2, 2), k), reads=q)
    assert 2 < rest < 3
    assert uphill(semantics, (rest - 0.01, rest - 0.01)) > 0 > uphill(semantics, (rest + 0.01, rest + 0.01))
    assert uphill(coupled((2, 2), k), (rest + 0.01, rest + 0.01)) > 0
