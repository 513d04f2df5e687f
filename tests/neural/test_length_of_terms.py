"""In weights, terms that look at the others are longer than in a table by the squared gradient of the log-odds."""

import equinox as eqx
import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.neural.drawing import Drawing
from nashscape.neural.layers import Sight, layers

SHAPE = layers(Sight(1, False), (16, 16), 2, "tanh", Drawing("orthogonal", 1.0))
"""The networks of the Stag Hunt of the card of basin entry, who see nothing but a one."""


def log_odds(network):
    logits = network(jnp.ones(1))
    return logits[0] - logits[1]


def slopes(network):
    """The gradient of the log-odds by all weights, flat."""
    found = eqx.filter_grad(log_odds)(network)
    return jnp.concatenate([jnp.ravel(leaf) for leaf in jax.tree.leaves(eqx.filter(found, eqx.is_array))])


def payoffs(odds, i):
    table = games.stag_hunt().payoffs
    own, other = (jnp.array([jax.nn.sigmoid(one), jax.nn.sigmoid(-one)]) for one in odds)
    return own @ table[i] @ other


@pytest.mark.parametrize("i", [0, 1])
def test_peer_and_lookahead_of_networks_are_those_of_a_table_times_the_square(i):
    networks = [SHAPE.drawn(key) for key in jax.random.split(jax.random.key(3), 2)]
    flat, shapes = zip(*(eqx.partition(own, eqx.is_array) for own in networks), strict=True)
    unravel = [jax.flatten_util.ravel_pytree(own) for own in flat]

    def paid(weights, k):
        made = [eqx.combine(back(own), rest) for own, (_, back), rest in zip(weights, unravel, shapes, strict=True)]
        return payoffs([log_odds(own) for own in made], k)

    weights, j = [own for own, _ in unravel], 1 - i
    odds = [float(log_odds(own)) for own in networks]
    for names, first, second in (("peer", j, i), ("lookahead", i, j)):
        # (∇_i ∇_j J_first)ᵀ ∇_j J_second
        def inner(own, first=first, second=second):
            at = [own, weights[1]] if i == 0 else [weights[0], own]
            fixed = jax.grad(lambda x: paid([x, weights[1]] if j == 0 else [weights[0], x], second))(weights[j])
            slope = jax.grad(lambda x: paid([x, at[1]] if j == 0 else [at[0], x], first))(weights[j])
            return slope @ jax.lax.stop_gradient(fixed)

        found = jax.grad(inner)(weights[i])
        cross = jax.jacfwd(jax.grad(lambda o, f=first: payoffs(o, f)))(jnp.array(odds))[i, j]
        table = cross * jax.grad(lambda o, s=second: payoffs(o, s))(jnp.array(odds))[j]
        square = jnp.sum(slopes(networks[j]) ** 2)
        np.testing.assert_allclose(found, slopes(networks[i]) * table * square, rtol=2e-4, atol=1e-6, err_msg=names)


def test_the_square_of_these_networks_is_about_sixteen():
    squares = [float(jnp.sum(slopes(SHAPE.drawn(key)) ** 2)) for key in jax.random.split(jax.random.key(0), 40)]
    assert 15 < np.median(squares) < 17
    assert 12 < min(squares) < max(squares) < 18
