"""Policies of one's own: what is found out about them where they do not say it themselves."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import pytest

from nashscape.core import InputError
from nashscape.semantics.acting import Acting, acts
from nashscape.semantics.heads import Categorical


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Lines(Acting):
    """Numbers are lines of one number that is seen, two weights for each of two actions; the first reads the second."""

    reading: float

    @property
    def sizes(self):
        return (4, 6)

    @property
    def heads(self):
        return (Categorical(2), Categorical(3))

    @property
    def observation_shapes(self):
        return ((1,), (1,))

    def outputs(self, theta, observations, memory):
        first = theta[:2] * observations[0] + theta[2:4] + self.reading * theta[4:6]
        return (first, theta[4:7] * observations[1] + theta[7:]), memory


@pytest.mark.parametrize("reading", [0.0, 0.5])
def test_it_is_found_out_whether_players_read_each_other(reading):
    assert Lines(reading).reads_others == bool(reading)


def test_policies_have_no_tables():
    lines = Lines(0.0)
    assert acts(lines)
    assert lines.strategy_shapes == ()
    with pytest.raises(InputError, match="no table of strategies"):
        lines.strategies(jnp.zeros(10))
    with pytest.raises(InputError, match="no table of strategies determines"):
        lines.parameters([])
