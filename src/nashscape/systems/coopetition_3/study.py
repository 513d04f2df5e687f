"""The published configurations of teams, and which of many equilibria learners reach, as data."""

import numpy as np
import numpy.typing as npt

from nashscape.dynamics import PointTarget, Settling, reducers, starts
from nashscape.games import team_effort, team_production
from nashscape.studies import Study

PRODUCTIVITIES = (10.0, 15.0, 20.0, 25.0, 30.0)
ELASTICITIES = (0.4, 0.45, 0.5, 0.55, 0.6)
COSTS = (1.5, 2.0, 2.5, 3.0, 3.5)
SIZES = (3, 4, 5, 6, 8)
LOYALTIES = (0.0, 0.3, 0.5, 0.7, 0.9)
"""The 3,125 published configurations, of which efforts are between LOW and HIGH."""
LOW, HIGH = 0.01, 50.0

UNEVEN = (0.2, 0.5, 0.5, 0.1)
"""Loyalties of which two are the largest."""

MEMBERS, EQUAL = 4, (0.0, 0.5)
"""Teams in which all are equally loyal."""


def begun(loyalty: float, runs: int, seed: int) -> npt.NDArray[np.float64]:
    """Efforts that differ, drawn around those of the symmetric equilibrium, `[runs, members]`."""
    spread = np.random.default_rng(seed).uniform(0.3, 1.7, (runs, MEMBERS))
    return np.asarray(spread * team_effort(MEMBERS, loyalty=loyalty))


def _near(loyalty: float) -> PointTarget:
    effort = team_effort(MEMBERS, loyalty=loyalty)
    return PointTarget("symmetric", ((effort,),) * MEMBERS, 0.01 * effort)


def learners(runs: int, seed: int) -> Study:
    """At which of many equilibria gradient ascent ends, from efforts that differ."""
    return Study(
        "coopetition-selection",
        about="At which efforts of equally loyal members gradient ascent ends, from efforts that differ.",
        fixed={"rule": "pg", "steps": 4000, "step_size": 20.0, "precision": "float64",
               "settling": Settling(follow=False), "reducers": [reducers.last_profile()]},
        vary=[
            {"game": [team_production(MEMBERS, loyalty=own) for own in EQUAL],
             "targets": [[_near(own)] for own in EQUAL],
             "starts": [starts.parameters(begun(own, runs, seed)) for own in EQUAL]},
        ],
        measure=["reduced"],
    )  # fmt: skip
