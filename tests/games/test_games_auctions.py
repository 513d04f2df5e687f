"""Auctions against sums over values and bids in fractions, and against what is known in closed form."""

from fractions import Fraction as F
from itertools import product

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, plain

VALUES = ((F(0), F(1, 3), F(2)), (F(1, 2), F(3, 2)))
BIDS = ((F(0), F(1, 3), F(1, 2), F(1)), (F(0), F(1, 2), F(1)))
CHANCES = ((F(1, 6), F(1, 3), F(1, 2)), (F(1, 4), F(3, 4)))
RESERVE = F(1, 3)


def outcome(kind, bids, reserve):
    """Chances to win and payments of each bidder, by the words of the rules."""
    eligible = [b for b in bids if b >= reserve]
    winners = [i for i, b in enumerate(bids) if eligible and b == max(eligible)]
    wins = [F(int(i in winners), max(len(winners), 1)) for i in range(len(bids))]
    if kind == "all pay":
        return wins, list(bids)
    price = []
    for i, own in enumerate(bids):
        others = [b for j, b in enumerate(bids) if j != i]
        price.append(own if kind == "first price" else max(*others, reserve))
    return wins, [w * p for w, p in zip(wins, price, strict=True)]


@pytest.mark.parametrize("kind", ["first price", "second price", "all pay"])
def test_payoffs_revenue_and_efficiency_are_sums_over_values_and_bids(kind):
    game = ns.games.auction(kind, values=VALUES, bids=BIDS, distributions=CHANCES, reserve=RESERVE)
    first = [[F(1, 4), 0, F(3, 4), 0], [0, F(1, 2), F(1, 6), F(1, 3)], [0, 0, F(1, 5), F(4, 5)]]
    second = [[F(2, 7), F(5, 7), 0], [0, F(3, 8), F(5, 8)]]
    played = [np.array(own, dtype=object) for own in (first, second)]
    payoffs, revenue, surplus, highest = [F(0), F(0)], F(0), F(0), F(0)
    for t in product(range(3), range(2)):
        chance = CHANCES[0][t[0]] * CHANCES[1][t[1]]
        worth = [VALUES[0][t[0]], VALUES[1][t[1]]]
        highest += chance * max(worth)
        for a in product(range(4), range(3)):
            weight = chance * played[0][t[0], a[0]] * played[1][t[1], a[1]]
            wins, paid = outcome(kind, [BIDS[0][a[0]], BIDS[1][a[1]]], RESERVE)
            payoffs = [u + weight * (v * w - p) for u, v, w, p in zip(payoffs, worth, wins, paid, strict=True)]
            revenue += weight * sum(paid)
            surplus += weight * sum(v * w for v, w in zip(worth, wins, strict=True))
    values = game.exact_action_values(played)
    assert [(own * v).sum() for own, v in zip(played, values, strict=True)] == payoffs
    doubles = [own.astype(float) for own in played]
    with jax.enable_x64(True):
        assert float(game.revenue(doubles)) == pytest.approx(float(revenue), rel=1e-12)
        assert float(game.efficiency(doubles)) == pytest.approx(float(surplus / highest), rel=1e-12)


def test_equals_draw_lots_among_three_and_a_bid_below_the_reserve_never_wins():
    game = ns.games.auction("second price", values=[1], bids=[0, "1/4", "1/2"], bidders=3, reserve="1/4")
    paid = [own[0, 0, 0] for own in game.payoffs]
    assert [own[1, 1, 1] for own in paid] == pytest.approx([(1 - 0.25) / 3] * 3)
    assert [own[2, 2, 0] for own in paid] == [0.25, 0.25, 0.0]
    assert [own[2, 0, 0] for own in paid] == [0.75, 0.0, 0.0]  # the reserve is the price
    assert [own[0, 0, 0] for own in paid] == [0.0, 0.0, 0.0]
    assert game.revenues[0, 0, 0] == 0


