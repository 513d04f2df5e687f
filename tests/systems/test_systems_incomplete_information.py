"""The card of ranking under incomplete information, and Kuhn's poker against a deal-by-deal count."""

from itertools import permutations, product
from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.games.families.soccer import STEPS, Pitch, soccer
from nashscape.ranking.spending import FIRST_BETTER, OPEN, SECOND_BETTER, TIE
from nashscape.systems.incomplete_information_ranking import measuring
from nashscape.systems.incomplete_information_ranking.kuhn_policies import FIRST, SECOND, chances, worth
from nashscape.systems.incomplete_information_ranking.soccer_policies import meta_game, other_side, scripted


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


def test_policies_of_soccer_are_worth_what_matches_from_the_first_round_on_pay():
    pitch = Pitch(2, 3)
    game, meta = soccer(*pitch, ends=True), meta_game(pitch)
    for (i, one), (j, other) in product(enumerate(meta.policies), repeat=2):
        now, total = game.initial, 0.0
        joint = one[:, :, None] * other_side(pitch, other)[:, None, :]
        for _ in range(200):
            total += now @ (joint * game.payoffs[0]).sum((1, 2))
            now = 0.9 * np.einsum("s,sab,sabt->t", now, joint, game.transitions)
        assert total == pytest.approx(meta.payoffs[i, j], abs=1e-8)
    np.testing.assert_allclose(meta.payoffs, -meta.payoffs.T, atol=1e-12)
    np.testing.assert_allclose(meta.chances.sum(0), 1.0)
    assert meta.payoffs[meta.names.index("minimax")].min() > -1e-9
    assert meta.payoffs[meta.names.index("counter to attacker"), meta.names.index("attacker")] == max(
        meta.payoffs[:, meta.names.index("attacker")])  # fmt: skip


def told(policy, states, state):
    return list(STEPS)[int(policy[states.index(state)].argmax())]


@pytest.mark.parametrize(("guards", "state", "action"), [
    (False, "1.1* 4.3", "south"), (False, "2.3* 4.3", "east"), (False, "4.1 2.3*", "east"),
    (False, "4.3 2.3*", "north"),
    (True, "4.3 1.3*", "west"), (True, "4.1 1.3*", "north"), (True, "2.1 1.3*", "stand"), (True, "2.1* 1.3", "east"),
])  # fmt: skip
def test_scripted_players_of_soccer_do_what_they_say(guards, state, action):
    states = soccer(4, 3, ends=True).states
    policy = scripted(Pitch(4, 3), guards=guards)
    assert told(policy, states, state) == action


def test_the_second_player_does_the_same_from_the_other_side():
    states, turned = soccer(4, 3, ends=True).states, other_side(Pitch(4, 3), scripted(Pitch(4, 3), guards=False))
    assert told(turned, states, "1.1 4.3*") == "north"
    assert told(turned, states, "1.1 3.3*") == "west"
    assert turned[-1].tolist() == [0, 0, 0, 0, 1]


def test_graphs_are_wrong_where_they_say_what_is_not_so_or_nothing(monkeypatch):
    """Edges are 0–2 and 1–3 of the first player, 0–1 and 2–3 of the second."""
    table = np.array([[[0.9, 0.2], [0.5, 0.5]], [[0.1, 0.8], [0.5, 0.51]]])
    right = [FIRST_BETTER, SECOND_BETTER, SECOND_BETTER, TIE]
    said = [right, [*right[:3], SECOND_BETTER]]
    wrong = [[SECOND_BETTER, *right[1:]], [*right[:3], FIRST_BETTER], [*right[:2], TIE, right[3]], [*right[:3], OPEN]]
    spent = SimpleNamespace(known=np.array([*said, *wrong]), plays=np.ones((6, 4)))
    monkeypatch.setattr(measuring, "learned", lambda *_, **__: spent)
    plays, count = measuring.known(table, "every", 6, 0)
    assert (plays.tolist(), count) == ([4.0] * 6, 4)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("incomplete-information-ranking", effort="quick").stands
