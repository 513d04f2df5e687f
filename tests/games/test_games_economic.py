"""Prices, contests, bargains, public goods and teams: against closed forms, enumeration in fractions, finite steps."""

import itertools
from fractions import Fraction as F

import jax
import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.testing import check_game
from nashscape.theory import potential_test

OTHERS = [[0, 1, 0.5], [0.2, 0, 0.7], [0.3, 0.9, 0]]
"""By how much the price of another raises what is asked of each firm."""

OVER_POINTS = {
    "bertrand": games.bertrand(3, intercept=[10, 8, 12], slope=2, substitution=OTHERS, costs=[1, 2, 3]),
    "lottery": games.tullock([6.0, 3.0, 4.0], costs=[1.0, 0.5, 2.0]),
    "lottery, least": games.tullock([6.0, 3.0, 4.0], costs=[1.0, 0.5, 2.0], least=0.01),
    "much luck": games.tullock([6.0, 3.0, 4.0], costs=[1.0, 0.5, 2.0], exponent=0.6, least=0.02),
    "little luck": games.tullock([6.0, 3.0, 4.0], costs=[1.0, 0.5, 2.0], exponent=1.7),
    "refund": games.uncertain_threshold([3.0, 2.0, 1.0], 4.0, spread=0.2),
    "no refund": games.uncertain_threshold([3.0, 2.0, 1.0], 2.5, spread=0.2, refund=False, most=[2.0, 1.5, 1.0]),
}


def paid(name, x):
    """Payoffs from the definition, in NumPy."""
    numbers = {key: np.asarray(value) for key, value in OVER_POINTS[name].coefficients.items() if key != "own"}
    if name == "bertrand":
        return (x - [1, 2, 3]) * (np.array([10, 8, 12]) - 2 * x + np.array(OTHERS) @ x)
    if "refund" in name:
        chance = 1 / (1 + np.exp(-(x.sum() - numbers["threshold"]) / numbers["spread"]))
        return numbers["values"] * chance - x * (1 if name == "no refund" else chance)
    strength = x ** numbers["exponent"]
    chance = strength / strength.sum() if strength.sum() else np.full(3, 1 / 3)
    return numbers["valuations"] * chance - numbers["costs"] * x


@pytest.mark.parametrize("name", OVER_POINTS)
def test_payoffs_slopes_and_regrets_are_those_of_the_definition(name):
    game, random, h = OVER_POINTS[name], np.random.default_rng(5), 1e-6
    low, high = (np.asarray(end) for end in game.bounds)
    high = np.minimum(high, 8.0)
    pay, lose = jax.jit(lambda x: game.expected_payoffs(list(x))), jax.jit(lambda x: game.regrets(list(x)))
    slope = jax.jit(jax.jacfwd(lambda x: game.expected_payoffs(list(x))))
    with jax.enable_x64(True):
        for _ in range(6):
            x = random.uniform(low + 2 * h, high)
            np.testing.assert_allclose(pay(x[:, None]), paid(name, x), rtol=1e-10, atol=1e-12)
            slopes, regrets = np.asarray(slope(x[:, None]))[..., 0], np.asarray(lose(x[:, None]))
            for i in range(3):
                step = h * np.eye(3)[i]
                np.testing.assert_allclose(
                    slopes[i, i], (paid(name, x + step) - paid(name, x - step))[i] / (2 * h), rtol=1e-6, atol=1e-6
                )
                others = np.delete(np.eye(3), i, axis=0).sum(axis=0) * x

                def alone(own, i=i, others=others):
                    return -paid(name, others + own * np.eye(3)[i])[i]

                ends = (float(low[i]), float(high[i]))
                grid = np.linspace(*ends, 41)
                near = grid[np.argmin([alone(own) for own in grid])]
                width = grid[1] - grid[0]
                around = (max(near - width, ends[0]), min(near + width, ends[1]))
                best = -minimize_scalar(alone, bounds=around, method="bounded", options={"xatol": 1e-10}).fun
                best = max(best, *(-alone(own) for own in ends))
                np.testing.assert_allclose(regrets[i], best - paid(name, x)[i], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] * (name != "little luck")) for name in OVER_POINTS]
)
def test_games_over_points_pass_the_kit(name):
    check_game(OVER_POINTS[name])


