"""What the publications say of their rules, found again through the public interface. Each test names its source.

What is tested elsewhere: LOLA and LookAhead in Tandem, policy gradient in a bilinear game (test_games_differentiable),
who spirals into Matching Pennies (test_rotation), COLA's residual (test_cola), POLA's strategies (test_pola).
"""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import wilson
from nashscape.dynamics import Reducer, reducers, starts
from nashscape.learning import step_key
from nashscape.semantics import Semantics

# --- the Prisoner's Dilemma without end: Foerster et al. (2018), Letcher et al. (2019), Zhao et al. (2022) ------

DISCOUNT = 0.96
COOPERATING = -1.1
"""Discounted mean payoff per round, averaged over the players: R = −1, taking turns −1.5, P = −2."""


def endless():
    return games.repeated(games.prisoners_dilemma(R=-1, S=-3, T=0, P=-2), discount=DISCOUNT)


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class LastPolicies(Reducer):
    """Probabilities of cooperation at the end, `[2, 5]`: at the start and after CC, CD, DC, DD, own action first."""

    name = "policies"

    def init(self, seen):
        return jnp.zeros((2, 5), seen.theta.dtype)

    def add(self, carried, seen):
        first, second = (own[:, 0] for own in seen.strategies)
        return jnp.stack([first, second[jnp.array([0, 1, 3, 2, 4])]])

    def finish(self, carried):
        return carried


def learn(rule, *, n=512, game=None, given=None, step_size=1.0, steps=200, precision="float32"):
    """The setting of Foerster's released code: parameters N(0, 1), 200 updates of size 1, exact gradients.

    Gives the mean payoff per round of every run, `[n]`, and the policies at the end, `[n, 2, 5]`.
    """
    entry = ns.entry_probability(
        endless() if game is None else game, rule, starts=starts.normal(std=1.0) if given is None else given,
        n=n, steps=steps, step_size=step_size, projection=ns.unbounded(), precision=precision,
        reducers=[reducers.payoffs("end"), LastPolicies()],
    )  # fmt: skip
    per_round = (1 - DISCOUNT) * entry.reduced["end_payoffs"]
    assert np.isfinite(per_round).all()
    return per_round.mean(axis=1), entry.reduced["policies"]


def cooperating(payoffs):
    return wilson(int((payoffs > COOPERATING).sum()), len(payoffs))


@pytest.mark.long
def test_lola_learns_tit_for_tat_and_policy_gradient_to_defect():
    # Foerster et al. (2018), section 5 and table 3: pairs of LOLA learners cooperate by tit for tat and earn almost
    # −1 a round, naive ones almost −2. The LOLA of that paper has the peer term alone.
    naive, _ = learn(ns.pg())
    shaped, policies = learn(ns.peer_only(peer=1.0, inner_lr=1.0))
    assert cooperating(naive).high < 0.05
    assert 0.85 < cooperating(shaped).low < 0.93 < cooperating(shaped).high
    assert naive.mean() < -1.95
    assert shaped.mean() > -1.1
    start, after_cc, after_cd, after_dc, after_dd = policies[shaped > COOPERATING].mean(axis=(0, 1))
    assert min(start, after_cc, after_dc) > 0.85  # it forgives once it has been paid back
    assert max(after_cd, after_dd) < 0.3
    # those who do not cooperate take turns, at (T + S)/2 = −1.5 a round, rather than defect
    rest = shaped[shaped <= COOPERATING]
    assert (np.abs(rest + 1.5) < 0.15).mean() > 0.5
    assert wilson(int((shaped < -1.8).sum()), len(shaped)).high < 0.05


@pytest.mark.long
def test_sos_shapes_like_lola_and_rules_without_the_peer_term_defect():
    # Letcher et al. (2019), section 4.1: LOLA and SOS cooperate, LookAhead, consensus, SGA and naive learners do not
    for rule in (ns.lola(inner_lr=1.0), ns.sos(inner_lr=1.0)):
        payoffs, _ = learn(rule)
        assert cooperating(payoffs).low > 0.8, rule.name
    for rule in (ns.lookahead(inner_lr=1.0), ns.learning.sga(), ns.learning.consensus()):
        payoffs, _ = learn(rule)
        assert cooperating(payoffs).high < 0.2, rule.name


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class Scaled(Semantics):
    """The strategies of another semantics at `scale · θ`."""

    inner: Semantics
    scale: float

    @property
    def sizes(self):
        return self.inner.sizes

    def strategies(self, theta):
        return self.inner.strategies(self.scale * theta)

    def log_strategies(self, theta):
        return self.inner.log_strategies(self.scale * theta)

    def parameters(self, strategies):
        return self.inner.parameters(strategies) / self.scale


