"""Prices of anarchy: against loops over profiles, linear programs of another library, and the theorems about them."""

import itertools
from dataclasses import replace
from fractions import Fraction as F
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, Outcome, bracket
from nashscape.theory import price_of_anarchy, selfish_routing

TRIANGLE = (["uv", "uw", "vw", "wv", "vu", "wu"], [[0, 1]] * 4 + [0, 0], ["uv", "uw", "vw", "wv"])


def costs(game):
    return {p: [-own[p] for own in game.fractions] for p in itertools.product(*map(range, game.shape))}


def pure(game):
    """Pure equilibria by looking at every deviation."""
    paid = costs(game)
    return [
        p for p, own in paid.items()
        if all(own[i] <= paid[(*p[:i], a, *p[i + 1 :])][i] for i in range(len(own)) for a in range(game.shape[i]))
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    "game",
    [
        games.pigou(2, players=3),
        games.braess(players=2),
        games.random_congestion(3, 3, 4),
        games.random_congestion(2, 4, 1),
    ],
    ids=str,
)
def test_prices_are_those_of_a_loop_over_profiles_and_mixtures(game):
    found, paid = price_of_anarchy(game), costs(game)
    total = {p: sum(own) for p, own in paid.items()}
    best = min(total.values())
    assert (found.sense, found.optimum) == ("cost", best)
    assert set(found.best) == {game.profile_name(p) for p, own in total.items() if own == best}
    stable = [total[p] for p in pure(game)]
    assert (found.pure_anarchy, found.pure_stability) == (max(stable) / best, min(stable) / best)
    listed = ns.equilibria(game, logit=None)
    for value, one in zip(found.values, listed, strict=True):
        chances = {p: np.prod([own[a] for own, a in zip(one.exact or one.strategies, p, strict=True)]) for p in total}
        wanted = sum(chances[p] * own for p, own in total.items())
        assert value == wanted if one.exact else float(value) == pytest.approx(float(wanted))
    assert found.anarchy == max(found.values) / best >= found.pure_anarchy
    assert found.stability == min(found.values) / best
    assert found.status is listed.status


def test_four_travellers_on_a_triangle_pay_five_halves_and_no_affine_costs_make_it_more():
    """Awerbuch, Azar, Epstein (2005): the least that all can pay is 4, and in one equilibrium they pay 10."""
    game = games.atomic_routing(*TRIANGLE)
    found = price_of_anarchy(game, found=ns.equilibria(game, method="pure", logit=None))
    assert (found.optimum, found.pure_anarchy, found.bound) == (4, F(5, 2), F(5, 2))
    # λ = 5/3 and μ = 1/3 prove it of all affine costs
    assert found.smoothness is not None
    assert found.smoothness[0] / (1 - found.smoothness[1]) == F(5, 2)


@pytest.mark.parametrize("seed", range(12))
def test_affine_costs_never_make_pure_anarchy_cost_more_than_five_halves(seed):
    """With λ = 5/3 and μ = 1/3, which hold for all affine costs: `y (x + 1) ≤ 5/3 y² + 1/3 x²` for whole numbers."""
    random = np.random.default_rng([9, seed])
    edges = ["su", "sv", "uv", "vu", "ut", "vt"]
    game = games.atomic_routing(edges, random.integers(0, 4, (6, 2)).tolist(), ["st", "ut", "sv"])
    found = price_of_anarchy(game, found=ns.equilibria(game, method="pure", logit=None))
    assert found.pure_anarchy is not None
    assert 1 <= found.pure_stability <= found.pure_anarchy <= F(5, 2)
    assert found.bound is None or found.pure_anarchy <= found.bound <= F(5, 2)


