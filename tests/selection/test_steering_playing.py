"""How far networks have to read each other: the coupling is searched for where the game is only played."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, environments, neural
from nashscape.dynamics import observing
from nashscape.learning import played

ENV = environments.of_game(ns.games.stag_hunt())
LEARNERS = ns.parametric(ENV, neural.perceptrons(ENV, hidden=(), last=1.0))


@pytest.mark.long
def test_a_coupling_of_networks_is_searched_for_and_payoffs_are_those_that_were_seen():
    how = {"steps": 2, "estimator": played(4), "settling": observing(episodes=4, moments=2, greedy=0)}
    goal = "both hunt: share of C >= 0.8 of least"
    found = ns.steer(
        LEARNERS, "coupling", goal, 0.5, rule=neural.reinforce(), low=0.0, high=1.0, scan=2, tolerance=1.0,
        most_trials=64, **how,
    )  # fmt: skip
    assert (found.target, found.values.tolist()) == ("both hunt", [0.0, 1.0])
    one = ns.entry_probability(
        ns.parametric(ENV, neural.coupled(LEARNERS.semantics, 1.0)), neural.reinforce(), n=int(found.trials[1]),
        targets=[goal], **how,
    )  # fmt: skip
    np.testing.assert_allclose(found.payoffs[1], one.reduced["payoff"].mean(axis=(0, 1)), rtol=1e-5)
    assert not np.allclose(found.payoffs[0], found.payoffs[1])


def test_a_map_of_what_is_only_played_is_refused():
    with pytest.raises(InputError, match="stag_hunt is only played by policies, whose weights have no grid of starts"):
        ns.basin_map(LEARNERS, neural.reinforce(), grid=3)
