"""What is kept of runs that were played, and what is read from it again."""

import numpy as np
import pytest
from checks.played_runs import PLAYERS, Game, entry_of

import nashscape as ns
from nashscape.core import InputError, record
from nashscape.dynamics import behaviour
from nashscape.dynamics.playing.curves import curves_of, were_played

RANDOM = np.random.default_rng(8)
MEANS = {"return": RANDOM.normal(size=(4, 2, 3)), "rounds": RANDOM.random((4, 2)), "told tales": RANDOM.random((4, 2))}
SAID = {"peer": RANDOM.random((4, 2, 3)), "entropy": RANDOM.random((4, 2, 3))}


@pytest.fixture(scope="module")
def entry():
    return entry_of(MEANS, SAID, [10, 25], goals=[behaviour("short", "rounds", at_most=0.5)])


def test_what_was_seen_is_read_again_whatever_measures_are_called(entry):
    seen = curves_of(entry)
    assert were_played(entry)
    assert seen.players == PLAYERS
    assert seen.updates.tolist() == [10, 25]
    assert list(seen.others) == ["first_hit_short"]
    for kept, given in ((seen.means, MEANS), (seen.told, SAID)):
        assert kept.keys() == given.keys()
        for name, own in given.items():
            np.testing.assert_array_equal(kept[name], own)
    assert seen.greedy.keys() == MEANS.keys()
    np.testing.assert_array_equal(seen.greedy["return"], MEANS["return"][:, -1])


def test_players_whom_nobody_names_have_numbers(entry):
    nameless = entry_of(MEANS, SAID, [10, 25], goals=(), provenance=record("entry", {"rule": "ppo"}))
    assert curves_of(nameless).players == ("player 1", "player 2", "player 3")


def test_runs_whose_game_is_computed_were_not_played():
    found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=4, steps=2, reducers=[ns.reducers.welfare()])
    assert found.reduced
    assert not were_played(found)


def test_a_measure_that_is_no_players_is_none_though_there_are_as_many_moments_as_players():
    """Of three players and three moments, or two runs of a check without any."""
    goal = behaviour("short", "rounds", at_most=0.5)
    rounds = np.array([[0.2, 0.9, 0.4], [0.6, 0.5, 0.7]])
    np.testing.assert_array_equal(goal.value(Game, {"rounds": rounds}, 2), rounds)
    assert goal.holds(Game, {"rounds": rounds}, 2).tolist() == [[True, False, True], [False, True, False]]
    assert goal.value(Game, {"rounds": np.array(0.0)}, 0).shape == ()
    found = entry_of({"return": np.zeros((2, 3, 3)), "rounds": rounds}, {}, [1, 2, 3], goals=[goal])
    assert found.first_hit.tolist() == [1, 2]


def test_a_target_of_what_is_no_number_is_refused():
    with pytest.raises(InputError, match=r"places is an array \[7\] in played by hand"):
        behaviour("far", "places", at_least=1).value(Game, {"places": np.zeros(7)}, 0)