def test_of_three_players_on_six_resources_too():
    """Christodoulou, Koutsoupias (2005): h_1 … h_3 and g_1 … g_3, each at the cost of its load."""
    game = games.congestion(
        [[1, 2, 3]] * 6, [[[i, 3 + i], [(i - 1) % 3, (i + 1) % 3, 3 + (i + 1) % 3]] for i in range(3)]
    )
    assert price_of_anarchy(game).pure_anarchy == F(5, 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_that_of_a_linear_program_and_no_correlated_play_without_regret_costs_more(seed):
    game = games.congestion(np.random.default_rng(seed).integers(0, 6, (3, 3)).cumsum(axis=1) + 1, players=3)
    found, paid = price_of_anarchy(game), costs(game)
    profiles, total = list(paid), {p: sum(own) for p, own in paid.items()}
    best = min(total.values())
    bounds = []
    for star in (p for p, own in total.items() if own == best):
        deviated = [sum(paid[(*p[:i], star[i], *p[i + 1 :])][i] for i in range(3)) for p in profiles]
        # over ρ and z = 1/(1 − μ)
        rows = [[-float(best), float(d - total[p])] for p, d in zip(profiles, deviated, strict=True)]
        bounds.append(linprog([1, 0], rows, [-float(total[p]) for p in profiles], bounds=[(0, None), (0, None)]).fun)
    assert float(found.bound) == pytest.approx(min(bounds), rel=1e-9)
    regret = [
        [float(paid[p][i] - paid[(*p[:i], a, *p[i + 1 :])][i]) for p in profiles] for i in range(3) for a in range(3)
    ]
    worst = linprog([-float(total[p]) for p in profiles], regret, [0] * 9, [[1] * len(profiles)], [1])
    assert found.anarchy <= -worst.fun / float(best) + 1e-9
    assert -worst.fun / float(best) <= float(found.bound) + 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_for_welfare_is_that_of_a_linear_program_too(seed):
    payoffs = np.random.default_rng([7, seed]).integers(1, 9, (2, 3, 4))
    found = price_of_anarchy(payoffs)
    total = payoffs.sum(axis=0)
    bounds = []
    for a, b in np.argwhere(total == total.max()):
        deviated = payoffs[0, a][None, :] + payoffs[1, :, b][:, None]
        rows = [[float(total.max()), -float(d - w)] for d, w in zip(deviated.ravel(), total.ravel(), strict=True)]
        bounds.append(1 / -linprog([-1, 0], rows, total.ravel().astype(float), bounds=[(None, None), (0, None)]).fun)
    assert found.sense == "welfare"
    assert float(found.bound) == pytest.approx(min(bounds), rel=1e-9)
    assert found.anarchy <= found.bound


def test_of_sets_of_equilibria_the_extreme_ones_decide():
    # the second player does not care, and the first is helped or hurt by it
    game = games.bimatrix([[2, 4], [1, 3]], [[1, 1], [0, 0]])
    found = price_of_anarchy(game)
    assert [found.names, found.values] == [("AA", "AB"), (3, 5)]
    assert (found.anarchy, found.stability) == (F(5, 3), 1)


def test_what_is_good_may_be_the_least_payoff_or_a_table():
    game = games.dense(np.random.default_rng(5).integers(0, 7, (3, 2, 3, 2)))
    least = price_of_anarchy(game, welfare="least")
    assert least.optimum == game.payoffs.min(axis=0).max()
    largest = price_of_anarchy(games.dense(-game.payoffs), cost="largest")
    assert largest.optimum == game.payoffs.max(axis=0).min()
    table = np.arange(12).reshape(2, 3, 2)
    given = price_of_anarchy(game, cost=table)
    listed = ns.equilibria(game, logit=None)
    assert [float(own) for own in given.values] == pytest.approx(
        [np.einsum("abc,a,b,c", table, *one.strategies) for one in listed]
    )
    assert (given.optimum, given.bound) == (0, None)
    assert given.stability in (1, float("inf"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: price_of_anarchy(games.stag_hunt(), welfare="sum", cost="sum"), "not both"),
        (lambda: price_of_anarchy(games.matching_pennies(), welfare="least"), "below zero say nothing; it is -1 at HH"),
        (
            lambda: price_of_anarchy(games.matching_pennies(), welfare=[[2, -1], [-1, -1]]),
            "a welfare below zero say nothing; it is -0.25 at H.T/H.T",
        ),
        (lambda: price_of_anarchy(games.stag_hunt(), welfare="most"), "unknown kind of welfare 'most'"),
        (lambda: price_of_anarchy(games.stag_hunt(), cost=[1, 2]), "a number for every profile, of shape .2, 2."),
        (lambda: price_of_anarchy(games.stag_hunt(), found=ns.equilibria(games.chicken())), "equilibria of chicken"),
        (
            lambda: price_of_anarchy(games.tandem()),
            "to find prices of anarchy .* takes a game whose payoffs",
        ),
        (lambda: price_of_anarchy(games.pigou()), "of flows: theory.selfish_routing.* pigou offers 'pays', 'points'"),
        (lambda: selfish_routing(games.stag_hunt()), "got 'stag_hunt'. Of a finite game ask"),
    ],
)
def test_what_has_no_price_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