def from_same_strategies(rule, scale, *, n, **options):
    game = endless()
    logits = np.random.default_rng(1).normal(size=(n, 10))
    made = ns.parametric(game, Scaled(ns.parametric(game).semantics, scale))
    return learn(rule, game=made, n=n, given=starts.parameters(logits / scale), **options)


@pytest.mark.long
def test_lola_cooperates_in_one_parametrisation_and_not_in_another_and_pola_is_the_same_in_both():
    # Zhao et al. (2022): LOLA depends on how policies are parametrised, ideal POLA does not
    rule = ns.peer_only(peer=1.0, inner_lr=1.0)
    usual, halved = (from_same_strategies(rule, scale, n=256)[0] for scale in (1.0, 0.5))
    assert cooperating(usual).low > 0.8
    assert cooperating(halved).high < 0.5
    # to scale by s is to multiply both of LOLA's step sizes by s²
    slower = ns.peer_only(peer=1.0, inner_lr=0.25)
    again, _ = from_same_strategies(slower, 1.0, n=256, step_size=0.25)
    assert abs(float(cooperating(again)) - float(cooperating(halved))) < 0.02
    rule = ns.learning.pola(outer_penalty=100.0, inner_penalty=60.0, inner_steps=1, outer_steps=5, rate=0.5)
    one, other = (from_same_strategies(rule, scale, n=64, steps=150, precision="float64") for scale in (1.0, 0.6))
    np.testing.assert_allclose(other[0], one[0], atol=1e-6)
    np.testing.assert_allclose(other[1], one[1], atol=1e-6)
    assert cooperating(one[0]).low > 0.25  # and it is not by standing still


# --- rotation ---------------------------------------------------------------------------------------------------


def factors(strength, step, rate):
    """The eigenvalue of a step of every rule in `u = ± a x y`; its modulus is by what the distance from 0 grows.

    The field is `v = J x`, and J has the eigenvalues `± i a`. LookAhead, consensus and SGA add `γ J² x`, extragradient
    the same with the outer step for γ.
    """
    turn = 1j * strength
    return {
        "pg": 1 + step * turn,
        "lookahead": 1 + step * (turn + rate * turn**2),
        "consensus": 1 + step * (turn + rate * turn**2),
        "sga": 1 + step * (turn + rate * turn**2),
        "extragradient": 1 + step * (turn + step * turn**2),
        "cgd": 1 + step * turn / (1 - step * turn),
    }


@pytest.mark.long
@pytest.mark.parametrize("strength", [1.0, 3.0, 6.0])
def test_only_competitive_gradients_stand_strong_interaction(strength):
    # Schäfer and Anandkumar (2019), section 4 and figure 2: f = a xᵀy, a = 1, 3, 6, steps of .2, γ = 1. Ascent spirals
    # out; consensus and SGA converge at 1, go round for ever at 3 and diverge at 6; CGD converges at all three.
    step, rate, start = 0.2, 1.0, starts.parameters([[0.3, 0.4]])
    rules = [ns.pg(), ns.lookahead(inner_lr=rate), ns.learning.consensus(strength=rate), ns.learning.sga(strength=rate),
             ns.learning.extragradient(), ns.learning.cgd()]  # fmt: skip
    wanted = factors(strength, step, rate)
    for rule in rules:
        run = ns.simulate(games.bilinear(strength), rule, start, step_size=step, steps=50)
        radii = np.linalg.norm(run.theta, axis=1)
        radii = radii[np.isfinite(radii)]
        np.testing.assert_allclose(radii[1:] / radii[:-1], abs(wanted[rule.name]), rtol=1e-6, err_msg=rule.name)
    moduli = {name: abs(factor) for name, factor in wanted.items()}
    assert moduli["cgd"] == pytest.approx(1 / np.sqrt(1 + (step * strength) ** 2))
    assert moduli["cgd"] < 1 < moduli["pg"]
    assert np.sign(round(moduli["consensus"] - 1, 12)) == {1.0: -1, 3.0: 0, 6.0: 1}[strength]


