"""Dominance, the logit path and stability of equilibria against their definitions and other derivations."""

import itertools

import numpy as np
import pytest
from scipy.optimize import root

from nashscape import games, lola, meta_mapg, pg, simulate
from nashscape.games.pure import pure_equilibria
from nashscape.theory.nash.dominance import deviation_losses, risk_dominates, risk_factors
from nashscape.theory.nash.finding import equilibria
from nashscape.theory.nash.logit_paths import contracted, logit_path
from nashscape.theory.nash.stability import stability


def coordination(seed):
    """An asymmetric game of two players in which both keep to the same action."""
    draws = np.random.default_rng(seed)
    payoffs = draws.normal(size=(2, 2, 2))
    for own in (payoffs[0], payoffs[1].T):
        gain = draws.uniform(0.1, 2.0, 2)
        own[0, 0], own[1, 1] = own[1, 0] + gain[0], own[0, 1] + gain[1]
    return games.dense(payoffs)


def test_dominance_in_2x2_coordination_is_that_of_its_definitions():
    seen = set()
    for seed in range(60):
        game = coordination(seed)
        u, v = game.payoffs
        found = equilibria(game, logit=None)
        a, b = found["AA"], found["BB"]
        products = [
            (u[0, 0] - u[1, 0]) * (v[0, 0] - v[0, 1]),
            (u[1, 1] - u[0, 1]) * (v[1, 1] - v[1, 0]),
        ]
        assert (a.risk_dominant, b.risk_dominant) == (products[0] > products[1], products[1] > products[0])
        assert (a.risk_dominates, b.risk_dominates) == ((("BB",), ()) if products[0] > products[1] else ((), ("AA",)))
        assert a.payoff_dominant == bool(u[0, 0] > u[1, 1] and v[0, 0] > v[1, 1])
        assert b.payoff_dominant == bool(u[0, 0] < u[1, 1] and v[0, 0] < v[1, 1])
        # whoever is indifferent makes the mixed equilibrium: the risk factors are its probabilities
        mixed = found[2]
        np.testing.assert_allclose(a.risk_factor, [mixed.strategies[1][0], mixed.strategies[0][0]], atol=1e-9)
        np.testing.assert_allclose(a.risk_factor + b.risk_factor, 1.0)
        assert mixed.risk_factor is None
        assert mixed.risk_dominant is None
        seen.add((a.risk_dominant, a.payoff_dominant, b.payoff_dominant))
    assert len(seen) == 6


def test_stag_hunt_and_equal_products():
    found = equilibria(games.stag_hunt())
    assert (found["CC"].payoff_dominant, found["CC"].risk_dominant) == (True, False)
    assert (found["DD"].payoff_dominant, found["DD"].risk_dominant) == (False, True)
    assert deviation_losses(games.stag_hunt().payoffs, (1, 1), (0, 0)).tolist() == [2.0, 2.0]
    # what gives one player as much is no better for all
    for payoffs in (np.eye(2), [[2, 0], [0, 2]]):
        assert not any(one.payoff_dominant for one in equilibria(games.bimatrix(payoffs)) if one.pure)
    half = equilibria(games.bimatrix([[2, 0], [0, 2]], [[3, 0], [0, 1]]))
    assert not half["AA"].payoff_dominant
    chicken = games.chicken().affine(scale=[0.3, 7.0], shift=0.1)
    assert not risk_dominates(chicken.payoffs, (0, 1), (1, 0))
    assert not risk_dominates(chicken.payoffs, (1, 0), (0, 1))


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2), (3, 3, 3)])
def test_risk_factors_are_the_least_sure_beliefs(shape):
    compared = 0
    for seed in range(30):
        game = games.random_game(shape, seed)
        for one in pure_equilibria(game):
            for i, factor in enumerate(risk_factors(game.payoffs, one.profile)):
                worst = [worst_gain(game, one.profile, i, p) for p in (factor - 1e-6, factor + 1e-6)]
                assert worst[1] < 1e-9
                # below a factor of zero there is nothing: the action is dominant
                assert worst[0] > 0 or factor == 0
                compared += 1
    assert compared > 20


