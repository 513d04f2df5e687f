"""Proofs that a field has exactly one zero in a small box, by the test of Krawczyk.

For a box `X = x + [−r, r]`, any matrix C and an enclosure J of the Jacobian over X, every zero of F in X lies in

    K(X) = x − C F(x) + (I − C J)(X − x),

and where K(X) lies inside X there is exactly one. C is the inverse of J's middle as it was computed; it needs not be
exact, for the test itself is rounded outwards.
"""

import numpy as np
import numpy.typing as npt
import scipy.linalg

from nashscape.core import InputError, finite_array, finite_number
from nashscape.learning.fields import Field
from nashscape.proofs.bounds.enclosures import SLOPES, enclose

Floats = npt.NDArray[np.float64]
RADII = 10.0 ** np.arange(-11.0, -1.0)
"""Half widths of boxes that are tried, from the smallest; beside one plus the size of the largest parameter."""

ROUNDING = 2.0**-50
SPARE = 1.0 + 1e-11
"""More than what sums of a few hundred numbers without sign lose by rounding."""


def proves_zero(field: Field, theta: npt.ArrayLike, radius: float, free: npt.ArrayLike | None = None) -> bool:
    """Whether it is proved that F has exactly one zero with all free parameters within a distance of `theta`.

    Args:
        field: made by `field_of`.
        theta: the middle of the box, `[d]`.
        radius: half the width of the box.
        free: which parameters vary, `[d]` of truth values, all by default. The others are numbers, and their
            components of the field need not vanish.

    Returns:
        False means that nothing is known: there may be no zero, one, or many.

    Raises:
        InputError: for rules or games without bounds, and parameters of the wrong length.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning.fields import field_of
        >>> field = field_of(games.stag_hunt())
        >>> at = np.log([2.0, 2.0])               # σ(log 2) = 2/3
        >>> proves_zero(field, at, 0.01), proves_zero(field, at + 0.05, 0.01)
        (True, False)

    Source: Krawczyk (1969); Moore (1977).
    """
    middle = finite_array(theta, "theta", shape=(field.game.dimension,))
    radius = finite_number(radius, "radius", low=0.0, low_open=True)
    moving = np.ones(len(middle), bool) if free is None else np.asarray(free, bool)
    if moving.shape != middle.shape:
        raise InputError(f"free must have {len(middle)} truth values; got {moving.shape}")
    reach = np.where(moving, radius, 0.0)
    low, high = _below(middle - reach, moving), _above(middle + reach, moving)
    [there] = enclose(field, middle[None], middle[None])
    jacobian = enclose(field, low[None], high[None], SLOPES)[1]
    inner = np.ix_(moving, moving)
    slopes = jacobian.low[0][inner], jacobian.high[0][inner]
    # the box that was looked at, which is at least as wide as was asked for
    wide = np.maximum(high - middle, middle - low)[moving] * SPARE
    return bool(moving.any() and _inside(there.size[0][moving], *slopes, wide, radius))


def _inside(value: Floats, low: Floats, high: Floats, wide: Floats, radius: float) -> bool:
    """Whether `|C F(x)| + |I − C J| w < r`, every term bounded from above."""
    if not (np.isfinite(value).all() and np.isfinite(low).all() and np.isfinite(high).all()):
        return False
    middle = (low + high) / 2
    around = np.maximum(high - middle, middle - low) * SPARE + np.finfo(float).tiny
    try:
        inverse = scipy.linalg.inv(middle)
    except scipy.linalg.LinAlgError:
        return False
    size = np.abs(inverse)
    rounding = (len(middle) + 4) * ROUNDING * (size @ np.abs(middle) + np.eye(len(middle)))
    rest = np.abs(np.eye(len(middle)) - inverse @ middle) + rounding + size @ around
    return bool(((size @ value + rest @ wide) * SPARE < radius).all())


def _below(x: Floats, moving: npt.NDArray[np.bool_]) -> Floats:
    return np.where(moving, np.nextafter(x, -np.inf), x)


def _above(x: Floats, moving: npt.NDArray[np.bool_]) -> Floats:
    return np.where(moving, np.nextafter(x, np.inf), x)


def proof_radius(field: Field, theta: Floats, free: npt.NDArray[np.bool_], room: float = np.inf) -> float | None:
    """The least radius of those tried within which exactly one zero is proved; None where none of them will do."""
    scale = 1.0 + float(np.abs(theta).max(initial=0.0))
    for radius in RADII * scale:
        if radius < room and proves_zero(field, theta, float(radius), free):
            return float(radius)
    return None
