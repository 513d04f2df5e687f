"""Polynomials as the entries of a traced program: any function of sums and products, bounded to fourth order.

Functions of small arrays are replayed on them (`nashscape.tracing.components`) if they consist of sums, products and
divisions by numbers; what else a formula needs, such as strategies, is handed in as polynomials.
"""

import functools
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.entries import Arithmetic, is_known_as
from nashscape.tracing.intervals import BOUNDS, INTERVALS, Interval
from nashscape.tracing.polynomials import Polynomial, constant, product, scaled, total


def as_polynomial(entry: Any) -> Polynomial:
    """A number, an interval or a polynomial as a polynomial."""
    if isinstance(entry, Polynomial):
        return entry
    return constant(entry if isinstance(entry, Interval) else Interval(jnp.asarray(entry, "float64")))


def _add(x: Any, y: Any) -> Any:
    if is_known_as(x, 0) or is_known_as(y, 0):
        return y if is_known_as(x, 0) else x
    return total(as_polynomial(x), as_polynomial(y))


def _neg(x: Polynomial) -> Polynomial:
    return Polynomial({key: -value for key, value in x.terms.items()}, x.rest, x.size)


def _sub(x: Any, y: Any) -> Any:
    return x if is_known_as(y, 0) else total(as_polynomial(x), as_polynomial(y), -1)


def _mul(x: Any, y: Any) -> Any:
    if is_known_as(x, 0) or is_known_as(y, 1):
        return x
    if is_known_as(y, 0) or is_known_as(x, 1):
        return y
    if isinstance(x, Polynomial) and isinstance(y, Polynomial):
        return product(x, y)
    own, factor = (x, y) if isinstance(x, Polynomial) else (y, x)
    return scaled(own, factor if isinstance(factor, Interval) else Interval(jnp.asarray(factor, "float64")))


def _div(x: Any, y: Any) -> Any:
    if isinstance(y, Polynomial):
        raise NotUnrollable("a division by a polynomial")
    return x if is_known_as(y, 1) else scaled(x, BOUNDS["div"](np.float64(1.0), y))


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": _add,
    "add_any": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "square": lambda x: product(x, x),
    "stop_gradient": lambda x: x,
    "copy": lambda x: x,
}


def _either(name: str, bounds: Callable[..., Any]) -> Callable[..., Any]:
    """Intervals among themselves stay what they are."""

    def operation(*entries: Any) -> Any:
        if not any(isinstance(entry, Polynomial) for entry in entries):
            return bounds(*entries)
        if name not in OPERATIONS:
            raise NotUnrollable(f"no polynomials for the operation {name!r}")
        return OPERATIONS[name](*entries)

    return operation


def _other(eqn: Any, dtype: Any, *entries: Any) -> Any:
    if not any(isinstance(entry, Polynomial) for entry in entries):
        return INTERVALS.other(eqn, dtype, *entries)
    name = eqn.primitive.name
    if name == "integer_pow" and eqn.params["y"] > 0:
        return functools.reduce(product, [entries[0]] * eqn.params["y"])
    if name == "convert_element_type" and np.dtype(dtype) == np.float64:
        return entries[0]
    raise NotUnrollable(f"no polynomials for the operation {name!r}")


POLYNOMIALS = Arithmetic({name: _either(name, bounds) for name, bounds in INTERVALS.operations.items()}, _other)
"""Entries are polynomials, intervals, or numbers that are known beforehand."""
