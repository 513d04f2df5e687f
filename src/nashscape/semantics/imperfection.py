"""Semantics whose players read each other imperfectly: mean strategies over what they read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core.overriding import override
from nashscape.semantics.inversion import solve
from nashscape.semantics.means import mixture
from nashscape.semantics.reading import Reading
from nashscape.semantics.reading_noise import Noise, Quiet
from nashscape.semantics.semantics import Semantics


@dataclass(frozen=True, eq=False)
class Imperfect(Semantics):
    """A semantics whose players read each other imperfectly. Made by `imperfect`, which says what that means.

    `σ̄_i(θ) = q_i E σ_i(θ_i, what i reads of θ_-i) + (1 − q_i) σ_i(θ_i, 0)`. Players read independently of each other,
    so that with these strategies the expected payoffs are those over all readings.

    Attributes:
        inner: the semantics under perfect reading.
        reading: what is read, noise apart.
        noise: the noise in it.
        reads: `q_i`, `[n]`; None where everybody always reads.
        price: what reading costs each player, in payoff units, `[n]`; None where it is free.
        chosen: whether `q_i = 1/(1 + exp(−r_i))` with `r_i` the last parameter of player i.
        expectation: how the mean over readings is taken.
    """

    inner: Semantics
    reading: Reading
    noise: Noise
    reads: Any
    price: Any
    chosen: bool
    expectation: str

    @property
    def normalised(self) -> bool:  # type: ignore[override]
        """Whether those under perfect reading are."""
        return self.inner.normalised

    @property
    def reads_others(self) -> bool:
        """Whether the strategies inside do."""
        return self.inner.reads_others

    @property
    def sizes(self) -> tuple[int, ...]:
        """Those under perfect reading, and one more where reading is chosen."""
        return tuple(size + self.chosen for size in self.inner.sizes)

    @property
    @override
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.inner.strategy_shapes

    @property
    def costs_vary(self) -> bool:
        """Where reading is chosen and costs something."""
        return self.chosen and self.price is not None

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Mean strategies over all readings."""
        return tuple(self._mean(theta, player, False) for player in range(len(self.sizes)))

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Their logarithms, exact where a probability rounds to zero."""
        return tuple(self._mean(theta, player, True) for player in range(len(self.sizes)))

    def readings(self, theta: jax.Array) -> jax.Array | None:
        """The probability with which each player reads, `[n]`; None where everybody always does."""
        if self.chosen:
            return jax.nn.sigmoid(jnp.concatenate([own[-1:] for own in self.split(theta)]))
        return None if self.reads is None else jnp.asarray(self.reads, theta.dtype)

    def costs(self, theta: jax.Array) -> jax.Array | None:
        """What reading costs each player at these parameters, `[n]`; None where it is free."""
        if self.price is None:
            return None
        price, often = jnp.asarray(self.price, theta.dtype), self.readings(theta)
        return price if often is None else price * often

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """Parameters under which the mean strategies are as given, by Newton's method from those of perfect reading.

        Where reading is chosen players read with probability one half. Not every profile can be played: rounded
        readings leave gaps. Then these are the parameters at which the search came closest, in logits.
        """
        # as arrays of the present precision, which JAX does not make of NumPy's wherever it maps a compiled function
        return _closest(jax.tree.map(jnp.asarray, self), tuple(jnp.asarray(strategy) for strategy in strategies))

    def with_choice(self, inner: jax.Array) -> jax.Array:
        """The parameters of the semantics inside, where reading is chosen with a zero for each player."""
        if not self.chosen:
            return inner
        zero = jnp.zeros(1, inner.dtype)
        return jnp.concatenate([part for own in self.inner.split(inner) for part in (own, zero)])

    def _mean(self, theta: jax.Array, player: int, logs: bool) -> jax.Array:
        """The mean strategy of a player over its readings, or its logarithms."""
        often = self.readings(theta)
        inner = jnp.concatenate([own[:-1] for own in self.split(theta)]) if self.chosen else theta
        profiles, weights = self.reading.profiles(inner, player)
        values = jax.vmap(lambda read: self.noise.mean(self.inner, player, read, logs))(profiles)
        if often is not None:
            blind = Quiet().mean(self.inner, player, self.reading.nothing(inner, player), logs)
            values = jnp.concatenate([values, blind[None]])
            weights = jnp.concatenate([often[player] * weights, 1.0 - often[player : player + 1]])
        return values[0] if len(weights) == 1 else mixture(weights, values, logs)


jax.tree_util.register_dataclass(
    Imperfect,
    data_fields=["inner", "reading", "noise", "reads", "price"],
    meta_fields=["chosen", "expectation"],
)


@jax.jit
def _closest(semantics: Imperfect, strategies: tuple[jax.Array, ...]) -> jax.Array:
    """See `Imperfect.parameters`; compiled, so that many calls share one program."""
    if semantics.reading.rounding == "straight-through":  # derivatives of what is really played
        semantics = replace(semantics, reading=replace(semantics.reading, rounding="nearest"))
    wanted = _flat_logits([jnp.log(strategy) for strategy in strategies])

    def miss(inner: jax.Array) -> jax.Array:
        return _flat_logits(semantics.log_strategies(semantics.with_choice(inner))) - wanted

    return semantics.with_choice(solve(miss, semantics.inner.parameters(strategies)))


def _flat_logits(logs: Sequence[jax.Array]) -> jax.Array:
    """Log probabilities less their mean over actions, of all players in one vector."""
    return jnp.concatenate([(own - jnp.mean(own, axis=-1, keepdims=True)).ravel() for own in logs])
