"""Whether a place attracts a rule that remembers: eigenvalues of one update of parameters and memory together."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.dynamics.endings import memories
from nashscape.dynamics.endings.mean_fields import Moment
from nashscape.dynamics.setup import make_setup

STEEP = np.array([0.7, 2.5])


@dataclass(frozen=True)
class HeavyBall(ns.learning.Rule):
    momentum: Any = 0.9
    name: str = "heavy_ball"
    sources = ()

    def init(self, theta):
        return jnp.zeros_like(theta)

    def update(self, oracle, state, step):
        direction = oracle.terms().base + self.momentum * state
        return direction, direction


jax.tree_util.register_dataclass(HeavyBall, ["momentum"], [], drop_fields=["name"])


def bowl(points, steep):
    """Everybody wants to be at zero, some more than others."""
    return jnp.stack([-steep[k] * jnp.sum(own**2) / 2 for k, own in enumerate(points)])


GAME = games.differentiable(bowl, (1, 1), coefficients=STEEP)


@pytest.mark.parametrize(("momentum", "size"), [(0.0, 0.1), (0.5, 0.3), (0.9, 0.05), (1.05, 0.05), (0.9, 2.0)])
def test_eigenvalues_are_those_of_the_update_written_out(momentum, size):
    setup = make_setup(GAME, HeavyBall(momentum), step_size=size)
    moment = Moment(np.int32(5), np.float64(size), np.float64(1.0))
    found = memories.radius_with_memory(setup, moment, np.array([0.3, -0.2]), np.ones(2))
    each = [np.array([[1 - size * a, size * momentum], [-a, momentum]]) for a in STEEP]
    assert found == pytest.approx(max(np.abs(np.linalg.eigvals(one)).max() for one in each), rel=1e-9)
    held = memories.radius_with_memory(setup, moment, np.array([0.3, -0.2]), np.array([1.0, 0.0]))
    second = np.array([[1.0, 0.0], [-STEEP[1], momentum]])
    assert held == pytest.approx(max(np.abs(np.linalg.eigvals(one)).max() for one in (each[0], second)), rel=1e-9)


def test_all_places_share_a_program():
    setup = make_setup(GAME, HeavyBall(0.4), step_size=0.1)
    before = memories.update_matrix._cache_size()
    for k in range(5):
        moment = Moment(np.int32(k), np.float64(0.1 + 0.01 * k), np.float64(1.0))
        memories.radius_with_memory(setup, moment, np.array([0.1 * k, -0.2]), np.ones(2))
    assert memories.update_matrix._cache_size() <= before + 1
