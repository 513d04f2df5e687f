"""Parameters for given strategies, where no formula gives them."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

STEPS = 200
SHORTER = 0.3
SHORTEST = 1e-3


class Search(NamedTuple):
    """Where a search stands: the best place so far, what it misses there squared, and the step to try next."""

    tries: jax.Array
    place: jax.Array
    missed: jax.Array
    change: jax.Array
    share: jax.Array


def solve(miss: Callable[[jax.Array], jax.Array], theta: jax.Array) -> jax.Array:
    """Where a vector function of parameters comes closest to zero, found by Newton's steps from near by.

    A step `−J⁺ miss` that does not help is made shorter; the search ends when a short one does not help either.

    Args:
        miss: from `[d]` to `[m]`.
        theta: where to begin, `[d]`.

    Example:
        >>> solve(lambda x: jnp.tanh(x) - 0.5, jnp.zeros(1)).round(4).tolist()
        [0.549...]
    """

    def goes_on(search: Search) -> jax.Array:
        return (search.share > SHORTEST) & (search.tries < STEPS)

    def turn(search: Search) -> Search:
        tried = search.place + search.share * search.change
        value, jacobian = miss(tried), jax.jacfwd(miss)(tried)
        missed = jnp.sum(value**2)
        better = missed < search.missed
        usable = better & jnp.all(jnp.isfinite(jacobian))
        change = -jnp.linalg.pinv(jnp.where(usable, jacobian, 0)) @ jnp.where(usable, value, 0)
        return Search(
            search.tries + 1,
            jnp.where(better, tried, search.place),
            jnp.where(better, missed, search.missed),
            jnp.where(better, change, search.change),
            jnp.where(better, 1.0, SHORTER * search.share).astype(theta.dtype),
        )

    one = jnp.ones((), theta.dtype)
    begin = Search(jnp.int32(0), theta, jnp.inf * one, jnp.zeros_like(theta), one)
    return lax.while_loop(goes_on, turn, begin).place