# --- prices ---------------------------------------------------------------------------------------------------


def test_prices_of_bertrand_are_where_no_firm_gains_and_closed_for_two():
    game = OVER_POINTS["bertrand"]
    [[name, point, _]] = game.named_points
    assert name == "equilibrium"
    assert np.asarray(game.regrets(point)).max() < 1e-4
    # two firms: p_1 = (2b(a_1 + b c_1) + d_12 (a_2 + b c_2)) / (4b² − d_12 d_21)
    at = games.bertrand_equilibrium(intercept=[9, 7], slope=2, substitution=[[0, 1], [0.5, 0]], costs=[1, 2])
    np.testing.assert_allclose(at, [(4 * 11 + 1 * 11) / 15.5, (4 * 11 + 0.5 * 11) / 15.5])


@pytest.mark.long
def test_the_equilibrium_of_bertrand_is_proved_to_be_the_only_one():
    found = ns.equilibria(OVER_POINTS["bertrand"])
    assert (found.uniqueness, len(found)) == ("proved", 1)
    wanted = np.concatenate(OVER_POINTS["bertrand"].named_points[0].point)
    np.testing.assert_allclose(np.concatenate(found[0].point), wanted, rtol=1e-8)


def test_of_one_good_the_cheapest_sell_and_equilibria_are_found_by_looking_at_every_profile():
    prices, costs, sold = ["1/2", 1, "3/2", 2, 3], [1, "1/2", "3/2"], [9, 7, 6, 5, 2]
    game = games.price_competition(prices, costs, demand=sold)
    p, c = list(map(F, prices)), list(map(F, costs))

    def profit(i, profile):
        asked = [p[a] for a in profile]
        share = F(asked[i] == min(asked), asked.count(min(asked)))
        return share * (asked[i] - c[i]) * sold[profile[i]]

    stable = []
    for profile in itertools.product(range(5), repeat=3):
        assert [own[profile] for own in game.fractions] == [profit(i, profile) for i in range(3)]
        moves = [(i, (*profile[:i], a, *profile[i + 1 :])) for i in range(3) for a in range(5)]
        if all(profit(i, other) <= profit(i, profile) for i, other in moves):
            stable.append(profile)
    assert [one.profile for one in games.pure_equilibria(game)] == stable
    assert stable
    # with the same cost nobody earns more than a share of one step
    same = games.pure_equilibria(games.price_competition(range(9), [2, 2], demand=range(20, 11, -1)))
    assert [one.name for one in same] == ["22", "33"]


# --- contests -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "costs", "exponent"),
    [
        ([6.0, 3.0, 4.0], [1.0, 0.5, 2.0], 1.0),
        ([9.0, 1.0, 8.0, 0.5], 1.0, 1.0),
        ([5.0, 2.0], [1.0, 2.0], 0.5),
        ([5.0, 4.0], 1.0, 1.5),
        ([3.0] * 4, 2.0, 1.3),
    ],
)
def test_the_closed_form_of_a_contest_is_where_nobody_gains(values, costs, exponent):
    at = games.tullock_equilibrium(values, costs=costs, exponent=exponent)
    least = 1e-4 if exponent < 1 else 0.0
    game = games.tullock(values, costs=costs, exponent=exponent, least=least)
    with jax.enable_x64(True):
        assert np.asarray(jax.jit(lambda x: game.regrets(list(x)))(at[:, None])).max() < 1e-9
    np.testing.assert_allclose(np.concatenate(game.named_points[0].point), at)


def test_where_nobody_spends_anything_everybody_could_have_the_prize_for_next_to_nothing():
    game = games.tullock([6.0, 3.0, 4.0])
    nothing = [np.zeros(1)] * 3
    np.testing.assert_allclose(game.expected_payoffs(nothing), [2, 1, 4 / 3], rtol=1e-6)
    np.testing.assert_allclose(game.regrets(nothing), [4, 2, 8 / 3], rtol=1e-6)


