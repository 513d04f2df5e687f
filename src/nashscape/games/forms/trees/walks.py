"""Along the sequences of own moves of a tree: what strategies make of them, and what actions are worth."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.games.forms.trees.sequences import Side


def realisation(side: Side, strategy: jax.Array) -> jax.Array:
    """What a strategy makes of each sequence, level after level."""
    made = jnp.ones(1, strategy.dtype)
    for first, beyond in side.levels:
        now = made[side.before[first:beyond]][:, None] * strategy[first:beyond]
        made = jnp.concatenate([made, now.ravel()])
    return made


def values_of_rows(side: Side, strategy: jax.Array, weights: jax.Array) -> jax.Array:
    """The values of all actions of all rows, `[R, A]`, from the weights of plays."""
    left = jax.ops.segment_sum(weights, side.ends, side.sequences)
    width, found = side.legal.shape[1], []
    for first, beyond in reversed(side.levels):
        own = left[1 + first * width : 1 + beyond * width].reshape(-1, width)
        found.append(own)
        left = left.at[side.before[first:beyond]].add(jnp.sum(own * strategy[first:beyond], axis=1))
    return jnp.concatenate(found[::-1])


def best_of_rows(side: Side, weights: jax.Array) -> tuple[jax.Array, jax.Array]:
    """What a best response gets from the start on and from every row on, `[R]`: the largest value, from the ends on."""
    left = jax.ops.segment_sum(weights, side.ends, side.sequences)
    width, found = side.legal.shape[1], []
    for first, beyond in reversed(side.levels):
        own = left[1 + first * width : 1 + beyond * width].reshape(-1, width)
        best = jnp.max(own, axis=1, where=side.legal[first:beyond], initial=-jnp.inf)
        found.append(best)
        left = left.at[side.before[first:beyond]].add(best)
    return left[0], jnp.concatenate(found[::-1])


def one_play(weights: jax.Array, number: jax.Array) -> jax.Array:
    """The play that a uniform number in [0, 1) draws, each in proportion to its weight, `[Z]`."""
    sums = jnp.cumsum(weights)
    # from the side on which a play of weight zero is never met
    found = jnp.searchsorted(sums, number * sums[-1], side="right")
    return jnp.minimum(found, jnp.max(jnp.where(weights > 0, jnp.arange(len(weights)), 0)))


def values_of_one_play(
    sides: tuple[Side, ...], strategies: Sequence[jax.Array], player: int, paid: Any, chances: Any, explore: Any,
    number: jax.Array,
) -> jax.Array:  # fmt: skip
    """Counterfactual values of one player without bias from one play, `[R, A]`: outcome sampling.

    The play z is drawn as chance and the others move, and as the player moves with the strategy
    `ξ = (1 − ε) σ + ε/|A|`. Others and chance cancel in the weight of what it pays: `u(z)/x^ξ(z)`. Of rows that the
    play does not pass nothing is known, and all values are zero. Lanctot, Waugh, Zinkevich, Bowling (2009).

    Args:
        sides: of all players.
        strategies: of all players.
        player: whose values they are.
        paid: what each play pays the player, `[Z]`.
        chances: of each play, `[Z]`.
        explore: ε.
        number: uniform in [0, 1).
    """
    own = sides[player]
    even = own.legal / own.legal.sum(axis=1, keepdims=True)
    tried = (1.0 - explore) * strategies[player] + explore * jnp.asarray(even, strategies[player].dtype)
    moves = [realisation(side, tried if k == player else strategies[k]) for k, side in enumerate(sides)]
    drawn = jnp.asarray(chances)
    for side, made in zip(sides, moves, strict=True):
        drawn = drawn * made[side.ends]
    play = one_play(drawn, number)
    often = moves[player][jnp.asarray(own.ends)[play]]
    weights = jnp.zeros_like(drawn).at[play].set(jnp.asarray(paid)[play] / jnp.where(often > 0, often, 1.0))
    return values_of_rows(own, strategies[player], weights)


def smooth_rows(side: Side, weights: jax.Array) -> jax.Array:
    """The logits of the best response to weights of plays with an entropy of weight one in each row, `[R, A]`.

    From the ends on: a row is worth `log Σ_a exp(logit(a))`, what it pays and the entropy of all rows from there on,
    each as often as own moves lead there: dilated entropy. Hoda, Gilpin, Peña, Sandholm (2010).
    """
    left = jax.ops.segment_sum(weights, side.ends, side.sequences)
    width, found = side.legal.shape[1], []
    for first, beyond in reversed(side.levels):
        own = left[1 + first * width : 1 + beyond * width].reshape(-1, width)
        found.append(own)
        worth = jax.nn.logsumexp(own, axis=1, where=side.legal[first:beyond])
        left = left.at[side.before[first:beyond]].add(worth)
    return jnp.concatenate(found[::-1])
