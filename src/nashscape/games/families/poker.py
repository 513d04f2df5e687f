"""Small poker games in extensive form: Kuhn's, and Leduc hold'em."""

from collections import Counter
from fractions import Fraction
from itertools import permutations

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.trees.building import TreeNode, chance, decision, ending, extensive_game
from nashscape.games.forms.trees.tree_game import TreeGame

CARDS = "JQKA23456"
"""Of Kuhn's poker, from the least on."""

RAISES, BETS = 2, (2, 4)
"""Of Leduc hold'em: raises in a round, at most, and chips of each in the first round and in the second."""


@public()
def kuhn_poker(players: int = 2) -> TreeGame:
    """Kuhn's poker for two or more players: a card each of as many cards and one more, a chip each, one bet of a chip.

    Players pass or bet in turn. Once one has bet, each of the others, in turn, bets too or is out; then the highest
    card of those who have bet takes the pot. Rows are called by the card and by what was done, p and b.

    Args:
        players: from 2 to 5.

    Raises:
        InputError: for other numbers of players.

    Example:
        >>> kuhn_poker(), kuhn_poker().rows[1]
        (<TreeGame kuhn_poker: 2 players, 6+6 information sets, 30 plays>, ('Q p', 'Q b', 'K p', 'K b', 'J p', 'J b'))

    Source: Kuhn (1950); for three players Szafron, Gibson, Sturtevant (AAMAS 2013).
    """
    n = positive_integer(players, "players", at_least=2)
    if n > 5:
        raise InputError(f"Kuhn's poker is written out for up to 5 players; got {n}")
    deals = list(permutations(range(n + 1), n))
    root = chance([(Fraction(1, len(deals)), _betting(deal, "")) for deal in deals])
    return extensive_game(root, players=n, name="kuhn_poker")


def _betting(deal: tuple[int, ...], done: str) -> TreeNode:
    n = len(deal)
    first = done.find("b")
    if len(done) == n + max(first, 0) and (first >= 0 or len(done) == n):
        return _showdown(deal, done)
    player = len(done) % n
    branches = {word: _betting(deal, done + word[0]) for word in ("pass", "bet")}
    return decision(player, branches, knows=(CARDS[deal[player]], done))


def _showdown(deal: tuple[int, ...], done: str) -> TreeNode:
    n = len(deal)
    paid = [1 + ("b" in done[k::n]) for k in range(n)]
    staying = [k for k in range(n) if paid[k] == max(paid)]
    winner = max(staying, key=lambda k: deal[k])
    return ending(*(sum(paid) - paid[k] if k == winner else -paid[k] for k in range(n)))


@public()
def leduc_poker(suits: bool = True) -> TreeGame:
    """Leduc hold'em: a card each of two jacks, two queens and two kings, a chip each, and two rounds of betting.

    The first player begins each round. Whoever faces a bet folds, calls or raises, else calls or raises, at most two
    raises a round: by 2 chips in the first, by 4 in the second, before which a third card is laid open. Who has a pair
    with it wins, else the higher card; equal ranks share. Rows are called by the own card, by what was done, c for a
    call and r for a raise, and by the open card.

    Args:
        suits: whether players tell the two cards of a rank apart, as in published counts of 936 information sets.
            Suits change no value; without them there are 288, and a fifth of the plays.

    Example:
        >>> leduc_poker(suits=False)
        <TreeGame leduc_poker: 2 players, 144+144 information sets, 1116 plays>

    Source: Southey, Bowling, Larson, Piccione, Burch, Billings, Rayner (UAI 2005).
    """
    deck = Counter(rank + suit if suits else rank for rank in "JQK" for suit in "12")
    deals = [(p * q, (a, b), left) for p, a, rest in _drawn(deck) for q, b, left in _drawn(rest)]
    root = chance([(share, _leduc(held, left, "", "", "")) for share, held, left in deals])
    return extensive_game(root, name="leduc_poker")


def _drawn(deck: Counter[str]) -> list[tuple[Fraction, str, Counter[str]]]:
    """What may be drawn: with which chance, what, and what is left."""
    return [(Fraction(count, deck.total()), card, deck - Counter([card])) for card, count in deck.items()]


def _leduc(held: tuple[str, str], deck: Counter[str], first: str, shown: str, second: str) -> TreeNode:
    """From a node on: cards held, those left, what was done in the first round, the open card, and what then."""
    done = second if shown else first
    if done.endswith("f"):
        winner = len(done) % 2
        return _paid(_stakes(first, second), winner)
    if done.endswith("c") and len(done) > 1:
        if shown:
            strength = [(card[0] == shown[0], CARDS.index(card[0])) for card in held]
            even = strength[0] == strength[1]
            return ending(0, 0) if even else _paid(_stakes(first, second), int(strength[1] > strength[0]))
        return chance([(p, _leduc(held, left, first, card, "")) for p, card, left in _drawn(deck)])
    words = ["fold"] * done.endswith("r") + ["call"] + ["raise"] * (done.count("r") < RAISES)
    branches = {
        word: _leduc(held, deck, first if shown else first + word[0], shown, second + word[0] if shown else "")
        for word in words
    }
    player = len(done) % 2
    return decision(player, branches, knows=(held[player], first, shown, second))


def _stakes(first: str, second: str) -> list[int]:
    """What each has put in."""
    stakes = [1, 1]
    for done, bet in zip((first, second), BETS, strict=True):
        for turn, word in enumerate(done):
            if word != "f":
                stakes[turn % 2] = max(stakes) + bet * (word == "r")
    return stakes


def _paid(stakes: list[int], winner: int) -> TreeNode:
    """The winner gets what the other has put in."""
    lost = stakes[1 - winner]
    return ending(*(lost if player == winner else -lost for player in range(2)))
