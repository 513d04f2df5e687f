"""Heads: what numbers of a policy say of actions. Categorical over finitely many, Gaussian over points."""

import functools
from dataclasses import dataclass
from typing import Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.environments.spaces import Space, is_discrete

FEW = 8
"""So many numbers are written out one by one: loops over short axes of many rounds are not vectorised on a CPU."""

UNLIKELY = -1e9
"""The logit of what is not legal: its probability is zero in every precision, and its gradients are numbers."""


class Head(Protocol):
    """From the numbers that a policy gives to a distribution over actions. Static: it holds no array.

    All functions are of one player in one round; who has many uses `jax.vmap`. `legal` is `[a]` or None.
    """

    @property
    def size(self) -> int:
        """How many numbers it takes."""

    def sample(self, key: jax.Array, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """An action as drawn: this is what is remembered, together with its own log-probability."""

    def mode(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """The likeliest action."""

    def played(self, action: jax.Array) -> jax.Array:
        """What of a drawn action goes into the environment: the nearest one within its bounds."""

    def log_prob(self, numbers: jax.Array, action: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """The logarithm of the probability, or density, of an action as drawn."""

    def entropy(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """The entropy, in nats."""


@dataclass(frozen=True)
class Categorical:
    """The softmax of one logit for every action; actions that are not legal are never taken.

    >>> head = Categorical(3)
    >>> print(f"{head.log_prob(jnp.zeros(3), jnp.int32(1), jnp.array([True, True, False])):.4f}")
    -0.6931
    """

    size: int

    def sample(self, key: jax.Array, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """An action drawn, int32: the first to arrive, where action k arrives at the rate of its probability."""
        logits = _masked(numbers, legal)
        rates = jnp.exp(logits - _largest(logits))
        arrivals = jax.random.exponential(key, logits.shape, logits.dtype) / jnp.where(rates > 0, rates, 1.0)
        return _first_of_largest(jnp.where(rates > 0, -arrivals, -jnp.inf))

    def mode(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """The first of the likeliest."""
        return _first_of_largest(_masked(numbers, legal))

    def played(self, action: jax.Array) -> jax.Array:
        """The action itself."""
        return action

    def log_prob(self, numbers: jax.Array, action: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """`log softmax(numbers)[action]` among the legal ones."""
        logs = self.log_probabilities(numbers, legal)
        if self.size > FEW:
            return jnp.take_along_axis(logs, action[None], axis=0)[0]
        return _sum([jnp.where(action == k, log, 0.0) for k, log in enumerate(logs)])

    def entropy(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """`−Σ p log p` over the legal ones."""
        logs = self.log_probabilities(numbers, legal)
        own = jnp.exp(logs) * logs
        return -_sum(own if legal is None else jnp.where(legal, own, 0.0))

    def log_probabilities(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """Of all actions, `[a]`."""
        logits = _masked(numbers, legal)
        shifted = logits - _largest(logits)
        return shifted - jnp.log(_sum(jnp.exp(shifted)))


@dataclass(frozen=True)
class Gaussian:
    """Independent normal coordinates: of d of them d means, then d logarithms of standard deviations.

    What is drawn is kept as it is, with its own density, and clipped only on its way into the environment.

    Attributes:
        low: least coordinates that may be played, `[d]`.
        high: largest ones.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def size(self) -> int:
        """Two numbers for every coordinate."""
        return 2 * len(self.low)

    def sample(self, key: jax.Array, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """A point drawn, `[d]`, not clipped."""
        mean, spread = _normal(numbers)
        return mean + jnp.exp(spread) * jax.random.normal(key, mean.shape, mean.dtype)

    def mode(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """The mean."""
        return _normal(numbers)[0]

    def played(self, action: jax.Array) -> jax.Array:
        """The nearest point within bounds."""
        return jnp.clip(action, jnp.asarray(self.low, action.dtype), jnp.asarray(self.high, action.dtype))

    def log_prob(self, numbers: jax.Array, action: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """`Σ log N(action; mean, sd)`.

        >>> Gaussian((-1.0,), (1.0,)).log_prob(jnp.zeros(2), jnp.array([1.7])).round(5).item()
        -2.36394...
        """
        mean, spread = _normal(numbers)
        scaled = (action - mean) * jnp.exp(-spread)
        return jnp.sum(-0.5 * scaled**2 - spread - 0.5 * np.log(2 * np.pi))

    def entropy(self, numbers: jax.Array, legal: jax.Array | None = None) -> jax.Array:
        """`Σ (log sd + ½ log 2πe)`."""
        return jnp.sum(_normal(numbers)[1] + 0.5 * np.log(2 * np.pi * np.e))


def head_of(space: Space) -> Head:
    """The head that fits a space of actions: categorical where it is discrete, else Gaussian over its coordinates."""
    return Categorical(space.n) if is_discrete(space) else Gaussian(space.low, space.high)  # type: ignore[union-attr]


def _masked(numbers: jax.Array, legal: jax.Array | None) -> jax.Array:
    return numbers if legal is None else jnp.where(legal, numbers, jnp.asarray(UNLIKELY, numbers.dtype))


def _largest(values: jax.Array) -> jax.Array:
    """The largest, as a constant: what it is subtracted from does not depend on it."""
    made = functools.reduce(jnp.maximum, values) if len(values) <= FEW else jnp.max(values)
    return lax.stop_gradient(made)


def _sum(values: jax.Array | list[jax.Array]) -> jax.Array:
    return functools.reduce(jnp.add, values) if len(values) <= FEW else jnp.sum(jnp.asarray(values))


def _first_of_largest(values: jax.Array) -> jax.Array:
    """The number of the first of the largest entries, int32."""
    if len(values) > FEW:
        return jnp.argmax(values).astype(jnp.int32)
    best, place = values[0], jnp.int32(0)
    for k in range(1, len(values)):
        place = jnp.where(values[k] > best, jnp.int32(k), place)
        best = jnp.maximum(best, values[k])
    return place


def _normal(numbers: jax.Array) -> tuple[jax.Array, jax.Array]:
    half = numbers.shape[-1] // 2
    return numbers[:half], numbers[half:]
