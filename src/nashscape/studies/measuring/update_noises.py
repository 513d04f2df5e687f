"""How noisy a sampled rule is at a point: many updates of it from there, each with plays of its own."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.outcomes import Status
from nashscape.core.question import Question, ask
from nashscape.dynamics import make_setup, run_starts, starts
from nashscape.learning import Estimator, Rule, power, unbounded
from nashscape.semantics import parametric

LEVEL = 0.95


@dataclass(frozen=True)
class UpdateNoise:
    """How far sampled updates at a point lie from their mean.

    Attributes:
        squares: the squared distance of every update from their mean, times n/(n − 1), `[n]`; the mean of these is the
            trace of the covariance.
        level: confidence level of what is said of it.
        question: what was asked.
        status: complete.
    """

    squares: npt.NDArray[np.float64]
    level: float
    question: Question
    status: Status


def update_noise(game: Any, rule: Rule, *, at: Any, estimator: Estimator, n: int = 1000, seed: int = 0) -> UpdateNoise:
    """The noise of a sampled rule at a point: `tr Cov(ĝ)`, from n directions that share no plays.

    Args:
        game: a game, or a game with a semantics.
        rule: the rule.
        at: the point: for every player a strategy, or the probability of the first of two actions.
        estimator: how terms are sampled.
        n: how many updates.
        seed: of the plays.

    Raises:
        InputError: for updates without noise, and fewer than two of them.
    """
    if estimator.exact:
        raise InputError("exact updates have no noise; give an estimator such as 'sampled:batch=384'")
    n = positive_integer(n, "n", at_least=2)
    # One step of size one without a box moves the parameters by exactly the direction. The size is written as a
    # power, so that the compiled program is the one of runs with the usual step size.
    setup = make_setup(
        parametric(game), rule, estimator=estimator, step_size=power(1.0, exponent=0.0), projection=unbounded()
    )
    keys = np.arange(n, dtype=np.int64)
    endings, _ = run_starts(setup, starts.strategies([at]), np.zeros_like(keys), steps=1, seed=seed, keys=keys)
    directions = endings.theta.astype(np.float64)
    away = directions - directions.mean(axis=0)
    asked = {"game": setup.game, "rule": rule, "estimator": estimator, "at": at, "n": n, "seed": seed}
    return UpdateNoise((away**2).sum(axis=1) * n / (n - 1), LEVEL, ask("update noise", **asked), Status.COMPLETE)
