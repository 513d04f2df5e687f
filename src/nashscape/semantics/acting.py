"""Policies: parameters that say what players do with what they see and remember. For games that are only played."""

import abc
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.semantics.heads import Head
from nashscape.semantics.semantics import Semantics

if TYPE_CHECKING:
    from typing_extensions import TypeIs

PLACES = 3
"""Profiles of weights at which it is looked who reads whom."""


class Acting(Semantics):
    """A semantics whose strategies are policies: `(θ, observation, memory) → numbers of a head, memory`.

    There is no table of strategies; what players do is seen by playing. Parameters are weights, player after player in
    one flat vector, as those of every semantics, so that rules, projections, schedules and dials are the same.

    One's own has `sizes`, `heads`, `observation_shapes` and `outputs`, and `memory` where players remember. As every
    semantics it is a pytree whose numbers are arguments of compiled programs.
    """

    domain: ClassVar[str] = "weights"

    @property
    @abc.abstractmethod
    def heads(self) -> tuple[Head, ...]:
        """What every player's numbers say of its actions."""

    @property
    @abc.abstractmethod
    def observation_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shape of what every player sees."""

    @property
    def reads_others(self) -> bool:
        """Whether what a player does depends on others' weights, found out at a few places. Overridden where known."""
        shapes = [np.zeros(shape, np.float32) + np.float32(0.5) for shape in self.observation_shapes]
        places = np.random.default_rng(0).normal(size=(PLACES, self.dimension)).astype(np.float32)

        def said(theta: jax.Array, player: int) -> jax.Array:
            seen = tuple(jnp.asarray(own) for own in shapes)
            return jnp.sum(jnp.sin(self.outputs(theta, seen, self.memory())[0][player]))

        for player, own in enumerate(self.slices):
            slopes = jax.vmap(jax.grad(lambda theta, i=player: said(theta, i)))(jnp.asarray(places))
            if np.any(np.delete(np.asarray(slopes), own, axis=-1)):
                return True
        return False

    def memory(self) -> tuple[Any, ...]:
        """What every player remembers before the first round of an episode: pytrees of arrays; () for nothing."""
        return ((),) * len(self.sizes)

    @abc.abstractmethod
    def outputs(
        self, theta: jax.Array, observations: tuple[jax.Array, ...], memory: tuple[Any, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[Any, ...]]:
        """The numbers of every player's head in one round of one episode, and what is remembered after it.

        Args:
            theta: the whole flat profile, `[d]`: players may read each other.
            observations: what every player sees, of its shape.
            memory: what every player remembered before.
        """

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """None: there are no tables."""
        return ()

    def strategies(self, theta: jax.Array) -> NoReturn:
        """Policies have no table of strategies.

        Raises:
            InputError: always.
        """
        raise InputError(f"{type(self).__name__} players act on what they see; they have no table of strategies")

    def parameters(self, strategies: Sequence[jax.Array]) -> NoReturn:
        """Nor can weights be had from one.

        Raises:
            InputError: always.
        """
        raise InputError(f"{type(self).__name__} players have weights, which no table of strategies determines")


def acts(semantics: Any) -> "TypeIs[Acting]":
    """Whether players act on what they see and remember."""
    return hasattr(semantics, "heads")
