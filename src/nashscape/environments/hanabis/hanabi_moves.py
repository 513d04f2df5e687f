"""What a move in Hanabi does: a card played or discarded and another one drawn, or a hint."""

from dataclasses import replace
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp

from nashscape.environments.hanabis.hanabi_states import NOTHING, PLAYERS, HanabiTable, playable, score

if TYPE_CHECKING:
    from nashscape.environments.hanabis.mini_hanabi import MiniHanabi


def dealt(game: "MiniHanabi", deck: jax.Array) -> HanabiTable:
    """The start of a game with a deck: the first cards are the first player's."""
    h, hands = game.hand, PLAYERS * game.hand
    zero = jnp.int32(0)
    return HanabiTable(
        deck, jnp.int32(hands), deck[:hands].reshape(PLAYERS, h),
        jnp.ones((PLAYERS, h, game.colours), bool), jnp.ones((PLAYERS, h, game.ranks), bool),
        jnp.zeros(game.colours, jnp.int32), jnp.zeros(game.kinds, jnp.int32), jnp.int32(game.hints),
        jnp.int32(game.lives), zero, zero, jnp.zeros(game.n_actions, bool),
    )  # fmt: skip


def legal_moves(game: "MiniHanabi", table: HanabiTable) -> jax.Array:
    """What who moves may do, `[A]`: cards it holds, discards below the most hints, hints that touch a card."""
    holds = table.hands[table.mover] >= 0
    told = touched(game, table, 1 - table.mover).any(axis=1)
    return jnp.concatenate([holds, holds & (table.hints < game.hints), told & (table.hints > 0)])


def touched(game: "MiniHanabi", table: HanabiTable, player: jax.Array) -> jax.Array:
    """Which cards of a player each hint would be about, `[C + R, h]`."""
    cards = table.hands[player]
    colour, rank = cards // game.ranks, cards % game.ranks
    about = jnp.concatenate([
        colour == jnp.arange(game.colours)[:, None], rank == jnp.arange(game.ranks)[:, None]
    ])  # fmt: skip
    return about & (cards >= 0)


def moved(game: "MiniHanabi", table: HanabiTable, action: jax.Array) -> HanabiTable:
    """The table after a move of whose turn it is; one that is not legal is none of a game."""
    before = table.drawn >= len(table.deck)
    after = jax.tree.map(
        lambda card, hint: jnp.where(action < 2 * game.hand, card, hint),
        _card_put_down(game, table, action), _hinted(game, table, action),
    )  # fmt: skip
    return replace(
        after, mover=1 - table.mover, late=table.late + before, last=jnp.arange(game.n_actions) == action
    )  # fmt: skip


def over(game: "MiniHanabi", table: HanabiTable) -> jax.Array:
    """Whether a game is over: no life left, all piles complete, or both have moved since the last card was drawn."""
    complete = table.piles.sum() == game.kinds
    return (table.lives == 0) | complete | (table.late == PLAYERS)


def gained(before: HanabiTable, after: HanabiTable) -> jax.Array:
    """What a move is paid."""
    return (score(after) - score(before)).astype(float)


def _card_put_down(game: "MiniHanabi", table: HanabiTable, action: jax.Array) -> HanabiTable:
    plays, slot, me = action < game.hand, action % game.hand, table.mover
    kind = table.hands[me][slot]
    fits = plays & playable(game, table)[kind]
    colour = jnp.arange(game.colours) == kind // game.ranks
    piles = table.piles + (colour & fits)
    full = fits & (kind % game.ranks == game.ranks - 1)
    back = (~plays | full) & (table.hints < game.hints)
    # older cards stay, newer ones move up, and a new one is the last
    place = jnp.arange(game.hand)
    order = jnp.minimum(jnp.where(place >= slot, place + 1, place), game.hand - 1)
    more = table.drawn < len(table.deck)
    fresh = jnp.where(more, table.deck[jnp.minimum(table.drawn, len(table.deck) - 1)], NOTHING)
    count = (table.hands[me] >= 0).sum()
    new = place >= count - 1
    hand = jnp.where(new, jnp.where(place == count - 1, fresh, NOTHING), table.hands[me][order])
    mine = jnp.arange(PLAYERS) == me
    put = mine[:, None]
    return replace(
        table,
        drawn=table.drawn + more,
        hands=jnp.where(put, hand, table.hands),
        colours=jnp.where(put[..., None], table.colours[me][order] | new[:, None], table.colours),
        ranks=jnp.where(put[..., None], table.ranks[me][order] | new[:, None], table.ranks),
        piles=piles,
        gone=table.gone + ((jnp.arange(game.kinds) == kind) & ~fits),
        hints=table.hints + back,
        lives=table.lives - (plays & ~fits),
    )


def _hinted(game: "MiniHanabi", table: HanabiTable, action: jax.Array) -> HanabiTable:
    what = jnp.maximum(action - 2 * game.hand, 0)
    about = touched(game, table, 1 - table.mover)[what]
    theirs = (jnp.arange(PLAYERS) != table.mover)[:, None, None]
    by_colour = what < game.colours
    colour = (jnp.arange(game.colours) == what) == about[:, None]
    rank = (jnp.arange(game.ranks) == what - game.colours) == about[:, None]
    return replace(
        table,
        colours=table.colours & (colour | ~(theirs & by_colour)),
        ranks=table.ranks & (rank | ~(theirs & ~by_colour)),
        hints=table.hints - 1,
    )
