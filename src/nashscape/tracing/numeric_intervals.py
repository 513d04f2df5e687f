"""Interval arithmetic in NumPy: what the operations of a traced program do to bounds of many boxes.

The amounts by which bounds are moved outwards are those of `nashscape.tracing.intervals`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.tracing.intervals import ELEMENTARY, LARGEST, ROUNDING, STEPS, TINY

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lower and upper bounds of the entries of an array over K boxes, `[entries, K]`; of numbers both are one array."""

    low: Array
    high: Array = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        """One array alone means single numbers."""
        if self.high is None:
            object.__setattr__(self, "high", self.low)

    @property
    def single(self) -> bool:
        """Whether every entry is known to be one number."""
        return self.low is self.high

    def at(self, places: Array) -> "Bounds":
        """Some of the entries."""
        return Bounds(self.low[places]) if self.single else Bounds(self.low[places], self.high[places])

    def known(self) -> "Bounds":
        """Nothing is known where a bound is no number."""
        lost = np.isnan(self.low) | np.isnan(self.high)
        return Bounds(np.where(lost, -np.inf, self.low), np.where(lost, np.inf, self.high))

    @staticmethod
    def joined(parts: Sequence["Bounds"]) -> "Bounds":
        """The entries of several arrays, one after the other."""
        if len(parts) == 1:
            return parts[0]
        width = max(part.low.shape[1] for part in parts)

        def end(name: str) -> Array:
            return np.concatenate([_wide(getattr(part, name), width) for part in parts])

        return Bounds(end("low")) if all(part.single for part in parts) else Bounds(end("low"), end("high"))


def _wide(array: Array, width: int) -> Array:
    return np.broadcast_to(array, (len(array), width))


def _outwards(low: Any, high: Any, share: float = ROUNDING) -> Bounds:
    return Bounds(low - (np.abs(low) * share + TINY), high + (np.abs(high) * share + TINY))


def _ends(x: Bounds) -> list[Array]:
    return [x.low] if x.single else [x.low, x.high]


def _whole(*entries: Bounds) -> bool:
    return all(x.single and x.low.dtype.kind in "biu" for x in entries)


def _add(a: Bounds, b: Bounds) -> Bounds:
    return Bounds(a.low + b.low) if _whole(a, b) else _outwards(a.low + b.low, a.high + b.high)


def _neg(a: Bounds) -> Bounds:
    return Bounds(-a.low) if a.single else Bounds(-a.high, -a.low)


def _mul(a: Bounds, b: Bounds) -> Bounds:
    if _whole(a, b):
        return Bounds(a.low * b.low)
    if a is b:
        return _power(a, 2)
    # a factor that is zero by construction drops the term, whatever is known of the other
    nothing = [x.single and not x.low.any() for x in (a, b)]
    if any(nothing):
        return Bounds(np.zeros(np.broadcast_shapes(a.low.shape, b.low.shape)))
    products = [p * q for p in _ends(a) for q in _ends(b)]
    return _outwards(reduce(np.minimum, products), reduce(np.maximum, products))


def _div(a: Bounds, b: Bounds) -> Bounds:
    quotients = [p / q for p in _ends(a) for q in _ends(b)]
    apart = (b.low > 0) | (b.high < 0)
    found = _outwards(reduce(np.minimum, quotients), reduce(np.maximum, quotients))
    return Bounds(np.where(apart, found.low, -np.inf), np.where(apart, found.high, np.inf))


def _power(a: Bounds, exponent: int) -> Bounds:
    if exponent < 0:
        return _div(Bounds(np.ones((1, 1))), _power(a, -exponent))
    share, low, high = ROUNDING * max(exponent, 1), a.low**exponent, a.high**exponent
    if exponent % 2:
        return _outwards(low, high, share)
    least = np.where((a.low <= 0) & (a.high >= 0), 0.0, np.minimum(low, high))
    found = _outwards(least, np.maximum(low, high), share)
    return Bounds(np.maximum(found.low, 0.0), found.high)


def _growing(
    function: Callable[[Any], Any], least: float = -np.inf, most: float = np.inf
) -> Callable[[Bounds], Bounds]:
    def bounds(a: Bounds) -> Bounds:
        found = _outwards(np.minimum(function(a.low), LARGEST), function(a.high), ELEMENTARY)
        return Bounds(np.maximum(found.low, least), np.minimum(found.high, most))

    return bounds


def _sigmoid(x: Any) -> Any:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def _abs(a: Bounds) -> Bounds:
    least = np.maximum(np.maximum(a.low, -a.high), 0.0)
    return Bounds(least, np.maximum(np.abs(a.low), np.abs(a.high)))


def _exactly(function: Callable[..., Any]) -> Callable[..., Bounds]:
    def bounds(*entries: Bounds) -> Bounds:
        low = function(*(x.low for x in entries))
        return Bounds(low) if all(x.single for x in entries) else Bounds(low, function(*(x.high for x in entries)))

    return bounds


# --- comparisons: `low` is whether it is certain, `high` whether it is possible --------------------------


# what is possible is written as what is not excluded, so that of a bound that is no number everything is possible


