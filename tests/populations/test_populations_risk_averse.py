"""The risk-averse meta-solver: against sums over all profiles, exact programs, what the theory finds, and by hand."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import brentq

import nashscape as ns
from nashscape import games
from nashscape.populations import grow
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.risk_averse_mixtures import slopes
from nashscape.theory import quadratic_program

HUNT = np.array([[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]])


def meta(payoffs):
    return MetaGame(payoffs.shape[1:], lambda: payoffs)


def moments(payoffs, mixtures, floors, side):
    """Means `[m]` and covariances `[m, m]` of what own strategies get, profile by profile of the others."""
    played = [floor + (1 - floor * len(own)) * own for own, floor in zip(mixtures, floors, strict=True)]
    others = [j for j in range(len(played)) if j != side]
    chances, columns = [], []
    for joint in product(*(range(len(played[j])) for j in others)):
        chances.append(np.prod([played[j][b] for j, b in zip(others, joint, strict=True)]))
        place = dict(zip(others, joint, strict=True))
        columns.append([payoffs[(side, *(place.get(j, a) for j in range(len(played))))]
                        for a in range(len(played[side]))])  # fmt: skip
    chances, columns = np.array(chances), np.array(columns)
    mean = chances @ columns
    return mean, sum(c * np.outer(row - mean, row - mean) for c, row in zip(chances, columns, strict=True))


@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 4)])
@pytest.mark.parametrize("gamma", [0.2, 1.5])
def test_nobody_gains_by_what_a_quadratic_program_finds(shape, gamma):
    random = np.random.default_rng(7)
    for _ in range(3):
        payoffs = random.normal(size=(len(shape), *shape))
        found = solved(meta(payoffs), f"risk_averse:gamma={gamma},floor=0.03")
        for side, own in enumerate(found):
            mean, spread = moments(payoffs, found, [0.03] * len(shape), side)
            best = quadratic_program(-2 * gamma * spread, mean, games.simplex_set(len(own)))
            assert float(best.value) - (mean @ own - gamma * own @ spread @ own) < 1e-8


def test_slopes_are_those_of_finite_differences():
    random = np.random.default_rng(2)
    payoffs, floors = random.normal(size=(3, 2, 3, 4)), (0.1, 0.05, 0.02)
    mixtures = [random.dirichlet(np.ones(m)) for m in payoffs.shape[1:]]
    for side, own in enumerate(slopes(payoffs, mixtures, 0.7, floors)):
        mean, spread = moments(payoffs, mixtures, floors, side)
        step = 1e-5 * np.eye(len(own))
        worth = [[(x @ mean - 0.7 * x @ spread @ x) for x in (mixtures[side] + d, mixtures[side] - d)] for d in step]
        np.testing.assert_allclose(own, [(up - down) / 2e-5 for up, down in worth], atol=1e-8)


@pytest.mark.long
def test_nobody_gains_in_the_risk_averse_game_of_the_theory():
    game = games.random_game((2, 3), seed=8)
    found = solved(meta(np.asarray(game.payoffs)), "risk_averse:gamma=0.9,floor=0.05")
    averse = games.risk_averse(game, 0.9, tremble=0.05)
    assert float(averse.regrets(found).max()) < 1e-5 < float(averse.regrets([np.ones(2) / 2, np.ones(3) / 3]).max())


@pytest.mark.long
@pytest.mark.parametrize("gamma", [0.3, 0.9])
def test_it_is_among_the_equilibria_that_the_theory_finds(gamma):
    game = games.random_game((2, 3), seed=8)
    found = solved(meta(np.asarray(game.payoffs)), f"risk_averse:gamma={gamma},floor=0.05")
    theirs = [np.concatenate(one.point) for one in ns.equilibria(games.risk_averse(game, gamma, tremble=0.05))]
    assert min(np.abs(np.concatenate(found) - own).max() for own in theirs) < 1e-6


def test_the_stag_goes_where_the_closed_form_says_and_a_mixture_is_that_by_hand():
    # both hunting the stag is an equilibrium up to .7456, with every action's chance at least .05
    begin = [np.array([1.0, 0.0])] * 2
    for gamma, stays in ((0.7455, True), (0.7458, False)):
        slope = slopes(HUNT, begin, gamma, (0.05, 0.05))
        assert all((own[0] > own[1]) == stays for own in slope)
    assert solved(meta(HUNT), "risk_averse:gamma=0.8,floor=0.05")[0].tolist() == [0.0, 1.0]
    # the first gets 1 or 0 by its first strategy as the other likes, and ½ by the second, in the mean the same: it
    # means to have no risk; the other, who gets nothing from either, is pulled to no side by payoffs of 0
    safe = np.array([[[1.0, 0.0], [0.4, 0.4]], [[0.0, 0.0], [0.0, 0.0]]])
    slope = slopes(safe, [np.array([0.3, 0.7]), np.array([0.5, 0.5])], 1.0, (0.0, 0.0))[0]
    # mean ½ s + .4 (1 − s), variance s²/4: best at s = .1/(2 · ¼) = .2
    assert slope[0] - slope[1] == pytest.approx(0.1 - 2 * 0.3 / 4)


def test_without_aversion_and_floor_it_is_nash_and_what_is_trembled_has_its_floor():
    random = np.random.default_rng(4)
    for shape in ((3, 5), (4, 2)):
        payoffs = random.normal(size=(2, *shape))
        for own, nash in zip(*(solved(meta(payoffs), text) for text in ("risk_averse:gamma=0,floor=0", "nash")),
                             strict=True):  # fmt: skip
            np.testing.assert_array_equal(own, nash)
    own, other = (np.eye(3)[0] * 0.94 + 0.02, np.eye(2)[1] * 0.96 + 0.02)
    payoffs = np.stack([np.outer([2, 1, 0], [1, 1]), np.outer([1, 1, 1], [0, 3])]).astype(float)
    found = solved(meta(payoffs), "risk_averse:gamma=0.1,floor=0.02,trembled=true")
    np.testing.assert_allclose(found[0], own, atol=1e-12)
    np.testing.assert_allclose(found[1], other, atol=1e-12)
    # of many strategies half is shared out
    assert solved(meta(payoffs), "risk_averse:gamma=0,floor=0.9,trembled=true")[0].min() == pytest.approx(1 / 6)


def test_without_aversion_a_floor_makes_a_nash_equilibrium_of_what_is_played():
    random = np.random.default_rng(6)
    payoffs = random.normal(size=(2, 3, 4))
    found = solved(meta(payoffs), "risk_averse:gamma=0,floor=0.08")
    for side, own in enumerate(found):
        mean = moments(payoffs, found, [0.08] * 2, side)[0]
        assert mean.max() - mean @ own < 1e-12


@pytest.mark.parametrize(("gamma", "floor"), [(0.0, 0.0), (0.3, 0.04), (1.5, 0.04)])
def test_of_one_pool_all_mean_the_same_and_nobody_gains(gamma, floor):
    random = np.random.default_rng(9)
    for _ in range(5):
        table = random.normal(size=(5, 5))
        one_pool = MetaGame((5, 5), lambda table=table: np.stack([table, table.T]), shared=True)
        found = solved(one_pool, f"risk_averse:gamma={gamma},floor={floor},alike=true")
        np.testing.assert_array_equal(found[0], found[1])
        mean, spread = moments(one_pool.payoffs, found, [floor] * 2, 0)
        best = quadratic_program(-2 * gamma * spread, mean, games.simplex_set(5))
        assert float(best.value) - (mean @ found[0] - gamma * found[0] @ spread @ found[0]) < 1e-8


def test_who_goes_first_where_nobody_is_told():
    """Two who may go or wait: how often each goes, by hand as a root of what the two actions are worth more."""
    table = np.array([[-20.0, -1.0], [-2.0, -3.0]])
    one_pool = MetaGame((2, 2), lambda: np.stack([table, table.T]), shared=True)
    assert solved(one_pool, "risk_averse:gamma=0,floor=0,alike=true")[0][0] == pytest.approx(0.1)
    gamma, floor = 0.02, 0.01

    def apart(p):
        t = floor + (1 - 2 * floor) * p
        # what the own mixture gets against who goes, less against who waits
        step = p * (-20 + 1) + (1 - p) * (-2 + 3)
        return (-20 * t - (1 - t)) - (-2 * t - 3 * (1 - t)) - 2 * gamma * t * (1 - t) * step * (-19 - 1)

    found = solved(one_pool, f"risk_averse:gamma={gamma},floor={floor},alike=true")[0][0]
    assert found == pytest.approx(brentq(apart, 0.0, 0.1), abs=1e-9)
    with pytest.raises(ns.InputError, match="share one pool"):
        solved(meta(HUNT), "risk_averse:alike=true")
    with pytest.raises(ns.InputError, match="alike is true or false"):
        solved(one_pool, "risk_averse:alike=2")


def test_populations_grow_by_it_and_wrong_options_are_refused():
    by, hunt = "psro:meta=(risk_averse:gamma=0.8,floor=0.05)", games.bimatrix(*HUNT)
    assert grow(hunt, by, start="uniform", generations=4).mixture(0).tolist() == [0.0, 1.0]
    # responses mind no risk by themselves: to the stag alone the stag is best
    assert grow(hunt, by, start="first", generations=4).mixture(0).tolist() == [1.0, 0.0]
    for text, reason in (("gamma=-1", "gamma"), ("floor=1.5", "floor"), ("trembled=2", "trembled"), ("eps=1", "eps")):
        with pytest.raises(ns.InputError, match=reason):
            solved(meta(HUNT), f"risk_averse:{text}")
