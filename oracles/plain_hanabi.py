"""The rules of Hanabi for two in plain Python, with cards as pairs of colour and rank."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Card = tuple[int, int]
"""A colour and a rank, from 0."""


@dataclass
class Held:
    """A card in a hand.

    Attributes:
        card: which it is.
        no: what hints rule out, as (0 for colours or 1 for ranks, the number).
    """

    card: Card
    no: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class PlainHanabi:
    """A game.

    Attributes:
        colours: how many there are.
        ranks: of each.
        size: of a hand.
        most: hints at the start, and at most.
        first_lives: at the start.
        deck: cards, the last of which is drawn next; given the other way round.
        hands: of both, the oldest card first.
        piles: heights.
        gone: what was discarded or misplayed.
        hints: that are left.
        lives: that are left.
        mover: who moves.
        left: moves after the last card is drawn.
    """

    colours: int
    ranks: int
    size: int
    most: int
    first_lives: int
    deck: list[Card]
    hands: tuple[list[Held], list[Held]] = field(default_factory=lambda: ([], []))
    piles: list[int] = field(default_factory=list)
    gone: list[Card] = field(default_factory=list)
    hints: int = 0
    lives: int = 0
    mover: int = 0
    left: int = 2

    def __post_init__(self) -> None:
        """Both hands are dealt."""
        self.hints, self.lives = self.most, self.first_lives
        self.piles, self.deck = [0] * self.colours, self.deck[::-1]
        for player in range(2):
            for _ in range(self.size):
                self.draw(player)

    def draw(self, player: int) -> None:
        """A card from the deck, if there is one."""
        if self.deck:
            self.hands[player].append(Held(self.deck.pop()))

    def moves(self) -> list[tuple[str, int]]:
        """What there is to do."""
        mine, theirs = self.hands[self.mover], [own.card for own in self.hands[1 - self.mover]]
        made = [("play", k) for k in range(len(mine))]
        if self.hints < self.most:
            made += [("discard", k) for k in range(len(mine))]
        if self.hints:
            made += [("colour", c) for c in range(self.colours) if any(own[0] == c for own in theirs)]
            made += [("rank", r) for r in range(self.ranks) if any(own[1] == r for own in theirs)]
        return made

    def score(self) -> int:
        """What the game is worth so far."""
        return sum(self.piles) if self.lives else 0

    def over(self) -> bool:
        """Whether it has ended."""
        return self.lives == 0 or sum(self.piles) == self.colours * self.ranks or self.left == 0

    def move(self, what: str, which: int) -> int:
        """Make a move; what it pays."""
        last_round, before = not self.deck, self.score()
        if what in ("play", "discard"):
            colour, rank = self.hands[self.mover].pop(which).card
            if what == "discard":
                self.gone.append((colour, rank))
                self.hints += 1
            elif self.piles[colour] == rank:
                self.piles[colour] += 1
                if rank == self.ranks - 1:
                    self.hints = min(self.hints + 1, self.most)
            else:
                self.gone.append((colour, rank))
                self.lives -= 1
            self.draw(self.mover)
        else:
            self.tell(what, which)
        self.left -= last_round
        self.mover = 1 - self.mover
        return self.score() - before

    def tell(self, what: str, which: int) -> None:
        """A hint to the other."""
        self.hints -= 1
        at, count = (0, self.colours) if what == "colour" else (1, self.ranks)
        for own in self.hands[1 - self.mover]:
            for value in range(count):
                if (own.card[at] == which) != (value == which):
                    own.no.add((at, value))

    def actions(self) -> dict[int, tuple[str, int]]:
        """Moves by the numbers that the environment gives them."""
        first = {"play": 0, "discard": self.size, "colour": 2 * self.size, "rank": 2 * self.size + self.colours}
        return {first[what] + which: (what, which) for what, which in self.moves()}

    def known(self, hand: list[Held]) -> Iterator[float]:
        """What hints leave of every card of a hand."""
        for k in range(self.size):
            for at, count in ((0, self.colours), (1, self.ranks)):
                for value in range(count):
                    yield float(k < len(hand) and (at, value) not in hand[k].no)

    def seen(self, player: int, last: int | None) -> Iterator[float]:
        """What a player sees after the move `last`, told one after the other."""
        mine, theirs = self.hands[player], self.hands[1 - player]
        kinds = [(c, r) for c in range(self.colours) for r in range(self.ranks)]
        copies = {(c, r): 1 if r == self.ranks - 1 else 3 if r == 0 else 2 for c, r in kinds}
        yield float(self.mover == player)
        yield from (float(k < len(mine)) for k in range(self.size))
        yield from self.known(mine)
        for k in range(self.size):
            yield from (float(k < len(theirs) and theirs[k].card == kind) for kind in kinds)
        yield from self.known(theirs)
        for height in self.piles:
            yield from (float(height == k) for k in range(self.ranks + 1))
        yield from (self.gone.count(kind) / copies[kind] for kind in kinds)
        yield self.hints / self.most
        yield self.lives / self.first_lives
        yield len(self.deck) / sum(copies.values())
        yield (2 - self.left) / 2
        yield from (float(k == last) for k in range(2 * self.size + self.colours + self.ranks))
