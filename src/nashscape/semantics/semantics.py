"""What a semantics is: how the parameters of all players become their mixed strategies."""

import abc
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import citations
from nashscape.games.pytrees import check_pytree
from nashscape.tracing.code_changes import notice

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from nashscape.semantics.coupling import Coupled
    from nashscape.semantics.independence import Independent
    from nashscape.semantics.policies import PerState


class Semantics(abc.ABC):
    """A map from the *whole* parameter profile to one mixed strategy per player.

    A semantics is a pytree: its numbers are arguments of compiled programs, its structure is part of their shape.
    Parameters of all players lie in one flat vector `theta` of length `sum(sizes)`, player after player:

        σ = (σ_1(θ), …, σ_n(θ)),   θ = (θ_1, …, θ_n),   u_i(θ) = u_i(σ(θ))

    A semantics of one's own has `sizes`, `strategies` and `parameters`; all else has a default that is right for it.

    * `strategies(theta)` gives for every player a strategy of the shape that the game asks for (`strategy_shapes` of
      the game): `[a_i]` in a one-shot game, `[rows, a_i]` over states or information sets, a point `[d_i]` of a game
      with continuous actions. It is differentiated, and is written with `jax.numpy`. What is no probability where one
      is asked for is refused before anything is compiled.
    * `parameters(strategies)` goes the other way, for starts given as strategies; where several parameters give the
      same strategies it chooses one. What cannot be inverted raises `InputError`.
    * Where what players say depends on others' parameters, `reads_others` finds it out; targets are then all pure
      profiles of a small game, since such players may come to rest at any.
    * `log_strategies` and `log_weights` are for what is known more exactly near pure strategies; `costs` for what
      players pay for how they play; `domain`, `forms`, `within`, `linear` for structure that closed forms, proofs and
      starts make use of. Where they stay as they are, results are measured, and what only has a closed form is refused.

    `nashscape.parametric(game, semantics)` puts both together; `nashscape.testing.check_semantics` looks whether one's
    own does what is said here.

    Example:
        >>> import dataclasses, jax, jax.numpy as jnp
        >>> from nashscape import alignment, games, parametric, pg, simulate
        >>> from nashscape.semantics import Semantics
        >>> @jax.tree_util.register_dataclass
        ... @dataclasses.dataclass(frozen=True)
        ... class Trembling(Semantics):   # with this probability players draw any action
        ...     error: float
        ...     @property
        ...     def sizes(self):
        ...         return (1, 1)
        ...     def strategies(self, theta):
        ...         first = self.error / 2 + (1 - self.error) * jax.nn.sigmoid(theta)
        ...         return tuple(jnp.stack([p, 1 - p]) for p in first)
        ...     def parameters(self, strategies):
        ...         wanted = jnp.stack([(own[0] - self.error / 2) / (1 - self.error) for own in strategies])
        ...         return jnp.log(wanted) - jnp.log1p(-wanted)
        >>> learners = parametric(games.stag_hunt(), Trembling(0.2))
        >>> [own.round(3).tolist() for own in learners.strategies(jnp.zeros(2))]
        [[0.5, 0.5], [0.5, 0.5]]
        >>> simulate(learners, pg(), [0.8, 0.85], steps=200).strategies[0][-1].round(1).tolist()
        [0.9, 0.1]
    """

    domain: ClassVar[str] = "logits"
    """What parameters are: "logits", which may be anything and are kept in a box, "points" of a game with
    continuous actions, or "simplex", probabilities themselves."""

    normalised: ClassVar[bool] = False
    """Whether strategies are probabilities by construction. Those of other semantics are looked at before use."""

    forms: tuple[str, ...] | None = None
    """Where every player plays the "sigmoid" or the "softmax" of its own parameters, which of them, `[n]`."""

    within: "Semantics | None" = None
    """Where every player has a strategy in each of its `rows`, the semantics in a row."""

    linear: bool = False
    """Whether strategies are those of a semantics `inner` at the logits `matrix @ theta + bias`."""

    @property
    def sigmoids(self) -> bool:
        """Whether every player plays the sigmoid of one logit, as the closed forms have it."""
        return self.forms is not None and set(self.forms) == {"sigmoid"}

    @property
    def reads_others(self) -> bool:
        """Whether strategies depend on the parameters of other players. Overridden where it is known."""
        return who_reads(self) is not None

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """The publications to cite for it: where players read each other, that of such games."""
        return (citations.OPEN_SOURCE,) if self.reads_others else ()

    @property
    @abc.abstractmethod
    def sizes(self) -> tuple[int, ...]:
        """How many parameters each player has."""

    @abc.abstractmethod
    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Strategies `σ_i(θ)` of the shapes that the game asks for; `theta` is flat, `[sum(sizes)]`."""

    @abc.abstractmethod
    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """A flat profile of parameters under which the players play the given interior strategies."""

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms of the strategies. Overridden where they are known more exactly near the pure ones."""
        return tuple(jnp.log(strategy) for strategy in self.strategies(theta))

    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms of the strategies up to a constant per row: their differences are log-odds, exact near pure ones.

        Minus infinity is an action that is never taken. Overridden where logits are at hand.
        """
        return self.log_strategies(theta)

    @property
    def costs_vary(self) -> bool:
        """Whether what players pay depends on their parameters, so that it has gradients."""
        return False

    def costs(self, theta: jax.Array) -> jax.Array | None:
        """What players pay besides the game, in payoff units, `[n]`; None where nobody pays anything."""
        return None

    @property
    def dimension(self) -> int:
        """The number of parameters of all players together."""
        return sum(self.sizes)

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the strategies, found by tracing. Overridden where they are known, which is faster."""
        made = jax.eval_shape(self.strategies, jax.ShapeDtypeStruct((self.dimension,), "float32"))
        return tuple(strategy.shape for strategy in made)

    @property
    def slices(self) -> tuple[slice, ...]:
        """Where each player's parameters lie in the flat profile."""
        starts = [sum(self.sizes[:i]) for i in range(len(self.sizes))]
        return tuple(slice(start, start + size) for start, size in zip(starts, self.sizes, strict=True))

    def split(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The flat profile cut into one vector per player."""
        return tuple(theta[part] for part in self.slices)


def is_semantics(value: Any) -> "TypeIs[Semantics]":
    """Whether a value is a semantics."""
    return isinstance(value, Semantics)  # class: the base that all of them derive from


def has_forms(semantics: Any) -> "TypeIs[Independent]":
    """Whether every player plays a sigmoid or softmax of its own parameters."""
    return getattr(semantics, "forms", None) is not None


def has_rows_within(semantics: Any) -> "TypeIs[PerState]":
    """Whether every player has a strategy of its own in each of several rows."""
    return getattr(semantics, "within", None) is not None


def is_linear(semantics: Any) -> "TypeIs[Coupled]":
    """Whether strategies are those of an inner semantics at linear functions of all parameters."""
    return bool(getattr(semantics, "linear", False))


def who_reads(semantics: Semantics) -> int | None:
    """The first player whose strategy depends on the parameters of others, found out at a few profiles; or None."""
    check_pytree(semantics, "semantics")
    notice(semantics)
    profiles = np.random.default_rng(0).normal(size=(3, semantics.dimension)).astype(np.float32)
    for player, (slope, own) in enumerate(zip(_slopes(semantics, profiles), semantics.slices, strict=True)):
        if np.any(np.delete(np.asarray(slope), own, axis=-1)):
            return player
    return None


@jax.jit
def _slopes(semantics: Semantics, profiles: jax.Array) -> tuple[jax.Array, ...]:
    return jax.vmap(jax.jacfwd(semantics.strategies))(profiles)
