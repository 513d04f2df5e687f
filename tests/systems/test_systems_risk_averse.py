"""Risk aversion: against sums over all profiles, searches, and readings under which claims fail."""

from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.risk_averse import fictitious, measuring
from nashscape.testing import check_game


@pytest.mark.long
@pytest.mark.parametrize("variance", ["opponents", "all"])
def test_payoffs_are_means_less_variances_summed_over_all_profiles(variance):
    game, random = ns.games.random_game((2, 3, 2), seed=3), np.random.default_rng(0)
    averse = ns.games.risk_averse(game, 0.7, tremble=0.1, variance=variance)
    points = [random.dirichlet(np.ones(k)) for k in game.shape]
    trembled = [0.1 + (1 - 0.1 * len(own)) * own for own in points]
    for i in range(3):
        chances, means = [], []
        others = [j for j in range(3) if j != i]
        for joint in product(*(range(game.shape[j]) for j in others)):
            chance = np.prod([trembled[j][a] for j, a in zip(others, joint, strict=True)])
            paid = []
            for a in range(game.shape[i]):
                profile = [0, 0, 0]
                profile[i] = a
                for j, b in zip(others, joint, strict=True):
                    profile[j] = b
                paid.append(float(game.payoffs[(i, *profile)]))
            if variance == "opponents":
                chances.append(chance)
                means.append(points[i] @ paid)
            else:
                chances += list(chance * points[i])
                means += paid
        mean = np.dot(chances, means)
        wanted = mean - 0.7 * np.dot(chances, (np.array(means) - mean) ** 2)
        assert float(averse.expected_payoffs(points)[i]) == pytest.approx(wanted, abs=2e-6)
    check_game(averse)


def test_best_replies_are_those_of_a_fine_grid():
    random = np.random.default_rng(1)
    grid = np.array([(a, b, 60 - a - b) for a in range(61) for b in range(61 - a)]) / 60
    payoffs, other = random.normal(size=(20, 3, 3)), random.dirichlet(np.ones(3), size=20)
    for aversion in (0.0, 0.4, 3.0):
        mean, covariance = fictitious.moments(payoffs, other, 0.05)
        own = fictitious.best_reply(mean, covariance, aversion)
        assert (own >= -1e-12).all()
        np.testing.assert_allclose(own.sum(axis=1), 1.0)
        found = fictitious.worth(mean, covariance, aversion, own)
        values = grid @ mean.T - aversion * np.einsum("pa,gab,pb->pg", grid, covariance, grid)
        assert (found >= values.max(axis=0) - 1e-12).all()
        assert (found <= values.max(axis=0) + 0.01).all()


@pytest.mark.long
def test_the_stag_goes_where_the_closed_form_says():
    assert measuring.stag_stays(0.74)
    assert not measuring.stag_stays(0.75)
    # mixing with equal chances, the other way to tremble, would give 1.581
    assert pytest.approx(0.85 / (2 * 0.05 * 0.95 * 4 * 3), abs=1e-4) == measuring.THRESHOLD


@pytest.mark.long
def test_fictitious_play_leaves_less_and_less_to_gain():
    for games in (fictitious.zero_sum(20, 0), fictitious.common(20, 0)):
        first, later = (fictitious.played(games, 0.3, 0.05, rounds, 0)[1].max() for rounds in (100, 800))
        assert later < first / 3


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: ns.games.risk_averse(ns.games.stag_hunt(), -1), "aversion"),
        (
            lambda: ns.games.risk_averse(ns.games.stag_hunt(), 1, tremble=0.5),
            "leaves nothing to choose among 2 actions",
        ),
        (lambda: ns.games.risk_averse(ns.games.stag_hunt(), 1, variance="own"), "variance"),
        (lambda: ns.games.risk_averse(ns.games.cournot(), 1), "be averse to risk"),
    ],
)
def test_wrong_input_is_refused_with_the_reason(ask, reason):
    with pytest.raises(ns.InputError, match=reason):
        ask()


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("risk-averse", effort="quick").stands
