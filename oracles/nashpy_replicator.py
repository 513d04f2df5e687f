"""The replicator flow against Nashpy's, for one population and for two."""

import numpy as np

from nashscape.dynamics.replication import replicator, share_velocity
from oracles import problems
from oracles.compared import Comparison, Deviations, library
from oracles.problems import FULL, Amount

TRAJECTORY = 1e-6
"""Nashpy integrates with SciPy's `odeint` at its tolerance of 1.5e-8 per step."""


def compare(amount: Amount = FULL) -> list[Comparison]:
    """Fields and trajectories, one population and two."""
    nashpy, version = library("nashpy", "nashpy")
    own, _ = library("nashpy", "nashpy.learning.replicator_dynamics")
    single, double, alone, together = Deviations(), Deviations(), Deviations(), Deviations()
    for game in problems.symmetric(amount).values():
        for x, y in problems.shares(game, amount.points):
            single.add(share_velocity(game, (x, y))[0], own.get_derivative_of_fitness(x, 0.0, game.payoffs[0]))
        for x, y in problems.shares(game, amount.trajectories, seed=1):
            theirs = nashpy.Game(game.payoffs[0]).replicator_dynamics(y0=x, timepoints=problems.TIMES)
            ours = replicator(game, (x, y), time=problems.TIMES[-1], samples=list(problems.TIMES))
            alone.add(ours.strategies[0], theirs)
    for game in problems.two_players(amount).values():
        row, column = game.payoffs
        for x, y in problems.profiles(game, amount.points):
            theirs = own.get_derivative_of_asymmetric_fitness(np.concatenate([x, y]), 0.0, row, column)
            double.add(np.concatenate(share_velocity(game, (x, y))), theirs)
        for x, y in problems.profiles(game, amount.trajectories, seed=1):
            theirs = nashpy.Game(row, column).asymmetric_replicator_dynamics(x0=x, y0=y, timepoints=problems.TIMES)
            ours = replicator(game, (x, y), time=problems.TIMES[-1], samples=list(problems.TIMES))
            together.add(np.hstack(ours.strategies), np.hstack(theirs))
    one, two = ", ".join(problems.symmetric(amount)), ", ".join(problems.two_players(amount))
    return [
        single.comparison("nashpy", version, f"replicator field of one population ({one})", problems.FIELD),
        double.comparison("nashpy", version, f"replicator field of two populations ({two})", problems.FIELD),
        alone.comparison("nashpy", version, f"trajectories of replicator_dynamics ({one})", TRAJECTORY),
        together.comparison("nashpy", version, f"trajectories of asymmetric_replicator_dynamics ({two})", TRAJECTORY),
    ]
