"""Quadratic programs and replies by them: against SciPy, linear programs, enumeration of faces, and closed forms."""

from fractions import Fraction
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import linprog, minimize

import nashscape as ns
from nashscape import games, theory
from nashscape.theory.continuous.quadratic_programs import blocks_of
from nashscape.theory.continuous.replies import gains
from nashscape.theory.continuous.slopes import quadratic_players

LONG = pytest.mark.long


def _block(random):
    d, kind = int(random.integers(1, 6)), random.integers(4)
    if kind == 0:
        low = np.where(random.random(d) < 0.3, -np.inf, random.normal(size=d))
        end = np.where(np.isfinite(low), low, 0.0) + random.uniform(0.1, 2, d)
        return games.box_set(low, np.where(random.random(d) < 0.3, np.inf, end))
    if kind == 1:
        return games.simplex_set(d, random.uniform(0.5, 2))
    low, prices = 0.3 * random.normal(size=d), random.uniform(0.5, 2, d)
    high = low + random.uniform(0.5, 2, d) if random.random() < 0.5 else np.inf
    total = prices @ low + random.uniform(0.05, 0.9) * 0.5 * prices.sum()
    return games.budget_set(total, prices, low=low, high=high, all_spent=bool(random.random() < 0.3))


def _region(random):
    parts = [_block(random) for _ in range(random.integers(1, 3))]
    return parts[0] if len(parts) == 1 else games.product_set(*parts)


def _ends(region):
    parts = blocks_of(region)
    return np.concatenate([own.low for own in parts]), np.concatenate([own.high for own in parts])


def _rows(region):
    """Prices, total and whether all is spent, for each budget of a set."""
    first = 0
    for own in blocks_of(region):
        if own.prices is not None:
            row = np.zeros(region.size)
            row[first : first + own.size] = own.prices
            yield row, own.total, own.all_spent
        first += own.size


def _in(region, y):
    low, high = _ends(region)
    spent = [(p @ y - t, fully) for p, t, fully in _rows(region)]
    within = (y >= low - 1e-7).all() and (y <= high + 1e-7).all()
    return within and all(abs(more) < 1e-7 if fully else more < 1e-7 for more, fully in spent)


def _by_slsqp(h, r, region):
    low, high = _ends(region)
    limits = [
        {"type": "eq" if spent else "ineq", "fun": lambda y, p=p, t=t: t - p @ y, "jac": lambda y, p=p: -p}
        for p, t, spent in _rows(region)
    ]
    start = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))
    return minimize(
        lambda y: -(y @ h @ y / 2 + r @ y), start, jac=lambda y: -(h @ y + r), bounds=list(zip(low, high, strict=True)),
        constraints=limits, method="SLSQP", options={"maxiter": 500, "ftol": 1e-12},
    )  # fmt: skip


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=LONG)])
def test_best_points_are_those_of_another_solver(count):
    random = np.random.default_rng(0)
    for k in range(count):
        region = _region(random)
        square = random.normal(size=(region.size, region.size))
        h, r = -square @ square.T - 0.2 * np.eye(region.size), 2 * random.normal(size=region.size)
        found, other = theory.quadratic_program(h, r, region), _by_slsqp(h, r, region)
        assert found.status == "optimal"
        assert found.residual < 1e-10
        assert found.value == pytest.approx(-other.fun, abs=1e-7 * (1 + abs(other.fun)))
        np.testing.assert_allclose(found.point, other.x, atol=1e-4)
        assert _in(region, found.point)
        if k % 10 == 0:
            exact = theory.quadratic_program(h, r, region, exact=True)
            assert all(isinstance(own, Fraction | int) for own in exact.point)
            np.testing.assert_allclose(exact.point.astype(float), found.point, atol=1e-9)


