"""Correlated and coarse correlated equilibria: against dual programs, Nash equilibria, and known figures."""

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from nashscape import InputError, Status, games
from nashscape.theory import coarse_correlated_equilibrium, correlated_equilibrium, equilibria
from nashscape.theory.concepts import correlated, joint_programs
from nashscape.theory.concepts.entropies import largest_entropy

FIND = {"correlated": correlated_equilibrium, "coarse correlated": coarse_correlated_equilibrium}
F = Fraction


def drawn(shape, seed):
    """Whole payoffs with many ties, or others, of players with unequal numbers of actions."""
    if seed % 2:
        return games.random_game(shape, seed)
    return games.dense(np.random.default_rng(seed).integers(0, 5, (len(shape), *shape)))


def dual_value(game, kind, worth):
    """The least t with `t ≥ w(s) + Σ y (u_i(s) − u_i(s'))` for all s, over prices y ≥ 0 of deviations."""
    shape, deviations = game.shape, []
    for i, k in enumerate(shape):
        pairs = itertools.permutations(range(k), 2) if kind == "correlated" else [(None, b) for b in range(k)]
        deviations += [(i, a, b) for a, b in pairs]
    rows, right = [], []
    for s in itertools.product(*map(range, shape)):
        row = [-1.0]
        for i, a, b in deviations:
            other = (*s[:i], b, *s[i + 1 :])
            row.append(game.payoffs[(i, *s)] - game.payoffs[(i, *other)] if a in (None, s[i]) else 0.0)
        rows.append(row)
        right.append(-worth[s])
    found = linprog([1.0] + [0.0] * len(deviations), rows, right, bounds=[(None, None)] + [(0, None)] * len(deviations))
    return found.fun


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (2, 3, 2), (2, 2, 2)])
@pytest.mark.parametrize("kind", FIND)
def test_ranges_are_those_of_dual_programs_and_nobody_gains(kind, shape):
    for seed in range(10):
        game = drawn(shape, seed)
        found = FIND[kind](game)
        total = game.payoffs.sum(axis=0)
        assert found.welfare[1] == pytest.approx(dual_value(game, kind, total), abs=1e-7)
        assert found.welfare[0] == pytest.approx(-dual_value(game, kind, -total), abs=1e-7)
        i = seed % len(shape)
        assert found.ranges[i, 1] == pytest.approx(dual_value(game, kind, game.payoffs[i]), abs=1e-7)
        assert found.payoffs.sum() == pytest.approx(found.welfare[1], abs=1e-9)
        assert (sum(found.exact), min(found.exact) >= 0, max(map(np.max, found.gains))) == (1, True, 0)


def gain_by_hand(game, joint, i, a, b):
    """What i gains by b when told a, profile by profile, in fractions."""
    table, total = game.fractions[i], F(0)
    for s, p in zip(itertools.product(*map(range, game.shape)), joint, strict=True):
        if a in (None, s[i]):
            total += p * (table[(*s[:i], b, *s[i + 1 :])] - table[s])
    return total


@pytest.mark.parametrize("kind", FIND)
def test_gains_are_those_of_deviations_profile_by_profile(kind):
    game = games.random_game((3, 2, 2), seed=5)
    found = FIND[kind](game, objective="worst", player=1)
    for i, k in enumerate(game.shape):
        for a, b in itertools.product(range(k), repeat=2):
            own = found.gains[i][a, b] if kind == "correlated" else found.gains[i][b]
            told = a if kind == "correlated" else None
            assert own == pytest.approx(float(gain_by_hand(game, found.exact, i, told, b)), abs=1e-15)
    assert found.payoffs[1] == found.ranges[1, 0]
    assert found.player == "player 2"


def test_nash_equilibria_and_correlated_ones_lie_within_the_coarser_ranges():
    for seed in range(20):
        game = drawn((3, 2), seed)
        fine, coarse = correlated_equilibrium(game), coarse_correlated_equilibrium(game)
        for (low, high), (lowest, highest) in zip(fine.exact_ranges, coarse.exact_ranges, strict=True):
            assert lowest <= low <= high <= highest
        assert fine.nash_complete
        for pays in fine.nash:
            assert (fine.ranges[:, 0] - 1e-12 <= pays).all()
            assert (pays <= fine.ranges[:, 1] + 1e-12).all()


def test_known_figures():
    """Aumann's chicken pays 5 1/4 at most; zero-sum games pay their value; a dilemma only its equilibrium."""
    found = correlated_equilibrium(games.bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]]))
    assert found.exact == (F(1, 2), F(1, 4), F(1, 4), 0)
    pennies = correlated_equilibrium(games.matching_pennies(), objective="entropy")
    assert pennies.ranges.tolist() == [[0, 0], [0, 0]]
    np.testing.assert_allclose(pennies.distribution, 0.25, atol=1e-12)
    assert pennies.entropy == pytest.approx(np.log(4), abs=1e-12)
    dilemma = correlated_equilibrium(games.prisoners_dilemma(), objective="entropy")
    assert dilemma.distribution.tolist() == [[0, 0], [0, 1]]
    # Shapley's game: its correlated equilibria pay up to 1 together, its coarse ones from 2/3
    shapley = coarse_correlated_equilibrium(games.shapley(), objective="least_welfare")
    assert shapley.exact_ranges[2] == (F(2, 3), 1)


