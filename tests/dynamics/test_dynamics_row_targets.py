"""Targets of games whose strategies have rows, and of states: where they lie, and which are refused."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics.targets import Target, as_target
from nashscape.dynamics.usual_targets import choose_targets

IPD = games.iterated_prisoners_dilemma()
SHAPES = ((2, 3), (3, 2))


def test_an_action_for_every_row_is_wanted_in_every_row():
    target = Target("mixed", ((0, 2), (1, 0, 1)), 0.8)
    region, pure = target.region(SHAPES), target.pure(SHAPES)
    assert [own.argmax(axis=1).tolist() for own in pure] == [[0, 2], [1, 0, 1]]
    assert region.contains_each([own[None] for own in pure]).tolist() == [True]
    for player, rows in enumerate((2, 3)):
        for row in range(rows):
            other = [own.copy() for own in pure]
            other[player][row] = np.roll(other[player][row], 1)
            assert region.contains_each([own[None] for own in other]).tolist() == [False], (player, row)


def test_a_single_action_is_looked_at_in_its_state_and_played_in_all():
    target = as_target(IPD, "CD")
    assert (target.state, target.places) == (0, (((0, 0),), ((0, 1),)))
    assert [own[:, 0].tolist() for own in target.pure(IPD.strategy_shapes)] == [[1.0] * 5, [0.0] * 5]


def test_targets_of_several_states_are_told_apart():
    first, later = Target("first", (0, 0), state=0), Target("later", (0, 0), state=2)
    assert [one.state for one in choose_targets(IPD, [first, later])] == [0, 2]
    with pytest.raises(InputError, match="named twice"):
        choose_targets(IPD, [first, Target("again", (0, 0), state=0)])


@pytest.mark.parametrize(
    ("game", "state", "said"),
    [(IPD, 9, "is of state 9; .* has 5 states"), (IPD, -1, "is of state -1"), (games.stag_hunt(), 0, "has no states")],
)
def test_states_that_a_game_has_not_are_refused(game, state, said):
    with pytest.raises(InputError, match=said):
        ns.entry_probability(game, ns.pg(), targets=[Target("wrong", (0, 0), state=state)])