def test_in_a_second_price_auction_the_truth_is_weakly_dominant_in_fractions():
    values = [F(k, 5) for k in range(6)]
    game = ns.games.auction("second price", values=values, bids=values, bidders=3)
    paid = game.exact_payoffs[1]  # of the second of three, [1, T, 1, a, a, a]
    for t in range(6):
        own = np.moveaxis(paid[0, t, 0], 1, 0)
        for bid in range(6):
            assert (own[t] >= own[bid]).all()
            assert bid == t or (own[t] > own[bid]).any()


@pytest.mark.parametrize("kind", ["first price", "second price", "all pay"])
def test_rounded_closed_forms_gain_and_revenues_err_by_no_more_than_a_part_of_the_grid(kind):
    """Values k/K as likely, the closed form of continuous values rounded to bids k/K: revenue (n − 1)/(n + 1)."""
    for steps in (4, 16):
        values = [F(k, steps) for k in range(steps + 1)]
        game = ns.games.auction(kind, values=values, bids=values)
        found = ns.theory.interim_gains(game, game.usual_targets[0])
        assert found.largest <= (0 if kind == "second price" else 0.4 / steps)
        assert abs(float(game.revenue(found.profile.strategies)) - 1 / 3) <= 0.25 / steps


def test_where_bids_are_fine_enough_the_closed_form_is_an_equilibrium_of_the_grid_for_two_and_three():
    for n in (2, 3):
        values = [F(k, 6) for k in range(7)]
        game = ns.games.auction(values=values, bids=[F(k, 6 * n) for k in range(6 * (n - 1) + 1)], bidders=n)
        form = ns.games.bidding_function("first price", [float(v) for v in values], bidders=n)
        np.testing.assert_allclose(game.closed_form[0], [(n - 1) / n * float(v) for v in values])
        np.testing.assert_allclose(game.closed_form[0], form)
        assert ns.theory.interim_gains(game, game.usual_targets[0]).largest <= (0 if n == 2 else 1 / 18)


@pytest.mark.parametrize(("kind", "n", "high", "reserve"),
                         [("first price", 2, 1.0, 0.0), ("first price", 3, 2.0, 0.5), ("all pay", 3, 2.0, 0.0),
                          ("all pay", 2, 1.0, 0.25), ("all pay", 3, 2.0, 0.5)])  # fmt: skip
def test_closed_forms_are_best_replies_against_continuous_values(kind, n, high, reserve):
    """Against n − 1 bidders of the closed form no bid that can win earns more, and no bid at all loses nothing."""
    others = np.linspace(0.0, high, 4001)
    made = ns.games.bidding_function(kind, others, bidders=n, high=high, reserve=reserve)
    bidding = made > 0
    assert (np.diff(made[bidding]) > 0).all()
    assert (made[bidding] >= reserve - 1e-12).all()
    bids = np.linspace(reserve, made[-1], 300)
    lower = np.interp(bids, made[bidding], others[bidding])
    wins = (lower / high) ** (n - 1)
    for value in (0.5 * reserve, 1.05 * reserve + 0.05, 0.6 * high, high):
        own = float(ns.games.bidding_function(kind, value, bidders=n, high=high, reserve=reserve))
        pays = (value - bids) * wins if kind == "first price" else value * wins - bids
        chance = (value / high) ** (n - 1) * (own > 0)
        gets = (value - own) * chance if kind == "first price" else value * chance - own
        assert gets >= max(pays.max(), 0.0) - 1e-6


