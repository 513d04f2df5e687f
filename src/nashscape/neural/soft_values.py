"""Players who play actions of high value more often: by the softmax of values over a temperature."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.neural.played_values import PlayedValues, check_finite_actions
from nashscape.semantics.acting import Acting

COLDEST = 1e-6
"""The least share of a temperature: whoever is to have none left has this much."""


@dataclass(frozen=True, eq=False)
class SoftValues(PlayedValues):
    """Player i plays `softmax(Q_i(o_i, ·) / τ)`, where `Q_i` are the numbers of its network. Made by `soft_values`.

    Attributes:
        inner: policies whose numbers are taken for values.
        temperature: τ, in payoff units; an argument of compiled programs.
        scheduled: whether a share of τ is each player's last weight.
    """

    inner: Acting
    temperature: Any
    scheduled: bool = False

    maskable: ClassVar[bool] = True

    @override
    def explored(self, values: jax.Array, share: Any) -> jax.Array:
        if not self.scheduled:
            return values / self.temperature
        return values / (self.temperature * jnp.maximum(share, COLDEST))


jax.tree_util.register_dataclass(SoftValues, data_fields=["inner", "temperature"], meta_fields=["scheduled"])


@public()
def soft_values(policies: Acting, temperature: float, *, scheduled: bool = False) -> SoftValues:
    """The same networks, whose numbers are values in payoff units: players play the softmax of value over temperature.

    Args:
        policies: of players with finitely many actions, such as `perceptrons(environment)` or `tables(environment)`.
        temperature: τ, in payoff units: actions whose values differ by less are played about equally often.
        scheduled: whether a rule changes the temperature during a run, as `q_learning(exploration=…)` does: which share
            of τ is left is then every player's last weight.

    Raises:
        InputError: for what are no policies, players who choose points, and a temperature that is not positive.

    Example:
        >>> from nashscape import games
        >>> from nashscape.environments import of_game
        >>> from nashscape.neural import perceptrons
        >>> soft_values(perceptrons(of_game(games.stag_hunt())), 0.5).temperature
        0.5
    """
    check_finite_actions(policies)
    warm = finite_number(temperature, "temperature", low=0.0, low_open=True)
    return SoftValues(policies, warm, bool(scheduled))
