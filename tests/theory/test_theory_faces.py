"""Equilibria over points face by face: against enumeration, in games with several, some of them near corners."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.theory.continuous.faces import faces, on_faces
from nashscape.theory.continuous.finding import ZERO
from nashscape.theory.continuous.residuals import drawn
from nashscape.theory.continuous.slopes import sets_of


def found_on_faces(game):
    sets = sets_of(game)
    points, sizes = on_faces(game, sets, drawn(sets, 96, 0), 0)
    return points[sizes < ZERO * 10]


def all_are_found(some):
    """Of games of two players all equilibria, by enumeration of supports, are among the zeros on faces; how many have
    several."""
    several = 0
    for game in some:
        wanted = [np.concatenate(one.strategies) for one in ns.equilibria(game)]
        points = found_on_faces(games.risk_averse(game, 0.0, tremble=0.0))
        assert all(np.abs(points - one).max(axis=1).min() < 1e-7 for one in wanted), game.payoffs
        several += len(wanted) > 1
    return several


@pytest.mark.long
def test_all_equilibria_of_bimatrix_games_are_found_over_points():
    drawn_games = [games.random_game((2, 2), seed=seed) for seed in range(6)]
    known = [games.stag_hunt(), games.battle_of_the_sexes(), games.chicken(), games.matching_pennies()]
    assert all_are_found([*drawn_games, *known]) >= 3


@pytest.mark.long
@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3), (3, 2)])
def test_all_equilibria_of_two_hundred_bimatrix_games_are_found_over_points(shape):
    assert all_are_found(games.random_game(shape, seed=seed) for seed in range(100, 150)) >= 5


@pytest.mark.long
def test_the_saddle_near_the_corner_of_the_stag_hunt_is_found():
    """Slope of the own payoff at (s, s), with q = .05 + .9 s: 3q − 2 − 6 γ q (1 − q) (1 + 3s), worked out by hand."""
    hunt = games.bimatrix([[4, 0], [3, 2]])
    for aversion in (0.5, 0.7):
        points = found_on_faces(games.risk_averse(hunt, aversion))
        [own] = {round(one[0], 8) for one in points if 0.5 < one[0] < 0.9999 and abs(one[0] - one[2]) < 1e-9}
        q = 0.05 + 0.9 * own
        assert abs(3 * q - 2 - 6 * aversion * q * (1 - q) * (1 + 3 * own)) < 1e-6
        assert own > 0.97


def test_quadratic_games_have_the_equilibria_of_their_complementarity_problem():
    """Both raise `b x y − x²/2` within [−1, 1]: at b = 3 the zero is a saddle between two corners."""
    game = games.quadratic([[[-1.0, 3.0], [3.0, 0.0]], [[0.0, 3.0], [3.0, -1.0]]], bounds=(-1.0, 1.0))
    points = np.unique(found_on_faces(game).round(9) + 0.0, axis=0)
    np.testing.assert_array_equal(points, [[-1, -1], [0, 0], [1, 1]])


def test_faces_are_those_of_budgets_and_boxes():
    sets = games.product_set(games.budget_set(1.0, [1.0, 2.0]), games.box_set(0.0, np.inf))
    signs, tight = faces(sets, 0)
    # two coordinates at zero or free, all spent or not, but not with both at zero; and one at zero or free
    assert len(signs) == 2 * (4 + 3)
    assert (signs[:, 2] <= 0).all()
    assert not (tight[:, 0] & (signs[:, :2] < 0).all(axis=1)).any()
    # of many faces some are drawn
    many, _ = faces(games.product_set(games.simplex_set(12), games.box_set(0, 1, 3)), 0)
    assert len(many) == 256
    assert len(np.unique(many, axis=0)) == 256