@pytest.mark.parametrize("kind", FIND)
def test_the_most_random_one_is_stationary(kind):
    """No distribution within the set has more entropy: the slope towards the best vertex for it is zero at most."""
    for seed in range(10):
        game = drawn((3, 3), seed)
        found = FIND[kind](game, objective="entropy")
        assert found.status is Status.COMPLETE
        assert (found.regret <= 1e-8).all()
        positive = found.distribution > 0
        slope = np.where(positive, -np.log(np.where(positive, found.distribution, 1.0)), 50.0)
        # where nothing can be played nothing is lost: the program then sees a slope of 50 and finds no use for it
        ahead = dual_value(game, kind, slope) - float((slope * found.distribution).sum())
        assert ahead < 1e-6
        assert found.entropy >= max(
            -sum(float(p) * np.log(float(p)) for p in FIND[kind](game, objective=other).exact if p) - 1e-9
            for other in ("welfare", "least_welfare")
        )


@pytest.mark.parametrize(("factor", "shift"), [(1, 10**6), ("1e6", 0), ("1e-6", 0), ("1e6", "1e6")])
@pytest.mark.parametrize("kind", FIND)
def test_scales_and_constants_of_payoffs_change_no_distribution(kind, factor, shift):
    """Large payoffs as in Nashpy's reports 101 and 214: each player's are in units, and from a zero, of its own."""
    game = games.random_game((3, 2, 2), seed=3)
    other = game.fractions.copy()
    other[1] = other[1] * F(factor) + F(shift)
    moved = games.dense(other)
    for objective in ("best", "worst"):
        assert FIND[kind](moved, objective=objective).exact == FIND[kind](game, objective=objective).exact
    one, two = (FIND[kind](own, objective="entropy") for own in (game, moved))
    np.testing.assert_allclose(two.distribution, one.distribution, atol=1e-7)


def test_a_degenerate_game_has_every_distribution():
    found = correlated_equilibrium(games.bimatrix(np.ones((2, 3)), np.ones((2, 3))), objective="entropy")
    np.testing.assert_allclose(found.distribution, 1 / 6, atol=1e-12)
    assert correlated_equilibrium(games.bimatrix([[0, 1, 2]], [[3, 4, 5]])).exact == (0, 0, 1)


def test_rounded_programs_give_what_exact_ones_do(monkeypatch):
    game = games.random_game((4, 3), seed=2)
    exact = [FIND[kind](game, objective=own) for kind in FIND for own in ("welfare", "entropy")]
    monkeypatch.setattr(joint_programs, "MOST_EXACT_ENTRIES", 0)
    rounded = [FIND[kind](game, objective=own) for kind in FIND for own in ("welfare", "entropy")]
    for one, other in zip(exact, rounded, strict=True):
        assert other.exact is other.exact_ranges is None
        np.testing.assert_allclose(other.ranges, one.ranges, atol=1e-8)
        np.testing.assert_allclose(other.distribution, one.distribution, atol=1e-7)
        assert other.status is Status.COMPLETE


def test_a_gain_that_is_left_is_told(monkeypatch):
    monkeypatch.setattr(correlated, "largest_entropy", lambda rows: (np.full(rows.shape[1], 1 / rows.shape[1]), 0.0))
    found = correlated_equilibrium(games.chicken(), objective="entropy")
    assert found.status is Status.UNDECIDED
    assert found.regret[0] == pytest.approx(0.25)


def test_prices_of_an_inequality_that_does_not_bind_are_zero():
    joint, gap = largest_entropy(np.array([[1.0, 1.0, 2.0], [3.0, 0.0, -1.0]]))
    np.testing.assert_allclose(joint, 1 / 3, atol=1e-12)
    assert gap == 0


@pytest.mark.parametrize(
    ("game", "options", "reason"),
    [
        (games.public_goods(17), {}, "public_goods has 131,072 joint actions and 34 inequalities"),
        (games.stag_hunt(), {"objective": "welfar"}, "unknown objective 'welfar'; did you mean 'welfare'"),
        (games.stag_hunt(), {"objective": "best", "player": "me"}, "unknown player 'me'"),
        (games.auction(values=[0, 1], bids=[0, 1]), {}, "'types'; games.normal_form writes it out"),
        (games.tandem(), {}, "to find correlated equilibria takes a game whose payoffs can be written out"),
    ],
)
def test_what_cannot_be_asked_is_refused(game, options, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        correlated_equilibrium(game, **options)


def test_columns_and_table_name_the_joint_actions():
    found = correlated_equilibrium(games.chicken())
    assert found.to_columns()["profile"].tolist() == ["CC", "CD", "DC", "DD"]
    assert found.table().rows == (("CC", "1/2"), ("CD", "1/4"), ("DC", "1/4"))
    assert found.table().below[0].rows[2] == ("all together", "10.5", "36/5", "21/2", "")
    assert [one.name for one in equilibria(games.chicken())] == list(found.nash_names)
