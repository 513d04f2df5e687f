"""Routing games against enumeration of paths, sums over edges in fractions, and the definition of Wardrop."""

import itertools
from fractions import Fraction as F

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.testing import check_game
from nashscape.theory import potential_test

EDGES = ["sa", "ab", "sb", "at", "bt", "ta"]
COSTS = [[1, 2], ["1/3", 0, 1], [2, 1], 3, [0, 0, "1/2"], 1]
TRIPS = ["st", "at", "sb"]


def walked(edges, origin, goal, met=()):
    """All ways, by recursion from the goal backwards."""
    if origin == goal:
        return [()]
    return [
        (*way, e)
        for e, (tail, head) in enumerate(edges)
        if head == goal and tail not in met
        for way in walked(edges, origin, tail, (*met, goal))
    ]


@pytest.mark.long
def test_a_traveller_pays_for_its_edges_at_the_number_who_use_them():
    game = games.atomic_routing(EDGES, COSTS, TRIPS)
    ways = [walked(EDGES, *trip) for trip in TRIPS]
    assert [sorted("-".join([trip[0], *(EDGES[e][1] for e in way)]) for way in own)
            for own, trip in zip(ways, TRIPS, strict=True)] == [sorted(own) for own in game.actions]  # fmt: skip
    assert game.shape == (3, 2, 2)
    named = [{"-".join([t[0], *(EDGES[e][1] for e in w)]): w for w in own} for own, t in zip(ways, TRIPS, strict=True)]
    coefficients = [[F(x) for x in (own if isinstance(own, list) else [own])] for own in COSTS]
    for profile in itertools.product(*game.actions):
        used = [named[i][name] for i, name in enumerate(profile)]
        loads = [sum(e in own for own in used) for e in range(len(EDGES))]
        cost = [sum(c * loads[e] ** k for k, c in enumerate(own)) for e, own in enumerate(coefficients)]
        index = game.profile(profile)
        assert [own[index] for own in game.fractions] == [-sum(cost[e] for e in own) for own in used]
    assert potential_test(game).exact
    check_game(game)


