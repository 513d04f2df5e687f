"""Bounds of a step of the flow hold what an adaptive integration gives, far enough that runs bend on the way."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from nashscape import games, meta_mapg, pg
from nashscape.learning.fields import field_of
from nashscape.proofs.bounds.flow_enclosures import flowed
from nashscape.proofs.bounds.step_enclosures import enclosure
from nashscape.semantics import open_source, parametric
from nashscape.tracing.intervals import Interval

CASES = {
    "stag hunt": (parametric(games.stag_hunt()), pg()),
    "random, meta_mapg": (parametric(games.random_game((2, 2), seed=8)), meta_mapg()),
    "three players": (parametric(games.random_game((2, 2, 2), seed=9)), pg()),
    "coupled": (open_source(games.random_game((2, 2), seed=10), 0.6), pg()),
}


def ends(boxes):
    return np.array([[one.low.item(), one.high.item()] for one in boxes])


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_a_step_of_the_flow_is_inside_its_bounds(name):
    learners, rule = CASES[name]
    field, random = field_of(learners, rule), np.random.default_rng(0)
    leaves, structure = jax.tree.flatten((learners, rule))
    made = enclosure(structure, tuple(np.shape(leaf) for leaf in leaves), True)
    clip = np.array([[-8.0] * learners.dimension, [8.0] * learners.dimension])
    bent, moved = 0.0, 0.0
    for size in (0.05, 0.2, 0.4):
        start = random.normal(0.0, 1.0, learners.dimension)
        with jax.enable_x64(True):
            numbers = [Interval(jnp.float64(x)) for leaf in leaves for x in np.asarray(leaf, np.float64).ravel()]
            box = [Interval(jnp.full(1, x), jnp.full(1, x + 1e-9)) for x in start]
            result, way, proved = flowed(made, numbers, box, Interval(jnp.full(1, size)), jnp.asarray(clip))
        assert bool(proved.all())
        run = solve_ivp(lambda _, y: field(y), (0.0, size), start, rtol=1e-12, atol=1e-12, dense_output=True)
        after, on_way = ends(result), ends(way)
        assert (after[:, 0] <= run.y[:, -1]).all()
        assert (run.y[:, -1] <= after[:, 1] + 1e-9).all()
        path = run.sol(np.linspace(0.0, size, 50))
        assert (on_way[:, :1] <= path).all()
        assert (path <= on_way[:, 1:] + 1e-9).all()
        bent = max(bent, np.abs(run.y[:, -1] - start - size * field(start)).max())
        moved = max(moved, (after[:, 1] - after[:, 0]).max())
    # runs leave their tangents by much more than rounding, and the bounds are no wider than a few times that
    assert bent > 1e-4
    assert moved < 50 * bent