def _greater(a: Bounds, b: Bounds) -> Bounds:
    return Bounds(a.low > b.high, ~(a.high <= b.low)) if not _whole(a, b) else Bounds(a.low > b.low)


def _not_less(a: Bounds, b: Bounds) -> Bounds:
    return Bounds(a.low >= b.high, ~(a.high < b.low)) if not _whole(a, b) else Bounds(a.low >= b.low)


def _equal(a: Bounds, b: Bounds) -> Bounds:
    if _whole(a, b):
        return Bounds(a.low == b.low)
    return Bounds((a.low == b.high) & (a.high == b.low), ~((a.low > b.high) | (b.low > a.high)))


def _opposite(a: Bounds) -> Bounds:
    return Bounds(~a.low) if a.single else Bounds(~a.high, ~a.low)


def _decided(truth: Bounds, value: Bounds) -> Bounds:
    """No bounds where it is open which case holds."""
    if truth.single:
        return value
    same = truth.low == truth.high
    return Bounds(np.where(same, value.low, -np.inf), np.where(same, value.high, np.inf))


def _select(which: Bounds, *cases: Bounds) -> Bounds:
    if len(cases) == 2 and which.low.dtype.kind == "b":
        no, yes = cases
        ends = [np.where(which.low, getattr(yes, end), getattr(no, end)) for end in ("low", "high")]
        single = which.single and no.single and yes.single
        return Bounds(ends[0]) if single else _decided(which, Bounds(*ends))
    stacked = [np.choose(which.low, [getattr(case, end) for case in cases]) for end in ("low", "high")]
    return _decided(which, Bounds(*stacked))


# --- sums and choices along axes -------------------------------------------------------------------------


def summed(places: Array) -> Callable[[Bounds], Bounds]:
    """Sums of the entries of each row of `places`, in whatever order they are made."""

    def step(x: Bounds) -> Bounds:
        rows = x.at(places)
        return Bounds(rows.low.sum(1)) if _whole(x) else _total(rows)

    return step


def _total(rows: Bounds) -> Bounds:
    share = ROUNDING * (rows.low.shape[1] + 1)
    low, high = (end.sum(1) for end in (rows.low, rows.high))
    spare = [np.abs(end).sum(1) * share + TINY for end in (rows.low, rows.high)]
    return Bounds(low - spare[0], high + spare[1])


def contracted(left: Array, right: Array) -> Callable[[Bounds, Bounds], Bounds]:
    """Sums of products of the entries of two arrays."""
    return lambda a, b: _total(_mul(a.at(left), b.at(right)))


def picked(operation: str, places: Array) -> Callable[[Bounds], Bounds]:
    """An operation of two entries, repeated along each row of `places`."""

    def step(x: Bounds) -> Bounds:
        return reduce(OPERATIONS[operation], [x.at(column) for column in places.T])

    return step


# --- the table -------------------------------------------------------------------------------------------

OPERATIONS: dict[str, Callable[..., Bounds]] = {
    "add": _add, "add_any": _add, "sub": lambda a, b: _add(a, _neg(b)), "mul": _mul, "div": _div, "neg": _neg,
    "square": lambda a: _power(a, 2), "abs": _abs,
    "exp": _growing(np.exp, least=0.0), "expm1": _growing(np.expm1, least=-1.0),
    "log": _growing(lambda x: np.log(np.maximum(x, 0.0))), "log1p": _growing(lambda x: np.log1p(np.maximum(x, -1.0))),
    "sqrt": _growing(lambda x: np.sqrt(np.maximum(x, 0.0)), least=0.0),
    "logistic": _growing(_sigmoid, least=0.0, most=1.0), "tanh": _growing(np.tanh, least=-1.0, most=1.0),
    "max": _exactly(np.maximum), "min": _exactly(np.minimum),
    "clamp": _exactly(lambda low, x, high: np.minimum(np.maximum(x, low), high)),
    "stop_gradient": lambda a: a, "copy": lambda a: a,
    "gt": _greater, "ge": _not_less, "lt": lambda a, b: _greater(b, a), "le": lambda a, b: _not_less(b, a),
    "eq": _equal, "ne": lambda a, b: _opposite(_equal(a, b)), "not": _opposite,
    "and": _exactly(np.logical_and), "or": _exactly(np.logical_or), "select_n": _select,
}  # fmt: skip

STEPPED: dict[str, Callable[[Any], Any]] = {"sign": np.sign, "floor": np.floor, "ceil": np.ceil, "round": np.round}


def other(eqn: Any) -> Callable[..., Bounds] | None:
    """Operations that depend on more than their entries; None for those without bounds."""
    name = eqn.primitive.name
    if name == "integer_pow":
        return lambda a: _power(a, eqn.params["y"])
    if name in STEPS:
        # steps do not fall: constant where both ends are the same, and without a derivative elsewhere
        return lambda a: _decided(*(_exactly(STEPPED[name])(a),) * 2)
    if name == "convert_element_type":
        dtype, truth = np.dtype(eqn.outvars[0].aval.dtype), np.dtype(eqn.invars[0].aval.dtype).kind == "b"
        convert = _exactly(lambda x: x.astype(dtype))
        return (lambda a: _decided(a, convert(a))) if truth else convert
    return None
