"""Playing a batch of plays of a Markov game, for many starts at once.

Arrays are `[B, W]`: plays of a batch by starts side by side, so that every operation is vectorised over starts.
The random numbers are most of the work. They are made inside the loop that uses them, and each turn of that loop
gives a single array of words, because XLA on a CPU would repeat them for every array that a loop gives.
"""

import math
from collections.abc import Iterator, Sequence

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core.randomness import threefry
from nashscape.games import MarkovGame
from nashscape.learning.records import Layout, lookup

DIGITS = 16
"""Bits of a uniform number. Probabilities are rounded to so many, up or down by chance and anew for every update, so
that every action has exactly its probability. Within a batch the rounding is shared, which adds at most 2⁻³⁴ to the
covariance of two draws."""

ROUNDING = 0xFFFFFFFF
"""The play whose random numbers say which way probabilities are rounded."""

Words = tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]
"""Seed (two words), index of the starts `[W]`, step, and question."""


def play(game: MarkovGame, layout: Layout, policies: Sequence[jax.Array], words: Words, plays: int) -> jax.Array:
    """Records of a batch of plays.

    Args:
        game: the game.
        layout: of the records.
        policies: one per player, `[S, a_i, W]`.
        words: which random numbers.
        plays: size of the batch B.

    Returns:
        Words, `[layout.words, B, W]`.
    """
    # once, before the loop: the compiler would repeat it for every play
    rounding = _uniform(words, jnp.uint32(0), jnp.full((1, 1), ROUNDING, jnp.uint32), 1)[0]
    first = _thresholds(jnp.asarray(game.initial)[:, None], rounding)
    cumulated = [_thresholds(policy.transpose(1, 0, 2), rounding) for policy in policies]
    onward = None if game.successors is not None else _onward(game, rounding)
    number = jnp.arange(plays, dtype=jnp.uint32)[:, None]
    chance = _uniform(words, jnp.uint32(layout.words), number, 1)[0] if first else jnp.zeros(number.shape, jnp.uint32)
    start = jnp.broadcast_to(_draw(first, chance), (plays, policies[0].shape[-1]))

    def fill(k: jax.Array, records: jax.Array) -> jax.Array:
        chances = iter(_uniform(words, k, number, layout.per_word * _draws_per_round(game, layout)))
        before = lax.dynamic_index_in_dim(records, jnp.maximum(k - 1, 0), keepdims=False)
        state = jnp.where(k == 0, start, before >> jnp.uint32(32 - layout.state_bits) if layout.state_bits else 0)
        word = jnp.zeros_like(start)
        for r in range(layout.per_word):
            record, actions = state, []
            for i, rows in enumerate(cumulated):
                here = [lookup([row[s] for s in range(layout.states)], state) for row in rows]
                actions.append(_draw(here, next(chances)))
                record = record | (actions[i] << jnp.uint32(layout.offset(i)))
            word = word | (record << jnp.uint32(layout.record * r))
            state = _next_state(game, layout, onward, state, layout.joint(actions), chances)
        if layout.state_bits:
            word = word | (state << jnp.uint32(32 - layout.state_bits))
        return lax.dynamic_update_index_in_dim(records, word, k, 0)

    # a loop that the compiler cannot unroll, so that its body stays one piece
    return lax.fori_loop(0, layout.words, fill, jnp.zeros((layout.words, *start.shape), jnp.uint32))


def _draws_per_round(game: MarkovGame, layout: Layout) -> int:
    return len(layout.shape) + (0 if game.successors is not None or layout.states == 1 else 1)


def _thresholds(chances: jax.Array, rounding: jax.Array) -> list[jax.Array]:
    """Sums of the first probabilities along the first axis, but for all of them, in units of 2^−DIGITS, rounded."""
    up = rounding[0].astype(chances.dtype) * 2.0**-DIGITS
    exact = jnp.cumsum(chances, axis=0)[:-1] * 2.0**DIGITS
    return list(jnp.floor(exact + up).astype(jnp.uint32))


def _onward(game: MarkovGame, rounding: jax.Array) -> list[jax.Array]:
    chances = jnp.moveaxis(game.kernel(), -1, 0)
    return _thresholds(chances.reshape(chances.shape[0], -1, 1), rounding)


def _draw(thresholds: Sequence[jax.Array], chance: jax.Array) -> jax.Array:
    """How many of the thresholds lie at or below a uniform number."""
    drawn = jnp.zeros(chance.shape, jnp.uint32)
    for threshold in thresholds:
        drawn = drawn + (chance >= threshold).astype(jnp.uint32)
    return drawn


def _next_state(
    game: MarkovGame,
    layout: Layout,
    onward: Sequence[jax.Array] | None,
    state: jax.Array,
    joint: jax.Array,
    chances: Iterator[jax.Array],
) -> jax.Array:
    if layout.states == 1:
        return state
    size = math.prod(layout.shape)
    if game.successors is not None:
        rows = [list(row) for row in game.successors]
        if all(row == rows[0] for row in rows):
            return jnp.asarray(lookup(rows[0], joint), jnp.uint32)
        flat = [target for row in rows for target in row]
        return jnp.asarray(lookup(flat, state * jnp.uint32(size) + joint), jnp.uint32)
    assert onward is not None
    place = state * jnp.uint32(size) + joint
    return _draw([lookup(list(row), place) for row in onward], next(chances))


def _uniform(words: Words, block: jax.Array, plays: jax.Array, draws: int) -> list[jax.Array]:
    """Uniform whole numbers below 2^DIGITS, two from every word, of shape `[B, W]`."""
    seed_low, seed_high, start, step, question = words
    calls = math.ceil(draws / 8)
    halves: list[jax.Array] = []
    for c in range(calls):
        counter = [start[None, :], step, block.astype(jnp.uint32) * jnp.uint32(calls) + jnp.uint32(c), plays]
        shape = jnp.broadcast_shapes(*(jnp.shape(part) for part in counter))
        counter = [jnp.broadcast_to(jnp.asarray(part, jnp.uint32), shape) for part in counter]
        for word in threefry(counter, [seed_low, seed_high, question, jnp.uint32(1)]):
            halves += [word & jnp.uint32(2**DIGITS - 1), word >> jnp.uint32(DIGITS)]
    return halves[:draws]


def round_payoffs(game: MarkovGame, layout: Layout, records: jax.Array, number: jax.Array) -> list[jax.Array]:
    """The discounted payoff `γ^t u_i(s_t, a_t)` of every player in one round, each `[B, W]`."""
    state, actions = layout.round(records, number)
    joint = layout.joint(actions)
    place = joint if game.payoffs.shape[1] == 1 else state * jnp.uint32(math.prod(layout.shape)) + joint
    payoffs = jnp.asarray(game.payoffs)
    weight = jnp.asarray(game.discount, payoffs.dtype) ** number.astype(payoffs.dtype)
    return [weight * lookup(list(payoffs[i].ravel()), place) for i in range(len(layout.shape))]


def returns(game: MarkovGame, layout: Layout, records: jax.Array) -> list[jax.Array]:
    """The discounted return `Σ_t γ^t u_i(s_t, a_t)` of every player and play, each `[B, W]`."""
    nothing = [jnp.zeros(records.shape[1:], jnp.asarray(game.payoffs).dtype) for _ in layout.shape]

    def add(number: jax.Array, sums: list[jax.Array]) -> list[jax.Array]:
        here = round_payoffs(game, layout, records, number)
        return [total + now for total, now in zip(sums, here, strict=True)]

    return lax.fori_loop(0, layout.rounds, add, nothing)