def _grows(h, r, region):
    """Whether some direction d of the set has Hd = 0 and r·d > 0, by a linear program."""
    low, high = _ends(region)
    ways = [(-1.0 if lo == -np.inf else 0.0, 1.0 if hi == np.inf else 0.0) for lo, hi in zip(low, high, strict=True)]
    rows = list(_rows(region))
    flat = np.array([*h, *(p for p, _, spent in rows if spent)]).reshape(-1, len(r))
    less = np.array([p for p, _, spent in rows if not spent]).reshape(-1, len(r))
    found = linprog(-r, less, np.zeros(len(less)), flat, np.zeros(len(flat)), ways)
    return -found.fun > 1e-9


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=LONG)])
def test_values_grow_without_end_exactly_where_a_linear_program_says_so(count):
    random, endless = np.random.default_rng(1), 0
    for _ in range(count):
        region = _region(random)
        d = region.size
        square = random.integers(-2, 3, (d, int(random.integers(0, d + 1)))).astype(float)
        h, r = -square @ square.T, random.integers(-3, 4, d).astype(float)
        found = theory.quadratic_program(h, r, region)
        assert (found.status == "unbounded") == _grows(h, r, region)
        if found.status == "optimal":
            other = _by_slsqp(h - 1e-9 * np.eye(d), r, region)
            assert found.value >= -other.fun - 1e-6 * (1 + abs(other.fun))
            assert found.residual < 1e-8
            assert _in(region, found.point)
            continue
        endless += 1
        assert (found.value, found.point) == (np.inf, None)
        np.testing.assert_allclose(h @ found.direction, 0, atol=1e-9)
        assert r @ found.direction > 0
        here = theory.quadratic_program(-np.eye(d), np.zeros(d), region).point
        assert _in(region, here + 100 * found.direction.astype(float))
    assert count // 20 < endless < count // 2


def _faces(m, q, high):
    """A point of the box at which w = Mz + q points nowhere into it, face by face."""
    for face in product((-1, 0, 1), repeat=len(q)):
        side = np.array(face)
        if (np.isinf(high) & (side == 1)).any():
            continue
        z, free = np.where(side == 1, high, 0.0), side == 0
        if free.any():
            z[free] = np.linalg.solve(m[np.ix_(free, free)], -(q + m[:, ~free] @ z[~free])[free])
        w = m @ z + q
        if (z >= -1e-12).all() and (z <= high + 1e-12).all() and (w[~free] * side[~free] <= 1e-12).all():
            yield z


@pytest.mark.parametrize("count", [25, pytest.param(500, marks=LONG)])
def test_complementarity_is_what_enumeration_of_faces_finds(count):
    random = np.random.default_rng(2)
    for k in range(count):
        d = int(random.integers(1, 5))
        square, turned = random.normal(size=(2, d, d))
        m, q = square @ square.T + 0.1 * np.eye(d) + turned - turned.T, 2 * random.normal(size=d)
        high = np.where(random.random(d) < 0.5, random.uniform(0.1, 2, d), np.inf) if k % 2 else np.full(d, np.inf)
        [only] = _faces(m, q, high)
        np.testing.assert_allclose(theory.complementarity(m, q, high=high).point, only, atol=1e-8)


@pytest.mark.parametrize("count", [150, pytest.param(3000, marks=LONG)])
def test_a_path_within_bounds_ends_at_a_solution_whatever_the_matrix_is(count):
    random = np.random.default_rng(5)
    for k in range(count):
        d = int(random.integers(1, 7))
        m, q, high = random.normal(size=(d, d)), random.normal(size=d), random.uniform(0.1, 2, d)
        found = theory.complementarity(m, q, high=high)
        assert found.solved
        assert found.residual < 1e-9
        if k % 15 == 0 and d < 5:
            assert min(np.abs(found.point - own).max() for own in _faces(m, q, high)) < 1e-8


