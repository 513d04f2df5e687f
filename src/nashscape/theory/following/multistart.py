"""Zeros of a field at one value of the parameter, by Newton's method from many starts."""

import numpy as np
import numpy.typing as npt

from nashscape.theory.following.arclength import CLOSE, SAME
from nashscape.theory.following.equations import Equations

Floats = npt.NDArray[np.float64]
NEWTON_STEPS = 40
LONGEST = 1.0
"""Changes of Newton's method are cut to this length, in units of θ."""
SINGULAR = 1e-9
"""A zero where the Jacobian's singular values differ by more than this ratio is not isolated as far as one can see."""


def starting_points(equations: Equations, starts: int, seed: int) -> Floats:
    """Where Newton's method begins: the middle of the box, then uniform draws from its inner half, `[starts, d]`."""
    middle, half = (equations.ceiling + equations.floor) / 2, (equations.ceiling - equations.floor) / 4
    drawn = np.random.default_rng(seed).uniform(-1.0, 1.0, (starts, len(middle)))
    drawn[0] = 0.0
    return np.asarray(middle + half * drawn)


def zeros_at(equations: Equations, value: float, starts: Floats) -> list[Floats]:
    """The different isolated zeros to which Newton's method comes from some starts, as points u."""
    found: list[Floats] = []
    for theta in starts:
        u = newton(equations, equations.point(theta, value))
        if u is not None and all(np.linalg.norm(u - other) > SAME for other in found):
            found.append(u)
    return found


def newton(equations: Equations, u: Floats) -> Floats | None:
    """The isolated zero within the box to which Newton's method comes at this value, or None.

    It has to come to rest: where the field itself dies out, as for logits that go to infinity, its changes do not.
    """
    reach = 2.0 * np.maximum(np.abs(equations.floor), np.abs(equations.ceiling))
    for _ in range(NEWTON_STEPS):
        slope = equations.slope(u)
        try:
            change = np.linalg.solve(slope, -equations.residual(u))
        except np.linalg.LinAlgError:
            return None
        length = float(np.linalg.norm(change))
        if not np.isfinite(length):
            return None
        u = u + np.append(change * min(1.0, LONGEST / max(length, CLOSE)), 0.0)
        if (np.abs(equations.theta(u)) > reach).any():
            return None
        if length <= CLOSE * (1.0 + np.linalg.norm(u)):
            sizes = np.linalg.svd(slope, compute_uv=False)
            return u if equations.within(u) and sizes[-1] > SINGULAR * sizes[0] else None
    return None