@pytest.mark.parametrize("players", [2, 3])
def test_the_shortcut_of_braess_takes_everybody_in_and_makes_all_pay_more(players):
    n = F(players)
    with_it, without = games.braess(players=players), games.braess(False, players=players)
    all_on = (1,) * players
    assert with_it.actions[0] == ("s-u-t", "s-u-v-t", "s-v-t")
    assert [own[all_on] for own in with_it.fractions] == [-2] * players
    assert all_on in [one.profile for one in games.pure_equilibria(with_it)]
    worst = min(-own for one in games.pure_equilibria(without) for own in one.payoffs)
    assert worst == pytest.approx(float(1 + (players // 2) / n))
    assert max(-one.payoffs.mean() for one in games.pure_equilibria(without)) < 2


def wardrop(game, points):
    """By how much a path that is used costs more than the cheapest of its population, from coefficients alone."""
    net, worst = game.network, 0.0
    loads = np.zeros(len(net.edges))
    for own, paths in zip(points, net.paths, strict=True):
        for flow, path in zip(own, paths, strict=True):
            loads[list(path)] += flow
    each = [sum(float(c) * loads[e] ** k for k, c in enumerate(row)) for e, row in enumerate(net.costs)]
    for own, paths in zip(points, net.paths, strict=True):
        costs = [sum(each[e] for e in path) for path in paths]
        worst = max(worst, *(c - min(costs) for flow, c in zip(own, costs, strict=True) if flow > 1e-6))
    return worst, loads @ each


@pytest.fixture
def unequal():
    return games.routing(EDGES, COSTS, [("s", "t", 2), ("a", "t", "1/2"), ("s", "b", 1)])


@pytest.mark.long
def test_slopes_are_minus_what_paths_cost(unequal):
    with jax.enable_x64(True):
        points = [np.array(own) for own in ([0.4, 0.6, 1.0], [0.2, 0.3], [0.1, 0.9])]
        costs = unequal.path_costs(points)
        h = 1e-6
        for i, own in enumerate(points):
            for k in range(len(own)):
                moved = [[p.copy() for p in points] for _ in range(2)]
                moved[0][i][k] += h
                moved[1][i][k] -= h
                high, low = (float(unequal.expected_payoffs(p)[i]) for p in moved)
                assert (high - low) / (2 * h) == pytest.approx(-float(costs[i][k]), rel=1e-7)
        assert float(unequal.total_cost(points)) == pytest.approx(wardrop(unequal, points)[1])


@pytest.mark.long
def test_equilibria_are_those_of_wardrop(unequal):
    check_game(unequal)
    found = ns.equilibria(unequal)
    assert len(found) >= 1
    assert found[0].known == ("exact",) * 3
    for one in found:
        assert wardrop(unequal, one.point)[0] < 1e-5


def test_what_travellers_lose_bounds_what_their_population_gains_and_is_nothing_at_the_end(unequal):
    random = np.random.default_rng(0)
    lose, pay = jax.jit(type(unequal).regrets), jax.jit(type(unequal).expected_payoffs)
    for _ in range(20):
        points = [float(size) * random.dirichlet(np.ones(len(own)))
                  for own, size in zip(unequal.network.paths, unequal.network.amounts, strict=True)]  # fmt: skip
        lost, now = lose(unequal, points), pay(unequal, points)
        for i, own in enumerate(points):
            other = [*points[:i], own.sum() * random.dirichlet(np.ones(len(own))), *points[i + 1 :]]
            assert pay(unequal, other)[i] - now[i] <= lost[i] + 1e-5


NAMED = [games.pigou(), games.pigou(4), games.braess()]


@pytest.mark.parametrize("made", NAMED, ids=["pigou", "pigou of degree 4", "braess"])
def test_nobody_loses_at_the_named_flow(made):
    with jax.enable_x64(True):
        point = [jnp.array(own) for own in made.named_points[0].point]
        assert float(made.regrets(point).max()) == 0
        assert float(made.total_cost(point)) == (2 if made.name == "braess" else 1)


@pytest.mark.long
@pytest.mark.parametrize("made", NAMED, ids=["pigou", "pigou of degree 4", "braess"])
def test_learners_end_at_the_named_flow_without_being_told_where_to_look(made):
    entry = ns.entry_probability(
        made, ns.pg(), n=8, starts=ns.starts.uniform_strategies(), steps=400, step_size=0.2, audit=False
    )
    assert entry.outcomes() == {made.named_points[0].name: 8}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: games.atomic_routing(["st"], [1], ["st", "ts"]), "no path from t to s: edges lead from tail to head"),
        (lambda: games.atomic_routing(["st"], [1], ["st", "sx"]), "there is no node 'x'; nodes are s, t"),
        (lambda: games.atomic_routing(["st"], [-1], ["st"] * 2), "from s to t must not be negative where nobody"),
        (lambda: games.atomic_routing(["st"], [[2, -1]], ["st"] * 2), "from s to t must not fall with the load"),
        (lambda: games.atomic_routing(["st"], [1, 2], ["st"] * 2), "1 edges need as many costs; got 2"),
        (lambda: games.atomic_routing(["ss"], [1], ["st"] * 2), "an edge is .tail, head., two different nodes"),
        (lambda: games.atomic_routing(["st"], [1], ["st"]), "two travellers or more; got 1"),
        (lambda: games.atomic_routing([], [], ["st"] * 2), "at least one edge"),
        (lambda: games.routing(["st"], [1], [("s", "t", 0)]), "amounts that travel must be above 0"),
        (lambda: games.routing(["st"], [1], ["st"]), "a demand is .origin, destination, amount."),
        (lambda: games.routing(["st"], [1], [("s", "t", 1)], groups=1), "two populations or more"),
        (lambda: games.pigou(0), "degree"),
        (
            lambda: games.routing([(a, b) for a in range(9) for b in range(9) if a != b], [1] * 72, [(0, 8, 1)]),
            "more than 500 ways from 0 to 8",
        ),
    ],
)
def test_what_is_no_network_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
