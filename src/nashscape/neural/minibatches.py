"""What an update learns from, and how it is dealt out: every round once in an epoch, in an order of its own."""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.learning.plays.records import Plays


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Lesson:
    """Rounds that were played, and what is to be learnt from them. Arrays are `[T, B, n]` but for the plays.

    Attributes:
        plays: the rounds.
        advantages: of every player.
        values: what critics said when the rounds were played.
        targets: what they should have said.
    """

    plays: Plays
    advantages: jax.Array
    values: jax.Array
    targets: jax.Array

    def loose(self) -> "Lesson":
        """The same with every round an episode of its own, `[1, TB, …]`, where players remember nothing."""
        bare = replace(self, plays=replace(self.plays, measures={}))
        if jax.tree.leaves(self.plays.memory):
            return bare
        return jax.tree.map(lambda own: own.reshape(1, -1, *own.shape[2:]), bare)

    def columns(self, which: jax.Array) -> "Lesson":
        """Some of the episodes, whole numbers `[k]`."""
        bare = replace(self, plays=replace(self.plays, memory=()))
        chosen = jax.tree.map(lambda own: own[:, which], bare)
        memory = jax.tree.map(lambda own: own[which], self.plays.memory)
        return replace(chosen, plays=replace(chosen.plays, memory=memory))

    @property
    def width(self) -> int:
        """How many episodes there are side by side."""
        return int(self.advantages.shape[1])


def dealt(key: jax.Array, width: int, minibatches: int, remember: bool) -> jax.Array:
    """Which columns every minibatch of an epoch holds, `[minibatches, width / minibatches]`: each column once.

    Raises:
        InputError: where they cannot be dealt out evenly.
    """
    if width % minibatches:
        what = "episodes side by side, which players who remember need whole" if remember else "rounds"
        raise InputError(
            f"{width} {what} cannot be dealt out to {minibatches} minibatches evenly; choose a number that divides them"
        )
    if minibatches == 1:
        return jnp.arange(width)[None]
    return jax.random.permutation(key, width).reshape(minibatches, -1)


@dataclass(frozen=True)
class Budget:
    """How many updates a number of rounds is enough for. Made by `budget`.

    Attributes:
        requested: rounds that were asked for.
        played: rounds that are played, a multiple of those of an update, at most so many.
        updates: of the rule.
        gradient_steps: of its optimisers, over all updates.
    """

    requested: int
    played: int
    updates: int
    gradient_steps: int


@public()
def budget(requested: int, *, batch: int, rounds: int, epochs: int = 1, minibatches: int = 1) -> Budget:
    """How many updates, gradient steps and rounds come of a number of rounds: what is left over is not played.

    Args:
        requested: rounds of the environment to be played in all, over all episodes side by side.
        batch: B, episodes side by side.
        rounds: T, rounds of each before an update.
        epochs: of the rule.
        minibatches: of the rule.

    Raises:
        InputError: where there are too few for a single update.

    Example:
        >>> budget(10_000, batch=4, rounds=128, epochs=10, minibatches=32)
        Budget(requested=10000, played=9728, updates=19, gradient_steps=6080)
    """
    updates = requested // (batch * rounds)
    if updates < 1:
        raise InputError(
            f"an update takes {batch * rounds} rounds, {rounds} of each of {batch} episodes; got {requested}"
        )
    return Budget(requested, updates * batch * rounds, updates, updates * epochs * minibatches)
