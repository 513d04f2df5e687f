"""The prior of a Bayesian game: joint probabilities of types, or a distribution for every player."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of

SUM_TOLERANCE = 1e-6
"""How far probabilities may sum from one; then they are divided by their sum."""


def read_prior(
    prior: Any, counts: tuple[int, ...], name: str
) -> tuple[tuple[npt.NDArray[np.float64], ...], tuple[Objects, ...] | None]:
    """The prior as it is kept, one array or one for every player: in doubles, and in fractions where given so.

    Raises:
        InputError: for another shape, negative probabilities, and such as do not sum to one.
    """
    n = len(counts)
    if prior is None:
        total = math.prod(counts)
        return _normalised([exact_array(np.full(counts, Fraction(1, total)), "the prior")])
    if _shape(prior) == counts and not _two_distributions(prior):
        return _normalised([_probabilities(prior, f"the prior of {name}", counts)])
    if hasattr(prior, "__len__") and len(prior) == n and all(np.ndim(own) == 1 for own in prior):
        each = [
            _probabilities(own, f"the prior of player {i + 1} in {name}", (count,))
            for i, (own, count) in enumerate(zip(prior, counts, strict=True))
        ]
        return _normalised(each)
    raise InputError(
        f"the prior must be joint probabilities of shape {list(counts)}, or a distribution for every player; got "
        f"{prior!r}"
    )


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of an array or of lists within lists; of lists that differ in length the number of them."""
    if hasattr(value, "shape"):
        return tuple(value.shape)
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return ()
    inner = {_shape(own) for own in value}
    return (len(value), *(inner.pop() if len(inner) == 1 else ()))


def _two_distributions(prior: Any) -> bool:
    """Whether two rows are distributions of two independent players, which sum to two, and not joint probabilities."""
    rows = [exact_array(own, "the prior")[0] for own in prior]
    return len(rows) == 2 and sum(float(own.sum()) for own in rows) > 1.5


def _probabilities(value: Any, name: str, shape: tuple[int, ...]) -> tuple[npt.NDArray[np.float64], Objects | None]:
    rounded, exact = exact_array(value, name)
    if rounded.shape != shape:
        raise InputError(f"{name} must have shape {list(shape)}; got {list(rounded.shape)}")
    if (rounded < 0).any():
        place = tuple(int(k) for k in np.unravel_index(int(rounded.argmin()), rounded.shape))
        raise InputError(f"{name} must not be negative; the probability at {place} is {rounded[place]:g}")
    if abs(float(rounded.sum()) - 1.0) > SUM_TOLERANCE:
        raise InputError(f"{name} must sum to one; the sum is {float(rounded.sum()):g}")
    return rounded, exact


def _normalised(
    given: list[tuple[npt.NDArray[np.float64], Objects | None]],
) -> tuple[tuple[npt.NDArray[np.float64], ...], tuple[Objects, ...] | None]:
    """Probabilities with sum one: in doubles, and in fractions where some were given so."""
    exact = None
    if any(kept is not None for _, kept in given):
        kept_all = [fractions_of(own) if kept is None else kept for own, kept in given]
        exact = tuple(own / own.sum() for own in kept_all)
        return tuple(own.astype(np.float64) for own in exact), exact
    return tuple(own / own.sum() for own, _ in given), exact