def test_an_unlikely_equilibrium_has_no_name_and_no_closed_form():
    assert games.tullock([9.0, 1.0], exponent=1.9).named_points == ()
    assert games.tullock([9.0, 1.0], most=0.5).named_points == ()
    with pytest.raises(InputError, match="no closed form is known for these"):
        games.tullock_equilibrium([3.0, 2.0, 1.0], exponent=0.9)


@pytest.mark.long
def test_runs_of_a_contest_end_at_its_equilibrium_and_say_so():
    options = {"n": 12, "starts": ns.starts.uniform_strategies(), "steps": 600, "step_size": 0.05, "audit": False}
    assert ns.entry_probability(games.tullock([4.0, 2.0]), ns.pg(), **options).outcomes() == {"equilibrium": 12}


@pytest.mark.long
@pytest.mark.parametrize(
    "game",
    [games.tullock([6.0, 3.0, 4.0], exponent=0.6, least=0.02), games.tullock([6.0, 3.0, 1.0], least=0.01)],
    ids=["much luck", "one stays out"],
)
def test_runs_of_a_contest_without_a_named_equilibrium_are_known_to_end_at_one(game):
    options = {"n": 12, "starts": ns.starts.uniform_strategies(), "steps": 1500, "step_size": 0.05, "audit": False}
    assert game.named_points == ()
    assert ns.entry_probability(game, ns.pg(), **options).outcomes() == {"other equilibrium": 12}


def test_on_a_grid_chances_are_shares_of_efforts_or_of_those_who_spend_most():
    values, grid, costs = [5, "7/2", 2], [0, "1/2", 2], [1, 2, "1/3"]
    lottery, most = (games.grid_contest(values, grid, costs=costs, exponent=r) for r in (2, None))
    v, x, c = (list(map(F, own)) for own in (values, grid, costs))
    for profile in itertools.product(range(3), repeat=3):
        spent = [x[a] for a in profile]
        square = sum(own**2 for own in spent)
        for i in range(3):
            share = spent[i] ** 2 / square if square else F(1, 3)
            top = F(spent[i] == max(spent), spent.count(max(spent)))
            assert lottery.fractions[(i, *profile)] == v[i] * share - c[i] * spent[i]
            assert most.fractions[(i, *profile)] == v[i] * top - c[i] * spent[i]


def test_all_pay_auctions_leave_two_bidders_alike_no_more_than_a_step():
    found = ns.equilibria(games.grid_contest([3, 3], [0, 1, 2, 3], exponent=None), logit=None)
    assert found.complete
    assert not any(one.pure for one in found)
    assert all(0 <= own <= 1 for one in found for own in one.payoffs)


# --- bargains -------------------------------------------------------------------------------------------------


def test_demands_that_fit_are_met_and_pure_equilibria_are_those_of_every_profile():
    pie, outside = 4, [F(1, 2), F(0), F(1)]
    game = games.nash_demand(pie, outside)

    def gets(i, profile):
        return F(profile[i]) if sum(profile) <= pie else outside[i]

    stable = []
    for profile in itertools.product(range(5), repeat=3):
        assert [own[profile] for own in game.fractions] == [gets(i, profile) for i in range(3)]
        moves = [(i, (*profile[:i], a, *profile[i + 1 :])) for i in range(3) for a in range(5)]
        if all(gets(i, other) <= gets(i, profile) for i, other in moves):
            stable.append(profile)
    found = games.pure_equilibria(game)
    assert [one.profile for one in found] == stable
    strict = {one.profile for one in found if one.strict}
    assert strict == {p for p in stable if sum(p) == pie and all(a > d for a, d in zip(p, outside, strict=True))}


