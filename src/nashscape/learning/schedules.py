"""Schedules: plain functions from the step, counted from 0, to a value.

Every schedule here is a pytree, so that its numbers are arguments of a compiled program. Any other function of the
step that JAX can trace, such as an Optax schedule, is accepted wherever a schedule is; its numbers are compiled in.
"""

import inspect
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import InputError, choice, finite_number
from nashscape.core.calls import public
from nashscape.core.named_texts import NUMBER, made_from, parted
from nashscape.core.options import default
from nashscape.core.reprs import called

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = [
    "Constant",
    "Handoff",
    "Power",
    "Schedule",
    "TwoPhase",
    "constant",
    "from_text",
    "handoff",
    "power",
    "two_phase",
    "usual_step_size",
]


Schedule = Callable[[Any], Any]
"""May have a method `sum_from(step)`, the sum of all values from a step on; `steady` says that it has one `value`."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Constant:
    """The same value at every step. Made by `constant`."""

    value: Any

    steady: ClassVar[bool] = True

    def __call__(self, step: Any) -> Any:
        """The value at a step."""
        return self.value

    def sum_from(self, step: int) -> float:
        """The sum of all values from a step on."""
        return math.inf if self.value else 0.0

    @property
    def falls_as(self) -> float:
        """The power of the step with which values fall in the end: none."""
        return 0.0

    def written(self, factor: float = 1.0) -> str:
        """All values times a factor, as text that `from_text` reads."""
        return f"{float(self.value) * factor:.3g}"

    def __repr__(self) -> str:
        return called("schedules.constant", self.value)


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Power:
    """`scale / (step + offset)^exponent`. Made by `power`."""

    scale: Any
    offset: Any
    exponent: Any

    def __call__(self, step: Any) -> Any:
        """The value at a step."""
        return self.scale * (jnp.asarray(step, jnp.result_type(float)) + self.offset) ** -self.exponent

    def sum_from(self, step: int) -> float:
        """The sum of all values from a step on: `scale · ζ(exponent, step + offset)`, Hurwitz's zeta function."""
        if not self.scale:
            return 0.0
        from scipy.special import zeta

        return self.scale * float(zeta(self.exponent, step + self.offset)) if self.exponent > 1.0 else math.inf

    @property
    def falls_as(self) -> float:
        """The power of the step with which values fall in the end."""
        return float(self.exponent)

    def written(self, factor: float = 1.0) -> str:
        """All values times a factor, as text that `from_text` reads."""
        return f"{float(self.scale) * factor:.3g}/(t+{float(self.offset):g})^{float(self.exponent):g}"

    def __repr__(self) -> str:
        return called("schedules.power", self.scale, offset=self.offset, exponent=self.exponent)


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class TwoPhase:
    """Constant during the warm-up, then falling. Made by `two_phase`."""

    value: Any
    warm_up: Any
    exponent: Any
    decay_steps: Any

    def __call__(self, step: Any) -> Any:
        """The value at a step."""
        after = jnp.maximum(jnp.asarray(step, jnp.result_type(float)) - self.warm_up, 0.0)
        return self.value * (1.0 + after / self.decay_steps) ** -self.exponent

    def sum_from(self, step: int) -> float:
        """The sum of all values from a step on."""
        first = max(math.ceil(self.warm_up), step)
        falling = Power(self.value * self.decay_steps**self.exponent, self.decay_steps - self.warm_up, self.exponent)
        return self.value * (first - step) + falling.sum_from(first)

    def __repr__(self) -> str:
        return called(
            "schedules.two_phase",
            self.value,
            warm_up=self.warm_up,
            exponent=self.exponent,
            decay_steps=self.decay_steps,
        )


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Handoff:
    """One value before a step and another from it on. Made by `handoff`."""

    before: Any
    after: Any
    at: Any

    def __call__(self, step: Any) -> Any:
        """The value at a step."""
        return jnp.where(jnp.asarray(step) < self.at, self.before, self.after)

    def sum_from(self, step: int) -> float:
        """The sum of all values from a step on."""
        return self.before * max(0, math.ceil(self.at) - step) + Constant(self.after).sum_from(step)

    def __repr__(self) -> str:
        return called("schedules.handoff", self.before, at=self.at, after=self.after)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Foreign:
    """A schedule from elsewhere, an Optax one for instance: a function that is compiled in."""

    function: Schedule = field(metadata={"static": True})

    def __call__(self, step: Any) -> Any:
        """The value at a step."""
        return self.function(step)


@public()
def is_constant(schedule: Any) -> "TypeIs[Constant]":
    """Whether a schedule has the same `value` at every step."""
    return getattr(schedule, "steady", False)


@public()
def constant(value: float) -> Constant:
    """The same value at every step.

    >>> constant(1.5)(100)
    1.5
    """
    return Constant(finite_number(value, "value"))


@public()
def power(scale: float, *, offset: float = 1.0, exponent: float = 1.0) -> Power:
    """`scale / (step + offset)^exponent`, with a positive offset.

    >>> float(power(0.9, offset=10, exponent=0.24)(0))
    0.517...
    """
    return Power(
        finite_number(scale, "scale"),
        finite_number(offset, "offset", low=0.0, low_open=True),
        finite_number(exponent, "exponent"),
    )


