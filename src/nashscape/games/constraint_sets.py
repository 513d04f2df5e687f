"""Convex sets that a player's point must lie in: boxes, simplexes, budgets, and products of these."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-9
"""By how much a point may miss a set, as a share of the size of its numbers, and still count as in it."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class ConstraintSet:
    """The points `low ≤ x ≤ high` with `Σ_k p_k x_k ≤ total`, or `= total`; without prices a box.

    Made by `box_set`, `simplex_set` and `budget_set`.

    Attributes:
        low: least value of every coordinate, `[d]`; −∞ where there is none.
        high: largest value of every coordinate, `[d]`; ∞ where there is none.
        prices: `p`, positive, `[d]`; None for a box.
        total: what may be spent at most; None for a box.
        all_spent: whether it must be spent.
    """

    low: Any
    high: Any
    prices: Any = None
    total: Any = None
    all_spent: bool = field(default=False, metadata={"static": True})

    @property
    def size(self) -> int:
        """The number of coordinates d."""
        return len(self.low)

    @property
    def bounded(self) -> bool:
        """Whether the set lies between two bounds in every coordinate."""
        low, high = self.bounds
        return bool(np.isfinite(low).all() and np.isfinite(high).all())

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """The least and the largest value that each coordinate takes in the set, `[d]` each."""
        low, high = (np.asarray(end, dtype=np.float64) for end in (self.low, self.high))
        if self.prices is None:
            return low, high
        prices, total = np.asarray(self.prices, dtype=np.float64), float(self.total)
        # what the others cannot but spend, and the most that they can
        least, most = prices * low, prices * high
        room = (total - (least.sum() - least)) / prices
        if not self.all_spent:
            return low, np.minimum(high, room)
        endless, known = np.isinf(most), np.where(np.isinf(most), 0.0, most)
        others = np.where(endless.sum() > endless, np.inf, known.sum() - known)
        return np.maximum(low, (total - others) / prices), np.minimum(high, room)

    def project(self, point: jax.Array) -> jax.Array:
        """The nearest point of the set, `[d]`.

        `clip(v − τ p, low, high)` with the least `τ ≥ 0` for which no more than the total is spent, or the τ for which
        all is. What is spent falls with τ and is linear between its breakpoints, where a coordinate meets a bound:
        looked at in order, they give τ exactly.

        >>> budget_set(2.5, [1.0, 2.0]).project(jnp.asarray([1.0, 2.0])).tolist()     # τ = ½
        [0.5, 1.0]
        """
        inside = jnp.clip(point, self.low, self.high)
        if self.prices is None:
            return inside
        prices = jnp.asarray(self.prices, dtype=point.dtype)
        met = jnp.concatenate([(point - self.low) / prices, (point - self.high) / prices])
        # bounds that there are not are never met
        met = jnp.sort(jnp.where(jnp.isfinite(met), met, jnp.max(jnp.where(jnp.isfinite(met), met, -jnp.inf))))
        spent = jnp.sum(prices * jnp.clip(point - met[:, None] * prices, self.low, self.high), axis=1)
        tau = self._price_of_all(point, prices, met, spent)
        tau = tau if self.all_spent else jnp.where(jnp.sum(prices * inside) <= self.total, 0.0, jnp.maximum(tau, 0.0))
        return jnp.clip(point - tau * prices, self.low, self.high)

    def _price_of_all(self, point: jax.Array, prices: jax.Array, met: jax.Array, spent: jax.Array) -> jax.Array:
        """The τ at which exactly the total is spent: on the last piece that begins with at least as much."""
        last = jnp.maximum(jnp.sum(spent >= self.total) - 1, 0)
        start = jnp.where(spent[0] < self.total, met[0] - 1.0, met[last])
        # on the piece after `start`, of free coordinates alone what is spent falls by p² for every unit of τ
        end = jnp.where(spent[0] < self.total, met[0], met[jnp.minimum(last + 1, len(met) - 1)])
        middle = point - (start + end) / 2 * prices
        free = (middle > self.low) & (middle < self.high)
        fixed = jnp.sum(jnp.where(free, 0.0, prices * jnp.clip(middle, self.low, self.high)))
        square = jnp.sum(jnp.where(free, prices * prices, 0.0))
        wanted = (jnp.sum(jnp.where(free, prices * point, 0.0)) + fixed - self.total) / jnp.where(square > 0, square, 1)
        return jnp.where(square > 0, wanted, start)

    def highest(self, direction: npt.ArrayLike) -> Floats:
        """A point of the set at which `direction · x` is largest, `[d]`; infinite where there is no largest.

        The total goes where it buys most: to coordinates in falling order of direction by price.

        >>> simplex_set(3).highest([1.0, 3.0, 2.0]).tolist()
        [0.0, 1.0, 0.0]
        """
        slope = np.asarray(direction, dtype=np.float64)
        low, high = (np.asarray(end, dtype=np.float64) for end in (self.low, self.high))
        if self.prices is None:
            return np.where(slope > 0, high, np.where(slope < 0, low, np.clip(0.0, low, high)))
        prices = np.asarray(self.prices, dtype=np.float64)
        made, left = low.copy(), float(self.total) - float(prices @ low)
        for k in np.argsort(-slope / prices, kind="stable"):
            if left <= 0 or (slope[k] <= 0 and not self.all_spent):
                break
            made[k] = min(high[k], low[k] + left / prices[k])
            left -= prices[k] * (made[k] - low[k])
        return made

    def __contains__(self, point: npt.ArrayLike) -> bool:
        """Whether a point lies in the set, but for rounding."""
        return _is_in(self, point)

    def drawn(self, uniforms: Floats) -> Floats:
        """Points drawn uniformly from the set, `[N, d]`, from uniform numbers in (0, 1), `[N, d + 1]`.

        Raises:
            InputError: for sets without bounds, and budgets with further bounds, from which nothing is drawn.
        """
        low, high = self.bounds
        if not self.bounded:
            raise InputError("nothing can be drawn uniformly from a set without bounds; give starts")
        if self.prices is None:
            return low + (high - low) * uniforms[:, :-1]
        given = np.asarray(self.high, dtype=np.float64)
        if not (given >= high - ROUNDING * (1 + np.abs(high))).all() or (low > np.asarray(self.low)).any():
            raise InputError(
                "nothing is drawn uniformly from a budget whose coordinates have upper bounds; give starts"
            )
        # spacings of a simplex; where not all is spent, one more coordinate keeps the rest
        spacings = -np.log(uniforms[:, : self.size + (not self.all_spent)])
        return low + (high - low) * (spacings / spacings.sum(axis=1, keepdims=True))[:, : self.size]


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class ProductSet:
    """Points whose blocks of coordinates each lie in a set of their own. Made by `product_set`."""

    parts: tuple[Any, ...]

    @property
    def size(self) -> int:
        """The number of coordinates of all blocks."""
        return sum(part.size for part in self.parts)

    @property
    def bounded(self) -> bool:
        """Whether all blocks are bounded."""
        return all(part.bounded for part in self.parts)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """The least and the largest value of each coordinate, `[d]` each."""
        low, high = zip(*(part.bounds for part in self.parts), strict=True)
        return np.concatenate(low), np.concatenate(high)

    @property
    def slices(self) -> list[slice]:
        """Where the blocks lie."""
        ends = np.cumsum([part.size for part in self.parts]).tolist()
        return [slice(end - part.size, end) for end, part in zip(ends, self.parts, strict=True)]

    def project(self, point: jax.Array) -> jax.Array:
        """The nearest point, block by block."""
        blocks = zip(self.parts, self.slices, strict=True)
        return jnp.concatenate([part.project(point[own]) for part, own in blocks])

    def highest(self, direction: npt.ArrayLike) -> Floats:
        """A point at which `direction · x` is largest, block by block."""
        slope = np.asarray(direction, dtype=np.float64)
        return np.concatenate([part.highest(slope[own]) for part, own in zip(self.parts, self.slices, strict=True)])

    def __contains__(self, point: npt.ArrayLike) -> bool:
        """Whether every block lies in its set, but for rounding."""
        return _is_in(self, point)

    def drawn(self, uniforms: Floats) -> Floats:
        """Points drawn uniformly, `[N, d]`, from `[N, d + blocks]` uniform numbers."""
        made, first = [], 0
        for part in self.parts:
            made.append(part.drawn(uniforms[:, first : first + numbers(part)]))
            first += numbers(part)
        return np.concatenate(made, axis=1)


def numbers(region: Any) -> int:
    """How many uniform numbers it takes to draw one point."""
    parts = getattr(region, "parts", None)
    return region.size + 1 if parts is None else sum(map(numbers, parts))


def misses(region: Any, points: npt.ArrayLike) -> Floats:
    """By how much points `[N, d]` are outside a set: how far the nearest of it is, in the largest coordinate, `[N]`.

    >>> misses(simplex_set(2), [[0.5, 0.5], [1.0, 1.0]]).tolist()
    [0.0, 0.5]
    """
    given = np.asarray(points, dtype=np.float64)
    with jax.enable_x64(True):
        nearest = np.asarray(_projected(region, jnp.asarray(given)))
    return np.asarray(np.abs(nearest - given).max(axis=1, initial=0.0))


@jax.jit
def _projected(region: Any, points: jax.Array) -> jax.Array:
    return jax.vmap(region.project)(points)


def _is_in(region: Any, point: npt.ArrayLike) -> bool:
    given = np.asarray(point, dtype=np.float64)
    if given.shape != (region.size,):
        return False
    return float(misses(region, given[None])[0]) <= ROUNDING * (1.0 + float(np.abs(given).max(initial=0.0)))


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
