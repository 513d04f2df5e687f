"""Interval arithmetic in double precision, rounded outwards: bounds that hold for every number in a box.

An `Interval` holds the bounds of many boxes at once, as two arrays. `enclosed` rewrites any function of small arrays as
one of intervals, by the mechanism of `nashscape.tracing.components`, so that there is one version of every formula: the
one that is simulated is the one about which something is proved.

The formulas, and how far they round outwards, are those of `nashscape.tracing.interval_formulas`.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.tracing.components import MOST_OPERATIONS, NotUnrollable, by_component
from nashscape.tracing.entries import FOLDED, Arithmetic, is_known_as
from nashscape.tracing.interval_formulas import STEPS, IntervalFormulas


class Interval:
    """All numbers between `low` and `high`, box by box; of single numbers both are the same array.

    Comparisons of intervals give intervals of truth values: `low` is whether it is certain, `high` whether it is
    possible.
    """

    __slots__ = ("high", "logit", "low")

    def __init__(self, low: Any, high: Any | None = None, *, logit: "Interval | None" = None) -> None:
        """From bounds; one alone means a single number. Of a sigmoid, its argument: 1 less it is one as well."""
        self.low = low
        self.high = low if high is None else high
        self.logit = logit

    @property
    def single(self) -> bool:
        """Whether it is known to hold one number."""
        return self.low is self.high


FORMULAS = IntervalFormulas(jnp, Interval)
down, up = FORMULAS.down, FORMULAS.up


def enclosed(
    function: Callable[..., Any], *example: Any, most: int = MOST_OPERATIONS
) -> Callable[[list[Any]], list[Interval]]:
    """The function on intervals: from the intervals of all input entries to those of all output entries.

    Entries are in the order of `by_component`; call it while double precision is enabled.

    Args:
        function: any function of small arrays.
        example: its arguments, for shapes only.
        most: operations of the longest program that is written out.

    Raises:
        NotUnrollable: for longer programs, and where the function uses an operation for which there are no bounds.

    Example:
        >>> import jax
        >>> with jax.enable_x64(True):
        ...     run = enclosed(lambda x: x * (1.0 - x), jax.ShapeDtypeStruct((), "float64"))
        ...     [found] = run([Interval(jnp.float64(0.25), jnp.float64(0.5))])
        >>> round(float(found.low), 9), round(float(found.high), 9)     # within [3/16, 1/4], by far not the tightest
        (0.125, 0.375)
    """
    run = by_component(function, *example, arithmetic=INTERVALS, most=most)
    return lambda entries: [FORMULAS.known(_interval(entry)) for entry in run(entries)]


def compiled_whole(function: Callable[..., Any]) -> Any:
    """`jax.jit` for long programs of intervals.

    On a CPU the compiler would work out parts that several others share again for each of them, which in interval
    arithmetic, where everything is shared, takes minutes to compile.
    """
    options: Any = {"xla_cpu_use_fusion_emitters": False, "xla_cpu_prefer_vector_width": 512}
    options = options if jax.default_backend() == "cpu" else None
    return jax.jit(function, compiler_options=options)


# --- numbers that are known beforehand, and what only entries have --------------------------------------


def _interval(entry: Any) -> Interval:
    return entry if isinstance(entry, Interval) else Interval(jnp.asarray(entry))


def _of_entries(formula: Callable[..., Any]) -> Callable[..., Any]:
    """Numbers become intervals of one number."""
    return lambda *entries: formula(*map(_interval, entries))


def _add(x: Any, y: Any) -> Any:
    if is_known_as(x, 0):
        return y
    if is_known_as(y, 0):
        return x
    return FORMULAS.add(_interval(x), _interval(y))


def _neg(x: Any) -> Any:
    return np.negative(x) if isinstance(x, np.generic) else FORMULAS.neg(_interval(x))


def _sub(x: Any, y: Any) -> Any:
    if is_known_as(x, 1) and isinstance(y, Interval) and y.logit is not None:
        return _logistic(_neg(y.logit))  # small where it is small: 1 less something close to 1 is all rounding
    return _add(x, _neg(y))


def _mul(x: Any, y: Any) -> Any:
    if is_known_as(x, 0) or is_known_as(y, 1):
        return x
    if is_known_as(y, 0) or is_known_as(x, 1):
        return y
    a = _interval(x)
    return FORMULAS.mul(a, a if x is y else _interval(y))


def _div(x: Any, y: Any) -> Any:
    if is_known_as(y, 1) or is_known_as(x, 0):
        return x
    return FORMULAS.div(_interval(x), _interval(y))


def _logistic(x: Any) -> Interval:
    a = _interval(x)
    found = TABLE["logistic"](a)
    return Interval(found.low, found.high, logit=a)


def _select(which: Any, *cases: Any) -> Any:
    if isinstance(which, np.generic):
        return cases[int(which)]
    if len(cases) != 2:
        raise NotUnrollable("a choice between more than two cases")
    truth, no, yes = _interval(which), _interval(cases[0]), _interval(cases[1])
    low = jnp.where(truth.low, yes.low, jnp.where(truth.high, jnp.minimum(no.low, yes.low), no.low))
    high = jnp.where(truth.low, yes.high, jnp.where(truth.high, jnp.maximum(no.high, yes.high), no.high))
    return Interval(low, high)


# --- the table ------------------------------------------------------------------------------------------


def _unless_known(name: str, bounds: Callable[..., Any]) -> Callable[..., Any]:
    """Truth values and whole numbers that are known beforehand do not round; they stay what they are."""

    def operation(*entries: Any) -> Any:
        whole = all(isinstance(entry, np.generic) and entry.dtype.kind in "biu" for entry in entries)
        return FOLDED[name](*entries) if whole and name in FOLDED else bounds(*entries)

    return operation


def _other(eqn: Any, dtype: Any, *entries: Any) -> Any:
    name, entry = eqn.primitive.name, entries[0]
    if name == "integer_pow":
        return FORMULAS.power(_interval(entry), eqn.params["y"])
    if name == "convert_element_type":
        if isinstance(entry, np.generic):
            return entry.astype(dtype)
        if np.dtype(dtype) == np.float64:
            return FORMULAS.exactly(lambda end: end.astype(dtype))(_interval(entry))
    if name in STEPS:
        return FORMULAS.exactly(lambda end: eqn.primitive.bind(end, **eqn.params))(_interval(entry))
    if name == "is_finite":
        return np.bool_(True)  # bounds that are not finite stay so
    raise NotUnrollable(f"no bounds for the operation {name!r}")


TABLE = FORMULAS.table()
BOUNDS: dict[str, Callable[..., Any]] = {name: _of_entries(formula) for name, formula in TABLE.items()} | {
    "add": _add, "add_any": _add, "sub": _sub, "mul": _mul, "div": _div, "neg": _neg, "logistic": _logistic,
    "select_n": _select, "stop_gradient": lambda x: x, "copy": lambda x: x,
}  # fmt: skip

INTERVALS = Arithmetic({name: _unless_known(name, bounds) for name, bounds in BOUNDS.items()}, _other)
"""Entries are intervals, or numbers that are known beforehand."""