def test_fractions_are_computed_with_and_prices_are_what_a_budget_is_worth():
    # max −y₁² − y₂²/2 + 3y₁ + 3y₂ with y₁ + y₂ = t: y₁ = t/3, y₂ = 2t/3, so that one unit more is worth 3 − 2t/3
    found = theory.quadratic_program([[-2, 0], [0, -1]], ["3", 3], games.budget_set(2, [1, 1]), exact=True)
    assert (found.point.tolist(), found.prices.tolist()) == ([Fraction(2, 3), Fraction(4, 3)], [Fraction(5, 3)])
    assert found.value == 6 - Fraction(4, 9) - Fraction(8, 9)
    loose = theory.quadratic_program([[-2, 0], [0, -1]], [3, 3], games.budget_set(9, [1, 1]))
    assert (loose.point.tolist(), loose.prices.tolist()) == ([1.5, 3.0], [0.0])
    # where all must be spent, a unit more may do harm
    forced = theory.quadratic_program([[-2, 0], [0, -1]], [3, 3], games.budget_set(9, [1, 1], all_spent=True))
    assert forced.prices.tolist() == pytest.approx([-3.0])
    alone = theory.quadratic_program([[-1]], [5], games.box_set(2, 2))
    assert alone.point.tolist() == [2.0]


@pytest.mark.parametrize("unit", [1e-13, 1e-9, 1e9, 1e13])
def test_answers_do_not_depend_on_the_units_of_values_and_of_points(unit):
    """In other units of values the best point is the same one, in other units of points as many times larger."""
    random = np.random.default_rng(11)
    for k in range(12):
        square, r = random.normal(size=(3, 3 - k % 2)), random.normal(size=3)
        h, prices = -square @ square.T - 0.1 * np.eye(3), random.uniform(0.5, 2, 3)
        regions = [
            (games.box_set(0, 1, 3), games.box_set(0, unit, 3)),
            (games.budget_set(2, prices), games.budget_set(2 * unit, prices)),
            (games.budget_set(2, prices, all_spent=True), games.budget_set(2 * unit, prices, all_spent=True)),
        ]
        here, there = regions[k % 3]
        best = np.asarray(theory.quadratic_program(h, r, here, exact=True).point, float)
        for asked, share in (((h * unit, r * unit, here), 1.0), ((h, r * unit, there), unit)):
            found = np.asarray(theory.quadratic_program(*asked).point, float)
            np.testing.assert_allclose(found / share, best, atol=1e-9)
    assert theory.quadratic_program([[-unit]], [unit], games.box_set(0, np.inf)).point.tolist() == [1.0]
    assert theory.quadratic_program([[0.0]], [unit], games.box_set(0, np.inf)).status == "unbounded"


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (
            lambda: theory.quadratic_program([[1, 0], [0, -1]], [0, 0], games.simplex_set(2)),
            "eigenvalue 1, which bends",
        ),
        (lambda: theory.quadratic_program([[-1]], [0, 0], games.simplex_set(2)), r"a matrix of shape \[2, 2\]"),
        (lambda: theory.quadratic_program([[np.nan]], [0], games.box_set(0, 1)), "matrix must be finite"),
        (lambda: theory.quadratic_program([[-1]], [0], (0, 1)), "expected a set such as"),
        (lambda: theory.quadratic_program([[-1]], [0], games.budget_set(1, [1], low=2)), "the set is empty"),
        (
            lambda: theory.reply_path(games.coopetition(np.zeros((2, 2))), [1, 1]),
            "does not say what best responses are",
        ),
        (lambda: theory.reply_path(games.quadratic([[[2, 0], [0, 0]]] * 2), [1, 1]), "its payoff bends up"),
        (lambda: theory.reply_path(games.bilinear(), [1, 1]), "its payoff grows without end"),
    ],
)
def test_wrong_input_is_refused_with_the_reason(ask, reason):
    with pytest.raises(ns.InputError, match=reason):
        ask()


def _portfolios(points, strength):
    """Three who split a whole: each minds risk, and what the others hold too."""
    x, y, z = points
    both = x[:2] + y
    return jnp.stack([
        x[0] + 2 * x[1] - jnp.sum(x**2, axis=0) - x[0] * x[2] - strength * jnp.sum(x[:2] * y, axis=0),
        y[0] - y[0] ** 2 - y[0] * y[1] - y[1] ** 2 - strength * jnp.sum(y * both, axis=0),
        z[0] - z[0] ** 2 * (1 + y[0]),
    ])  # fmt: skip


