"""Program equilibria: of games where nobody reads, of dense best responses, on edges of the box, of three players."""

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.semantics import parametric
from nashscape.theory.programs.finding import program_equilibria
from nashscape.theory.resting.stationary import stationary_points


def known(payoffs, bound):
    """Equilibria of a 2×2 game of independent players on a box, in parameters, by hand: corners and the mixed one."""
    (u, v), ends = payoffs, (bound, -bound)
    p = [1 / (1 + np.exp(-end)) for end in ends]
    found = set()
    for i in (0, 1):
        for j in (0, 1):
            own = u[0] @ [p[j], 1 - p[j]] - u[1] @ [p[j], 1 - p[j]]
            other = v[:, 0] @ [p[i], 1 - p[i]] - v[:, 1] @ [p[i], 1 - p[i]]
            if (own > 0) == (i == 0) and (other > 0) == (j == 0):
                found.add((ends[i], ends[j]))
    c, d = u[0, 0] - u[0, 1] - u[1, 0] + u[1, 1], v[0, 0] - v[0, 1] - v[1, 0] + v[1, 1]
    q, r = (u[1, 1] - u[0, 1]) / c, (v[1, 1] - v[1, 0]) / d
    inside = all(p[1] < x < p[0] for x in (q, r))
    return found, [np.log(r / (1 - r)), np.log(q / (1 - q))] if inside else None


@pytest.mark.long
def test_without_coupling_they_are_the_equilibria_of_the_game():
    mixed = 0
    for seed in range(60, 90):
        payoffs = np.random.default_rng(seed).normal(size=(2, 2, 2))
        corners, inside = known(payoffs, 3.0)
        found = program_equilibria(games.dense(payoffs), bound=3.0)
        assert {tuple(one.theta) for one in found.equilibria if one.kind == "corner"} == corners
        interior = [one for one in found.equilibria if one.kind == "interior"]
        assert len(interior) == (inside is not None)
        if inside is not None:
            mixed += 1
            np.testing.assert_allclose(interior[0].theta, inside, atol=1e-7)
            assert not interior[0].attracting
        # generic games have no others
        assert not [one for one in found.equilibria if one.kind == "face"]
    assert mixed > 4


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_nobody_gains_by_dense_search_and_no_crossing_of_best_responses_is_missing(seed):
    random = np.random.default_rng(100 + seed)
    matrix = np.array([[0, random.uniform(-0.4, 0.9)], [random.uniform(-0.4, 0.9), 0]])
    learners = ns.open_source(games.dense(random.normal(size=(2, 2, 2))), matrix)
    bound, points = 2.0, 401
    found = program_equilibria(learners, bound=bound)
    t = np.linspace(-bound, bound, points)
    with jax.enable_x64(True):
        run = jax.jit(jax.vmap(jax.vmap(learners.utilities)))
        table = np.asarray(run(np.stack(np.meshgrid(t, t, indexing="ij"), axis=-1)))
    gains = np.stack([table[..., 0].max(axis=0)[None, :] - table[..., 0],
                      table[..., 1].max(axis=1)[:, None] - table[..., 1]])  # fmt: skip
    for one in found.equilibria:
        cell = tuple(np.abs(t - x).argmin() for x in one.theta)
        assert gains[(slice(None), *cell)].max() < 0.02
    # every point of the lattice from which nobody gains at all on the lattice is near one that was found
    for i, j in zip(*np.nonzero(gains.max(axis=0) <= 0), strict=True):
        assert min(np.abs(one.theta - [t[i], t[j]]).max() for one in found.equilibria) < 0.1


@pytest.mark.long
def test_edges_of_the_box_hold_runs_that_the_flow_would_take_to_cooperation():
    """Donation b=3, c=1 above its global threshold.

    On the edge `θ_2 = M` the other's slope at `θ_1 = −κM` is `−c/4 + κ b s(M(1 − κ²))`: where that is negative there is
    a point on the edge that attracts, and random runs stay at it.
    """
    for kappa, bound in ((0.7, 8.0), (0.6, 2.0)):
        learners = ns.open_source(games.donation(benefit=3, cost=1), kappa)
        edges = [point for point in stationary_points(learners, bound) if point.kind == "face" and point.attracting]
        p = 1 / (1 + np.exp(-bound * (1 - kappa**2)))
        if 3 * kappa * p * (1 - p) < 0.25:
            assert len(edges) == 2
        entry = ns.entry_probability(
            learners, ns.pg(), n=400, steps=6000, step_size=0.5, targets=["CC", "DD"], projection=ns.box(bound)
        )
        assert (entry.outcomes() == {"CC": 400}) == (not edges)
        assert bool(edges) == (bound > 3)


@pytest.mark.long
def test_three_players_and_what_is_rejected():
    random = np.random.default_rng(4)
    learners = ns.open_source(games.dense(random.normal(size=(3, 2, 2, 2))), 0.3)
    found = program_equilibria(learners, bound=3.0, starts=8)
    assert sum(one.kind == "corner" for one in found.equilibria + found.rejected) == 8
    with jax.enable_x64(True):
        utilities = jax.jit(jax.vmap(learners.utilities))
        for one in found.equilibria + found.rejected:
            gains = []
            for i in range(3):
                profiles = np.tile(one.theta, (801, 1))
                profiles[:, i] = np.linspace(-3, 3, 801)
                gains.append(
                    (np.asarray(utilities(profiles))[:, i] - np.asarray(utilities(one.theta[None]))[0, i]).max()
                )
            assert max(gains) <= one.gain[1] + 1e-12
            assert one.gain[0] <= max(gains) + 1e-4
            assert one.holds == (max(gains) < 1e-7)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match=r"has 59,049 faces"):
        program_equilibria(parametric(games.public_goods(10)))
    with pytest.raises(InputError, match="bound"):
        program_equilibria(games.chicken(), bound=-1.0)
