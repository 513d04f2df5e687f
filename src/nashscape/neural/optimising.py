"""The optimisers of a rule: one for every player's weights, so that no player's gradient shortens another's step."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import jax
import optax

EPSILON = 1e-5
"""What Adam adds to the root of its second moment, as published results of policy gradients have it."""

FORGETS = 0.99
"""What RMSprop keeps of its second moment in a step."""

Moments = tuple[Any, ...]

DIRECTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "adam": lambda: optax.scale_by_adam(eps=EPSILON),
        "rmsprop": lambda: optax.scale_by_rms(decay=FORGETS, eps=EPSILON),
        "sgd": optax.identity,
    }
)
"""What Optax makes of a gradient, before the learning rate."""


def first_moments(name: str, parts: Sequence[jax.Array]) -> Moments:
    """What the optimisers of several vectors remember before the first step."""
    return tuple(_chain(name, None).init(part) for part in parts)


def directions(
    name: str, max_norm: Any, gradients: Sequence[jax.Array], moments: Moments
) -> tuple[list[jax.Array], Moments]:
    """Of every gradient, shortened to `max_norm` by itself, what is to be moved along per unit of learning rate.

    Args:
        name: of the optimiser.
        max_norm: longest gradient, None for any.
        gradients: flat vectors: one for each player, or for each critic.
        moments: what the optimisers remember.
    """
    chain, made, after = _chain(name, max_norm), [], []
    for gradient, own in zip(gradients, moments, strict=True):
        along, kept = chain.update(gradient, own)
        made.append(along)
        after.append(kept)
    return made, tuple(after)


def _chain(name: str, max_norm: Any) -> optax.GradientTransformation:
    shorten = optax.identity() if max_norm is None else optax.clip_by_global_norm(max_norm)
    return optax.chain(shorten, DIRECTIONS[name]())
