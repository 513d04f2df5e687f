"""How noisy a sampled rule is at a point."""

import numpy as np
import numpy.typing as npt

from nashscape.dynamics import make_setup, run_starts, starts
from nashscape.games import DenseGame
from nashscape.learning import Rule, power, sampled, unbounded

REPEATS = 100


def variance_traces(
    game: DenseGame, rule: Rule, probability: float, batch: int, capacity: int, experiments: int, *, seed: int
) -> npt.NDArray[np.float64]:
    """Trace of the covariance of a rule's sampled direction, estimated from 100 repeats, many times over.

    Args:
        game: a game of players with two actions.
        rule: the rule.
        probability: of the first action, the same for all players.
        batch: plays per direction.
        capacity: plays that the compiled program has room for.
        experiments: how many estimates of the trace to make.
        seed: of the plays.

    Returns:
        One trace per experiment, with the divisor 99.
    """
    # One step of size one without a box moves the parameters by exactly the direction. The size is written as a
    # power, so that the compiled program is the one of runs with the usual step size.
    setup = make_setup(
        game,
        rule,
        estimator=sampled(batch, capacity=capacity),
        step_size=power(1.0, exponent=0.0),
        projection=unbounded(),
    )
    keys = np.arange(experiments * REPEATS, dtype=np.int64)
    point = starts.strategies([[probability] * game.n_players])
    endings, _ = run_starts(setup, point, np.zeros_like(keys), steps=1, seed=seed, keys=keys)
    directions = endings.theta.astype(np.float64).reshape(experiments, REPEATS, -1)
    return directions.var(axis=1, ddof=1).sum(axis=1)
