"""Quantal response equilibria: against another solver, scans of two-by-two games, and a condition of branching."""

import re

import numpy as np
import pytest
from scipy.optimize import brentq, root

from nashscape import InputError, Status, games
from nashscape.theory import equilibria, logit_equilibrium
from nashscape.theory.nash.logit_paths import logit_path


def responses(game, flat, precision):
    """The logit responses to strategies, payoffs averaged by sums over profiles."""
    parts, made = np.split(flat, np.cumsum(game.shape)[:-1]), []
    for i in range(game.n_players):
        weights = np.ones(())
        for j in range(game.n_players):
            own = np.ones(game.shape[i]) if j == i else parts[j]
            weights = np.multiply.outer(weights, own)
        values = (game.payoffs[i] * weights).sum(axis=tuple(j for j in range(game.n_players) if j != i))
        exponents = np.exp(precision * (values - values.max()))
        made.append(exponents / exponents.sum())
    return np.concatenate(made)


@pytest.mark.parametrize("shape", [(2, 3, 2), (3, 2, 2), (4, 2)])
def test_the_path_from_the_centroid_is_that_of_another_solver(shape):
    """From λ = 0 in small steps, by Powell's method on the responses themselves."""
    for seed in range(3):
        game = games.random_game(shape, seed)
        at = np.concatenate([np.full(k, 1 / k) for k in shape])
        for precision in np.linspace(0.0, 0.9, 10):
            found = root(lambda x, g=game, p=precision: x - responses(g, x, p), at, tol=1e-13)
            assert found.success
            at = found.x
        ours = logit_equilibrium(game, precision=0.9)
        assert (len(ours), ours.status) == (1, Status.COMPLETE)
        np.testing.assert_allclose(np.concatenate([own[0] for own in ours.strategies]), at, atol=1e-9)
        assert ours.residual[0] < 1e-13


def test_where_the_path_folds_all_it_passes_are_told():
    """Two by two, they are the roots of one function of one probability, which a scan brackets."""
    game, precision = games.random_game((2, 2), seed=22), 10.7

    def off(p):
        other = responses(game, np.array([p, 1 - p, 0.5, 0.5]), precision)[2:]
        return p - responses(game, np.array([p, 1 - p, *other]), precision)[0]

    grid = np.linspace(1e-9, 1 - 1e-9, 801)
    values = [off(p) for p in grid]
    turns = [k for k in range(800) if np.sign(values[k]) != np.sign(values[k + 1])]
    theirs = [brentq(off, grid[k], grid[k + 1], xtol=1e-14) for k in turns]
    found = logit_equilibrium(game, precision=precision)
    assert len(theirs) == len(found) == 3
    np.testing.assert_allclose(sorted(found.strategies[0][:, 0]), theirs, atol=1e-9)
    assert (np.diff(found.path) < 0).any()


@pytest.mark.long
def test_next_to_a_turn_of_the_path_both_sides_of_it_are_told():
    """At a turn the responses to responses have slope one: λ² Δ₁Δ₂ p (1−p) q (1−q) = 1. Beyond it two are gone."""
    game = games.random_game((2, 2), seed=22)
    found = logit_equilibrium(game)
    turns = [k for k in range(1, len(found.path) - 1) if np.prod(np.diff(found.path[k - 1 : k + 2])) < 0]
    slopes = [own[0, 0] - own[0, 1] - own[1, 0] + own[1, 1] for own in game.payoffs]
    assert len(turns) == 2
    for k in turns:
        p, q = (own[k, 0] for own in found.path_strategies)
        at = found.path[k]
        assert at**2 * slopes[0] * slopes[1] * p * (1 - p) * q * (1 - q) == pytest.approx(1.0, abs=1e-6)
        inwards = np.sign(10.7 - at)
        both = [logit_equilibrium(game, precision=at * (1 + sign * 2e-6 * inwards)) for sign in (1, -1)]
        assert [len(own) for own in both] == [3, 1]
        assert all(own.residual.max() < 1e-9 for own in both)
        assert np.diff(np.sort(both[0].strategies[0][:, 0])).min() > 1e-5


def test_the_largest_precision_is_the_one_that_is_named():
    """10,000 over 4.727 times 4.727 is more than 10,000 in doubles."""
    assert 1e4 / 4.727 * 4.727 > 1e4
    found = logit_equilibrium(games.bimatrix([[4.727, 0], [0, 1]], [[1, 0], [0, 2]]), precision=1e4 / 4.727)
    assert (len(found), found.status) == (1, Status.COMPLETE)


def test_where_symmetry_lets_other_branches_cross_is_told():
    """The responses to responses of the symmetric branch then have slope one: λ² (Δ₁Δ₂) p (1−p) q (1−q) = 1."""
    game = games.battle_of_the_sexes()
    found = logit_equilibrium(game, precision=3.0)
    [crossed] = found.branches
    k = int(np.searchsorted(found.path, crossed))
    p, q = (own[k, 0] for own in found.path_strategies)
    slopes = [own[0, 0] - own[0, 1] - own[1, 0] + own[1, 1] for own in game.payoffs]
    assert crossed**2 * slopes[0] * slopes[1] * p * (1 - p) * q * (1 - q) == pytest.approx(1.0, abs=5e-3)
    assert len(found) == 1
    assert f"λ = {crossed:.4g}" in found.table().notes[0]


@pytest.mark.parametrize("seed", [12, 18])
def test_a_long_step_does_not_jump_to_another_branch(seed):
    """Without symmetries nothing crosses the path, which leads to an equilibrium."""
    game = games.random_game((3, 3), seed)
    found = logit_equilibrium(game)
    assert found.arrived
    assert len(found.branches) == 0
    end = logit_path(game.payoffs, "raw")
    assert end.status == "arrived"
    near = [np.abs(np.concatenate(one.strategies) - np.concatenate(end.strategies)).max() for one in equilibria(game)]
    assert min(near) < 1e-3


@pytest.mark.long
@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_units_of_payoffs(factor):
    """Raw, λ is one over payoff; rescaled, neither unit nor constant of a player matters (Nashpy's 101 and 214)."""
    game = games.random_game((3, 2, 2), seed=2)
    one = logit_equilibrium(game, precision=1.5)
    other = logit_equilibrium(games.dense(factor * game.payoffs), precision=1.5 / factor)
    for a, b in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)
    moved = game.payoffs.copy()
    moved[1] = factor * moved[1] + 1e6 * factor
    one, other = (logit_equilibrium(own, precision=4.0, scale="rescaled") for own in (game, games.dense(moved)))
    for a, b in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-7)


def test_at_zero_everybody_plays_all_alike_and_of_constant_payoffs_always():
    found = logit_equilibrium(games.random_game((3, 2), 0), precision=0.0)
    assert [own[0].tolist() for own in found.strategies] == [[1 / 3] * 3, [0.5, 0.5]]
    flat = logit_equilibrium(games.dense(np.ones((2, 2, 3))), precision=5.0)
    np.testing.assert_allclose(flat.strategies[1], 1 / 3, atol=1e-15)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"precision": 1e9}, "the path is followed to a precision of 2500 in stag_hunt; got 1e+09"),
        ({"precision": -1.0}, "precision must be at least 0; got -1"),
        ({"scale": "own"}, "unknown scale 'own'"),
    ],
)
def test_what_the_path_cannot_tell_is_refused(options, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        logit_equilibrium(games.stag_hunt(), **options)