@public()
def two_phase(value: float, *, warm_up: float, exponent: float = 1.0, decay_steps: float = 1.0) -> TwoPhase:
    """`value` for `warm_up` steps, then `value / (1 + (step − warm_up)/decay_steps)^exponent`.

    With `decay_steps=1` the second phase is `value · n^−exponent`, n counted from 1 at its first step.

    >>> schedule = two_phase(1.5, warm_up=100, exponent=0.7, decay_steps=30)
    >>> float(schedule(50)), round(float(schedule(130)), 4)
    (1.5, 0.9234)
    """
    return TwoPhase(
        finite_number(value, "value"),
        finite_number(warm_up, "warm_up", low=0.0),
        finite_number(exponent, "exponent"),
        finite_number(decay_steps, "decay_steps", low=0.0, low_open=True),
    )


@public()
def handoff(before: float, *, at: float, after: float = 0.0) -> Handoff:
    """`before` for the first `at` steps, `after` from then on.

    >>> float(handoff(1.5, at=100)(99)), float(handoff(1.5, at=100)(100))
    (1.5, 0.0)
    """
    return Handoff(
        finite_number(before, "before"),
        finite_number(after, "after"),
        finite_number(at, "at", low=0.0),
    )


@public()
def within(schedule: Schedule, name: str, *, low: float, high: float = float("inf")) -> Schedule:
    """The schedule, where its values over the first million steps, of which a few are looked at, lie in a range.

    Raises:
        InputError: for a value outside.
    """
    for step in (0, 1, 10, 100, 10**3, 10**4, 10**5, 10**6):
        value = float(schedule(step))
        if not low <= value <= high:
            wanted = f"at least {low:g}" if high == float("inf") else f"from {low:g} to {high:g}"
            raise InputError(f"{name} must be {wanted}; at step {step} it is {value:g}")
    return schedule


OURS = (Constant, Power, TwoPhase, Handoff, Foreign)


@public()
def as_schedule(value: Any, name: str) -> Any:
    """A number as a constant schedule; a schedule as itself; any other function of the step as it is.

    Raises:
        InputError: for anything else, and for a function that does not give a single finite number at step 0.
    """
    if isinstance(value, OURS):
        return value
    if not callable(value):
        return Constant(finite_number(value, name))
    try:
        first = float(jnp.asarray(value(0)))
        jax.eval_shape(value, jax.ShapeDtypeStruct((), jnp.int32))
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{name} must be a number or a function of the step that JAX can trace, so use jax.numpy.where instead "
            f"of if; it fails: {reason}"
        ) from error
    finite_number(first, f"{name} at step 0")
    return Foreign(value)


CALL = re.compile(r"([A-Za-z][\w-]*)\s*\((.*)\)")
FORMULA = re.compile(rf"({NUMBER})\s*/\s*\(\s*t\s*\+\s*({NUMBER})\s*\)\s*\^\s*({NUMBER})")


@public()
def from_text(text: str) -> Schedule:
    """A schedule from its text: a number, `scale/(t+offset)^exponent` with t the step, or a name with its numbers.

    Names are those of the functions here, whose first number may stand without its name.

    >>> from_text("0.9/(t+10)^0.24"), from_text("0.3")
    (schedules.power(0.9, offset=10, exponent=0.24), schedules.constant(0.3))
    >>> from_text("handoff(3, at=40)")
    schedules.handoff(3, at=40, after=0)

    Raises:
        InputError: for any other text.
    """
    formula, call = FORMULA.fullmatch(text.strip()), CALL.fullmatch(text.strip())
    if formula is not None:
        scale, offset, exponent = map(float, formula.groups())
        return power(scale, offset=offset, exponent=exponent)
    if call is not None:
        return _called(*call.groups())
    if not re.fullmatch(NUMBER, text.strip()):
        raise InputError(
            "a schedule is a number, scale/(t+offset)^exponent, as 0.9/(t+10)^0.24, or one of "
            f"{', '.join(NAMED)} with its numbers, as handoff(3,at=40); got {text!r}"
        )
    return as_schedule(float(text), "a schedule")


NAMED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"constant": constant, "power": power, "two_phase": two_phase, "handoff": handoff}
)
"""By the names that texts have."""


def _called(name: str, numbers: str) -> Any:
    key, entries = choice(name.replace("-", "_"), "schedule", NAMED), parted(numbers)
    if entries and "=" not in entries[0]:
        entries[0] = f"{next(iter(inspect.signature(NAMED[key]).parameters))}={entries[0]}"
    return made_from(f"{key}:{','.join(entries)}", "schedule", NAMED)


@public()
def usual_step_size() -> Any:
    """The outer step size where nobody names one.

    >>> usual_step_size()
    schedules.power(0.9, offset=10, exponent=0.24)
    """
    return from_text(default("step_size"))


def __dir__() -> list[str]:
    return __all__
