"""How a stock grows back: by a logistic law, by a constant, by doubling, or by a table."""

from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number
from nashscape.core.calls import public

LAWS = ("logistic", "constant", "doubling", "stepwise")
"""By which a stock grows back."""

LEAST_TEXT = 'regeneration("logistic", growth=0.5), ("constant", growth=0.03), ("doubling") or ("stepwise", table=…)'


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Regeneration:
    """How much a stock is after it has grown back. Made by `regeneration`.

    Attributes:
        growth: r of a logistic law, Δ of a constant one; 1 of doubling, 0 of a table.
        levels: of a table, the stocks from which on a row holds, `[m]`, the first 0.
        added: what is added then, `[m]`.
        law: its name.
    """

    growth: Any
    levels: Any
    added: Any
    law: str = field(metadata={"static": True})

    def after(self, stock: jax.Array, capacity: jax.Array) -> jax.Array:
        """The stock after it has grown, at most the capacity."""
        kind = stock.dtype
        growth = jnp.asarray(self.growth, kind)
        grown = {
            "logistic": lambda: growth * stock * (1 - stock / capacity),
            "constant": lambda: growth,
            "doubling": lambda: stock,
            "stepwise": lambda: self._row(stock),
        }[self.law]()
        return jnp.minimum(capacity, stock + grown)

    def exactly(self, stock: Fraction, capacity: Fraction) -> Fraction:
        """The same in fractions; numbers are the decimals as which they are written."""
        if self.law == "stepwise":
            grown = written(self.added[bisect_right([written(own) for own in self.levels], stock) - 1])
        else:
            growth = written(self.growth)
            grown = {"logistic": growth * stock * (1 - stock / capacity), "constant": growth, "doubling": stock}[
                self.law
            ]
        return min(capacity, stock + grown)

    def _row(self, stock: jax.Array) -> jax.Array:
        levels, added = (jnp.asarray(own, stock.dtype) for own in (self.levels, self.added))
        return added[jnp.searchsorted(levels, stock, side="right") - 1]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Regrown:
    """The same for a stock of whole units: a table of what every stock grows to, `[capacity + 1]`."""

    table: Any

    def after(self, stock: jax.Array, capacity: jax.Array) -> jax.Array:
        """The stock after it has grown."""
        return jnp.asarray(self.table, stock.dtype)[stock]


def written(number: Any) -> Fraction:
    """The decimal as which a double is written.

    >>> written(0.053)
    Fraction(53, 1000)
    """
    return Fraction(repr(float(number)))


@public()
def regeneration(law: str, *, growth: float | None = None, table: npt.ArrayLike | None = None) -> Regeneration:
    """How the stock of a `common_pool` grows back, never above the capacity K:

    * "logistic": `R ← R + r R (1 − R/K)`;
    * "constant": `R ← R + Δ`;
    * "doubling": `R ← 2 R`;
    * "stepwise": `R ← R + d_j`, where row j of a table is the last one with `l_j ≤ R`.

    Args:
        law: its name.
        growth: r or Δ, not below 0; of the first two alone.
        table: rows of a stock from which on it holds, the first 0, rising, and what is added then, `[m, 2]`; of the
            last one alone.

    Raises:
        InputError: for other names, numbers that the law does not have or lacks, and regeneration below zero.

    Example:
        >>> found = regeneration("stepwise", table=[(0, 0), (10, 5), (50, 2)])
        >>> [float(found.after(jnp.float32(own), 100.0)) for own in (9, 10, 50)]
        [9.0, 15.0, 52.0]

    Source: M. B. Schaefer, Bulletin of the Inter-American Tropical Tuna Commission 1(2), 1954 (logistic); G. Piatti et
    al., arXiv 2404.16698 (doubling).
    """
    law = choice(law, "law", LAWS)
    if (growth is None) == (law in ("logistic", "constant")):
        raise InputError(f"the law {law!r} {'needs' if growth is None else 'has'} "
                         f"{'its growth' if growth is None else 'no growth'}; give {LEAST_TEXT}")  # fmt: skip
    if (table is None) == (law == "stepwise"):
        raise InputError(f"the law {law!r} {'needs' if table is None else 'has'} "
                         f"{'its table' if table is None else 'no table'}; give {LEAST_TEXT}")  # fmt: skip
    if law != "stepwise":
        rate = 1.0 if growth is None else finite_number(growth, "growth", low=0.0)
        return Regeneration(np.float64(rate), np.zeros(1), np.zeros(1), law)
    rows = finite_array([] if table is None else table, "table", shape=(None, 2))
    if not len(rows) or rows[0, 0] != 0 or (np.diff(rows[:, 0]) <= 0).any():
        raise InputError("a table has rows of stocks that rise from 0, and what is added from there on, as "
                         f"[(0, 0), (10, 5)]; got {rows.tolist()}")  # fmt: skip
    if rows[:, 1].min() < 0:
        raise InputError(f"a stock grows by 0 or more, never by less; got {rows[:, 1].min():g} in the table")
    return Regeneration(np.float64(0.0), rows[:, 0].copy(), rows[:, 1].copy(), law)


def as_regeneration(given: Any) -> Regeneration:
    """A law as given: what `regeneration` made, or the name of one without numbers."""
    if hasattr(given, "exactly"):
        return given
    if not isinstance(given, str):
        raise InputError(f"regeneration is what environments.regeneration makes, as {LEAST_TEXT}; got {given!r}")
    return regeneration(given)
