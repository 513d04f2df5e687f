import itertools
import math

import numpy as np
import pytest

from nashscape import games, theory
from nashscape.core import InputError

PROFILES = list(itertools.product((0, 1), repeat=5))


def names(game):
    return [equilibrium.name for equilibrium in games.pure_equilibria(game)]


@pytest.mark.parametrize("profile", PROFILES[::3], ids=str)
def test_public_goods_are_multiplied_and_shared(profile):
    game = games.public_goods(players=5, multiplier=2.5, endowment=3)
    kept = np.array([3.0 * action for action in profile])
    pot = 2.5 * (15 - kept.sum())
    np.testing.assert_allclose(game.payoffs_at(profile), kept + pot / 5, rtol=1e-12)


def test_public_goods_are_a_dilemma():
    game = games.public_goods(players=5, multiplier=2.5, endowment=3)
    assert names(game) == ["DDDDD"]
    assert (game.payoffs_at((0,) * 5) > game.payoffs_at((1,) * 5)).all()
    # the margin is what a contribution costs net of the own share
    assert games.pure_equilibria(game)[0].margin == pytest.approx(3 * (1 - 2.5 / 5))


def test_two_players_share_public_goods_as_in_a_prisoners_dilemma():
    dense = games.public_goods(players=2, multiplier=1.5, endowment=4).to_dense()
    classic = games.prisoners_dilemma(R=6, S=3, T=7, P=4)
    np.testing.assert_allclose(dense.payoffs, classic.payoffs)


@pytest.mark.parametrize("profile", PROFILES[::3], ids=str)
def test_one_volunteer_is_enough(profile):
    game = games.volunteers_dilemma(players=5, benefit=7, cost=2)
    helped = 0 in profile
    assert game.payoffs_at(profile).tolist() == [7 * helped - 2 * (action == 0) for action in profile]


@pytest.mark.parametrize("players", [2, 3, 6])
def test_volunteers_mix_as_diekmann_says(players):
    benefit, cost = 5.0, 1.5
    game = games.volunteers_dilemma(players, benefit, cost)
    idle = (cost / benefit) ** (1 / (players - 1))
    np.testing.assert_allclose(theory.regret(game, [1 - idle] * players), 0, atol=1e-12)
    for response in theory.best_response(game, [1 - idle] * players):
        assert response.actions == (0, 1)
    assert theory.regret(game, [1 - 0.9 * idle] * players).min() > 1e-3
    assert names(game) == ["".join("C" if i == k else "D" for i in range(players)) for k in range(players)]


@pytest.mark.parametrize(("threshold", "multiplier"), [(2, 3.0), (3, 2.0), (4, 4.5), (5, 6.0), (2, 7.0)])
def test_threshold_stag_hunts_have_the_equilibria_of_their_regime(threshold, multiplier):
    n, cost = 5, 2.0
    game = games.threshold_stag_hunt(n, threshold, multiplier, cost)
    for profile in PROFILES:
        count = profile.count(0)
        shared = multiplier * cost * count / n if count >= threshold else 0
        np.testing.assert_allclose(game.payoffs_at(profile), [shared - cost * (a == 0) for a in profile], atol=1e-12)
    hunters = n if multiplier > n else threshold
    found = names(game)
    assert "DDDDD" in found
    assert sorted({name.count("C") for name in found}) == [0, hunters]
    assert len(found) == 1 + math.comb(n, hunters)


def test_two_stag_hunters_are_the_stag_hunt():
    dense = games.threshold_stag_hunt(players=2, threshold=2, multiplier=3, cost=1).to_dense()
    hunt = games.stag_hunt(R=2, S=-1, T=0, P=0)
    np.testing.assert_allclose(dense.payoffs, hunt.payoffs, atol=1e-12)


def test_defaults_are_small_enough_to_be_listed():
    for row in games.catalogue():
        if "needed" in row.parameters.values():
            continue
        game = games.by_name(row.name)
        assert 2 ** len(game.players) <= 64 or isinstance(game, games.DenseGame)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: games.public_goods(players=1), "at least 2"),
        (lambda: games.public_goods(players=4.0), "whole number"),
        (lambda: games.public_goods(players=4, multiplier=4), "above 1 and below 4; got 4"),
        (lambda: games.public_goods(multiplier=1), "above 1"),
        (lambda: games.public_goods(endowment=0), "endowment must be above 0"),
        (lambda: games.volunteers_dilemma(benefit=1, cost=1), "benefit must be above 1"),
        (lambda: games.volunteers_dilemma(cost=-1), "cost must be above 0"),
        (lambda: games.threshold_stag_hunt(threshold=1), "threshold must be at least 2"),
        (lambda: games.threshold_stag_hunt(players=3, threshold=4), "at most the number of players, 3; got 4"),
        (lambda: games.threshold_stag_hunt(players=6, threshold=3, multiplier=2), "multiplier must be above 2"),
        (lambda: games.threshold_stag_hunt(cost=0), "cost must be above 0"),
    ],
)
def test_conditions_of_the_dilemmas_are_checked(call, message):
    with pytest.raises(InputError, match=message):
        call()
