"""Common pools against rules applied by hand in fractions, and against the Markov game over their stocks."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.environments.commons.rationings import mean_rationed, rationed
from nashscape.testing import check_environment

KEY = jax.random.key(3)


@partial(jax.jit, static_argnums=2)
def _followed(pool, actions, rounds):
    def one(state, t):
        after = pool.step(jax.random.fold_in(KEY, t), state, tuple(actions))
        return after.state, (dict(after.measures), after.terminated, after.truncated)

    return jax.lax.scan(one, pool.reset(KEY)[0], jnp.arange(rounds))[1]


def followed(pool, actions, rounds):
    """Measures and ends of rounds in which players do the same in each."""
    told, over, cut = _followed(pool, jnp.asarray(actions, jnp.int32), rounds)
    ends = np.flatnonzero(np.asarray(over | cut))
    return {name: np.asarray(own) for name, own in told.items()}, int(ends[0]) + 1 if len(ends) else None


def depleted(rate, order):
    """The round in which valves that are all open exhaust the stock, by fractions."""
    stock, take, rate = Fraction(1, 2), Fraction(1, 10), Fraction(str(rate))
    for t in range(1, 101):
        if order == "regenerate first":
            stock = min(Fraction(1), stock + rate)
        stock = max(Fraction(0), stock - take)
        if order != "test last" and stock <= 0:
            return t
        if order != "regenerate first":
            stock = min(Fraction(1), stock + rate)
        if order == "test last" and stock < take:
            return t
    return None


PUBLISHED = {0.03: 7, 0.042: 8, 0.053: 10, 0.065: 13, 0.077: 19, 0.088: 35, 0.1: None}


@pytest.mark.parametrize("rate", PUBLISHED)
def test_open_valves_exhaust_the_stock_when_published(rate):
    told, end = followed(environments.valves(rate), [1] * 4, 100)
    assert depleted(rate, "take first") == PUBLISHED[rate]
    assert (end, bool(told["collapsed"].any())) == (PUBLISHED[rate] or 100, PUBLISHED[rate] is not None)


@pytest.mark.parametrize(
    ("order", "options", "ends"),
    [("regenerate first", {}, [8, 11, 22]), ("test last", {"collapse": 0.1}, [6, 9, 18])],
)
def test_other_orders_of_a_round_exhaust_the_stock_earlier_and_later(order, options, ends):
    pools = [environments.valves(rate, order=order, **options) for rate in (0.03, 0.053, 0.077)]
    assert [followed(pool, [1] * 4, 100)[1] for pool in pools] == ends
    assert [depleted(rate, order) for rate in (0.03, 0.053, 0.077)] == ends


def test_a_fishery_doubles_and_collapses_below_five():
    told, end = followed(environments.fishery(), [10] * 5, 12)
    assert (end, told["taken"].sum(axis=0).tolist()) == (12, [120.0] * 5)
    assert told["stock"].tolist() == [100.0] * 12
    told, end = followed(environments.fishery(), [20, 20, 20, 20, 16], 12)
    assert (end, told["stock"][0]) == (1, 4.0)  # 4 are left, which is below 5
    told, end = followed(environments.fishery(), [19] * 5, 12)
    # 5 are left and double; then 95 are wanted of 10
    assert (end, told["stock"][:2].tolist(), told["taken"].sum(axis=1)[:2].tolist()) == (2, [10.0, 0.0], [95.0, 10.0])


def test_laws_of_growth_by_hand():
    def after(law, stock, **numbers):
        made = environments.regeneration(law, **numbers)
        exact = made.exactly(Fraction(stock), Fraction(100))
        np.testing.assert_allclose(made.after(jnp.float32(stock), jnp.float32(100)), float(exact), rtol=1e-6)
        return exact

    assert after("logistic", 20, growth=0.25) == 20 + Fraction(1, 4) * 20 * Fraction(4, 5)
    assert after("logistic", 50, growth=3) == 100
    assert after("constant", 20, growth=0.3) == Fraction(203, 10)
    assert (after("doubling", 20), after("doubling", 60)) == (40, 100)
    table = [(0, 0), (10, 5), (50, 2)]
    assert [after("stepwise", own, table=table) for own in (0, 9, 10, 49, 50)] == [0, 9, 15, 54, 52]


def test_stocks_of_whole_units_grow_to_whole_units_rounded_down():
    pool = environments.common_pool(
        2, demands=(0, 1), capacity=10, unit=1, regeneration=environments.regeneration("logistic", growth=0.3)
    )
    assert np.asarray(pool.regrowth.table).tolist() == [int(k + 0.3 * k * (10 - k) / 10) for k in range(11)]


@pytest.mark.parametrize("rule", ["proportional", "random"])
@pytest.mark.parametrize(("stock", "demanded"), [(7, (4, 0, 9, 1)), (1, (2, 1, 3)), (20, (40, 7, 1))])
def test_what_is_drawn_of_whole_units_is_all_taken_and_right_on_average(rule, stock, demanded):
    draw = jax.jit(jax.vmap(lambda key, own: rationed(rule, key, jnp.int32(stock), own), in_axes=(0, None)))
    got = np.asarray(draw(jax.random.split(KEY, 4000), jnp.array(demanded, jnp.int32)))
    assert (got.sum(axis=1) == stock).all()
    assert ((got >= 0) & (got <= demanded)).all()
    mean = mean_rationed(rule, stock, demanded)
    error = np.sqrt((got.var(axis=0) + 1 / len(got)) / len(got))  # what is rarely drawn may never be
    assert (np.abs(got.mean(axis=0) - mean) <= 4 * error).all()
    if rule == "proportional":
        share = np.array([float(Fraction(own * stock, sum(demanded))) for own in demanded])
        np.testing.assert_allclose(mean, share)
        assert (np.abs(got - share) < 1).all()


def test_real_stocks_of_which_all_is_taken_are_gone():
    random = np.random.default_rng(0)
    law = environments.regeneration("constant", growth=0.05)
    for n in (3, 5, 7):
        for order in ("take first", "regenerate first"):
            pool = environments.common_pool(n, demands=(0, 0.5), capacity=1, regeneration=law, rounds=10, order=order)
            state, step = pool.reset(jax.random.key(0))[0], jax.jit(pool.step)
            for initial in random.uniform(0.01, 0.9, 24).astype(np.float32):
                after = step(jax.random.key(0), replace(state, stock=jnp.asarray(initial)), (jnp.int32(1),) * n)
                # more is wanted than there is: what rounding leaves of it does not grow back
                assert bool(after.terminated)
                assert float(after.measures["stock"]) == 0.0


def test_all_or_nothing_leaves_the_stock_where_too_much_is_wanted():
    pool = environments.common_pool(2, demands=(0, 3, 6), capacity=8, initial=5, rationing="all or nothing", unit=1)
    told, _ = followed(pool, [1, 1], 2)
    assert (told["taken"].tolist(), told["stock"].tolist()) == ([[0, 0], [3, 3]], [8, 4])


POOLS = {
    "clock": {"players": 2, "demands": (0, 1, 4), "capacity": 8, "unit": 1, "rounds": 3, "collapse": 2},
    "discount": {
        "players": 3, "demands": (0, 0.3), "capacity": 1.2, "unit": 0.1, "rounds": 40, "collapse": 0.25, "clock": False,
        "discount": 0.7, "order": "regenerate first", "rationing": "random", "initial": 0.7,
        "regeneration": environments.regeneration("stepwise", table=[(0, 0.1), (0.6, 0.3)]),
    },
    "test last": {
        "players": 2, "demands": (1, 2, 5), "capacity": 9, "unit": 1, "rounds": 4, "order": "test last", "collapse": 3,
        "rationing": "all or nothing", "regeneration": environments.regeneration("constant", growth=1),
    },
}  # fmt: skip


def worth(game, odds):
    """What all players get who draw their actions with these odds in every state, `[n]`, round by round."""
    n, states = len(game.players), game.n_states
    chances = odds
    for _ in range(n - 1):
        chances = np.multiply.outer(chances, odds)
    flow = np.zeros((states, states))
    for state, ahead in enumerate(game.successors):
        np.add.at(flow[state], list(ahead), chances.ravel())
    paid = np.asarray(game.payoffs).reshape(n, states, -1) @ chances.ravel()
    here, total, weight = np.asarray(game.initial), np.zeros(n), 1.0
    for _ in range(game.horizon or 100):
        total, here, weight = total + weight * paid @ here, here @ flow, weight * float(game.discount)
    return total


@pytest.mark.parametrize("name", POOLS)
def test_random_players_are_paid_what_the_game_over_stocks_says(name):
    pool = environments.common_pool(**POOLS[name])
    game, n, k = pool.exact(), pool.size, len(pool.levels)
    odds = np.arange(1.0, k + 1) / np.arange(1.0, k + 1).sum()

    @jax.jit
    def returns(pool, keys):
        def episode(key):
            def one(carry, t):
                state, live, weight = carry
                drawn = jax.random.choice(jax.random.fold_in(key, 2 * t), k, (n,), p=jnp.asarray(odds))
                after = pool.step(jax.random.fold_in(key, 2 * t + 1), state, tuple(drawn))
                paid = jnp.where(live, weight * after.rewards, 0.0)
                return (after.state, live & ~(after.terminated | after.truncated), weight * pool.discount), paid

            start = (pool.reset(key)[0], True, jnp.float32(1.0))
            return jax.lax.scan(one, start, jnp.arange(pool.rounds))[1].sum(axis=0)

        return jax.vmap(episode)(keys)

    paid = np.asarray(returns(pool, jax.random.split(KEY, 4000)), float)
    exact = worth(game, odds)
    error = paid.std(axis=0) / np.sqrt(len(paid))
    assert (np.abs(paid.mean(axis=0) - exact) <= 4 * error + 1e-5).all()
    assert error.max() > 0
    assert all(view.shape == (game.n_states, 1 + pool.clock) for view in pool.views)


@pytest.mark.long
@pytest.mark.parametrize("name", POOLS)
def test_small_pools_pass_the_kit(name):
    check_environment(environments.common_pool(**POOLS[name]))


@pytest.mark.long
def test_pools_of_real_stocks_pass_the_kit():
    logistic = environments.regeneration("logistic", growth=0.4)
    pool = environments.common_pool(4, regeneration=logistic, totals=True, clock=False, graph="ring:4", collapse=3)
    assert (pool.exact(), pool.views) == (None, None)
    check_environment(pool)


def test_players_see_stock_totals_clock_and_whom_they_see():
    graph = [[0, 1, 1], [0, 0, 0], [1, 0, 0]]
    pool = environments.common_pool(3, demands=(0, 5, 10), capacity=100, totals=True, graph=graph, rounds=4)
    state = pool.reset(KEY)[0]
    for _ in range(2):
        after = pool.step(KEY, state, (jnp.int32(0), jnp.int32(1), jnp.int32(2)))
        state = after.state
    # stock, own total, rounds played, own last taking, those of whom it sees
    np.testing.assert_allclose(after.observations[0], [1, 0, 0.5, 0, 0.05, 0.1], rtol=1e-6)
    np.testing.assert_allclose(after.observations[1], [1, 0.1, 0.5, 0.05, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(after.observations[2], [1, 0.2, 0.5, 0.1, 0, 0], rtol=1e-6)
    assert pool.exact() is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"graph": "ring:4"}, "the graph has 4 nodes, and 5 players"),
        ({"graph": np.eye(5)}, "see themselves in any case"),
        ({"demands": (5, 0)}, "rising"),
        ({"demands": (0, 0.5), "unit": 1}, "demands must be multiples of the unit 1; got 0.5"),
        ({"initial": 3, "collapse": 5}, "has collapsed already"),
        ({"rationing": "random"}, "say what a unit is"),
        ({"rationing": "even"}, "unknown rationing"),
        ({"order": "none"}, "unknown order"),
        ({"capacity": 1e6, "unit": 1}, "take a coarser unit"),
        ({"players": 1, "demands": (0, 46341), "capacity": 46340, "unit": 1}, "not all can be counted"),
        ({"regeneration": "logistic"}, "needs its growth"),
        ({"regeneration": 0.5}, "what environments.regeneration makes"),
    ],
)
def test_pools_that_cannot_be_are_refused(options, reason):
    with pytest.raises(InputError, match=reason):
        environments.common_pool(**options)


@pytest.mark.parametrize(
    ("law", "numbers", "reason"),
    [
        ("constant", {"growth": -0.1}, "growth must be"),
        ("doubling", {"growth": 2}, "has no growth"),
        ("stepwise", {}, "needs its table"),
        ("stepwise", {"table": [(0, 1), (5, -1)]}, "never by less; got -1"),
        ("stepwise", {"table": [(1, 1)]}, "rise from 0"),
        ("linear", {}, "unknown law"),
    ],
)
def test_regeneration_below_zero_and_other_laws_are_refused(law, numbers, reason):
    with pytest.raises(InputError, match=reason):
        environments.regeneration(law, **numbers)


def test_large_pools_have_no_exact_game():
    assert environments.fishery().exact() is None
    assert environments.valves().exact() is None  # own totals are seen
    assert environments.valves(0.1, totals=False).exact().n_states == 21  # .5 to 1 by .025