def test_the_bargaining_solution_has_the_largest_product_of_what_is_gained():
    outside, weights = [F(1), F(0), F(2)], [F(1), F(2), F(1)]
    best = games.bargaining_solution(9, outside, weights=weights)
    assert best == (F(5, 2), F(3), F(7, 2))

    def product(division):
        return np.prod([(x - d) ** w for x, d, w in zip(division, outside, weights, strict=True)])

    for i, j in itertools.permutations(range(3), 2):
        moved = list(best)
        moved[i], moved[j] = moved[i] + F(1, 100), moved[j] - F(1, 100)
        assert product(moved) < product(best)


def test_an_uncertain_pie_leaves_divisions_near_the_bargaining_solution():
    pie, outside, k = 20, (4, 0), 4
    game = games.nash_demand(pie, outside, spread=k)
    chance = [F(sum(total <= size for size in range(pie - k, pie + k + 1)), 2 * k + 1) for total in range(2 * pie + 1)]
    assert game.fractions[(0, 11, 7)] == 11 * chance[18] + 4 * (1 - chance[18])
    agreed = [one.profile for one in games.pure_equilibria(game) if chance[sum(one.profile)] > 0]
    assert len(agreed) < len([one for one in games.pure_equilibria(games.nash_demand(pie, outside)) if one.strict])
    solution = games.bargaining_solution(pie, outside)
    assert max(abs(a - x) for one in agreed for a, x in zip(one, solution, strict=True)) <= k / 2


# --- public goods ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refund", [False, True])
@pytest.mark.parametrize("threshold", [1, 2, 3, 4])
def test_pivotal_contributors_are_the_equilibria_of_a_discrete_good(threshold, refund):
    v, c = np.array([3.0, 2.5, 4.0, 2.0]), np.array([1.0, 2.0, 0.5, 1.5])
    game = games.discrete_public_good(4, threshold, benefits=v, costs=c, refund=refund)
    for profile in itertools.product((0, 1), repeat=4):
        gives = 1 - np.array(profile)
        enough = gives.sum() >= threshold
        wanted = v * enough - c * gives * (enough or not refund)
        np.testing.assert_allclose(game.payoffs_at(profile), wanted)
    found = {one.profile for one in games.pure_equilibria(game)}
    pivotal = {p for p in itertools.product((0, 1), repeat=4) if 4 - sum(p) == threshold}
    # without enough, whoever gives wants it back, and nobody can make up for two
    few = {p for p in itertools.product((0, 1), repeat=4) if 4 - sum(p) < threshold - 1 and (refund or sum(p) == 4)}
    assert found == pivotal | few


@pytest.mark.parametrize("refund", [False, True])
def test_exact_contributions_are_the_equilibria_of_a_provision_point(refund):
    values, need, grid = [F(3), F(2), F(3, 2)], F(4), [F(0), F(1, 2), F(1), F(3, 2), F(2)]
    game = games.provision_point(values, need, grid, refund=refund)
    found = {one.profile for one in games.pure_equilibria(game)}
    wanted = set()
    for profile in itertools.product(range(5), repeat=3):
        gifts = [grid[a] for a in profile]
        total = sum(gifts)
        for i, own in enumerate(game.fractions):
            assert own[profile] == (values[i] - gifts[i] if total >= need else 0 if refund else -gifts[i])
        if total == need and all(x <= v for x, v in zip(gifts, values, strict=True)):
            wanted.add(profile)
        stuck = all(need - (total - x) > min(v, grid[-1]) or (need - (total - x) == v and refund)
                    for x, v in zip(gifts, values, strict=True))  # fmt: skip
        if total < need and stuck and (refund or total == 0):
            wanted.add(profile)
    assert found == wanted


def test_with_a_refund_all_give_what_is_left_of_their_value_after_the_same_amount():
    game = games.uncertain_threshold([3.0, 2.0, 1.5], 4.0, spread=0.2)
    [[name, point, _]] = game.named_points
    kept = np.array([3.0, 2.0, 1.5]) - np.concatenate(point)
    assert name == "all give"
    np.testing.assert_allclose(kept, kept[0])
    with jax.enable_x64(True):
        assert np.asarray(game.regrets(point)).max() < 1e-12
    assert games.uncertain_threshold([3.0, 2.0, 0.1], 4.0).named_points == ()


