"""First hits of any target, against the path of the run."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.dynamics.reducers import first_hit

GAMES = {
    "two": (ns.games.stag_hunt(), ["CC", "DD"]),
    "unequal": (ns.games.dense(np.array([[[3, 0, 1], [2, 2, 0]], [[1, 0, 2], [0, 4, 1]]])), [(1, 1), (0, 2)]),
    "three": (ns.games.volunteers_dilemma(3), ["CDD", "DDC"]),
    "rows": (ns.games.iterated_prisoners_dilemma(), ["DD", "CC"]),
}


def named(game, target):
    return ns.dynamics.choose_targets(game, [target])[0]


@pytest.mark.long
@pytest.mark.parametrize("case", GAMES)
def test_they_are_those_of_the_path(case):
    game, targets = GAMES[case]
    goals = [named(game, target) for target in targets]
    found = ns.entry_probability(
        game,
        ns.pg(),
        n=12,
        steps=60,
        targets=goals,
        reducers=[first_hit([goal]) for goal in goals],
        precision="float64",
    )
    np.testing.assert_array_equal(found.hits(goals[0].name), found.first_hit)
    np.testing.assert_array_equal(found.reduced[f"first_hit_{goals[0].name}"], found.first_hit)
    starts = ns.starts.normal(std=1.35).parameters(ns.parametric(game), np.arange(12), 0)
    for k, start in enumerate(starts):
        run = ns.simulate(game, ns.pg(), ns.starts.parameters([start]), steps=60, targets=goals)
        inside = goals[1].region(game.strategy_shapes).contains_each(run.strategies)
        assert found.hits(goals[1].name)[k] == (int(inside.argmax()) if inside.any() else -1)


def test_targets_that_were_not_asked_for_are_refused():
    found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=4, steps=5)
    np.testing.assert_array_equal(found.hits(), found.first_hit)
    with pytest.raises(InputError, match=r"DD first held was not asked; say reducers=\[reducers.first_hit\('DD'\)\]"):
        found.hits("DD")
    with pytest.raises(InputError, match="'XX' is no target here; they are CC, DD"):
        found.hits("XX")
    with pytest.raises(InputError, match="no strict pure equilibrium"):
        ns.entry_probability(ns.games.matching_pennies(), ns.pg(), n=4, steps=5, targets=["HH"], reducers=first_hit())


def test_hosted_players_hit_all_targets_at_the_ends_of_windows():
    from nashscape.dynamics import hosted

    class Turning:
        """Plays D for some rounds, then C."""

        def __init__(self, when):
            self.left = when

        def act(self):
            return "D" if self.left > 0 else "C"

        def observe(self, actions, payoffs):
            self.left -= 1

    turning = hosted(lambda run, random: [Turning(100), Turning(100)])
    found = ns.entry_probability(ns.games.stag_hunt(), turning, n=2, steps=200, targets=["CC", "DD"])
    assert (found.hits("DD").tolist(), found.hits("CC").tolist()) == ([50, 50], [150, 150])
