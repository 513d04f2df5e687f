"""Targets: sets of strategies that a run can be said to have reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number
from nashscape.games import DenseGame

THRESHOLD = 0.82
"""Probability of the target's action that counts as reached; the one of arXiv 2605.18078."""


@dataclass(frozen=True)
class Target:
    """The strategies under which every player plays the action of a pure profile with at least a probability.

    Attributes:
        name: how tables call it, "CC".
        profile: one action index per player.
        threshold: the least probability of that action, for every player.
    """

    name: str
    profile: tuple[int, ...]
    threshold: float = THRESHOLD

    def contains(self, strategies: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
        """Whether profiles lie in the target; `strategies[i]` has shape `[..., a_i]`."""
        inside = [own[..., action] >= self.threshold for own, action in zip(strategies, self.profile, strict=True)]
        return np.asarray(np.logical_and.reduce(inside))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LowerBounds:
    """A target as a compiled program sees it: the least probability of every action, zero where any will do."""

    lower: tuple[Any, ...]

    def contains(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """Whether one profile, of shapes `[a_i]`, lies in the target."""
        return jnp.stack([jnp.all(own >= low) for own, low in zip(strategies, self.lower, strict=True)]).all()


def lower_bounds(shape: Sequence[int], target: Target | None) -> LowerBounds:
    """The bounds of a target, or of a set that nothing reaches where there is no target."""
    if target is None:
        return LowerBounds(tuple(np.full(actions, 2.0) for actions in shape))
    return LowerBounds(
        tuple(
            np.where(np.arange(actions) == action, target.threshold, 0.0)
            for actions, action in zip(shape, target.profile, strict=True)
        )
    )


def as_target(game: DenseGame, value: Any, threshold: float = THRESHOLD) -> Target:
    """A target from a profile: "CC", ("C", "D"), (0, 1), or a target already made.

    >>> from nashscape import games
    >>> as_target(games.stag_hunt(), "CC")
    Target(name='CC', profile=(0, 0), threshold=0.82)

    Raises:
        InputError: when it is not a profile of the game, or the threshold is not above one half: two different
            targets would then overlap.
    """
    if isinstance(value, Target):
        return replace(as_target(game, value.profile, value.threshold), name=value.name)
    threshold = finite_number(threshold, "threshold", low=0.5, high=1.0, low_open=True)
    profile = game.profile(value)
    return Target(game.profile_name(profile), profile, threshold)
