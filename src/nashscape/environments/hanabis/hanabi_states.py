"""Where a game of Hanabi is, what everybody knows of hands, and what players see."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp

if TYPE_CHECKING:
    from nashscape.environments.hanabis.mini_hanabi import MiniHanabi

PLAYERS = 2
NOTHING = -1
"""In place of the kind of a card, where there is none."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class HanabiTable:
    """Where a game is. Kinds of cards are whole numbers, `colour · ranks + rank`.

    Attributes:
        deck: kinds of all cards in the order in which they are drawn, `[N]`.
        drawn: how many have been.
        hands: kinds of the cards that both hold, the oldest first, NOTHING where there is none, `[2, h]`.
        colours: which colours each of them may have, as hints say, `[2, h, C]`.
        ranks: which ranks, `[2, h, R]`.
        piles: the height of each colour's pile, `[C]`.
        gone: how many cards of each kind lie discarded, `[C · R]`.
        hints: that are left.
        lives: that are left.
        mover: who moves.
        late: moves that were made since the last card was drawn.
        last: what was done last, `[A]`, all zeros at first.
    """

    deck: jax.Array
    drawn: jax.Array
    hands: jax.Array
    colours: jax.Array
    ranks: jax.Array
    piles: jax.Array
    gone: jax.Array
    hints: jax.Array
    lives: jax.Array
    mover: jax.Array
    late: jax.Array
    last: jax.Array


def score(table: HanabiTable) -> jax.Array:
    """What a game is worth so far: the cards on piles, nothing once no life is left."""
    return jnp.where(table.lives > 0, table.piles.sum(), 0)


def possible(table: HanabiTable, player: jax.Array) -> jax.Array:
    """Which kinds each card of a player may have, as hints say, `[h, C · R]`."""
    both = table.colours[player][:, :, None] & table.ranks[player][:, None, :]
    return both.reshape(both.shape[0], -1)


def played(game: "MiniHanabi", table: HanabiTable) -> jax.Array:
    """How many cards of each kind lie on piles, `[C · R]`."""
    return (table.piles[:, None] > jnp.arange(game.ranks)).reshape(-1).astype(jnp.int32)


def unseen(game: "MiniHanabi", table: HanabiTable, player: jax.Array) -> jax.Array:
    """How many cards of each kind a player does not see: those in its hand and in the deck, `[C · R]`."""
    held = jax.nn.one_hot(table.hands[1 - player], game.kinds, dtype=jnp.int32).sum(axis=0)
    return jnp.asarray(game.copies, jnp.int32) - table.gone - played(game, table) - held


def playable(game: "MiniHanabi", table: HanabiTable) -> jax.Array:
    """Which kinds are next on their piles, `[C · R]`."""
    return (table.piles[:, None] == jnp.arange(game.ranks)).reshape(-1)


def dead(game: "MiniHanabi", table: HanabiTable) -> jax.Array:
    """Which kinds can never be played any more: what lies on piles, and what some lower kind that is gone blocks."""
    lost = (table.gone >= jnp.asarray(game.copies, jnp.int32)).reshape(game.colours, game.ranks)
    blocked = jnp.cumsum(lost, axis=1) > 0
    return (blocked | (table.piles[:, None] > jnp.arange(game.ranks))).reshape(-1)


def seen(game: "MiniHanabi", table: HanabiTable, player: int) -> jax.Array:
    """What a player sees, as numbers from 0 to 1; see `MiniHanabi.observation_spaces`."""
    other = 1 - player
    held = (table.hands >= 0).astype(float)
    known = [
        jnp.concatenate([table.colours[i], table.ranks[i]], axis=1) * held[i][:, None] for i in (player, other)
    ]  # fmt: skip
    parts = [
        (table.mover == player)[None], held[player], known[0],
        jax.nn.one_hot(table.hands[other], game.kinds), known[1],
        jax.nn.one_hot(table.piles, game.ranks + 1),
        table.gone / jnp.asarray(game.copies), (table.hints / game.hints)[None], (table.lives / game.lives)[None],
        ((len(table.deck) - table.drawn) / len(table.deck))[None], (table.late / PLAYERS)[None], table.last,
    ]  # fmt: skip
    return jnp.concatenate([jnp.ravel(own).astype(float) for own in parts])
