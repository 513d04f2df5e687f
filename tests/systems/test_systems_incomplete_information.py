"""The card of ranking under incomplete information, and Kuhn's poker against a deal-by-deal count."""

from itertools import permutations, product

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.incomplete_information_ranking.kuhn_policies import FIRST, SECOND, chances, worth


def played_out(one, other, cards, coins):
    """What the first gets of one deal where coins decide: below a chance is yes."""
    mine, theirs = cards
    wins = 1 if mine > theirs else -1
    if coins[0] < one.bets[mine]:
        return 2 * wins if coins[1] < other.calls[theirs] else 1
    if coins[1] >= other.bets[theirs]:
        return wins
    return 2 * wins if coins[2] < one.calls[mine] else -1


def test_policies_of_kuhns_poker_are_worth_what_deals_and_coins_say():
    thirds = (np.arange(3) + 0.5) / 3  # all chances are whole thirds
    for one, other in product(FIRST.values(), SECOND.values()):
        paid = [played_out(one, other, cards, coins)
                for cards in permutations(range(3), 2) for coins in product(thirds, repeat=3)]  # fmt: skip
        assert worth(one, other) == pytest.approx(np.mean(paid), abs=1e-12)


def test_the_equilibrium_of_either_seat_makes_sure_of_the_value():
    table = 4 * chances()[0] - 2
    assert table[0].min() == pytest.approx(-1 / 18)
    assert table[:, 0].max() == pytest.approx(-1 / 18)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("incomplete-information-ranking", effort="quick").stands