@pytest.mark.long
def test_sos_spirals_in_as_lola_does_far_away_and_as_lookahead_does_nearby():
    # Letcher et al. (2019), section 3: in zero-sum games the peer term helps, and it fades where |ξ| is small
    step, rate = 0.2, 1.0
    run = ns.simulate(
        games.bilinear(), ns.sos(inner_lr=rate), starts.parameters([[3.0, 4.0]]), step_size=step, steps=60
    )
    radii = np.linalg.norm(run.theta, axis=1)
    ratios = radii[1:] / radii[:-1]
    assert ratios[0] == pytest.approx(abs(1 + step * (1j - 2 * rate)), rel=1e-9)
    assert ratios[-1] == pytest.approx(abs(1 + step * (1j - rate)), rel=1e-6)


@pytest.mark.long
def test_lookahead_finds_the_mixed_equilibrium_of_every_game_of_two_actions():
    # Zhang and Lesser (2010), theorem on IGA-PP: in two-player two-action general-sum games gradient ascent on
    # probabilities that predicts the other's step converges to an equilibrium; without prediction it goes round
    random = np.random.default_rng(0)
    for _ in range(4):
        match = np.array([[1.0, -1.0], [-1.0, 1.0]])
        row = match * random.uniform(0.3, 2.0, (2, 2)) + random.normal(size=(1, 2))  # shifts that row cannot choose
        column = -match * random.uniform(0.3, 2.0, (2, 2)) + random.normal(size=(2, 1))
        game = ns.parametric(games.bimatrix(row, column), ns.semantics.simplex((2, 2)))
        for rule in (ns.lookahead(inner_lr=0.3), ns.sos(inner_lr=0.3), ns.pg()):
            run = ns.simulate(game, rule, start=[0.9, 0.3], step_size=0.05, steps=1500)
            if rule.name == "pg":
                assert run.outcome == "cycling"
                continue
            p, q = (own[-1] for own in run.strategies)
            np.testing.assert_allclose(np.ptp(row @ q), 0.0, atol=1e-3)  # each makes the other indifferent
            np.testing.assert_allclose(np.ptp(p @ column), 0.0, atol=1e-3)
            assert run.outcome == "other equilibrium"


# --- Tandem -----------------------------------------------------------------------------------------------------


def resting_line(rule, inner):
    """Where `x + y` comes to rest, by hand: `v_i = 2 − 2s`, own and cross derivatives −2, `∂J_i/∂x_j = −2s`."""
    return {
        "sos": 1.0,
        "lola": (1 - 2 * inner) / (1 - 4 * inner),  # (2 − 2s)(1 − 2η) + 4ηs = 0
        "exact_lola": (1 / (1 - 2 * inner) - 2 * inner) / (1 - 2 * inner),  # 1 = (s + η(2 − 2s))(1 − 2η)
    }[rule.name]


@pytest.mark.long
@pytest.mark.parametrize("inner", [0.05, 0.1, 0.2, 0.3])
def test_in_tandem_sos_rests_at_equilibria_and_lola_never_does(inner):
    # Letcher et al. (2019), sections 2.3 and 4.2: LOLA is arrogant and converges to no fixed point of the game; SOS
    # converges to fixed points only. Beyond η = 1/4 the line that LOLA rests on repels.
    for rule in (ns.sos(inner_lr=inner), ns.lola(inner_lr=inner), ns.learning.exact_lola(inner_lr=inner)):
        for start in np.random.default_rng(2).normal(size=(2, 2)):
            run = ns.simulate(games.tandem(), rule, start, step_size=0.1, steps=600)
            if rule.name == "lola" and inner > 0.25:
                assert run.outcome == "diverged"
                continue
            assert run.theta[-1].sum() == pytest.approx(resting_line(rule, inner), abs=1e-5)
            assert run.outcome == ("other equilibrium" if rule.name == "sos" else "stationary unknown")
            # at rest nobody's own gradient, 2 − 2 (x + y), is zero but with SOS; that costs both
            assert run.payoffs[-1].sum() <= (0.0 if rule.name == "sos" else -0.1) + 1e-5


