"""Interval arithmetic in double precision, rounded outwards: bounds that hold for every number in a box.

An `Interval` holds the bounds of many boxes at once, as two arrays. `enclosed` rewrites any function of small arrays as
one of intervals, by the mechanism of `nashscape.tracing.components`, so that there is one version of every formula: the
one that is simulated is the one about which something is proved.

Rounding. After every sum, product and quotient the bounds are moved outwards by 2⁻⁵¹ of their size and by 10⁻³⁰⁰,
four times the rounding error and far more than what is lost below the least normal number. Exponentials, logarithms,
sigmoids and hyperbolic tangents are moved by 2⁻⁴⁶ of their size, some sixty units in the last place; the compiler's
own are right to a few, which tests compare with decimal arithmetic of forty digits.
"""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.tracing.components import MOST_OPERATIONS, NotUnrollable, by_component
from nashscape.tracing.entries import FOLDED, Arithmetic, is_known_as

ROUNDING = 2.0**-51
ELEMENTARY = 2.0**-46
TINY = 1e-300
LARGEST = np.finfo(np.float64).max


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
    return lambda entries: [_certain(_interval(entry)) for entry in run(entries)]


def _certain(x: Interval) -> Interval:
    """Nothing is known where a bound is no number."""
    lost = jnp.isnan(x.low) | jnp.isnan(x.high)
    return Interval(jnp.where(lost, -jnp.inf, x.low), jnp.where(lost, jnp.inf, x.high))


def compiled_whole(function: Callable[..., Any]) -> Any:
    """`jax.jit` for long programs of intervals.

    On a CPU the compiler would work out parts that several others share again for each of them, which in interval
    arithmetic, where everything is shared, takes minutes to compile.
    """
    options: Any = {"xla_cpu_use_fusion_emitters": False, "xla_cpu_prefer_vector_width": 512}
    options = options if jax.default_backend() == "cpu" else None
    return jax.jit(function, compiler_options=options)


def down(value: Any, share: float = ROUNDING) -> Any:
    """Not above the number that `value` was rounded from."""
    return value - (jnp.abs(value) * share + TINY)


def up(value: Any, share: float = ROUNDING) -> Any:
    """Not below it."""
    return value + (jnp.abs(value) * share + TINY)


def _interval(entry: Any) -> Interval:
    return entry if isinstance(entry, Interval) else Interval(jnp.asarray(entry))


def _outwards(low: Any, high: Any, share: float = ROUNDING) -> Interval:
    return Interval(down(low, share), up(high, share))


# --- sums and products ----------------------------------------------------------------------------------


def _add(x: Any, y: Any) -> Any:
    if is_known_as(x, 0):
        return y
    if is_known_as(y, 0):
        return x
    a, b = _interval(x), _interval(y)
    return _outwards(a.low + b.low, a.high + b.high)


def _neg(x: Any) -> Any:
    if isinstance(x, np.generic):
        return np.negative(x)
    a = _interval(x)
    return Interval(-a.low) if a.single else Interval(-a.high, -a.low)


def _sub(x: Any, y: Any) -> Any:
    if is_known_as(x, 1) and isinstance(y, Interval) and y.logit is not None:
        return _logistic(_neg(y.logit))  # small where it is small: 1 less something close to 1 is all rounding
    return _add(x, _neg(y))


def _mul(x: Any, y: Any) -> Any:
    if is_known_as(x, 0) or is_known_as(y, 1):
        return x
    if is_known_as(y, 0) or is_known_as(x, 1):
        return y
    if x is y:
        return _power(x, 2)
    a, b = _interval(x), _interval(y)
    return _extremes([p * q for p in _ends(a) for q in _ends(b)])


def _div(x: Any, y: Any) -> Any:
    if is_known_as(y, 1) or is_known_as(x, 0):
        return x
    a, b = _interval(x), _interval(y)
    quotient = _extremes([p / q for p in _ends(a) for q in _ends(b)])
    apart = (b.low > 0) | (b.high < 0)
    return Interval(jnp.where(apart, quotient.low, -jnp.inf), jnp.where(apart, quotient.high, jnp.inf))


def _ends(x: Interval) -> list[Any]:
    return [x.low] if x.single else [x.low, x.high]


def _extremes(values: list[Any]) -> Interval:
    return _outwards(functools.reduce(jnp.minimum, values), functools.reduce(jnp.maximum, values))


def _power(x: Any, exponent: int) -> Any:
    a = _interval(x)
    if exponent < 0:
        return _div(np.float64(1.0), _power(x, -exponent))
    # each of its multiplications may round
    share = ROUNDING * max(exponent, 1)
    low, high = a.low**exponent, a.high**exponent
    if exponent % 2:
        return _outwards(low, high, share)
    least = jnp.where((a.low <= 0) & (a.high >= 0), 0.0, jnp.minimum(low, high))
    return Interval(jnp.maximum(down(least, share), 0.0), up(jnp.maximum(low, high), share))


