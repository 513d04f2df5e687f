"""Projections and draws of constraint sets, against bisection, quadratic programs and exact moments."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import linprog

import nashscape as ns
from nashscape.games.points_in_sets import numbers


def _random_set(random):
    d = int(random.integers(1, 6))
    prices, low = random.uniform(0.2, 3, d), random.normal(size=d) * random.integers(0, 2)
    high = low + np.where(random.random(d) < 0.5, np.inf, random.uniform(0.1, 2, d))
    room = min(float(prices @ high), float(prices @ low) + 5) - float(prices @ low)
    total, all_spent = float(prices @ low) + random.uniform(0.05, 1) * room, bool(random.integers(0, 2))
    return ns.games.budget_set(total, prices, low=low, high=high, all_spent=all_spent)


def _by_bisection(region, point):
    spend = lambda tau: region.prices @ np.clip(point - tau * region.prices, region.low, region.high)  # noqa: E731
    if not region.all_spent and spend(0.0) <= region.total:
        return np.clip(point, region.low, region.high)
    left, right = -1e3, 1e3
    for _ in range(120):
        middle = (left + right) / 2
        left, right = (middle, right) if spend(middle) > region.total else (left, middle)
    return np.clip(point - left * region.prices, region.low, region.high)


@pytest.mark.long
def test_projections_are_those_of_bisection_and_highest_points_those_of_linear_programs():
    random = np.random.default_rng(0)
    for _ in range(15):
        region = _random_set(random)
        point, slope = random.normal(size=region.size) * 3, random.normal(size=region.size)
        with jax.enable_x64(True):
            nearest = np.asarray(region.project(jnp.asarray(point)))
        np.testing.assert_allclose(nearest, _by_bisection(region, point), atol=1e-12)
        assert nearest in region
        bounds = list(zip(region.low, region.high, strict=True))
        spent = {"A_eq" if region.all_spent else "A_ub": [region.prices],
                 "b_eq" if region.all_spent else "b_ub": [region.total]}  # fmt: skip
        best = linprog(-slope, bounds=bounds, **spent)
        assert slope @ region.highest(slope) == pytest.approx(-best.fun, abs=1e-9)
        for k in range(region.size):
            for sign, end in ((1, region.bounds[0]), (-1, region.bounds[1])):
                found = linprog(sign * np.eye(region.size)[k], bounds=bounds, **spent)
                if found.success:
                    assert end[k] == pytest.approx(sign * found.fun, abs=1e-9)


def test_points_are_drawn_uniformly():
    whole = ns.games.product_set(ns.games.budget_set(2.0, [1.0, 2.0]), ns.games.simplex_set(3), ns.games.box_set(-1, 3))
    drawn = whole.drawn(np.random.default_rng(1).uniform(size=(4000, numbers(whole))))
    assert all(point in whole for point in drawn[:20])
    # of a triangle with corners 0, (2, 0), (0, 1), of a simplex, of an interval
    np.testing.assert_allclose(drawn.mean(axis=0), [2 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1.0], atol=0.06)
    # the share of a triangle that lies in its half
    assert (drawn[:, 0] + 2 * drawn[:, 1] < 1.0).mean() == pytest.approx(1 / 4, abs=0.035)


@pytest.mark.long
def test_learners_stay_in_their_sets_and_start_in_them():
    game = ns.games.differentiable(_spread, (3, 1), constraints=[ns.games.simplex_set(3), ns.games.box_set(0, 2)])
    entry = ns.entry_probability(
        game, ns.pg(), n=16, starts=ns.starts.uniform_strategies(), steps=400, step_size=0.1,
        targets=[ns.dynamics.PointTarget("middle", ((1 / 3, 1 / 3, 1 / 3), (0.5,)), 0.01)],
    )  # fmt: skip
    assert entry.outcomes() == {"middle": 16}
    with pytest.raises(ns.InputError, match=r"the point of player 1 must lie in its set.*misses it by 0.5"):
        ns.simulate(game, ns.pg(), start=[[1.0, 1.0, 0.0], [0.5]])


def _spread(points, _):
    x, y = points
    return jnp.stack([-jnp.sum(x**2) + x[0] * (y[0] - 0.5), -((y[0] - 0.5) ** 2)])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: ns.games.box_set(2, 1), "the set is empty"),
        (lambda: ns.games.box_set("a", 1), "bounds are numbers"),
        (lambda: ns.games.budget_set(1, [1, -1]), "prices must be above 0"),
        (lambda: ns.games.budget_set(-1, [1, 1]), "points within the bounds cost from 0 to inf, and the total is -1"),
        (lambda: ns.games.budget_set(9, [1, 1], high=2, all_spent=True), "cost from 0 to 4, and the total is 9"),
        (lambda: ns.games.simplex_set(0), "size"),
        (ns.games.product_set, "give at least one set"),
        (lambda: ns.games.product_set(3), "expected a set such as"),
        (lambda: ns.games.differentiable(_spread, (3, 1), constraints=ns.games.simplex_set(3)), "player 2 chooses 1"),
        (
            lambda: ns.games.differentiable(_spread, (3, 1), bounds=(0, 1), constraints=ns.games.box_set(0, 1)),
            "not both",
        ),
    ],
)
def test_what_is_no_set_is_refused_with_the_reason(make, reason):
    with pytest.raises(ns.InputError, match=reason):
        make()
