"""Baselines per state and round against the same in NumPy, for plays written down by hand."""

import jax.numpy as jnp
import numpy as np

from nashscape.learning.records import Layout
from nashscape.learning.state_baselines import less_values


def test_what_the_others_got_from_the_same_state_on_is_subtracted():
    random = np.random.default_rng(3)
    rounds, plays, starts, states = 4, 5, 3, 3
    layout = Layout(states, (2, 2), rounds)
    where = random.integers(states, size=(rounds, plays, starts))
    where[0, :, 0] = [0, 1, 1, 1, 2]  # two plays are alone in their states: nothing is subtracted from them
    paid = random.normal(size=(rounds, 2, plays, starts)).astype(np.float32)
    assert layout.words == 1
    records = sum(where[t].astype(np.uint32) << np.uint32(layout.record * t) for t in range(rounds))[None]
    table = jnp.asarray(paid)
    found = np.asarray(less_values(layout, jnp.asarray(records), lambda t: list(table[t])))

    to_go = np.cumsum(paid[::-1], axis=0)[::-1]
    values = np.zeros((rounds + 1, 2, plays, starts))
    for t, k, w in np.ndindex(rounds, plays, starts):
        others = [j for j in range(plays) if j != k and where[t, j, w] == where[t, k, w]]
        if others:
            values[t, :, k, w] = to_go[t][:, others, w].mean(axis=1)
    assert (values[0, :, [0, 4], 0] == 0).all()
    np.testing.assert_allclose(found, paid - values[:-1] + values[1:], atol=1e-5)
