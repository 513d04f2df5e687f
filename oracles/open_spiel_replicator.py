"""The replicator flow against the population dynamics of OpenSpiel, for one population, two and three."""

import numpy as np
from scipy.integrate import solve_ivp

from nashscape.dynamics.replication import replicator, share_velocity
from oracles import problems
from oracles.compared import Comparison, Deviations, library
from oracles.problems import FULL, Amount

SOLVER = {"method": "DOP853", "rtol": 1e-11, "atol": 1e-12}
"""OpenSpiel has fields only; SciPy integrates them."""

TRAJECTORY = 1e-7


def compare(amount: Amount = FULL) -> list[Comparison]:
    """Fields and trajectories, one population and several."""
    egt, version = library("open_spiel", "open_spiel.python.egt.dynamics")
    single, several, together = Deviations(), Deviations(), Deviations()
    for game in problems.symmetric(amount).values():
        field = egt.SinglePopulationDynamics(game.payoffs, egt.replicator)
        for x, y in problems.shares(game, amount.points):
            single.add(share_velocity(game, (x, y))[0], field(x))
    many = problems.two_players(amount) | problems.three_players(amount)
    for game in many.values():
        field = egt.MultiPopulationDynamics(game.payoffs, egt.replicator)
        for profile in problems.profiles(game, amount.points):
            several.add(np.concatenate(share_velocity(game, profile)), field(np.concatenate(profile)))
        for profile in problems.profiles(game, amount.trajectories, seed=1):
            end, start = problems.TIMES[-1], np.concatenate(profile)
            theirs = solve_ivp(lambda _, x, f=field: f(x), (0.0, end), start, t_eval=problems.TIMES, **SOLVER)
            ours = replicator(game, profile, time=end, samples=list(problems.TIMES))
            together.add(np.hstack(ours.strategies), theirs.y.T)
    one, all_ = ", ".join(problems.symmetric(amount)), ", ".join(many)
    return [
        single.comparison("open_spiel", version, f"field of SinglePopulationDynamics ({one})", problems.FIELD),
        several.comparison("open_spiel", version, f"field of MultiPopulationDynamics ({all_})", problems.FIELD),
        together.comparison("open_spiel", version, f"trajectories along that field ({all_})", TRAJECTORY),
    ]
