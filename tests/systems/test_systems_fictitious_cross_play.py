"""The games of teams of fictitious cross-play against their published forms, and the card."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.fictitious_cross_play import measuring
from nashscape.systems.fictitious_cross_play.team_games import crossing, of_teams, rock_paper_scissors, seeking


def test_the_example_pays_what_its_published_polynomial_says():
    game = of_teams(crossing, 3, "01", "crossing")
    random = np.random.default_rng(0)
    for _ in range(5):
        mine, theirs = random.dirichlet(np.ones(2), size=(2, 3))
        worth = mine[:, 1].sum() - theirs[:, 1].sum()
        worth += mine[:, 0].prod() * (1.1 * theirs[:, 1].sum() + theirs[:, 1].prod() * (1.5 - 3 * 0.1))
        worth -= theirs[:, 0].prod() * (1.1 * mine[:, 1].sum() + mine[:, 1].prod() * (1.5 - 3 * 0.1))
        paid = np.asarray(game.expected_payoffs([*mine, *theirs]))
        np.testing.assert_allclose(paid, worth * np.array([1, 1, 1, -1, -1, -1]), atol=1e-6)


def test_rock_paper_scissors_of_teams_pays_what_its_published_polynomial_says():
    game = of_teams(rock_paper_scissors, 2, "RS", "rps")
    random = np.random.default_rng(1)
    mine, theirs = random.dirichlet(np.ones(2), size=(2, 2))
    (r, s), (R, S) = ((own[:, 0].prod(), own[:, 1].prod()) for own in (mine, theirs))
    p, P = 1 - r - s, 1 - R - S
    worth = r * (S - P) + p * (R - S) + s * (P - R)
    assert float(game.expected_payoffs([*mine, *theirs])[0]) == pytest.approx(worth, abs=1e-6)


@pytest.mark.parametrize(
    ("mine", "theirs", "options", "worth"),
    [
        ((1, 2, 1), (0, 0, 0), {}, (1 + 1 / 25) * 2 + 1 + 4 / 25),  # all within one of the least
        ((1, 3, 1), (0, 0, 0), {}, (1 + 1 / 25) * 2),  # too far from each other: those of 1 alone
        ((5, 5, 6), (6, 6, 6), {}, 0 - 1 + 3),  # raided; who attacks pays
        ((5, 5, 7), (6, 6, 6), {}, 4 + 3),  # defended
        ((5, 5, 5), (6, 6, 0), {}, 6 + 2),  # two attackers are too few
        ((5, 5, 5), (6, 6, 5), {"force": 2, "cost": 0.0}, 0 - 2),  # and enough here
        ((7, 6, 6), (5, 7, 5), {"force": 2, "cost": 0.5}, -1 - 4),  # defended there
        ((7, 6, 6), (5, 4, 5), {"force": 2, "cost": 0.5}, -1 - 0),
    ],
)
def test_seek_attack_defend_by_hand(mine, theirs, options, worth):
    assert seeking(mine, theirs, **options) == pytest.approx(worth)
    assert seeking(theirs, mine, **options) == pytest.approx(-worth)


def test_self_play_from_random_starts_ends_in_all_ones_or_all_zeros():
    game = of_teams(crossing, 3, "01", "crossing")
    ends = [measuring.team(game, "self-play", 1, start="logits:std=2", seed=k) for k in range(12)]
    ones = np.array([[float(one.mixture(i)[1]) for i in range(6)] for one in ends])
    assert ((ones > 0.98).all(axis=1) | (ones < 0.02).all(axis=1)).all()
    assert 6 <= (ones > 0.98).all(axis=1).sum() < 12


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("fictitious-cross-play", effort="quick").stands
