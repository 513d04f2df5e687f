"""Best replies of players who mind variance: against fine grids, and corners where the payoff is convex."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.games.institutions.risk_replies import largest


def test_the_largest_of_a_concave_parabola_is_that_of_a_fine_grid_even_where_it_is_flat():
    random = np.random.default_rng(1)
    grid = np.array([(a, b, 60 - a - b) for a in range(61) for b in range(61 - a)]) / 60
    with jax.enable_x64(True):
        many = jax.jit(jax.vmap(largest))
        ways = random.normal(size=(60, 3, 3)) * np.array([1.0, 1.0, 0.0])[random.integers(0, 3, (60, 1, 1))]
        ways[:20, 1:] = 0.0  # of rank one: flat in a direction
        mean, bend = random.normal(size=(60, 3)), 2.0 * ways.swapaxes(1, 2) @ ways
        own = np.asarray(many(jnp.asarray(mean), jnp.asarray(bend)))
    assert (own >= 0).all()
    np.testing.assert_allclose(own.sum(axis=1), 1.0)
    worth = (mean * own).sum(axis=1) - np.einsum("ga,gab,gb->g", own, bend, own)
    values = grid @ mean.T - np.einsum("pa,gab,pb->pg", grid, bend, grid)
    assert (worth >= values.max(axis=0) - 1e-12).all()
    assert (worth <= values.max(axis=0) + 0.02).all()
    assert ((own > 1e-9).sum(axis=1) > 1).any()


@pytest.mark.long
def test_replies_gain_what_no_strategy_of_a_grid_exceeds_under_either_reading():
    game = games.random_game((3, 2), seed=4)
    random = np.random.default_rng(0)
    points = tuple(jnp.asarray(random.dirichlet(np.ones(k))) for k in game.shape)
    grid = [np.array([a, b, 20 - a - b]) / 20 for a in range(0, 21, 2) for b in range(0, 21 - a, 2)]
    for variance in ("opponents", "all"):
        averse = games.risk_averse(game, 0.8, variance=variance)
        before = float(averse.expected_payoffs(points)[0])
        paid = jnp.stack([averse.expected_payoffs((jnp.asarray(own), points[1]))[0] for own in grid])
        found = float(averse.regrets(points)[0])
        assert float(paid.max()) - before - 1e-6 <= found <= float(paid.max()) - before + 0.05