def test_of_unequal_uniform_values_inverse_bids_solve_the_equations_of_both():
    """φ_1' = φ_1 / (φ_2 − b) and the other way round, from zero to one highest bid."""
    low, high = np.linspace(0, 1, 2001), np.linspace(0, 2, 2001)
    first = ns.games.bidding_function("first price", low, high=1.0, rival=2.0)
    second = ns.games.bidding_function("first price", high, high=2.0, rival=1.0)
    assert first[-1] == pytest.approx(2 / 3)
    assert second[-1] == pytest.approx(2 / 3)
    b = np.linspace(0.05, 0.65, 50)
    inverse, step = [(first, low), (second, high)], 1e-3
    at = [np.interp(b, *own) for own in inverse]
    slopes = [(np.interp(b + step, *own) - np.interp(b - step, *own)) / (2 * step) for own in inverse]
    np.testing.assert_allclose(slopes[0], at[0] / (at[1] - b), rtol=2e-3)
    np.testing.assert_allclose(slopes[1], at[1] / (at[0] - b), rtol=2e-3)
    gains = []
    for steps in (6, 12):
        grid = [F(k, steps) for k in range(steps + 1)]
        game = ns.games.auction(values=[grid, [2 * own for own in grid]], bids=grid)
        gains.append(ns.theory.interim_gains(game, game.usual_targets[0]).largest * steps)
    assert max(gains) < 0.5


def test_where_no_formula_is_known_there_is_no_usual_target():
    uneven = ns.games.auction(values=[0, 1, 3], bids=[0, 1])
    assert uneven.closed_form is None
    assert uneven.usual_targets is None
    assert ns.games.auction("all pay", values=[[0, 1], [0, 2]], bids=[0, 1]).closed_form is None
    assert ns.games.auction(values=[0, 1], bids=[0, 1], distributions=[0.3, 0.7]).closed_form is None
    for reserve in (-1, 2):
        assert ns.games.auction(values=[0, 1], bids=[0, 1], reserve=reserve).usual_targets is None


@pytest.mark.parametrize("kind", ["first price", "second price", "all pay"])
def test_auctions_that_have_names_are_those_of_even_grids(kind):
    made = ns.games.by_name(f"{kind.replace(' ', '-')}-auction", values=4, bids=3, bidders=3, high="3/2", reserve=0.5)
    values, bids = ["0", "1/2", "1", "3/2"], ["0", "3/4", "3/2"]
    other = ns.games.auction(kind, values=values, bids=bids, bidders=3, reserve="1/2", name=made.name)
    assert plain(made) == plain(other)
    assert made.bids[2].tolist() == [0, 0.75, 1.5]


def test_by_default_continuous_bids_are_on_the_grid_and_nobody_gains_by_others():
    for name in ("first_price_auction", "second_price_auction"):
        made = ns.games.by_name(name)
        form = made.closed_form
        bid = [made.bids[i][list(made.usual_targets[0][i])].tolist() for i in range(2)]
        assert bid == [own.tolist() for own in form]
        assert ns.theory.interim_gains(made, made.usual_targets[0]).largest == 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ns.games.first_price_auction(1), "values must be at least 2; got 1"),
        (lambda: ns.games.second_price_auction(bids=2.5), "bids must be a whole number"),
        (lambda: ns.games.all_pay_auction(high=0), "high must be above 0; got 0"),
        (lambda: ns.games.first_price_auction(10**9), "50,000,000,000 payoffs; at most"),
        (lambda: ns.games.auction("dutch", values=[0, 1], bids=[0, 1]), "unknown kind of auction 'dutch'"),
        (lambda: ns.games.auction(values=[1, 0], bids=[0, 1]), r"values of bidder 1 must increase; got \['1', '0'\]"),
        (lambda: ns.games.auction(values=[[0, 1]] * 2, bids=[0], bidders=3), r"different numbers of bidders: \[2, 3\]"),
        (lambda: ns.games.auction(values=[0, 1], bids=[0], distributions=[0.5, 0.6]), "sum is 1.1"),
        (lambda: ns.games.auction(values=range(20), bids=range(40), bidders=4), "204,800,000 payoffs; at most"),
        (lambda: ns.games.auction(values=[[0, 1]], bids=[0, 1]), "at least 2 bidders; got 1"),
        (lambda: ns.games.bidding_function("all pay", 1.0, rival=2.0), "closed form for first-price auctions of two"),
        (lambda: ns.games.bidding_function("all pay", 1.5), "values must lie from 0 to high, 1; got 1.5"),
        (
            lambda: ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=2, reducers=ns.reducers.revenue()),
            "revenue is one of auctions",
        ),
    ],
)  # fmt: skip
def test_what_is_no_auction_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
