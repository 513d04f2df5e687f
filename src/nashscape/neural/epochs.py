"""Epochs of minibatches: every step raises all policies and improves all critics, each by its own gradient."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.learning.terms import player_slices
from nashscape.neural.critics import Critics
from nashscape.neural.minibatches import Lesson, dealt
from nashscape.neural.objectives import Told, critic_loss, policy_objective
from nashscape.neural.optimising import Moments, directions
from nashscape.semantics.acting import Acting

Now = TypeVar("Now")

MOST = 1e6
"""The largest length of a correction over that of the policy gradient that is told."""


def in_epochs(
    step: Callable[[Now, Lesson], tuple[Now, Told]],
    lesson: Lesson,
    key: jax.Array,
    start: Now,
    epochs: int,
    minibatches: int,
) -> tuple[Now, Told]:
    """Steps of all minibatches, each round once in an epoch, and means of what is told over all of them.

    Args:
        step: what one minibatch changes, and what is told of it.
        lesson: what is learnt from.
        key: which random orders.
        start: what is changed.
        epochs: how often every round is learnt from.
        minibatches: into how many parts the rounds are dealt out.

    Raises:
        InputError: where they cannot be dealt out evenly.
    """
    remember, loose = bool(jax.tree.leaves(lesson.plays.memory)), lesson.loose()

    def epoch(now: Now, number: jax.Array) -> tuple[Now, Told]:
        order = dealt(jax.random.fold_in(key, number), loose.width, minibatches, remember)
        return lax.scan(lambda own, which: step(own, loose.columns(which)), now, order)

    end, told = lax.scan(epoch, start, jnp.arange(epochs))
    return end, jax.tree.map(lambda own: jnp.mean(own, axis=(0, 1)), told)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Learned:
    """What a step of a minibatch changes.

    Attributes:
        theta: weights of all policies, `[d]`.
        critics: weights of every critic.
        policy_moments: what the optimiser of every player's policy remembers.
        critic_moments: what the optimiser of every critic remembers.
    """

    theta: jax.Array
    critics: tuple[jax.Array, ...]
    policy_moments: Moments
    critic_moments: Moments


@dataclass(frozen=True)
class Teaching:
    """What stays the same during the epochs of an update.

    Attributes:
        policies: of all players.
        critics: of all players.
        played: weights under which the rounds were played, `[d]`.
        corrections: what is added to the policy gradient of every minibatch, `[d]`, by name.
        numbers: the rule: its clips, coefficients and the like.
        entropy: coefficient of the entropy at this update.
        rates: learning rates of policies and of critics at this update.
    """

    policies: Acting
    critics: Critics
    played: jax.Array
    corrections: dict[str, jax.Array]
    numbers: Any
    entropy: Any
    rates: tuple[Any, Any]

    def epochs(self, lesson: Lesson, key: jax.Array, start: Learned) -> tuple[Learned, Told]:
        """All epochs, and what is told of them, `[n]` each."""
        end, told = in_epochs(self.step, lesson, key, start, self.numbers.epochs, self.numbers.minibatches)
        # a ratio of means: in a single minibatch a policy gradient may vanish
        parts, usual = player_slices(self.policies.sizes), told.pop("gradient")
        return end, {**told, **{name: relative(_norms(own, parts), usual) for name, own in self.corrections.items()}}

    def step(self, now: Learned, lesson: Lesson) -> tuple[Learned, Told]:
        """What one minibatch changes, and what is told of it."""
        gradient, told = self.policy_gradient(now.theta, lesson)
        parts = player_slices(self.policies.sizes)
        raised = sum(self.corrections.values(), start=gradient)
        name, longest = self.numbers.optimiser, self.numbers.max_norm
        along, policy_moments = directions(name, longest, [raised[own] for own in parts], now.policy_moments)
        slopes, losses = self.critic_gradients(now.critics, lesson)
        down, critic_moments = directions(name, longest, slopes, now.critic_moments)
        rate, critic_rate = (jnp.asarray(own, now.theta.dtype) for own in self.rates)
        after = Learned(
            theta=now.theta + rate * jnp.concatenate(along),
            critics=tuple(own - critic_rate * slope for own, slope in zip(now.critics, down, strict=True)),
            policy_moments=policy_moments,
            critic_moments=critic_moments,
        )
        return after, {**told, "value_loss": losses, "gradient": _norms(gradient, parts)}

    def policy_gradient(self, theta: jax.Array, lesson: Lesson) -> tuple[jax.Array, Told]:
        """Of every player the gradient of its own surrogate and entropy, `[d]`, corrections not included."""
        numbers = self.numbers

        def objective(theta: jax.Array) -> tuple[jax.Array, Told]:
            return policy_objective(
                self.policies, theta, self.played, lesson,
                clip=numbers.clip, entropy=self.entropy, normalise=numbers.normalise,
            )  # fmt: skip

        return jax.grad(objective, has_aux=True)(theta)

    def critic_gradients(self, critics: tuple[jax.Array, ...], lesson: Lesson) -> tuple[Any, jax.Array]:
        """Of every critic the gradient of its loss, and the loss of every player, `[n]`."""
        if not critics:
            return (), jnp.zeros(lesson.targets.shape[-1], lesson.targets.dtype)
        return jax.grad(critic_loss, argnums=1, has_aux=True)(self.critics, critics, lesson, self.numbers.value_clip)


def _norms(flat: jax.Array, parts: tuple[slice, ...]) -> jax.Array:
    """Of every player's part, `[n]`."""
    return jnp.stack([jnp.linalg.norm(flat[own]) for own in parts])


def relative(norms: jax.Array, usual: jax.Array) -> jax.Array:
    """Norms of a correction over those of policy gradients, `MOST` at most: these may vanish, as may both.

    >>> relative(jnp.array([1.0, 3.0, 0.0]), jnp.array([2.0, 0.0, 0.0])).tolist()
    [0.5, 1000000.0, 0.0]
    """
    return jnp.where(norms > MOST * usual, MOST, norms / jnp.where(usual > 0.0, usual, 1.0))
