"""Runs with many parameters are not filled up to wide chunks, and get the same bits however many there are."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.dynamics import make_setup
from nashscape.dynamics.batches import WIDE, layout, run_starts, widest
from nashscape.dynamics.cell_batches import cut
from nashscape.dynamics.starts import normal
from nashscape.semantics import Semantics, parametric

HIDDEN, SEEN = 20, 8


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Network(Semantics):
    """A network of its own for each player, of one hidden layer before and one after."""

    seen: Any

    @property
    def sizes(self):
        return tuple(HIDDEN * SEEN + HIDDEN**2 + actions * HIDDEN for actions in (2, 3))

    def strategies(self, theta):
        made = []
        for own, actions in zip(self.split(theta), (2, 3), strict=True):
            first, second, last = jnp.split(own, [HIDDEN * SEEN, HIDDEN * SEEN + HIDDEN**2])
            hidden = jnp.tanh(second.reshape(HIDDEN, -1) @ jnp.tanh(first.reshape(HIDDEN, -1) @ self.seen))
            made.append(jax.nn.softmax(last.reshape(actions, -1) @ hidden))
        return tuple(made)

    def parameters(self, strategies):
        raise NotImplementedError


@pytest.mark.long
def test_few_wide_runs_are_few_and_have_the_bits_of_many():
    game = parametric(games.dense(np.random.default_rng(0).normal(size=(2, 2, 3))), Network(np.ones(SEEN)))
    assert game.dimension >= WIDE
    setup = make_setup(game, ns.pg())
    devices = len(jax.devices())
    few = layout(25, None, setup.estimator, game.dimension)
    assert few.block < 25 + 8 * devices
    assert layout(25, None, setup.estimator, 4).block >= 128
    assert widest(25, 128, setup.estimator, game.dimension) == widest(3000, None, setup.estimator, game.dimension)
    assert cut(25, setup.estimator, game.dimension) == (8, 4)
    ends = [
        run_starts(setup, normal(std=0.3), np.arange(count), steps=20, chunk=chunk)[0].theta[:17]
        for count, chunk in ((17, None), (40, None), (17, 128))
    ]
    np.testing.assert_array_equal(ends[0], ends[1])
    np.testing.assert_array_equal(ends[0], ends[2])
    assert np.abs(ends[0] - normal(std=0.3).parameters(game, np.arange(17), 0)).max() > 1e-3
