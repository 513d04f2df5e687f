"""Equilibrium bids in closed form, where values are continuous and uniform."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number, positive_integer
from nashscape.core.calls import public

Floats = npt.NDArray[np.float64]

KINDS = ("first price", "second price", "all pay")


@public()
def bidding_function(
    kind: str,
    values: npt.ArrayLike,
    *,
    bidders: int = 2,
    high: float = 1.0,
    rival: float | None = None,
    reserve: float = 0.0,
) -> Floats:
    """What a bidder bids in equilibrium whose value is uniform on [0, high], as a function of the value.

    With n bidders alike and a reserve price r:

    * first price `b(v) = ((n − 1) vⁿ + rⁿ) / (n vⁿ⁻¹)` for v ≥ r, without a reserve `(n − 1)/n v`
    * all pay `b(v) = ((n − 1) vⁿ/highⁿ⁻¹ + r) / n` for `vⁿ ≥ r highⁿ⁻¹`: losers pay too, so that a bid of r is worth
      while from a higher value on than r itself
    * second price `b(v) = v` for v ≥ r

    and nothing for values below. In a first-price auction of two without a reserve the other's values may be uniform on
    [0, rival]: `b(v) = (1 − √(1 − k v²)) / (k v)` with `k = 1/high² − 1/rival²`.

    Args:
        kind: "first price", "second price" or "all pay".
        values: of any shape, from 0 to `high`.
        bidders: n.
        high: the largest value of the bidder.
        rival: the largest value of the other of two bidders; by default `high`.
        reserve: r, the least bid that can win.

    Returns:
        Bids, in the shape of `values`.

    Raises:
        InputError: for another kind, values outside, and a rival where there is no such formula.

    Example:
        >>> bidding_function("first price", [0.5, 1.0], bidders=3).round(4).tolist()
        [0.3333, 0.6667]
        >>> bidding_function("first price", [0.5, 1.0], rival=2.0).round(4).tolist()      # 1 and 2 bid up to 2/3
        [0.263, 0.6667]

    Source: Vickrey (1961); Krishna (2009), sections 2.3, 2.5, 3.2 and 4.3.
    """
    choice(kind, "kind of auction", KINDS)
    v, n = finite_array(values, "values"), positive_integer(bidders, "bidders", at_least=2)
    high = finite_number(high, "high", low=0.0, low_open=True)
    least = finite_number(reserve, "reserve", low=0.0, high=high)
    if (v < 0).any() or (v > high * (1 + 1e-12)).any():
        raise InputError(f"values must lie from 0 to high, {high:g}; got {v.min():g} to {v.max():g}")
    if rival is not None and rival != high:
        return _unequal(kind, v, n, high, finite_number(rival, "rival", low=0.0, low_open=True), least)
    if kind == "all pay":
        worth = v**n / high ** (n - 1)  # what the chance to win without a reserve is worth
        return np.where(worth >= least, ((n - 1) * worth + least) / n, 0.0)
    if kind == "second price":
        bid = v
    else:
        bid = np.divide((n - 1) * v**n + least**n, n * v ** (n - 1), out=np.zeros_like(v), where=v > 0)
    return np.where(v >= least, bid, 0.0)


def _unequal(kind: str, v: Floats, n: int, high: float, rival: float, reserve: float) -> Floats:
    if kind == "second price":
        return np.where(v >= reserve, v, 0.0)
    if kind != "first price" or n != 2 or reserve > 0:
        raise InputError(
            "with other values of a rival there is a closed form for first-price auctions of two without a reserve; "
            "leave rival out"
        )
    k: Any = 1 / high**2 - 1 / rival**2
    # (1 − √(1 − kv²)) / (kv), multiplied out so that small values lose no digits
    return v / (1 + np.sqrt(np.maximum(1 - k * v**2, 0.0)))
