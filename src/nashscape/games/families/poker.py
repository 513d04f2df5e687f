"""Small poker games in extensive form: Kuhn's, and Leduc hold'em."""

from fractions import Fraction
from itertools import permutations

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.trees.building import TreeNode, chance, decision, ending, extensive_game
from nashscape.games.forms.trees.tree_game import TreeGame

CARDS = "JQKA23456"
"""Of Kuhn's poker, from the least on."""


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
    root = chance({"".join(CARDS[k] for k in deal): (Fraction(1, len(deals)), _betting(deal, "")) for deal in deals})
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
