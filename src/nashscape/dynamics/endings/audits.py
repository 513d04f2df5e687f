"""Auditing labels: some runs of every label are continued, and what became of them is told."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import Outcome
from nashscape.dynamics.endings.accounts import Ended, Labelled, standing_of
from nashscape.dynamics.endings.continuing import HORIZON, MOST_STEPS, continued
from nashscape.dynamics.endings.hurried_paths import begun
from nashscape.dynamics.endings.judging import NEAR
from nashscape.dynamics.endings.looking import Path
from nashscape.dynamics.endings.programs import looks_for, projected_move
from nashscape.dynamics.setup import Setup
from nashscape.dynamics.targets import PointTarget, Target

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LONGER = 4
"""Runs with noise are continued to so many times their number of updates."""


@dataclass(frozen=True, eq=False)
class Audited:
    """What became of the runs that were continued.

    Attributes:
        codes: labels that occur, `[L]`.
        runs: runs of each, `[L]`.
        looked_at: how many of them were continued, `[L]`.
        changed: of these, how many left the target, or the place, that the label names; of other labels, how many went
            elsewhere than they were, `[L]`.
        unfinished: of these, how many had not, but could not be followed to the end, `[L]`.
    """

    codes: npt.NDArray[np.int8]
    runs: Whole
    looked_at: Whole
    changed: Whole
    unfinished: Whole


def chosen_runs(codes: npt.NDArray[np.int8], each: int, seed: int) -> Whole:
    """At most so many runs of every label, at random; all of those of rare ones. Diverged runs are none."""
    generator = np.random.default_rng([seed, 0x1ABE1])
    picked = []
    for code in np.unique(codes):
        runs = np.flatnonzero(codes == code)
        if code != Outcome.DIVERGED:
            picked.append(runs if len(runs) <= each else np.sort(generator.choice(runs, each, replace=False)))
    return np.concatenate(picked).astype(np.int64) if picked else np.zeros(0, np.int64)


def planned(setup: Setup, codes: npt.NDArray[np.int8], each: int, steps: int) -> int:
    """Evaluations of the field, or updates, that an audit takes at most."""
    count = len(chosen_runs(codes, each, 0))
    if not setup.estimator.exact:
        return count * (LONGER - 1) * steps
    return count * MOST_STEPS * 2 * (2 * setup.game.dimension + 1)


def audited(
    ended: Ended,
    made: Labelled,
    targets: Sequence[Target | PointTarget],
    runs: Whole,
    again: Callable[[Whole], npt.NDArray[np.int8]],
) -> Audited:
    """Continue these runs and say what became of them.

    Args:
        ended: all runs after their last update.
        made: their labels.
        targets: what runs may reach.
        runs: those that are continued.
        again: for updates with noise: the target that each of these runs stands in much later, −1 for none, `[n]`.
    """
    changed, open_ = np.zeros(len(made.codes), bool), np.zeros(len(made.codes), bool)
    if len(runs):
        if ended.setup.estimator.exact:
            changed[runs], open_[runs] = _followed(ended, made, targets, runs)
        else:
            changed[runs] = again(runs) != made.held[runs]
    codes, inverse = np.unique(made.codes, return_inverse=True)
    looked = np.zeros(len(made.codes), bool)
    looked[runs] = True
    counts = [np.bincount(inverse[which], minlength=len(codes)) for which in (looked, changed, open_)]
    return Audited(codes, np.bincount(inverse, minlength=len(codes)), *counts)


def wandered(path: Path) -> Flags:
    """Whether orbits from outside all targets went elsewhere: twice as far as a path at rest may, unless all players
    play the same actions all along."""
    return np.asarray((path.drift > 2.0 * NEAR) & ~path.pure)


def _followed(
    ended: Ended, made: Labelled, targets: Sequence[Target | PointTarget], runs: Whole
) -> tuple[Flags, Flags]:
    standing, lower, upper = standing_of(ended, targets)
    projection, theta = ended.setup.projection, ended.places(runs)
    which = ended.which[runs]
    looks = looks_for(ended.asked, which, begun(theta, lower[runs], upper[runs]))
    horizon = HORIZON / ended.asked.moments.scale[which]
    orbit = continued(looks, theta, lower[runs], upper[runs], functools.partial(projected_move, projection), horizon)
    inside = standing.held[runs] >= 0
    changed = np.where(inside, ~orbit.path.stays, wandered(orbit.path))
    return changed, ~changed & ~orbit.finished
