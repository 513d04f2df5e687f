"""Where a function of one number changes its sign: brackets, and what is promised about those that were not found."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from nashscape.core.brackets import Bracket, brackets_of
from nashscape.core.interrupts import beside, until_stopped
from nashscape.core.searching import Search

Floats = npt.NDArray[np.float64]
Function = Callable[[float], float]

PARTS = 12
"""Points looked at around every place where the function comes close to zero without reaching it."""


def sign_changes_of(
    function: Function,
    low: float,
    high: float,
    *,
    samples: int = 65,
    tolerance: float = 1e-9,
    degree: int | None = None,
) -> Search:
    """All changes of sign that a scan finds between two numbers, each narrowed by bisection.

    Between neighbours of the scan that have the same sign, but where the function comes closer to zero than at both,
    it is looked at more finely. For a polynomial of known degree its roots are found from a few values, and then
    nothing can be missed.

    Args:
        function: finite between the ends. Somebody who asks to stop ends the search once the scan is done.
        low: lower end.
        high: upper end.
        samples: points of the scan, both ends included.
        tolerance: the widest bracket.
        degree: of the polynomial that the function is known to be.
    """
    values = np.linspace(low, high, samples)
    given = np.array(beside(lambda: [function(float(x)) for x in values]))
    points = dict(zip(values.tolist(), given.tolist(), strict=True))
    scan, found = dict(points), list[Bracket]()
    complete, promise = False, (
        f"found by {samples} values and finer ones near zero; two crossings closer than "
        f"{(high - low) / (samples - 1):.3g} can have been missed"
    )  # fmt: skip
    if degree is not None:
        turns, complete = _turns(given, values, degree)
        finer = [x for x in turns if low < x < high]
        promise = f"all of them: a polynomial of degree {degree}"
        promise = promise if complete else "a polynomial that all but touches zero"
    else:
        finer = _near_zero(values, given)
    with until_stopped() as stop:
        points.update(beside(lambda: {x: function(x) for x in finer}))
        found = list(brackets_of({x: _sign(own) for x, own in points.items()}))
        for k, one in enumerate(found):
            found[k] = beside(partial(_narrowed, function, one, points[one.low], tolerance))
    found = found or list(brackets_of({x: _sign(own) for x, own in points.items()}))
    return Search(tuple(found), scan, complete and not stop.early, promise, stop.early)


def _sign(value: float) -> bool:
    return value > 0


def _narrowed(function: Function, wide: Bracket, first: float, tolerance: float) -> Bracket:
    """A bracket narrowed by Brent's method and, where rounding keeps that from the tolerance, by bisection."""
    from scipy.optimize import brentq

    low, high, below = wide.low, wide.high, not wide.rises
    root = float(brentq(function, low, high, xtol=tolerance / 4, rtol=1e-15)) if first else low
    near = max(low, root - tolerance / 2), min(high, root + tolerance / 2)
    if _sign(function(near[0])) == below != _sign(function(near[1])):
        low, high = near
    while high - low > tolerance:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if _sign(function(middle)) == below else (low, middle)
    return Bracket(low, high, wide.rises)


def _near_zero(values: Floats, given: Floats) -> list[float]:
    """Points between neighbours of those where the function is closest to zero, without a change of sign there."""
    size, above = np.abs(given), given > 0
    same = (above[:-2] == above[1:-1]) & (above[1:-1] == above[2:])
    close = 1 + np.flatnonzero(same & (size[1:-1] <= np.minimum(size[:-2], size[2:])))
    return [float(x) for k in close for x in np.linspace(values[k - 1], values[k + 1], 2 * PARTS + 1)]


def _turns(given: Floats, values: Floats, degree: int) -> tuple[list[float], bool]:
    """Points that separate the roots of a polynomial, its extremes, and whether it is clear on which side they lie."""
    centre, half = (values[0] + values[-1]) / 2, (values[-1] - values[0]) / 2
    polynomial = np.polynomial.Polynomial.fit(values, given, degree, domain=[centre - half, centre + half])
    scale = float(np.abs(given).max())
    misfit = float(np.abs(polynomial(values) - given).max())
    if misfit > 1e-9 * scale:
        return [], False
    turns = [float(x.real) for x in polynomial.deriv().roots() if abs(x.imag) < 1e-9 * half] if degree > 1 else []
    inside = [x for x in turns if values[0] < x < values[-1]]
    return inside, all(abs(polynomial(x)) > 1e-9 * scale for x in inside)
