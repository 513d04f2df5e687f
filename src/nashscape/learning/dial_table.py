"""Dials by name: coefficients of rules, what players read of each other, numbers of steps, batches, starts."""

import dataclasses
import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import jax
import numpy as np

from nashscape.core import InputError, finite_number, unknown
from nashscape.learning.dial import Dial, Turned
from nashscape.learning.handing_over import handed_over
from nashscape.learning.rules import check_rule, is_combination
from nashscape.learning.schedules import as_schedule, is_constant
from nashscape.learning.term_rules import COEFFICIENTS
from nashscape.semantics import ParametricGame, imperfect
from nashscape.semantics.recoupling import coupling_of, recoupled
from nashscape.semantics.semantics import is_linear

LABELS: Mapping[str, str] = MappingProxyType({
    "own": "own-learning coefficient μ",
    "peer": "peer coefficient λ",
    "lookahead": "look-ahead coefficient ν",
    "inner_lr": "inner step size η",
})  # fmt: skip
UNITS: Mapping[str, str] = MappingProxyType({
    "warm_up": "updates", "steps": "updates", "steps_ahead": "updates", "batch": "samples of an update",
    "step_size": "parameters per unit of direction", "std": "parameters", "noise": "parameters",
    "threshold": "probability",
})  # fmt: skip
"""Of the numbers that have one."""
LARGEST = 10.0
"""Usual upper end of coefficients."""


def _coefficient(name: str) -> Dial:
    def turn(case: Turned, value: float) -> Any:
        rule: Any = case.rule
        if not _takes_terms(rule):
            raise InputError(
                f"{rule.name} has no {name} coefficient to steer by; use a sum of terms such as meta_mapg()"
            )
        if name == "inner_lr":
            if value < 0:
                raise InputError("inner_lr must be at least 0")
            return case.but(rule=dataclasses.replace(rule, inner_lr=float(value)))
        if not rule.inner_lr:
            raise InputError(f"{rule.name} has inner_lr = 0, under which {name} does nothing; give it a positive one")
        return case.but(rule=dataclasses.replace(rule, **{name: as_schedule(float(value), name)}))

    def now(case: Turned) -> float | None:
        if not is_combination(case.rule) and not has_corrections(case.rule):
            return None
        value: Any = getattr(case.rule, name)
        if name == "inner_lr" or value is None:
            return float(value or 0.0)
        return float(value.value) if is_constant(value) else None

    return Dial(name, turn, 0.0, LARGEST, place=1, now=now, label=LABELS[name])


def _takes_terms(rule: Any) -> bool:
    """Whether a rule is a sum of more terms than base, or adds corrections to gradients of its own."""
    if is_combination(rule):
        return any(getattr(rule, term) is not None for term in COEFFICIENTS)
    return has_corrections(rule)


def has_corrections(rule: Any) -> bool:
    """Whether a rule adds terms with coefficients, and an `inner_lr`, to gradients of its own."""
    return hasattr(rule, "corrections")


def _coupled(case: Turned, value: float) -> Any:
    return case.but(game=recoupled(case.game, value))


def _coupling_now(case: Turned) -> float | None:
    return coupling_of(case.game)


def _noisy(case: Turned, value: float) -> Any:
    if not is_linear(case.game.semantics):
        raise InputError("noise is in what players of open source read of each other; give open_source(game, coupling)")
    return case.but(game=ParametricGame(case.game.game, imperfect(case.game.semantics, noise=float(value))))


def _handed(case: Turned, value: int) -> Any:
    return case.but(rule=handed_over(check_rule(case.rule), int(value)))


def _spread(case: Turned, value: float) -> Any:
    starts = part_of(case, "starts")
    if getattr(starts, "kind", None) != "normal":
        raise InputError("std is of normal starts; give starts=starts.normal(), or a function of a value")
    spread = finite_number(value, "std", low=0.0, low_open=True)
    return case.but(starts=dataclasses.replace(starts, second=spread))


def _step_size(case: Turned, value: float) -> Any:
    part_of(case, "step_size")
    return case.but(step_size=value)


def part_of(case: Any, name: str) -> Any:
    """A part of a case by name.

    Raises:
        InputError: for one that it does not have, with the nearest that it has.
    """
    names = [field.name for field in dataclasses.fields(case)]
    if name not in names:
        raise unknown("part of a case", name, names)
    return getattr(case, name)


