"""Players whose numbers are values of actions: how they explore is a part of how they play."""

import abc
from collections.abc import Sequence
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError
from nashscape.core.overriding import override
from nashscape.learning.plays.records import Plays
from nashscape.semantics.acting import Acting, acts
from nashscape.semantics.heads import Head


class PlayedValues(Acting):
    """Players who look at values `Q_i(o_i, ·)` of their actions and explore beside.

    Where exploration is *scheduled* every player has one weight more, its last: the share of the exploration that is
    left, at first 1. It decides behaviour, so it lies in θ; a rule such as `q_learning` writes it, and no gradient
    moves it.

    One's own has `inner`, policies whose numbers are the values, `scheduled`, and `explored`.
    """

    inner: Acting
    scheduled: bool
    maskable: ClassVar[bool] = False
    """Whether a softmax of what is legal among the logits is what is meant where some actions are not."""

    @abc.abstractmethod
    def explored(self, values: jax.Array, share: Any) -> jax.Array:
        """Logits of a player's actions, `[a_i]`, of its values and the share of the exploration that is left."""

    @property
    def reads_others(self) -> bool:
        """As the inner policies."""
        return self.inner.reads_others

    @property
    @override
    def sizes(self) -> tuple[int, ...]:
        return tuple(own + self.scheduled for own in self.inner.sizes)

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

    def parts(self, theta: jax.Array) -> tuple[jax.Array, tuple[Any, ...]]:
        """The weights of the inner policies, `[d′]`, and every player's share of the exploration."""
        if not self.scheduled:
            return theta, (1.0,) * len(self.sizes)
        own = self.split(theta)
        return jnp.concatenate([one[:-1] for one in own]), tuple(lax.stop_gradient(one[-1]) for one in own)

    def whole(self, inner: jax.Array, shares: Sequence[Any]) -> jax.Array:
        """The reverse of `parts`, `[d]`."""
        if not self.scheduled:
            return inner
        left = [jnp.reshape(jnp.asarray(own, inner.dtype), (1,)) for own in shares]
        return jnp.concatenate([part for both in zip(self.inner.split(inner), left, strict=True) for part in both])

    @override
    def outputs(
        self, theta: jax.Array, observations: tuple[jax.Array, ...], memory: tuple[Any, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[Any, ...]]:
        weights, shares = self.parts(theta)
        values, after = self.inner.outputs(weights, observations, memory)
        return tuple(map(self.explored, values, shares)), after

    def initial(self, key: jax.Array) -> jax.Array:
        """Random weights to start from, `[d]`, as those of the inner policies, with all of the exploration."""
        inner: Any = self.inner
        return self.whole(inner.initial(key), (1.0,) * len(self.sizes))


def check_finite_actions(policies: Any) -> None:
    """Refuse what has no values of single actions.

    Raises:
        InputError: for what are no policies, and players who choose points.
    """
    if not acts(policies):
        raise InputError(f"expected policies such as neural.perceptrons(environment); got {policies!r}")
    for i, head in enumerate(policies.heads):
        if hasattr(head, "low"):
            raise InputError(f"player {i + 1} chooses points, and values are those of finitely many actions; use ppo")


def check_values(game: Any, rule: str) -> None:
    """Refuse players whose numbers are no values, or who remember.

    Args:
        game: learners, an environment and policies.
        rule: the name of the rule that learns values.

    Raises:
        InputError: which says what players the rule is for.
    """
    if not hasattr(game.semantics, "explored"):
        raise InputError(
            f"{rule} learns values of actions, which these players do not play by: give them those, as in "
            "neural.soft_values(neural.perceptrons(environment), temperature=0.1)"
        )
    if jax.tree.leaves(game.semantics.memory()):
        raise InputError(f"{rule} is for players who act on what they see, as perceptrons; these remember")


def check_all_legal(plays: Plays, rule: str) -> None:
    """Refuse rounds in which some actions were not legal.

    Raises:
        InputError: since nobody knows which will be legal after the last round.
    """
    if any(own is not None for own in plays.legal):
        raise InputError(f"{rule} does not know which actions will be legal after the last round; use ppo")


def masked(values: jax.Array, legal: jax.Array | None) -> jax.Array:
    """The same values, with those of actions that are not legal below all others."""
    return values if legal is None else jnp.where(legal, values, -jnp.inf)


def chosen(values: Sequence[jax.Array], actions: Sequence[jax.Array]) -> list[jax.Array]:
    """Of every player the value of what it did, `[T, B]`."""
    return [
        jnp.take_along_axis(own, action[..., None], axis=-1)[..., 0]
        for own, action in zip(values, actions, strict=True)
    ]
