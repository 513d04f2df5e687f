"""One step of a hurried path: how much clock it takes and where it leads."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEP = 0.5
"""Log-odds by which a step moves the fastest of them."""

TURNING = 0.5
"""A step takes no more clock than this over the largest growth rate, so that it does not jump over what repels."""

TINY, ENOUGH = np.finfo(np.float64).tiny, 1e12

CLOSED = 2
"""Parameters up to which eigenvalues and solutions are written out."""


def clock_of_step(numbers: Any, jacobian: Any, pace: Any, growing: Any) -> Any:
    """The clock that a step takes; `numbers` is NumPy or its JAX version."""
    took = numbers.minimum(STEP / pace, TURNING / numbers.maximum(growing, TINY))
    # what no derivative holds still moves with its field, and not for ever
    return numbers.minimum(took, ENOUGH / numbers.maximum(numbers.abs(jacobian).max(axis=(0, 1)), TINY))


def small_step(numbers: Any, pull: Any, jacobian: Any, pace: Any) -> tuple[Any, Any]:
    """Clock `[…]` and change `[d, …]` of an implicit step with one or two parameters."""
    if len(pull) == 1:
        took = clock_of_step(numbers, jacobian, pace, jacobian[0, 0])
        change = pull / (1.0 / took - jacobian[0])
    else:
        (a, b), (c, e) = jacobian
        spread = 0.25 * (a - e) ** 2 + b * c
        took = clock_of_step(numbers, jacobian, pace, 0.5 * (a + e) + numbers.sqrt(numbers.maximum(spread, 0.0)))
        first, second = 1.0 / took - a, 1.0 / took - e
        change = numbers.stack([second * pull[0] + b * pull[1], first * pull[1] + c * pull[0]]) / (
            first * second - b * c
        )
    return took, numbers.where(numbers.isfinite(change), change, 0.0)


def growth(jacobian: Floats, enough: Any = -np.inf) -> Floats:
    """The largest real part of an eigenvalue of each of n matrices, `[n, d, d]`; infinite where it is not finite.

    Where a bound on it, from sums of rows or of columns, is at most `enough`, `[n]`, the bound itself.
    """
    finite = np.isfinite(jacobian).all(axis=(1, 2))
    diagonal = np.diagonal(jacobian, axis1=1, axis2=2)
    sizes = np.abs(jacobian)
    rows, columns = ((sizes.sum(axis=axis) - np.abs(diagonal) + diagonal).max(axis=1) for axis in (2, 1))
    rates = np.where(finite, np.minimum(rows, columns), np.inf)
    open_ = finite & (rates > enough)
    if open_.any():
        rates[open_] = np.linalg.eigvals(jacobian[open_]).real.max(axis=1)
    return rates


def solved(matrix: Floats, right: Floats) -> Floats:
    """Solutions `[n, d]` of n systems; not a number where one has none."""
    try:
        return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0], np.float64)
    except np.linalg.LinAlgError:
        return np.stack([_one(*pair) for pair in zip(matrix, right, strict=True)])


def _one(matrix: Floats, right: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, right), np.float64)
    except np.linalg.LinAlgError:
        return np.full_like(right, np.nan)
