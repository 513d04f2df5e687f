"""Players whose networks give values of actions, and who play those of high value more often."""

from dataclasses import dataclass
from typing import Any

import jax

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.semantics.acting import Acting, acts
from nashscape.semantics.heads import Head


@dataclass(frozen=True, eq=False)
class SoftValues(Acting):
    """Player i plays `softmax(Q_i(o_i, ·) / τ)`, where `Q_i` are the numbers of its network. Made by `soft_values`.

    Attributes:
        inner: policies whose numbers are taken for values.
        temperature: τ, in payoff units; an argument of compiled programs.
    """

    inner: Acting
    temperature: Any

    @property
    def reads_others(self) -> bool:
        """As the inner policies."""
        return self.inner.reads_others

    @property
    @override
    def sizes(self) -> tuple[int, ...]:
        return self.inner.sizes

    @property
    @override
    def heads(self) -> tuple[Head, ...]:
        return self.inner.heads

    @property
    @override
    def observation_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.inner.observation_shapes

    @override
    def memory(self) -> tuple[Any, ...]:
        return self.inner.memory()

    @override
    def outputs(
        self, theta: jax.Array, observations: tuple[jax.Array, ...], memory: tuple[Any, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[Any, ...]]:
        values, after = self.inner.outputs(theta, observations, memory)
        return tuple(own / self.temperature for own in values), after

    def initial(self, key: jax.Array) -> jax.Array:
        """Random weights to start from, `[d]`, as those of the inner policies."""
        inner: Any = self.inner
        made: jax.Array = inner.initial(key)
        return made


jax.tree_util.register_dataclass(SoftValues, data_fields=["inner", "temperature"], meta_fields=[])


@public()
def soft_values(policies: Acting, temperature: float) -> SoftValues:
    """The same networks, whose numbers are values in payoff units: players play the softmax of value over temperature.

    Args:
        policies: of players with finitely many actions, such as `perceptrons(environment)`.
        temperature: τ, in payoff units: actions whose values differ by less are played about equally often.

    Raises:
        InputError: for what are no policies, players who choose points, and a temperature that is not positive.

    Example:
        >>> from nashscape import games
        >>> from nashscape.environments import of_game
        >>> from nashscape.neural import perceptrons
        >>> soft_values(perceptrons(of_game(games.stag_hunt())), 0.5).temperature
        0.5
    """
    if not acts(policies):
        raise InputError(f"expected policies such as neural.perceptrons(environment); got {policies!r}")
    for i, head in enumerate(policies.heads):
        if hasattr(head, "low"):
            raise InputError(f"player {i + 1} chooses points, and values are those of finitely many actions; use ppo")
    return SoftValues(policies, finite_number(temperature, "temperature", low=0.0, low_open=True))