def number_at(path: str, name: str | None = None, low: float = 0.0, high: float | None = None, place: int = 2) -> Dial:
    """The dial of the number at the end of a path through the parts of a case, such as "estimator.batch"."""

    first, *rest = path.split(".")

    def begin(case: Any) -> Any:
        start = part_of(case, first)
        return getattr(case.setup, first) if start is None and first in ("step_size", "projection") else start

    def now(case: Turned) -> float | None:
        try:
            own = functools.reduce(getattr, rest, begin(case))
        except (AttributeError, InputError):
            return None
        if is_schedule(own):
            return float(own.value) if is_constant(own) else None
        return float(own) if _is_number(own) and not np.ndim(own) else None

    def turn(case: Turned, value: float) -> Any:
        changed: Any = _put(begin(case), rest, value, path)
        if first == "game":
            return case.but(game=ParametricGame(changed.game, changed.semantics))
        return case.but(**{first: changed})

    return Dial(name or path, turn, low, high, place=place, now=now)


def _put(whole: Any, path: list[str], value: float, called: str) -> Any:
    """The same with the number at the end of the path changed; whole numbers stay whole, schedules constant ones."""
    if not path:
        if is_schedule(whole):
            return as_schedule(float(value), called)
        if not _is_number(whole):
            raise InputError(f"{called} is no number here but {whole!r}")
        return _like(whole, value, called)
    if not dataclasses.is_dataclass(whole) or isinstance(whole, type) or not hasattr(whole, path[0]):
        raise InputError(f"{type(whole).__name__} has no {path[0]}, so that there is no {called} here")
    own = _put(getattr(whole, path[0]), path[1:], value, called)
    return dataclasses.replace(whole, **{path[0]: own})


def is_schedule(value: Any) -> bool:
    """Whether a number is written as a schedule of steps that has a value."""
    return callable(value) and hasattr(value, "value")


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float | np.number | np.ndarray | jax.Array)


def _like(number: Any, value: float, called: str) -> Any:
    if np.ndim(number):
        raise InputError(f"{called} is an array of shape {np.shape(number)}; give a function of a value")
    if np.asarray(number).dtype.kind in "iu":
        if value != int(value):
            raise InputError(f"{called} is a whole number; got {value:g}")
        return int(value)
    return float(value)


DIALS: Mapping[str, Dial] = MappingProxyType(
    {
        **{name: _coefficient(name) for name in ("inner_lr", *COEFFICIENTS)},
        "coupling": Dial("coupling", _coupled, 0.0, 2.0, place=0, now=_coupling_now),
        "noise": Dial("noise", _noisy, 0.0, 4.0, place=0),
        "strength": number_at("game.semantics.strength", "strength", 0.0, 8.0, place=0),
        "warm_up": Dial("warm_up", _handed, 0.0, None, whole=True),
        "steps": dataclasses.replace(number_at("steps", low=1.0, high=1000.0), whole=True),
        "batch": dataclasses.replace(number_at("estimator.batch", "batch", 1.0, 4096.0), whole=True),
        "step_size": Dial("step_size", _step_size, 0.01, 1.0),
        "exponent": number_at("step_size.exponent", "exponent", 0.0, 1.0),
        "steps_ahead": dataclasses.replace(number_at("rule.steps_ahead", "steps_ahead", 1.0, 8.0, place=1), whole=True),
        "threshold": number_at("threshold", low=0.51, high=0.99),
        "std": Dial("std", _spread, 0.05, 5.0),
    }
)
"""Dials by name; the path of any other number will do too."""


def label_of(name: str) -> str:
    """What axes call a number.

    >>> label_of("peer"), label_of("warm_up"), label_of("T")
    ('peer coefficient λ', 'warm up', 'T')
    """
    return (DIALS[name].label if name in DIALS else "") or name.replace("_", " ")


def axis_label(name: str) -> str:
    """The same with the unit, in brackets, of a number that has one.

    >>> axis_label("peer"), axis_label("warm_up"), axis_label("T")
    ('peer coefficient λ', 'warm up (updates)', 'T')
    """
    return f"{label_of(name)} ({UNITS[name]})" if name in UNITS else label_of(name)