def worst_gain(game, profile, i, p):
    """The most that a deviation gains when the others play theirs with probability p, and else whatever suits it."""
    table = np.moveaxis(game.payoffs[i], i, 0)
    others = list(itertools.product(*(range(k) for j, k in enumerate(game.shape) if j != i)))
    here = tuple(a for j, a in enumerate(profile) if j != i)
    gains = []
    for b, other in itertools.product(range(game.shape[i]), others):
        if b != profile[i] and other != here:
            gain = [table[b][at] - table[profile[i]][at] for at in (here, other)]
            gains.append(p * gain[0] + (1 - p) * gain[1])
    return max(gains)


def response(game, precision, sigma):
    parts = np.split(sigma, np.cumsum(game.shape)[:-1])
    made = []
    for i in range(game.n_players):
        logits = precision * contracted(game.payoffs[i], parts, [i])
        weights = np.exp(logits - logits.max())
        made.append(weights / weights.sum())
    return np.concatenate(made)


def followed(game):
    """The quantal response at a high precision by small steps of precision alone; None where the path folds back."""
    at = np.concatenate([np.full(k, 1 / k) for k in game.shape])
    for precision in np.geomspace(0.01, 60.0, 200):
        solved = root(lambda s, t=precision: s - response(game, t, s), at, tol=1e-12)
        if not solved.success or np.abs(solved.x - at).max() > 0.1:
            return None
        at = solved.x
    return at


@pytest.mark.long
@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3), (2, 3, 2)])
def test_the_logit_path_leads_where_small_steps_of_precision_lead(shape):
    compared = 0
    for seed in range(14):
        game = games.random_game(shape, seed + 40)
        path = logit_path(game.payoffs)
        assert path.status == "arrived"
        end = np.concatenate(path.strategies)
        ranges = np.array([np.ptp(own) for own in game.payoffs])
        scaled = game.affine(scale=1 / ranges)
        np.testing.assert_allclose(response(scaled, path.precision, end), end, atol=1e-5)
        at = followed(game)
        pure = [
            np.concatenate([np.eye(k)[a] for k, a in zip(shape, e.profile, strict=True)]) for e in pure_equilibria(game)
        ]
        # an end that is not yet near an equilibrium tells nothing
        near = [e for e in pure if at is not None and np.abs(e - at).max() < 0.1]
        if near:
            np.testing.assert_allclose(end, near[0], atol=1e-3)
            compared += 1
    assert compared >= 4


@pytest.mark.long
def test_the_logit_path_selects_the_risk_dominant_one_of_symmetric_2x2_games():
    for seed in range(25):
        p, t, s, gain = np.random.default_rng(seed).uniform(0.1, 2.0, 4)
        game = games.symmetric_2x2(R=t + gain, S=s - 1.0, T=t, P=p + s - 1.0)
        found = equilibria(game)
        [chosen] = [one for one in found if one.selected_by == "logit"]
        assert chosen.risk_dominant


def test_a_path_that_symmetry_splits_selects_nothing():
    split = [games.battle_of_the_sexes(), games.chicken(), *(games.pure_coordination(k) for k in (2, 3, 4, 5))]
    for game in split:
        found = equilibria(game)
        assert found.logit == "branches"
        assert not any(one.selected_by for one in found)
    # as soon as one of them pays more there is no symmetry left
    better = equilibria(games.bimatrix(np.diag([1.0, 1.1, 1.0])))
    assert better.logit == "arrived"
    assert better["BB"].selected_by == "logit"


def test_eigenvalues_under_policy_gradient_are_those_of_the_closed_form():
    kinds = set()
    for seed in range(40):
        game = games.random_game((2, 2), seed)
        mixed = [one for one in equilibria(game, rule=pg(), logit=None) if not one.pure]
        for one in mixed:
            (p, _), (q, _) = one.strategies
            c = [own[0, 0] - own[0, 1] - own[1, 0] + own[1, 1] for own in game.payoffs]
            root_ = p * (1 - p) * q * (1 - q) * np.sqrt(complex(c[0] * c[1]))
            expected = sorted([root_, -root_], key=lambda v: (v.real, v.imag))
            got = sorted(one.stability.eigenvalues, key=lambda v: (round(v.real, 9), v.imag))
            np.testing.assert_allclose(got, expected, atol=1e-9)
            assert one.stability.verdict == ("saddle" if c[0] * c[1] > 0 else None)
            kinds.add(one.stability.verdict)
    assert kinds == {"saddle", None}


