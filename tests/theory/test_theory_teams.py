"""What a team makes sure of: against grids of its mixtures, matrix games, and values found by hand."""

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest

from nashscape import InputError, Status, games
from nashscape.theory import security_levels, team_maxmin, zero_sum_value
from nashscape.theory.concepts.team_bounds import vertices

F = Fraction


def against(table, foe=None):
    """Everybody is paid the same but the adversary, who pays it."""
    table = np.array(table, dtype=object)
    n = table.ndim
    return games.dense([-table if i == (n - 1 if foe is None else foe) else table for i in range(n)])


def simplex(k, parts):
    every = [one for one in itertools.product(range(parts + 1), repeat=k) if sum(one) == parts]
    return np.array(every) / parts


def on_grid(table, parts):
    """The most that mixtures on a grid make sure of."""
    made = np.array(table, dtype=float)
    for i, k in enumerate(made.shape[:-1]):
        made = np.moveaxis(np.tensordot(simplex(k, parts), made, axes=(1, i)), 0, i)
    return made.min(axis=-1).max()


@pytest.mark.long
@pytest.mark.parametrize(("sizes", "parts"), [((2, 2, 2), 60), ((2, 3, 3), 24), ((3, 2, 4), 24), ((2, 2, 2, 3), 12)])
def test_no_mixtures_on_a_grid_exceed_the_bound_and_the_best_come_near(sizes, parts):
    for seed in range(3):
        table = np.random.default_rng([47, seed]).integers(0, 8, sizes)
        found = team_maxmin(against(table), tolerance=1e-3)
        best = on_grid(table, parts)
        assert found.status is Status.COMPLETE
        assert best <= found.high + 1e-12
        assert found.high - found.low <= 1e-3 * 7
        # a step of the grid moves each member by 1/parts at most in every probability
        assert found.low - best <= 7 * sum(sizes[:-1]) / parts
        own = table.astype(float)
        for mix in found.strategies:
            own = np.tensordot(mix, own, axes=(0, 0))
        assert found.low == pytest.approx(own.min(), abs=1e-12)
        assert found.high <= float(found.together) + 1e-12
        assert found.improvable.max() <= 1e-9


def test_the_bound_of_one_box_holds_but_may_be_open():
    """By hand: both heads or both tails against the one of the two that the adversary names: pq = (1 − p)(1 − q)."""
    table = np.zeros((2, 2, 2))
    table[0, 0, 0] = table[1, 1, 1] = 1
    found = team_maxmin(against(table), most=1)
    assert (found.proved, found.status, found.together) == (False, Status.UNDECIDED, F(1, 2))
    assert found.high == 0.5
    assert found.low == pytest.approx(0.25, abs=1e-9)
    closed = team_maxmin(against(table), tolerance=1e-3)
    assert closed.proved
    assert closed.high <= 0.251
    assert closed.price == pytest.approx((2.0, 2.0), abs=1e-2)
    assert dict(closed.plan) == {"A/A": F(1, 2), "B/B": F(1, 2)}


def test_alone_a_team_is_a_player_of_a_matrix_game_and_together_one_too():
    table = np.array([[3, -1, 2], [0, 4, -2]])
    game = against(table)
    found = team_maxmin(game)
    assert found.low == pytest.approx(float(zero_sum_value(game).value), abs=1e-9)
    assert found.together == zero_sum_value(game).value
    both = np.random.default_rng(3).integers(0, 9, (2, 3, 2))
    # the adversary's level is what the others hold it to together
    assert team_maxmin(against(both)).together == -security_levels(against(both)).levels[2]


def test_any_player_can_be_the_adversary_and_any_unit_the_payoffs():
    """Large payoffs as in Nashpy's reports 101 and 214."""
    table = np.random.default_rng([5, 2]).integers(0, 8, (2, 3, 3))
    one = team_maxmin(against(table))
    turned = team_maxmin(against(np.moveaxis(table, 2, 0), foe=0), adversary="player 1")
    scaled = team_maxmin(against(table * F("1e-6") + 10**6))
    for other, to in ((turned, lambda x: x), (scaled, lambda x: x * 1e6 - 1e12)):
        assert to(other.low) == pytest.approx(one.low, abs=1e-3)
        assert to(float(other.together)) == pytest.approx(float(one.together), abs=1e-3)
        assert other.price == pytest.approx(one.price, abs=1e-3)


def test_prices_at_the_ends():
    """Nothing safe at all, and nothing safe without a coin."""
    assert team_maxmin(against(np.zeros((2, 2, 2)))).price == (1, 1)
    # whoever of the four joint actions of a diagonal is named is lost: apart all is, but for the diagonal of three
    table = np.ones((2, 2, 2))
    table[0, 0, 0] = table[1, 1, 1] = 0
    found = team_maxmin(against(table))
    assert (found.low, found.together) == (1, 1)


def test_bounds_are_rounded_outwards():
    """By hand: two who have to meet without being seen get a quarter, of any unit and from any least payoff."""
    both = np.full((2, 2, 2), F(0), dtype=object)
    both[0, 0, 0] = both[1, 1, 1] = F(1)
    for unit, least in (
        (F(0), F(1, 3)),
        (F(0), F(2, 3)),
        (F(1, 7), F(1, 3)),
        (F(1, 3), F(10**6)),
        (F(11, 13), F(-5, 7)),
    ):
        table = both * unit + least
        found = team_maxmin(against(table), most=9)
        sure = table
        for own in found.strategies:
            weights = np.array([F(p) for p in own.tolist()], dtype=object)
            sure = np.tensordot(weights / sum(weights), sure, axes=(0, 0))
        assert F(found.low) <= min(sure.tolist())
        assert F(found.high) >= least + unit / 4


def test_a_tolerance_that_doubles_cannot_keep_leaves_the_bounds_open():
    found = team_maxmin(against([[3, -1, 2], [0, 4, -2]]), tolerance=1e-300)
    assert found.status is Status.UNDECIDED
    assert found.low == pytest.approx(found.high, abs=1e-12)
    assert team_maxmin(against([[1, 0], [0, 1]]), tolerance=1e-300).proved


def test_corners_of_mixtures_within_a_box():
    found = vertices(np.array([0.0, 0.25, 0.0]), np.array([0.5, 0.5, 1.0]))
    assert {tuple(one) for one in found} == {(0, 0.25, 0.75), (0, 0.5, 0.5), (0.5, 0.25, 0.25), (0.5, 0.5, 0)}
    assert len(vertices(np.array([0.6, 0.6]), np.array([1.0, 1.0]))) == 0
    # of the 2²² choices of ends all but these few are left early
    assert vertices(np.zeros(23), np.ones(23))[::-1].tolist() == np.eye(23).tolist()


@pytest.mark.parametrize(
    ("game", "options", "reason"),
    [
        (games.public_goods(3), {}, "player 1 and player 2 differ at CDC: name the adversary"),
        (against(np.ones((8, 8, 8))), {}, "in games of up to 400 joint actions; game has 512"),
        (games.matching_pennies(), {"tolerance": 0.0}, "tolerance must be above 0"),
    ],
)
def test_what_is_no_team_is_refused(game, options, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        team_maxmin(game, **options)
