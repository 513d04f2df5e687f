"""What players see: one vector for all, as released environments have it, or each its own view, as their wrappers."""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.spaces import Reals, reals

Arrays = Mapping[str, Any]


def joint(state: Any, numbers: Arrays, limit: int) -> tuple[jax.Array, ...]:
    """Actions, trust, damage and dependence, row by row, and the rounds played: the same for all."""
    parts = (state.invested, state.trust.ravel(), state.damage.ravel(), numbers["dependence"].ravel())
    whole = jnp.append(jnp.concatenate(parts), state.played)
    return (whole,) * len(state.invested)


def own(state: Any, numbers: Arrays, limit: int) -> tuple[jax.Array, ...]:
    """Each player's own view.

    Own action, the others', all trust, the damage that oneself sees in others, for each other the mean of what it sees,
    how much oneself depends on each, and the share of rounds that were played.
    """
    clock = jnp.asarray(state.played / limit, state.invested.dtype)[None]
    seen = state.damage.mean(axis=1)

    def view(i: int) -> jax.Array:
        others = np.delete(np.arange(len(seen)), i)
        parts = (
            state.invested[i : i + 1], state.invested[others], state.trust.ravel(), state.damage[i], seen[others],
            numbers["dependence"][i], clock,
        )  # fmt: skip
        return jnp.concatenate(parts)

    return tuple(view(i) for i in range(len(seen)))


Views = Callable[[Any, Arrays, int], tuple[jax.Array, ...]]
VIEWS: Mapping[str, Views] = {"own": own, "joint": joint}
"""By name."""


def spaces(
    seen: str, tops: tuple[float, ...], most: float, limit: int, extras: tuple[tuple[np.ndarray, np.ndarray], ...]
) -> tuple[Reals, ...]:
    """The bounds of what every player sees.

    Args:
        seen: "own" or "joint".
        tops: endowments.
        most: the largest dependence.
        limit: rounds of an episode.
        extras: the least and largest values of what is seen of each rule.
    """
    top, n = np.array(tops), len(tops)
    late = float(limit) if seen == "joint" else 1.0
    # of trust, damage and dependence: n² each in one vector; n² and n, n − 1, n in a player's own
    rest = [2 * n**2, n**2] if seen == "joint" else [n**2 + n + (n - 1), n]
    highs = [np.ones(rest[0]), np.full(rest[1], most), [late], *(high for _, high in extras)]
    made = []
    for i in range(n):
        first = top if seen == "joint" else np.concatenate([top[i : i + 1], np.delete(top, i)])
        high = np.concatenate([first, *highs])
        made.append(reals(len(high), np.zeros(len(high)), high))
    return tuple(made)
