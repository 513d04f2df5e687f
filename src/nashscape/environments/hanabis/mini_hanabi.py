"""`mini_hanabi`: Hanabi for two, with few colours, ranks and cards in hand."""

from dataclasses import dataclass, field
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.environments.hanabis.hanabi_moves import dealt, gained, legal_moves, moved, over
from nashscape.environments.hanabis.hanabi_states import PLAYERS, HanabiTable, score, seen
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals

MOST = 5
"""Colours, ranks, and cards in hand."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class MiniHanabi:
    """A game of Hanabi for two. Made by `mini_hanabi`.

    Attributes:
        colours: C.
        ranks: R.
        hand: cards that each holds.
        hints: at the start, and at most.
        lives: cards that may be misplayed; the last of them ends the game, and all is lost.
    """

    colours: int = field(metadata={"static": True})
    ranks: int = field(metadata={"static": True})
    hand: int = field(metadata={"static": True})
    hints: int = field(metadata={"static": True})
    lives: int = field(metadata={"static": True})

    name: ClassVar[str] = "mini_hanabi"
    players: ClassVar[tuple[str, ...]] = ("player 1", "player 2")
    offers: ClassVar[frozenset[str]] = frozenset({"plays"})
    discount: ClassVar[float] = 1.0

    @property
    def kinds(self) -> int:
        """Of cards: colours times ranks."""
        return self.colours * self.ranks

    @property
    def copies(self) -> tuple[int, ...]:
        """How many cards of each kind there are, `[C · R]`: three of the lowest, one of the highest, else two."""
        return tuple(1 if r == self.ranks - 1 else 3 if r == 0 else 2 for r in range(self.ranks)) * self.colours

    @property
    def cards(self) -> int:
        """In the deck and in hands at the start."""
        return sum(self.copies)

    @property
    def moves(self) -> tuple[str, ...]:
        """Names of actions: cards by their age, the oldest first."""
        places = range(1, self.hand + 1)
        hints = [f"colour {c + 1}" for c in range(self.colours)] + [f"rank {r + 1}" for r in range(self.ranks)]
        return (*(f"play {k}" for k in places), *(f"discard {k}" for k in places), *(f"hint {own}" for own in hints))

    @property
    def n_actions(self) -> int:
        """A: cards to play, cards to discard, colours, ranks."""
        return 2 * self.hand + self.colours + self.ranks

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """The same for both; who waits has the first alone, which counts for nothing."""
        return (discrete(self.n_actions, self.moves),) * PLAYERS

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """Numbers from 0 to 1, in this order, C, R colours and ranks, h cards, K = C · R kinds, A actions.

        Whether it is one's turn (1); which own cards there are (h); what hints leave of each, colours and ranks
        (h (C + R)); the other's cards (h K), and what hints leave of those (h (C + R)); heights of piles (C (R + 1));
        shares of each kind that are gone (K); hints, lives and deck, as shares (3); moves since the last card was
        drawn, as a share (1); what was done last (A).
        """
        told = self.hand * (self.colours + self.ranks)
        size = (
            1 + self.hand + 2 * told + self.hand * self.kinds + self.colours * (self.ranks + 1) + self.kinds + 4
            + self.n_actions
        )  # fmt: skip
        return (reals(size, 0.0, 1.0),) * PLAYERS

    @property
    def horizon(self) -> int:
        """Every card of the deck drawn, all hints given, those too that discards bring back, and the last moves."""
        return 2 * (self.cards - PLAYERS * self.hand) + self.hints + PLAYERS

    def reset(self, key: jax.Array) -> tuple[HanabiTable, tuple[jax.Array, ...]]:
        """A shuffled deck, and both hands."""
        cards = jnp.asarray(np.repeat(np.arange(self.kinds), self.copies), jnp.int32)
        table = dealt(self, jax.random.permutation(key, cards))
        return table, self._seen(table)

    def step(self, key: jax.Array, state: HanabiTable, actions: tuple[jax.Array, ...]) -> Step:
        """A move of whose turn it is; nothing of it is random, the order of cards being so from the start."""
        now = moved(self, state, jnp.stack(actions)[state.mover])
        paid = jnp.full(PLAYERS, gained(state, now))
        return Step(now, self._seen(now), paid, over(self, now), jnp.asarray(False), {"score": score(now)})

    def legal(self, state: HanabiTable) -> tuple[jax.Array, ...]:
        """What there is to do for whose turn it is, and the first action alone for who waits."""
        mask = legal_moves(self, state)
        return tuple(jnp.where(state.mover == i, mask, jnp.arange(self.n_actions) == 0) for i in range(PLAYERS))

    def exact(self) -> None:
        """None: orders of cards are too many."""
        return

    def _seen(self, table: HanabiTable) -> tuple[jax.Array, ...]:
        return tuple(seen(self, table, i) for i in range(PLAYERS))


@public()
def mini_hanabi(colours: int = 2, ranks: int = 5, *, hand: int = 2, hints: int = 3, lives: int = 1) -> MiniHanabi:
    """Hanabi for two with few cards, by default the small game of the Hanabi Learning Environment, of 20 cards.

    Players see each other's cards and not their own, and build a pile of every colour from the lowest rank up. Who
    moves plays a card, discards one, or tells the other which of its cards have one colour or one rank (at least one
    must; what is told of the others is that they have not). A hint uses one up; a discard brings one back, and so does
    the highest card of a colour; at the most hints nothing may be discarded. A card that does not fit costs a life and
    is gone. Who puts a card down draws one, the newest of its hand. Every card on a pile pays both 1, and when the last
    life is lost they pay all back. The game is over then, when all piles are complete, or when both have moved once
    more after the last card was drawn. There are three cards of the lowest rank, one of the highest, two of others.

    Everybody remembers hints; what hints say of cards is part of what is seen, beside what was done last.

    Args:
        colours: C, up to 5.
        ranks: R, from 2 to 5.
        hand: cards that each holds.
        hints: at the start, and at most.
        lives: how many misplayed cards end the game.

    Raises:
        InputError: for numbers that are none, or too large, and hands for which there are not enough cards.

    Example:
        >>> small = mini_hanabi()
        >>> small.cards, small.n_actions, small.horizon
        (20, 11, 37)
        >>> small.moves[3:7]
        ('discard 2', 'hint colour 1', 'hint colour 2', 'hint rank 1')

    Source: Bard and others, The Hanabi Challenge, Artificial Intelligence 280, 2020, arXiv 1902.00506; the small game
    of its code, where a game that is lost scores 0.
    """
    given = {"colours": colours, "ranks": ranks, "hand": hand, "hints": hints, "lives": lives}
    found = {name: positive_integer(own, name, at_least=1 + (name == "ranks")) for name, own in given.items()}
    for name in ("colours", "ranks", "hand"):
        if found[name] > MOST:
            raise InputError(f"mini_hanabi has up to {MOST} {name}; got {found[name]}")
    made = MiniHanabi(**found)
    if made.cards <= PLAYERS * made.hand:
        raise InputError(f"two hands of {made.hand} leave nothing of {made.cards} cards to draw from; take fewer")
    return made