# --- learners -------------------------------------------------------------------------------------------------


def test_learners_pay_the_mean_of_where_they_end():
    hunt = games.stag_hunt()
    found = price_of_anarchy(hunt)
    entry = ns.entry_probability(hunt, ns.pg(), n=60, steps=300, audit=False)
    ended = entry.outcomes()
    assert set(ended) == {"CC", "DD"}
    told = found.average(entry)
    assert told.value == pytest.approx(8 / ((8 * ended["CC"] + 4 * ended["DD"]) / 60))
    assert 1 <= told.low < told.value < told.high <= 8 / 4 * 2
    assert (told.level, told.trials) == (0.95, 60)
    still = np.where(np.arange(60) < 6, Outcome.SLOW, entry.labels).astype(np.int8)
    wider = found.average(replace(entry, labels=still))
    assert wider.low < told.low
    assert wider.high > told.high
    with pytest.raises(InputError, match="these are runs of stag_hunt, and prices of chicken"):
        price_of_anarchy(games.chicken()).average(entry)
    with pytest.raises(InputError, match="got dict"):
        found.average({})


HOURS = [[["-1/3", "-2/3"], ["-1", "-4/3"]], [["-1/3", "-1"], ["-2/3", "-1"]]]
"""Costs in fractions, which no doubles are; the only equilibrium is AA."""


def runs_of(game):
    return ns.entry_probability(game, ns.pg(), n=4, steps=300, step_size=1.0, targets=["AA"], audit=False)


@pytest.mark.parametrize(
    ("priced", "run"),
    [
        (games.dense(HOURS), games.dense(HOURS)),
        (games.dense(HOURS), games.dense(games.dense(HOURS).payoffs)),  # as doubles alone
        (games.dense(games.dense(HOURS).payoffs), games.dense(HOURS)),
    ],
    ids=["fractions", "doubles are run", "doubles are priced"],
)
def test_fractions_and_their_doubles_are_one_game(priced, run):
    assert float(price_of_anarchy(priced).average(runs_of(run)).value) == 1.0


@pytest.mark.long
def test_compact_forms_are_compared_as_they_are():
    game = games.public_goods(players=3)
    entry = ns.entry_probability(game, ns.pg(), n=4, steps=300, audit=False)
    assert price_of_anarchy(game, welfare="sum").average(entry).value > 1
    with pytest.raises(InputError, match="other payoffs or actions, or written in another form"):
        price_of_anarchy(games.public_goods(players=3, multiplier=2.0)).average(entry)


@pytest.mark.parametrize(
    "other",
    [
        games.dense([[["-1/3", "-2/3"], ["-1", "-4/3"]], [["-1/3", "-1"], ["-2/3", "-3/4"]]]),
        games.dense(HOURS, actions=[["A", "C"], ["A", "B"]]),
        games.dense(np.negative(np.ones((2, 2, 3)))),
    ],
    ids=["one cost", "one name", "one action more"],
)
def test_runs_of_another_game_of_the_same_name_are_refused(other):
    assert other.name == games.dense(HOURS).name
    with pytest.raises(InputError, match="a game with the same name, game, and other payoffs or actions"):
        price_of_anarchy(other).average(runs_of(games.dense(HOURS)))


