"""Orbits of the mean field continued on the clock, with steps as long as an error allows: what labels are audited by.

Nothing here is shared with hurried paths but the field: time runs as it does for the learners, and every step has an
estimate of its error.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.dynamics.endings.hurried_paths import begun
from nashscape.dynamics.endings.looking import Path
from nashscape.dynamics.endings.path_steps import TURNING, growth, solved
from nashscape.dynamics.endings.programs import Looks

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TOLERANCE = 0.02
"""Error of a step, in parameters: of logits, log-odds."""

SHARE = 0.1
"""Error of a step, as a share of it: where the field turns round, or hardly moves anything, steps are small."""

HORIZON = 1e9
"""Orbits are continued for so much clock, times the range of payoffs."""

MOST_STEPS = 500
"""Steps that are tried for an orbit, at most."""


@dataclass(frozen=True, eq=False)
class Continued:
    """N orbits.

    Attributes:
        path: what they have seen: whether they stayed in the target, how far they went from the end of the run.
        clock: how far they were followed, `[N]`.
        finished: whether to the end of the horizon, or to where nothing moves, `[N]`.
    """

    path: Path
    clock: Floats
    finished: Flags


def continued(looks: Looks, theta: Floats, lower: Floats, upper: Floats, move: Any, horizon: Floats) -> Continued:
    """Continue the orbits from parameters `[N, d]` until they leave their targets or the horizon `[N]` is over.

    A step of the linearly implicit Euler rule, and two of half its length with the same Jacobian; their difference is
    the error, and removes the first term of it.

    Args:
        looks: the compiled look.
        theta: where from.
        lower: least strategies of the target of each orbit, `[N, Σ a_i]`; minus infinity where it has none.
        upper: largest ones.
        move: `move(theta, change)`, the places after a change, kept where they may be.
        horizon: how much clock.
    """
    path, count = begun(theta, lower, upper), len(theta)
    clock, took, finished = np.zeros(count), np.full(count, np.nan), np.zeros(count, bool)
    runs = np.arange(count)
    pull, jacobian = np.zeros_like(path.theta), np.zeros((len(path.theta), *path.theta.shape))
    longest = np.full(count, np.inf)
    fresh = runs
    for step in range(MOST_STEPS):
        if len(fresh):
            found = looks.at(path, fresh, first=step == 0)
            pull[:, fresh], jacobian[..., fresh] = found.pull, found.jacobian
            rates = growth(np.moveaxis(found.jacobian, -1, 0))
            # a longer step would end on what repels, and find no error in that
            longest[fresh] = TURNING / np.maximum(rates, np.finfo(float).tiny)
        over = (clock >= horizon) | (pull == 0.0).all(axis=0) | ~np.isfinite(pull).all(axis=0)
        finished[runs[over[runs]]] = True
        runs = runs[~over[runs] & path.stays[runs]]
        if not len(runs):
            break
        first = np.isnan(took[runs])
        size = np.abs(pull[:, runs]).max(axis=0)
        took[runs] = np.where(first, TOLERANCE / np.maximum(size, np.finfo(float).tiny), took[runs])
        took[runs] = np.minimum(np.minimum(took[runs], longest[runs]), horizon[runs] - clock[runs])
        given = pull[:, runs].T, np.moveaxis(jacobian[..., runs], -1, 0), took[runs]
        after, error, allowed = _tried(looks, path, runs, *given, move)
        fine = error <= allowed
        fresh = runs[fine]
        path.before[:, fresh] = path.theta[:, fresh]
        path.theta[:, fresh] = after[fine].T
        clock[fresh] += took[fresh]
        # the error of the step grows with the square of its length
        with np.errstate(divide="ignore"):
            took[runs] *= np.clip(0.9 * np.sqrt(allowed / error), 0.2, 5.0)
    return Continued(path, clock, finished)


def _tried(
    looks: Looks, path: Path, runs: npt.NDArray[np.int64], pull: Floats, jacobian: Floats, took: Floats, move: Any
) -> tuple[Floats, Floats, Floats]:
    """Places `[n, d]` after a step of so much clock, the error of it, infinite where there is none, and the largest
    that is allowed."""
    theta, identity = path.theta[:, runs].T, np.eye(len(path.theta))
    with np.errstate(all="ignore"):
        whole = solved(identity - took[:, None, None] * jacobian, took[:, None] * pull)
        half = solved(identity - 0.5 * took[:, None, None] * jacobian, 0.5 * took[:, None] * pull)
        between = begun(np.zeros((path.theta.shape[1], len(identity))), path.lower.T, path.upper.T)
        between.theta[:, runs] = move(theta, np.where(np.isfinite(half), half, 0.0)).T
        found = looks.at(between, runs, first=True)
        rest = solved(identity - 0.5 * took[:, None, None] * jacobian, 0.5 * took[:, None] * found.pull.T)
        twice = between.theta[:, runs].T + rest - theta
        once, better = move(theta, whole), move(theta, twice)
        error = np.abs(once - better).max(axis=1)
    error = np.where(np.isfinite(error), error, np.inf)
    after = move(better, np.where(np.isfinite(error)[:, None], better - once, 0.0))
    least = np.finfo(np.float64).eps * np.maximum(np.abs(theta).max(axis=1), 1.0)
    return after, error, np.clip(SHARE * np.abs(after - theta).max(axis=1), 4.0 * least, TOLERANCE)
