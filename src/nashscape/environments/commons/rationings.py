"""What players get of a stock: what they demand where that is there, and otherwise by one of three rules."""

from functools import cache
from math import prod

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

Floats = npt.NDArray[np.float64]

RATIONINGS = ("proportional", "random", "all or nothing")
"""How demands are met that exceed the stock."""

AT_ONCE = 16
"""Units that are drawn at once."""

MOST_LOTTERIES = 50_000
"""Ways in which demands can be left while units are handed out, of which means are computed."""


def rationed(rule: str, key: jax.Array, stock: jax.Array, demanded: jax.Array) -> jax.Array:
    """What each player gets, `[n]`, of the type of the demands.

    * "proportional": the same part of every demand. Of whole units the part that is left over of each is drawn, so
      that all is taken, everyone gets its part on average, and nobody a unit more or less than it.
    * "random": whole units, one after the other, each to a player drawn evenly from those who want more.
    * "all or nothing": nobody gets anything, and the stock stays.

    Args:
        rule: its name.
        key: of what is drawn.
        stock: what is there.
        demanded: by each, `[n]`.
    """
    total = jnp.sum(demanded, dtype=demanded.dtype)
    enough = total <= stock
    if rule == "all or nothing":
        return jnp.where(enough, demanded, 0)
    if rule == "random":
        return jnp.where(enough, demanded, _one_by_one(key, jnp.where(enough, 0, stock), demanded))
    some = jnp.where(total > 0, total, 1)
    if jnp.issubdtype(demanded.dtype, jnp.floating):
        return jnp.where(enough, demanded, demanded * (stock / some))
    ends = jnp.cumsum(demanded, dtype=demanded.dtype)
    # one offset for all: between its end and that of the player before lie as many whole numbers as it gets
    offset = jax.random.randint(key, (), 0, some, demanded.dtype)
    marks = (stock * ends + offset) // some
    return jnp.where(enough, demanded, jnp.diff(marks, prepend=jnp.zeros(1, marks.dtype)))


def _one_by_one(key: jax.Array, units: jax.Array, demanded: jax.Array) -> jax.Array:
    """Units that are handed out one after the other, of which so many at a time are drawn at once."""

    def hand_out(got: jax.Array, drawn: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        part, there = drawn
        wants = got < demanded
        place = jnp.floor(part * wants.sum()).astype(jnp.int32)
        return got + (there & wants & (jnp.cumsum(wants) == place + 1)).astype(got.dtype), None

    def hand_out_some(k: jax.Array, got: jax.Array) -> jax.Array:
        there = k * AT_ONCE + jnp.arange(AT_ONCE) < units
        parts = jax.random.uniform(jax.random.fold_in(key, k), (AT_ONCE,), jnp.float32)
        return lax.scan(hand_out, got, (parts, there))[0]

    return lax.fori_loop(0, -(-units // AT_ONCE), hand_out_some, jnp.zeros_like(demanded))


def mean_rationed(rule: str, stock: int, demanded: tuple[int, ...]) -> Floats | None:
    """What each gets of whole units on average, `[n]`; None where that would take too long.

    >>> mean_rationed("proportional", 3, (4, 2)).tolist(), mean_rationed("random", 3, (4, 1)).tolist()
    ([2.0, 1.0], [2.125, 0.875])
    """
    wanted = np.array(demanded, float)
    if wanted.sum() <= stock:
        return wanted
    if rule == "all or nothing":
        return np.zeros(len(wanted))
    if rule == "proportional":
        made: Floats = wanted * stock / wanted.sum()
        return made
    if prod(own + 1 for own in demanded) > MOST_LOTTERIES:
        return None
    return np.array(_mean_one_by_one(stock, demanded))


@cache
def _mean_one_by_one(units: int, demanded: tuple[int, ...]) -> tuple[float, ...]:
    wants = [j for j, own in enumerate(demanded) if own > 0]
    if units == 0 or not wants:
        return (0.0,) * len(demanded)
    ways = []
    for j in wants:
        rest = _mean_one_by_one(units - 1, (*demanded[:j], demanded[j] - 1, *demanded[j + 1 :]))
        ways.append([got + (k == j) for k, got in enumerate(rest)])
    return tuple(sum(own) / len(wants) for own in zip(*ways, strict=True))