@pytest.mark.long
def test_in_tandem_cola_converges_where_lola_diverges_but_not_to_an_equilibrium_either():
    # Willi et al. (2022), section 6: COLA converges for a wider range of rates than LOLA; and theirs is the result that
    # even consistent updates do not preserve stable fixed points. Consistent steps are a (x + y) + b, see test_cola.
    rate = 0.5
    rule = ns.learning.cola(
        games.tandem(), inner_lr=rate, region=(-4.0, 4.0), hidden=(), steps=1500, batch=16, learning_rate=0.03,
        precision="float64",
    )  # fmt: skip
    assert rule.residual.rms < 1e-5
    assert rule.lola.rms > 1
    run = ns.simulate(games.tandem(), rule, [0.3, -0.4], step_size=rate, steps=100)
    slope = (-(4 * rate + 1) + np.sqrt(8 * rate + 1)) / (4 * rate)
    level = -2 * rate / (1 + 2 * rate * (1 + slope)) / slope  # the golden ratio
    assert run.theta[-1].sum() == pytest.approx(level, abs=1e-4)
    assert level == pytest.approx((1 + np.sqrt(5)) / 2)
    # along the line of fixed points what was trained leaves a little to move
    assert run.outcome in ("stationary unknown", "slow")
    lost = ns.simulate(games.tandem(), ns.lola(inner_lr=rate), [0.3, -0.4], step_size=rate, steps=100)
    assert lost.outcome == "diverged"


# --- the sign of the peer term ----------------------------------------------------------------------------------

# Shcherbinin et al. (2026) measure that it helps in Stag Hunt. In 2×2 games with sigmoids the sign is that of
# c = R − S − T + P: peer_i = s_i s_j² c B(p_i) per unit of inner step, B(p) = (T − P) + c p > 0, s = p(1 − p).
SIGNS = {
    "stag_hunt": (games.stag_hunt(), 4.0, 0.0, 3.0, 2.0),
    "one_shot_dilemma": (games.prisoners_dilemma(), 3.0, 0.0, 5.0, 1.0),
    "complementary_dilemma": (games.prisoners_dilemma(R=3, S=0, T=3.5, P=2), 3.0, 0.0, 3.5, 2.0),
    "donation": (games.donation(benefit=3, cost=1), 2.0, -1.0, 3.0, 0.0),
}


@jax.jit
def peer_term(learners, theta):
    return ns.exact().estimate(learners, theta, step_key(0)).peer


@pytest.mark.parametrize("name", SIGNS)
def test_the_peer_term_has_the_sign_of_c(name):
    game, R, S, T, P = SIGNS[name]
    c = R - S - T + P
    for theta in np.random.default_rng(3).normal(size=(20, 2), scale=2.0):
        p = 1 / (1 + np.exp(-theta))
        s = p * (1 - p)
        with jax.enable_x64(True):
            peer = peer_term(ns.parametric(game), jnp.asarray(theta))
        np.testing.assert_allclose(peer, s * s[::-1] ** 2 * c * (T - P + c * p), rtol=1e-9, atol=1e-12)
        assert (np.sign(peer) == np.sign(c)).all() or c == 0


@pytest.mark.long
def test_so_it_widens_the_basin_of_cooperation_in_stag_hunt_and_hastens_defection_in_the_one_shot_dilemma():
    # arXiv 2605.18078, peer sweep (Stag Hunt); for the dilemmas the derivation above. All from the same starts.
    found = {
        name: [
            ns.entry_probability(SIGNS[name][0], ns.peer_only(peer=peer), n=400, targets=["DD", "CC"])
            for peer in (0.0, 1.5, 5.0)
        ]
        for name in SIGNS
    }
    counts = [entry.outcomes().get("CC", 0) for entry in found["stag_hunt"]]
    assert counts[0] + 40 < counts[1] < counts[2] - 40
    for earlier, later in zip(found["stag_hunt"][:-1], found["stag_hunt"][1:], strict=True):
        assert not (earlier.reached("CC") & ~later.reached("CC")).any()
    for name in ("one_shot_dilemma", "complementary_dilemma", "donation"):
        assert all(entry.reached("DD").all() for entry in found[name])
    hits = {name: [entry.first_hit for entry in entries] for name, entries in found.items()}
    plain, _, strong = hits["one_shot_dilemma"]
    assert (strong <= plain).all()
    assert strong.mean() < plain.mean() - 1
    plain, _, strong = hits["complementary_dilemma"]  # also a dilemma, but c > 0: defection comes later
    assert strong.mean() > plain.mean() + 1
    np.testing.assert_array_equal(hits["donation"][0], hits["donation"][2])
