"""Players who are networks: the ratio of sensitivities, and the conditions under which it decides."""

from collections.abc import Iterator

import equinox as eqx
import jax
import jax.numpy as jnp

from nashscape import games
from nashscape.semantics import ParametricGame, networked, parametric
from nashscape.systems.agreement import Row
from nashscape.systems.statements import holds
from nashscape.theory import cooperation_index, sensitivity_ratio

STRENGTHS = (-0.4, 0.2, 0.3, 0.4, 0.6, 1.2)
POINTS = (-1.0, 0.0, 0.7)
BACKWARDS = -1.5
"""A strength with which players do the opposite of what they read, and more of it than of their own."""


class Mirror(eqx.Module):
    """A network that does as its own parameter says, and as the other's does through a bent glass."""

    glass: jax.Array

    def __call__(self, own: jax.Array, others: jax.Array) -> jax.Array:
        """One logit."""
        return own[:1] + jnp.tanh(self.glass @ jnp.mean(others, axis=0))


def mirrors(strength: float) -> ParametricGame:
    """The donation game between two such networks."""
    network = Mirror(jnp.array([[strength]]))
    return parametric(games.donation(benefit=3.0, cost=1.0), networked((2, 2), network))


def ratio() -> Iterator[Row]:
    """The sign of what one update adds, by differentiation, against that of the ratio less its threshold."""
    same = [_agree(strength, at) for strength in STRENGTHS for at in POINTS]
    yield holds("neural-ratio", "networks that read, the ratio decides", same, "the sign is that of the index")
    label = "a network that does the opposite"
    yield holds("neural-ratio-always", label, _agree(BACKWARDS, 0.0), "the sign is that of the index")


def _agree(strength: float, at: float) -> bool:
    pair = mirrors(strength)
    found = sensitivity_ratio(pair, [at])
    index = cooperation_index(pair, [at, at], "CC").total
    assert found.margin is not None, "it exists for players who are alike"
    return (found.margin > 0) == (index > 0)
