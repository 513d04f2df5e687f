"""Sets that points lie in, from numbers that are checked: boxes, simplexes, budgets, and products of these."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.constraint_sets import ConstraintSet, ProductSet

Floats = npt.NDArray[np.float64]


@public()
def box_set(low: Any, high: Any, size: int | None = None) -> ConstraintSet:
    """The box `low ≤ x ≤ high`, for coordinates that may differ.

    Args:
        low: least values, a number or one for each coordinate; −∞ where there is none.
        high: largest values, likewise.
        size: the number of coordinates, where both are numbers; by default one.

    Raises:
        InputError: for an empty box, or numbers that do not fit together.

    Example:
        >>> import jax.numpy as jnp
        >>> box_set([0, 1], 5).project(jnp.asarray([-1.0, 9.0])).tolist()
        [0.0, 5.0]
    """
    low, high = _ends(low, high, 1 if size is None else positive_integer(size, "size"))
    return ConstraintSet(low, high)


@public()
def simplex_set(size: int, total: float = 1.0) -> ConstraintSet:
    """The simplex `x ≥ 0, Σ x_k = total`: shares of a whole that is all given away.

    Raises:
        InputError: for a size below one, and a total that is not positive.

    Example:
        >>> import jax.numpy as jnp
        >>> simplex_set(3, 2.0).project(jnp.asarray([1.0, 1.5, -3.0])).tolist()
        [0.75, 1.25, 0.0]
    """
    count = positive_integer(size, "size")
    whole = finite_number(total, "total", low=0.0, low_open=True)
    return ConstraintSet(np.zeros(count), np.full(count, np.inf), np.ones(count), whole, all_spent=True)


@public()
def budget_set(
    total: float, prices: npt.ArrayLike, *, low: Any = 0.0, high: Any = np.inf, all_spent: bool = False
) -> ConstraintSet:
    """The budget `low ≤ x ≤ high, Σ p_k x_k ≤ total`, or `= total`.

    Args:
        total: what may be spent.
        prices: `p`, above 0, one for each coordinate.
        low: least values, a number or one for each coordinate; finite.
        high: largest values, likewise; infinite by default.
        all_spent: whether the total must be spent.

    Raises:
        InputError: for an empty set, with what the bounds alone cost, and prices that are not positive.

    Example:
        >>> region = budget_set(10, [1, 2], high=[4, 9])
        >>> [end.tolist() for end in region.bounds], [4, 4] in region
        ([[0.0, 0.0], [4.0, 5.0]], False)
    """
    cost = finite_array(prices, "prices", ndim=1)
    if not len(cost) or (cost <= 0).any():
        raise InputError(f"prices must be above 0, one for each coordinate; got {cost.tolist()}")
    whole = finite_number(total, "total")
    bottom, top = _ends(low, high, len(cost))
    if len(bottom) != len(cost):
        raise InputError(f"{len(cost)} prices need bounds for {len(cost)} coordinates; got {len(bottom)}")
    if not np.isfinite(bottom).all():
        raise InputError(f"the low bounds of a budget must be finite; got {bottom.tolist()}")
    least, most = float(cost @ bottom), float(cost @ top)
    if whole < least or (all_spent and whole > most):
        raise InputError(
            f"the set is empty: points within the bounds cost from {least:g} to {most:g}, and the total is {whole:g}"
        )
    return ConstraintSet(bottom, top, cost, whole, all_spent=bool(all_spent))


@public()
def product_set(*parts: Any) -> ProductSet:
    """The points whose first coordinates lie in the first set, the next ones in the second, and so on.

    Raises:
        InputError: for no sets, or what is no set.

    Example:
        >>> product_set(box_set(0, 1), simplex_set(2)).size
        3
    """
    if not parts:
        raise InputError("give at least one set, such as simplex_set(3)")
    for part in parts:
        check_set(part)
    return ProductSet(tuple(parts))


def check_set(value: Any) -> None:
    """Refuse what is no set of points.

    Raises:
        InputError: with how to make one.
    """
    if isinstance(value, type) or not all(hasattr(value, name) for name in ("size", "project", "bounds", "highest")):
        raise InputError(
            f"expected a set such as box_set(0, 1), simplex_set(3) or budget_set(10, [1, 2]); got {value!r}"
        )


def _ends(low: Any, high: Any, size: int) -> tuple[Floats, Floats]:
    try:
        bottom, top = np.broadcast_arrays(np.asarray(low, np.float64), np.asarray(high, np.float64), np.empty(size))[:2]
    except (TypeError, ValueError):
        try:
            bottom, top = np.broadcast_arrays(np.asarray(low, np.float64), np.asarray(high, np.float64))
        except (TypeError, ValueError):
            raise InputError(f"bounds are numbers, or one for each coordinate; got {low!r} and {high!r}") from None
    if bottom.ndim != 1 or np.isnan(bottom).any() or np.isnan(top).any():
        raise InputError(f"bounds are numbers, or one for each coordinate; got {low!r} and {high!r}")
    if not ((bottom <= top) & (bottom < np.inf) & (top > -np.inf)).all():
        raise InputError(f"the set is empty: low is {bottom.tolist()} and high {top.tolist()}")
    return np.array(bottom), np.array(top)
