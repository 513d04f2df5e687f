"""Ends of the paths of Lemke and Howson, and values of zero-sum games, against Nashpy."""

import numpy as np

from nashscape import games
from nashscape.theory.nash.path_finding import lemke_howson_path
from nashscape.theory.zero_sum.finding import zero_sum_value
from oracles.compared import Comparison, Deviations, library
from oracles.problems import FULL, Amount

SHAPES = ((2, 3), (3, 3), (4, 3), (2, 5), (4, 4))
TOLERANCE = 1e-7
"""Largest difference of two probabilities or payoffs: Nashpy computes in double precision."""

SHARE = 8
"""Of the random games one in so many."""


def compare(amount: Amount = FULL) -> list[Comparison]:
    """Without ties the path from every label, and both optimal strategies of a zero-sum game, are the only ones."""
    nashpy, version = library("nashpy", "nashpy")
    count = max(amount.random // SHARE, 2)
    ends, values = Deviations(), Deviations()
    for seed in range(count):
        shape = SHAPES[seed % len(SHAPES)]
        game = games.random_game(shape, seed)
        for label in range(sum(shape)):
            theirs = nashpy.Game(*game.payoffs).lemke_howson(initial_dropped_label=label)
            ours = lemke_howson_path(game, label).equilibrium
            ends.add(np.concatenate([np.array(own, np.float64) for own in ours]), np.concatenate(theirs))
        against = games.random_zero_sum(shape, seed)
        x, y = nashpy.Game(*against.payoffs).linear_program()
        found = zero_sum_value(against)
        values.add([*found.strategies[0], *found.strategies[1]], [*x, *y])
        values.add(float(found.value), x @ against.payoffs[0] @ y)
    return [
        ends.comparison(
            "nashpy", version, f"ends of all paths of Lemke and Howson in {count:,} random games", TOLERANCE
        ),
        values.comparison("nashpy", version, f"values and strategies of {count:,} random zero-sum games", TOLERANCE),
    ]