def test_over_a_map_shares_within_their_brackets_bound_the_mean():
    found = price_of_anarchy(games.stag_hunt())
    shares = {"CC": bracket(0.2, 0.25, 0.4, "b"), "DD": bracket(0.5, 0.65, 0.7, "b"), "slow": bracket(0, 0.1, 0.2, "b")}
    mapped = SimpleNamespace(
        game="stag_hunt", question=found.question, targets=("CC", "DD"), outcomes=lambda: dict.fromkeys(shares, 1),
        reached=None, fractions=lambda: shares,
    )  # fmt: skip
    told = found.average(mapped)
    corners = [
        8 * a + 4 * b + value * c
        for a, b, c, value in itertools.product(
            np.linspace(0.2, 0.4, 21), np.linspace(0.5, 0.7, 21), (0, 0.1, 0.2), (3, 8)
        )
        if abs(a + b + c - 1) < 1e-9
    ]
    assert told.value == pytest.approx(8 / ((8 * 0.25 + 4 * 0.65) / 0.9))
    assert (told.low, told.high) == (pytest.approx(8 / max(corners)), pytest.approx(8 / min(corners)))


# --- traffic --------------------------------------------------------------------------------------------------


def test_pigou_and_braess_have_their_prices_exactly():
    for game in (games.pigou(), games.braess()):
        found = selfish_routing(game)
        assert (found.anarchy, found.exact, found.lost) == (F(4, 3), True, (0.0, 0.0))
    assert selfish_routing(games.braess(False)).anarchy == 1
    assert selfish_routing(games.braess()).best == (F(1, 2), 0, F(1, 2))


@pytest.mark.parametrize("degree", [2, 4, 9])
def test_of_higher_degree_pigou_has_the_largest_price(degree):
    found = selfish_routing(games.pigou(degree))
    assert float(found.anarchy) == pytest.approx(found.limit, rel=1e-12)
    assert float(found.best[1]) == pytest.approx((degree + 1) ** (-1 / degree), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("degree", [1, 3])
def test_flows_are_those_of_another_minimiser_and_within_the_bound(seed, degree):
    random = np.random.default_rng([degree, seed])
    edges = ["su", "sv", "uv", "vu", "ut", "vt", "st"]
    table = random.integers(0, 5, (7, degree + 1))
    game = games.routing(edges, table.tolist(), [("s", "t", 2), ("u", "t", "3/2")], groups=2)
    found = selfish_routing(game)
    assert found.exact == (degree == 1)
    assert max(found.lost) < 1e-12
    assert 1 <= float(found.anarchy) <= found.limit + 1e-12
    assert found.limit == pytest.approx(4 / 3 if degree == 1 else 1.895628, rel=1e-6)
    uses = np.array([[edges[e][0] + "-" + edges[e][1] in path for path in found.paths] for e in range(7)], float)
    powers = np.arange(degree + 1)

    def of(flow, area):
        weights = 1 / (powers + 1) if area else 1
        return (table * weights * (uses @ flow)[:, None] ** (powers + 1)).sum()

    sums = [{"type": "eq", "fun": lambda f, t=t: sum(x for x, own in zip(f, found.path_trips, strict=True) if own == t)
             - (2, 1.5)[t]} for t in range(2)]  # fmt: skip
    start = np.where(np.array(found.path_trips) == 0, 2 / found.path_trips.count(0), 1.5 / found.path_trips.count(1))
    for flow, area in ((found.selfish, True), (found.best, False)):
        least = minimize(of, start, (area,), bounds=[(0, None)] * len(start), constraints=sums, method="SLSQP",
                         options={"ftol": 1e-14, "maxiter": 500})  # fmt: skip
        own = of(np.array(flow, float), area)
        assert own <= least.fun + 1e-7 * abs(least.fun)
        assert own == pytest.approx(least.fun, rel=1e-5)
        assert all(x >= 0 for x in flow)