def test_eigenvalues_with_more_actions_are_those_of_finite_differences():
    game = games.perturbed_rock_paper_scissors(0.5, -0.2)
    [one] = equilibria(game, rule=pg())

    def velocity(leads):
        """How fast the leads over each player's first action change under policy gradient."""
        made = []
        parts = [np.append(0.0, leads[:2]), np.append(0.0, leads[2:])]
        sigma = [np.exp(z) / np.exp(z).sum() for z in parts]
        for i, own in enumerate(sigma):
            worth = game.payoffs[0] @ sigma[1] if i == 0 else sigma[0] @ game.payoffs[1]
            field = own * (worth - own @ worth)
            made.append(field[1:] - field[0])
        return np.concatenate(made)

    at = np.concatenate([np.log(own[1:] / own[0]) for own in one.strategies])
    step = 1e-6 * np.eye(4)
    slope = np.stack([(velocity(at + h) - velocity(at - h)) / 2e-6 for h in step], axis=1)
    expected = np.linalg.eigvals(slope)
    np.testing.assert_allclose(np.sort(one.stability.eigenvalues.real), np.sort(expected.real), atol=1e-8)
    np.testing.assert_allclose(np.sort(one.stability.eigenvalues.imag), np.sort(expected.imag), atol=1e-8)


@pytest.mark.parametrize(
    "rule",
    [pg(), pytest.param(lola(inner_lr=0.3), marks=pytest.mark.long), meta_mapg(peer=1.5, own=0.35, inner_lr=0.55)],
)
def test_what_is_called_attracting_attracts(rule):
    game = games.random_game((3, 2), 11)
    strict = [one for one in equilibria(game, rule=rule) if one.strict]
    assert strict
    for one in strict:
        assert one.stability.verdict == "attracting"
        start = [np.where(s > 0, 0.97, 0.03 / (len(s) - 1)) for s in one.strategies]
        run = simulate(game, rule, start=start, steps=3000, targets=[one.name])
        assert run.outcome == one.name


def test_a_profile_that_is_no_strict_equilibrium_is_not_called_attracting():
    hunt, corner = games.stag_hunt(), np.array([1.0, 0.0])
    assert stability(hunt, pg(), [corner, corner[::-1]]).verdict == "repelling"
    one_sided = games.bimatrix([[1, 1], [0, 0]], [[0, 1], [1, 0]])
    assert stability(one_sided, pg(), [corner, corner]).verdict == "saddle"
    tied = games.bimatrix([[1, 1], [1, 0]])
    assert stability(tied, pg(), [corner, corner]).verdict is None
    shapley = equilibria(games.rock_paper_scissors(win=2.0), rule=pg())[0]
    assert shapley.stability.verdict == "saddle"


def test_payoffs_on_the_logit_path_are_rescaled_or_raw():
    told_apart = 0
    for seed in (305, 347, 0, 1):
        game = games.random_game((2, 2), seed)
        small = game.affine(scale=[1.0, 0.02], shift=[0.0, 1e6])
        chosen = [one.name for one in equilibria(game) if one.selected_by]
        # positive affine changes do not matter to payoffs that are rescaled
        assert [one.name for one in equilibria(small) if one.selected_by] == chosen
        raw = logit_path(small.payoffs, "raw")
        assert raw.status == "arrived"
        end = np.concatenate(raw.strategies)
        largest = max(np.ptp(own) for own in small.payoffs)
        moderate = small.affine(shift=[0.0, -1e6])
        np.testing.assert_allclose(response(moderate, raw.precision / largest, end), end, atol=1e-5)
        told_apart += [one.name for one in equilibria(small, logit="raw") if one.selected_by] != chosen
    assert told_apart == 2
