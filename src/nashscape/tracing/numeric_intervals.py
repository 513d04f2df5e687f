"""Interval arithmetic in NumPy: what the operations of a traced program do to bounds of many boxes.

The formulas are those of `nashscape.tracing.interval_formulas`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.tracing.interval_formulas import ROUNDING, STEPS, TINY, IntervalFormulas

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
        """The bounds of the entries at these places."""
        return Bounds(self.low[places]) if self.single else Bounds(self.low[places], self.high[places])

    def known(self) -> "Bounds":
        """Nothing is known where a bound is no number."""
        return FORMULAS.known(self)

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


FORMULAS = IntervalFormulas(np, Bounds)


def _whole(*entries: Bounds) -> bool:
    return all(x.single and x.low.dtype.kind in "biu" for x in entries)


def _unless_whole(exact: Callable[..., Any], bounds: Callable[..., Bounds]) -> Callable[..., Bounds]:
    """Truth values and whole numbers do not round."""
    return lambda *entries: Bounds(exact(*(x.low for x in entries))) if _whole(*entries) else bounds(*entries)


def _mul(a: Bounds, b: Bounds) -> Bounds:
    # a factor that is zero by construction drops the term, whatever is known of the other
    if a is not b and any(x.single and not x.low.any() for x in (a, b)):
        return Bounds(np.zeros(np.broadcast_shapes(a.low.shape, b.low.shape)))
    return FORMULAS.mul(a, b)


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
    return lambda a, b: _total(OPERATIONS["mul"](a.at(left), b.at(right)))


def picked(operation: str, places: Array) -> Callable[[Bounds], Bounds]:
    """An operation of two entries, repeated along each row of `places`."""

    def step(x: Bounds) -> Bounds:
        return reduce(OPERATIONS[operation], [x.at(column) for column in places.T])

    return step


# --- the table -------------------------------------------------------------------------------------------

WITHOUT_ROUNDING: dict[str, Callable[..., Any]] = {
    "add": np.add, "add_any": np.add, "sub": np.subtract, "mul": np.multiply, "gt": np.greater,
    "ge": np.greater_equal, "lt": np.less, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal,
}  # fmt: skip

OPERATIONS: dict[str, Callable[..., Bounds]] = FORMULAS.table() | {
    "mul": _mul, "select_n": _select, "stop_gradient": lambda a: a, "copy": lambda a: a,
}  # fmt: skip
OPERATIONS |= {name: _unless_whole(exact, OPERATIONS[name]) for name, exact in WITHOUT_ROUNDING.items()}


def _round_away(x: Any) -> Any:
    """Ties go away from zero."""
    ties = np.abs(x - np.trunc(x)) == 0.5
    return np.where(ties, x + np.copysign(0.5, x), np.round(x))


STEPPED: dict[str, Callable[[Any], Any]] = {"sign": np.sign, "floor": np.floor, "ceil": np.ceil, "round": np.round}


def other(eqn: Any) -> Callable[..., Bounds] | None:
    """Operations that depend on more than their entries; None for those without bounds."""
    name = eqn.primitive.name
    if name == "integer_pow":
        return lambda a: FORMULAS.power(a, eqn.params["y"])
    if name in STEPS:
        away = name == "round" and eqn.params["rounding_method"].name == "AWAY_FROM_ZERO"
        stepped = FORMULAS.exactly(_round_away if away else STEPPED[name])
        # steps do not fall: constant where both ends are the same, and without a derivative elsewhere
        return lambda a: _decided(*(stepped(a),) * 2)
    if name == "convert_element_type":
        dtype, given = np.dtype(eqn.outvars[0].aval.dtype), np.dtype(eqn.invars[0].aval.dtype)
        convert = FORMULAS.exactly(lambda x: x.astype(dtype))
        if dtype.kind in "iu" and given.kind == "f":
            # a step, as rounding down is
            return lambda a: _decided(*(convert(a),) * 2)
        return (lambda a: _decided(a, convert(a))) if given.kind == "b" else convert
    return None
