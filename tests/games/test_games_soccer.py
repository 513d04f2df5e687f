"""Littman's soccer: its rules scene by scene, both sides alike, and matches played move by move."""

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.games.families.soccer import STEPS, Pitch, Position

N, E, S, W, STAND = range(5)


def after(game, state, first, second):
    """What the first is paid, and how likely each state is then."""
    k = game.states.index(state)
    chances = game.transitions[k, first, second]
    return game.payoffs[0, k, first, second], {game.states[t]: chances[t] for t in np.flatnonzero(chances)}


def test_the_published_pitch_has_its_states_and_its_kick_off():
    game = games.soccer()
    assert game.n_states == 2 * 20 * 19
    assert {game.states[k] for k in np.flatnonzero(game.initial)} == {"2.2* 3.4", "2.2 3.4*"}
    assert list(Pitch(4, 5).mouth) == [1, 2]
    assert (list(Pitch(3, 4).mouth), list(Pitch(1, 3).mouth)) == ([1], [0])


@pytest.mark.parametrize(("state", "moves", "then"), [
    ("2.2* 4.3", (E, N), {"2.3* 3.3": 1.0}),
    # whoever is there first stands in the way: the one with the ball loses it, or keeps it
    ("2.2* 2.4", (E, W), {"2.3* 2.4": 0.5, "2.2 2.3*": 0.5}),
    ("2.2* 2.3", (E, STAND), {"2.2 2.3*": 1.0}),
    ("2.2* 2.3", (STAND, W), {"2.2* 2.3": 1.0}),
    ("2.2* 2.3", (E, W), {"2.2* 2.3": 0.5, "2.2 2.3*": 0.5}),
    ("2.2* 2.3", (E, S), {"2.2 3.3*": 0.5, "2.3* 3.3": 0.5}),
    # walls, also beside the goal, and at the other's goal without the ball and at one's own
    ("1.4* 3.1", (E, STAND), {"1.4* 3.1": 1.0}),
    ("2.4 3.1*", (E, STAND), {"2.4 3.1*": 1.0}),
    ("2.1* 4.4", (W, S), {"2.1* 4.4": 1.0}),
    ("1.1* 4.4", (N, S), {"1.1* 4.4": 1.0}),
])  # fmt: skip
def test_scenes(state, moves, then):
    paid, found = after(games.soccer(4, 4, ends=True), state, *moves)
    assert paid == 0
    assert found == then


@pytest.mark.parametrize("ends", [True, False])
def test_goals_are_paid_and_play_ends_or_begins_anew(ends):
    game = games.soccer(4, 4, ends=ends)
    anew = {"over": 1.0} if ends else {"2.1* 3.4": 0.5, "2.1 3.4*": 0.5}
    assert after(game, "2.4* 1.1", E, W) == (1.0, anew)
    assert after(game, "1.1 3.1*", E, W) == (-1.0, anew)
    # who scores first, before the other takes the ball or after
    paid, found = after(game, "3.4* 2.4", E, S)
    assert paid == 0.5 + 0.5
    assert found == anew
    paid, found = after(game, "3.4 3.3*", W, W)  # no goal is there
    assert paid == 0.0
    if ends:
        assert after(game, "over", E, W) == (0.0, {"over": 1.0})


@pytest.mark.parametrize("size", [(2, 3), (3, 4), (1, 4)])
def test_both_sides_are_alike(size):
    """Turned by half with players changed, every state has the same next states and the opposite payoffs."""
    game, (rows, columns) = games.soccer(*size), size
    turn = {"north": "south", "south": "north", "east": "west", "west": "east", "stand": "stand"}
    actions = [list(STEPS).index(turn[name]) for name in STEPS]

    def turned(name):
        cells = [word.strip("*").split(".") for word in name.split()]
        one, two = (f"{rows + 1 - int(r)}.{columns + 1 - int(c)}" for r, c in cells)
        return f"{two}{'*' * name.endswith('*')} {one}{'*' * (not name.endswith('*'))}"

    order = [game.states.index(turned(name)) for name in game.states]
    other = game.transitions[order][:, actions][:, :, actions][..., order].transpose(0, 2, 1, 3)
    np.testing.assert_array_equal(other, game.transitions)
    paid = game.payoffs[0][order][:, actions][:, :, actions].transpose(0, 2, 1)
    np.testing.assert_array_equal(-paid, game.payoffs[0])
    np.testing.assert_array_equal(game.initial[order], game.initial)


def test_a_discount_is_a_whistle():
    """Matches move by move, drawn where the whistle goes, against the exact payoff."""
    pitch, random, wins = Pitch(2, 3), np.random.default_rng(0), []
    game = games.soccer(*pitch, discount=0.8, ends=True)
    policies = random.dirichlet(np.ones(5), (2, game.n_states))
    policies[0] = (policies[0] + np.eye(5)[E]) / 2
    place = {position: k for k, position in enumerate(pitch.positions)}
    for _ in range(4000):
        now = pitch.kick_off[random.integers(2)]
        while isinstance(now, Position):
            both = [list(STEPS)[random.choice(5, p=own[place[now]])] for own in policies]
            now = pitch.played(now, both, int(random.integers(2)))
            if isinstance(now, Position) and random.random() > 0.8:
                break
        wins.append(0 if isinstance(now, Position) else 1 - 2 * now)
    exact = float(game.expected_payoffs(policies)[0])
    assert abs(np.mean(wins) - exact) < 4 * np.std(wins) / np.sqrt(len(wins))
    assert exact > 0.1


def test_pitches_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="columns must be"):
        games.soccer(3, 1)
    with pytest.raises(InputError, match="rows must be"):
        games.soccer(0, 4)
    with pytest.raises(InputError, match="needs a discount below 1"):
        games.soccer(discount=1)
    with pytest.raises(InputError, match="take fewer rows or columns"):
        games.soccer(40, 50)
