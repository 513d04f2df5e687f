"""Which gates learners reach in two games of participation, as data."""

import numpy as np

from nashscape.dynamics import PointTarget
from nashscape.studies import Study
from nashscape.systems.pruning_game.participation import Participation, drawn

NEURONS = 4
WEAK: tuple[Participation, ...] = tuple(drawn(np.random.default_rng(seed), NEURONS, eta=0.05) for seed in (0, 1))
"""Two frozen games whose competition is weak enough for replies to contract."""


def _near(one: Participation) -> PointTarget:
    return PointTarget("equilibrium", tuple((float(gate),) for gate in one.equilibrium()), 0.01)


LEARNERS = Study(
    "pruning-learners",
    about="Whether gradient learners of several kinds reach the equilibrium of a game of participation.",
    fixed={"starts": "uniform_strategies", "steps": 3000, "n": 40, "step_size": 0.05},
    vary=[
        {"game": [one.game() for one in WEAK], "targets": [[_near(one)] for one in WEAK]},
        {"rule": ["pg", "lookahead:inner_lr=0.1", "extragradient"]},
    ],
    measure=["standing"],
)  # fmt: skip
