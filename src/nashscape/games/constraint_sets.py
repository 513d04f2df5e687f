"""Convex sets that a player's point must lie in: boxes, simplexes, budgets, and products of these."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games.points_in_sets import ROUNDING, is_in, numbers

Floats = npt.NDArray[np.float64]


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

        >>> from nashscape.games import budget_set
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

        >>> from nashscape.games import simplex_set
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
        return is_in(self, point)

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
        return is_in(self, point)

    def drawn(self, uniforms: Floats) -> Floats:
        """Points drawn uniformly, `[N, d]`, from `[N, d + blocks]` uniform numbers."""
        made, first = [], 0
        for part in self.parts:
            made.append(part.drawn(uniforms[:, first : first + numbers(part)]))
            first += numbers(part)
        return np.concatenate(made, axis=1)
