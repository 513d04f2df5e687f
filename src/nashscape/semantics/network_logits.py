"""What all networks of the profile share: from logits to strategies, and back by solving equations."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import InputError, positive_integer
from nashscape.core.overriding import override
from nashscape.semantics.callables import Held, hold, output_shape
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.inversion import solve
from nashscape.semantics.semantics import Semantics


@dataclass(frozen=True, eq=False)
class NetworkLogits(Semantics):
    """Strategies that are sigmoids and softmaxes of logits `z_i = f_i(θ_i, θ_{-i})`.

    Attributes:
        inner: how logits become strategies.
    """

    inner: Independent

    normalised: ClassVar[bool] = True

    @abc.abstractmethod
    def logits(self, theta: jax.Array) -> jax.Array:
        """The logits of all players, one after another, for a flat profile."""

    @property
    def reads_others(self) -> bool:
        """By what it is for, whatever the numbers."""
        return True

    @property
    @abc.abstractmethod
    def origin(self) -> jax.Array:
        """Where the search for parameters begins, `[d]`."""

    @property
    @override
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.inner.strategy_shapes

    @override
    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.strategies(self.logits(theta))

    @override
    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.log_strategies(self.logits(theta))

    @override
    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.log_weights(self.logits(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """Parameters near `origin` under which the strategies are played, by Newton's steps on the logits.

        There may be others, and where a network's logits are bounded there may be none: then it is where the search
        ended, and whoever asks has to look.
        """
        wanted = self.inner.parameters([jnp.asarray(own) for own in strategies])
        # as arrays of JAX: arrays of NumPy would not take part in its choice of precision under vmap
        return _solved(jax.tree.map(jnp.asarray, self), wanted)

    def _others(self, theta: jax.Array) -> list[jax.Array]:
        """For every player the others' parameters, `[n − 1, d]` in the order of players, filled up with zeros."""
        rows, longest = self.split(theta), max(self.sizes)
        table = jnp.stack([jnp.pad(row, (0, longest - len(row))) if len(row) < longest else row for row in rows])
        return [jnp.concatenate([table[:i], table[i + 1 :]]) for i in range(len(rows))]


@jax.jit
def _solved(semantics: NetworkLogits, wanted: jax.Array) -> jax.Array:
    def miss(theta: jax.Array) -> jax.Array:
        return _without_mean(semantics.logits(theta), semantics.inner) - wanted

    return solve(miss, jnp.asarray(semantics.origin, wanted.dtype))


def _without_mean(logits: jax.Array, inner: Independent) -> jax.Array:
    """Logits, those of softmaxes less their mean, which plays no part."""
    rows = zip(inner.split(logits), inner.forms, strict=True)
    return jnp.concatenate([own if form == "sigmoid" else own - jnp.mean(own) for own, form in rows])


# --- what is asked at the door ----------------------------------------------------------------------------


def players_of(shape: Sequence[int], form: str | Sequence[str] | None) -> Independent:
    """How logits become strategies, for at least two players."""
    inner = independent(shape, form)
    if len(inner.shape) < 2:
        raise InputError("networks that read the others need two players at least; use independent semantics for one")
    return inner


def counts_of(sizes: int | Sequence[int] | None, usual: tuple[int, ...]) -> tuple[int, ...]:
    """The number of parameters of every player."""
    if sizes is None:
        return usual
    given = tuple(sizes) if isinstance(sizes, Sequence) else (sizes,) * len(usual)
    if len(given) != len(usual):
        raise InputError(f"there are {len(usual)} players but {len(given)} sizes; give one number for all or one each")
    return tuple(positive_integer(count, "number of parameters of a player") for count in given)


def held_by_players(network: Any, n: int) -> tuple[Held, ...]:
    """One network for all, or one each."""
    if not isinstance(network, list | tuple):
        return (hold(network, "network"),)
    if len(network) != n:
        raise InputError(f"there are {n} players but {len(network)} networks; give one for all or one each")
    return tuple(hold(own, f"network of player {i + 1}") for i, own in enumerate(network))


def check_logits(function: Held, player: int, inner: Independent, *inputs: tuple[int, ...]) -> None:
    """Raise `InputError` unless the player's network takes such inputs and gives the player's logits.

    A single logit may come without an axis.
    """
    made, wanted = output_shape(function, f"the network of player {player + 1}", *inputs), inner.sizes[player]
    if made != (wanted,) and not (wanted == 1 and made == ()):
        needed = "one logit" if wanted == 1 else f"{wanted} logits, one per action"
        raise InputError(
            f"the network of player {player + 1} gives an array of shape {made}; a {inner.forms[player]} of "
            f"{inner.shape[player]} actions needs {needed}, of shape ({wanted},)"
        )