# --- functions that grow with their argument ------------------------------------------------------------


def _growing(
    function: Callable[[Any], Any], share: float = ELEMENTARY, least: float = -np.inf, most: float = np.inf
) -> Callable[[Any], Interval]:
    """Bounds of a function that never falls, itself between `least` and `most`."""

    def bounds(x: Any) -> Interval:
        a = _interval(x)
        low = function(a.low)
        high = low if a.single else function(a.high)
        # the least bound of something beyond all numbers is the largest of them
        low = jnp.minimum(low, LARGEST)
        return Interval(jnp.maximum(down(low, share), least), jnp.minimum(up(high, share), most))

    return bounds


def _sigmoid(x: Any) -> Any:
    # of a small size on both sides, so that the error is small beside the value also where that is tiny
    small = jnp.exp(-jnp.abs(x))
    return jnp.where(x >= 0, 1.0, small) / (1.0 + small)


def _logistic(x: Any) -> Interval:
    a = _interval(x)
    found = _growing(_sigmoid, least=0.0, most=1.0)(a)
    return Interval(found.low, found.high, logit=a)


def _abs(x: Any) -> Interval:
    a = _interval(x)
    least = jnp.maximum(jnp.maximum(a.low, -a.high), 0.0)
    return Interval(least, jnp.maximum(jnp.abs(a.low), jnp.abs(a.high)))


def _exactly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Bounds of a function that never falls in any argument and does not round."""

    def bounds(*entries: Any) -> Interval:
        intervals = [_interval(entry) for entry in entries]
        return Interval(function(*(x.low for x in intervals)), function(*(x.high for x in intervals)))

    return bounds


# --- comparisons and choices ----------------------------------------------------------------------------


# what is possible is written as what is not excluded, so that of a bound that is no number everything is possible


def _greater(x: Any, y: Any) -> Interval:
    a, b = _interval(x), _interval(y)
    return Interval(a.low > b.high, ~(a.high <= b.low))


def _not_less(x: Any, y: Any) -> Interval:
    a, b = _interval(x), _interval(y)
    return Interval(a.low >= b.high, ~(a.high < b.low))


def _equal(x: Any, y: Any) -> Interval:
    a, b = _interval(x), _interval(y)
    return Interval((a.low == b.high) & (a.high == b.low), ~((a.low > b.high) | (b.low > a.high)))


def _opposite(x: Any) -> Interval:
    a = _interval(x)
    return Interval(~a.high, ~a.low)


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


STEPS = ("sign", "floor", "ceil", "round")
"""Operations that never fall and do not round; their parameters say which neighbour is taken."""


def _other(eqn: Any, dtype: Any, *entries: Any) -> Any:
    name = eqn.primitive.name
    if name == "integer_pow":
        return _power(entries[0], eqn.params["y"])
    if name == "convert_element_type":
        [entry] = entries
        if isinstance(entry, np.generic):
            return entry.astype(dtype)
        if np.dtype(dtype) == np.float64:
            return Interval(*(end.astype(dtype) for end in _ends(_interval(entry))))
    if name in STEPS:
        a = _interval(entries[0])
        return Interval(*(eqn.primitive.bind(end, **eqn.params) for end in _ends(a)))
    if name == "is_finite":
        return np.bool_(True)  # bounds that are not finite stay so
    raise NotUnrollable(f"no bounds for the operation {name!r}")


BOUNDS: dict[str, Callable[..., Any]] = {
    "add": _add,
    "add_any": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "square": lambda x: _power(x, 2),
    "abs": _abs,
    "exp": _growing(jnp.exp, least=0.0),
    "log": _growing(lambda x: jnp.log(jnp.maximum(x, 0.0))),
    "log1p": _growing(lambda x: jnp.log1p(jnp.maximum(x, -1.0))),
    "expm1": _growing(jnp.expm1, least=-1.0),
    "sqrt": _growing(lambda x: jnp.sqrt(jnp.maximum(x, 0.0)), least=0.0),
    "logistic": _logistic,
    "tanh": _growing(jnp.tanh, least=-1.0, most=1.0),
    "max": _exactly(jnp.maximum),
    "min": _exactly(jnp.minimum),
    "clamp": _exactly(lambda low, x, high: jnp.minimum(jnp.maximum(x, low), high)),
    "stop_gradient": lambda x: x,
    "copy": lambda x: x,
    "gt": _greater,
    "ge": _not_less,
    "lt": lambda x, y: _greater(y, x),
    "le": lambda x, y: _not_less(y, x),
    "eq": _equal,
    "ne": lambda x, y: _opposite(_equal(x, y)),
    "not": _opposite,
    "and": _exactly(jnp.logical_and),
    "or": _exactly(jnp.logical_or),
    "select_n": _select,
}

INTERVALS = Arithmetic({name: _unless_known(name, bounds) for name, bounds in BOUNDS.items()}, _other)
"""Entries are intervals, or numbers that are known beforehand."""