# --- teams ----------------------------------------------------------------------------------------------------


def test_teams_share_and_what_players_get_apart_changes_no_reply():
    random = np.random.default_rng(3)
    potential = random.integers(-5, 6, (2, 3, 2))
    apart = [random.integers(-5, 6, shape) for shape in ((3, 2), (2, 2), (2, 3))]
    game = games.potential_game(potential, apart=apart)
    for profile in itertools.product(range(2), range(3), range(2)):
        for i in range(3):
            others = profile[:i] + profile[i + 1 :]
            assert game.payoffs[(i, *profile)] == potential[profile] + apart[i][others]
    found = potential_test(game)
    assert found.exact
    assert (found.potential == potential - potential[0, 0, 0]).all()
    team = games.potential_game(potential, shares=[1, "1/2", "1/3"])
    assert [own[1, 2, 0] for own in team.fractions] == [w * int(potential[1, 2, 0]) for w in (1, F(1, 2), F(1, 3))]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: games.bertrand(substitution=1.0), "others' prices must raise demand, in all by less than"),
        (lambda: games.bertrand(costs=10.0), "costs are from 0 to below a/b"),
        (lambda: games.bertrand(3, substitution=[[0, 1], [1, 0]]), "one for every pair of 3 firms"),
        (lambda: games.price_competition([1, 1, 2]), "prices must rise"),
        (lambda: games.price_competition([1, 2], demand=[1, -1]), "demand is a number, not below 0"),
        (lambda: games.price_competition([1, 2], [1]), "two firms or more; got 1"),
        (lambda: games.tullock([1.0]), "valuations are above 0, one for each of two"),
        (lambda: games.tullock(costs=0), "costs must be above 0"),
        (lambda: games.tullock(exponent=0.5), "give least above 0"),
        (lambda: games.tullock(least=1.0), "the largest effort must be above the least, 1"),
        (lambda: games.grid_contest(efforts=[0, 2, 1]), "rise from one to the next"),
        (lambda: games.grid_contest(costs=[1, 1, 1]), "a valuation and a cost for each"),
        (lambda: games.nash_demand(4, step=3), "the pie must be a multiple of the step"),
        (lambda: games.nash_demand(4, (3, 1)), "leave nothing to bargain for: their sum is 4, and the pie 4"),
        (lambda: games.nash_demand(4, (-1, 1)), "outside options are not below 0"),
        (lambda: games.bargaining_solution(weights=[1, 0]), "weights are above 0, one for each of 2"),
        (lambda: games.discrete_public_good(3, 4), "threshold must be at most the number of players, 3"),
        (
            lambda: games.discrete_public_good(costs=[1, 1.5]),
            r"costs must be .* 3, one for each; got shape \(2,\)",
        ),
        (lambda: games.tullock(most=[1, 1, 1]), "most must be a number, or 2, one for each"),
        (lambda: games.uncertain_threshold(most=[[1, 1]]), r"most must be a number, or 2, .* shape \(1, 2\)"),
        (lambda: games.discrete_public_good(costs=2.0), "costs must be above 0 and below benefits"),
        (lambda: games.provision_point([1, -1]), "values are not below 0"),
        (lambda: games.provision_point(contributions=[1, 0]), "contributions are not below 0 and rise"),
        (lambda: games.uncertain_threshold([1.0, 0.0]), "values are above 0"),
        (lambda: games.uncertain_threshold(most=0.0), "the largest contribution must be above 0"),
        (lambda: games.potential_game([[1, 2], [3, 4]], shares=[1]), "shares are above 0, one for each of 2"),
        (lambda: games.potential_game([[1, 2], [3, 4]], apart=[[1, 2], [1, 2, 3]]), "player 2 gets apart depends on"),
        (lambda: games.potential_game([[1, 2], [3, 4]], apart=[[1, 2]]), "one array for each of 2 players; got 1"),
    ],
)
def test_what_makes_no_such_game_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