PORTFOLIOS = games.differentiable(
    _portfolios, (3, 2, 1), coefficients=0.5, name="portfolios",
    constraints=[games.simplex_set(3), games.budget_set(1, [1, 2]), games.box_set(0, 0.75)],
)  # fmt: skip


@pytest.mark.long
def test_replies_are_followed_where_payoffs_are_quadratic():
    costs = [1.0, 4.0, 9.0]
    path = theory.reply_path(games.cournot(3, costs=costs), [0, 5, 2], order="sequential", rounds=40)
    np.testing.assert_allclose(path.points[-1], games.cournot_equilibrium(3, costs=costs), atol=1e-9)
    ends = [
        theory.reply_path(PORTFOLIOS, [[1, 0, 0], [0, 0], [0]], order=order, rounds=rounds, delay=delay).points[-1]
        for order, rounds, delay in (("simultaneous", 40, 0), ("asynchronous", 120, 2))
    ]
    np.testing.assert_allclose(*ends, atol=1e-8)
    # by hand: the third wants 1/(2(1 + y)), within its box
    assert ends[0][5] == pytest.approx(min(0.75, 0.5 / (1 + ends[0][3])))


def test_gains_of_quadratic_payoffs_are_exact():
    at = np.array([0.2, 0.3, 0.5, 0.1, 0.2, 0.1])
    assert quadratic_players(PORTFOLIOS) == {0, 1, 2}
    found, known = gains(PORTFOLIOS, at, None, quadratic_players(PORTFOLIOS))
    assert known == ("exact",) * 3
    for i, (own, part) in enumerate(zip((slice(3), slice(3, 5), slice(5, 6)), PORTFOLIOS.constraints, strict=True)):
        best, now = _best_of_many(i, own, part, at)
        assert now + found[i] >= best - 1e-9
        assert now + found[i] == pytest.approx(best, abs=2e-3)


@pytest.mark.long
def test_payoffs_are_quadratic_in_the_own_point_whatever_others_are_paid():
    hunt = games.bimatrix([[4, 0], [3, 2]])
    # the second moment of what the others cause is quadratic in the own strategy and not in theirs
    assert quadratic_players(games.risk_averse(hunt, 0.8)) == {0, 1}
    # the own chance makes it cubic
    assert quadratic_players(games.risk_averse(hunt, 0.8, variance="all")) == frozenset()
    assert quadratic_players(games.coopetition(np.zeros((2, 2)))) == frozenset()
    assert quadratic_players(games.cournot(3)) == {0, 1, 2}
    kinks = games.differentiable(lambda x, _: jnp.stack([jnp.abs(x[0][0]), -(x[1][0] ** 2)]), (1, 1), bounds=(-1, 1))
    assert quadratic_players(kinks) == frozenset()


def _best_of_many(player, own, part, at):
    """The best payoff among points of a player's set all over it, and the one at a point."""
    drawn = np.random.default_rng(3).uniform(1e-9, 1, (20000, part.size + 1))
    every = np.repeat(at[None], 20001, axis=0)
    every[1:, own] = part.drawn(drawn)
    with jax.enable_x64(True):
        paid = np.asarray(_portfolios((every.T[:3], every.T[3:5], every.T[5:]), 0.5)[player])
    return paid.max(), paid[0]


@LONG
def test_equilibria_of_quadratic_payoffs_over_sets_are_where_replies_lead():
    end = theory.reply_path(PORTFOLIOS, [[1, 0, 0], [0, 0], [0]], rounds=40).points[-1]
    [only] = ns.equilibria(PORTFOLIOS)
    np.testing.assert_allclose(np.concatenate(only.point), end, atol=1e-7)
    assert only.known == ("exact",) * 3


def test_a_reply_is_brought_back_into_its_set_after_an_error():
    path = theory.reply_path(PORTFOLIOS, [[1, 0, 0], [0, 0], [0]], rounds=5, disturbance=0.3)
    assert all(_in(games.product_set(*PORTFOLIOS.constraints), at) for at in path.points)
    assert path.settled() is None
