"""Dials: the one notion of a number that varies. From a value to a change of a case, by name or by function."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import jax
import numpy as np

from nashscape.core import InputError, unknown
from nashscape.dynamics.case import Case
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.starts import normal
from nashscape.games.offers import is_game
from nashscape.learning import Rule, as_schedule, check_rule, lola, meta_mapg, pg
from nashscape.learning.rules import is_combination, is_rule
from nashscape.selection.handing_over import handed_over
from nashscape.semantics import ParametricGame, imperfect, open_source, parametric
from nashscape.semantics.parametric_game import is_parametric
from nashscape.semantics.semantics import has_forms, is_linear

COEFFICIENTS = ("own", "peer", "lookahead")
LARGEST = 10.0
"""Usual upper end of coefficients."""


@dataclass(frozen=True)
class Dial:
    """A number that varies: from a case and a value to the case in which the number has it.

    Whatever is varied is one of these: `sweep`, `steer` and `cheapest_combination` take one, its name, or a function
    from a value to what changes.

    Attributes:
        name: what tables and figures call it.
        turn: from a case and a value to a case.
        low: usual lower end; None where there is none.
        high: usual upper end.
        whole: whether values are whole numbers.
        pays: whether payoffs of the game may change with it, so that its price is payoff spent.
        place: in which order dials that are turned together are: the game (0), the rule (1), all else (2).

    Example:
        >>> from nashscape import games, meta_mapg, sampled, sweep
        >>> batch = Dial("batch", lambda case, value: case.but(estimator=sampled(batch=value)), 1, 4096, whole=True)
        >>> found = sweep(games.stag_hunt(), batch, [4, 64], rule=meta_mapg(), n=16, steps=10)
        >>> [one.question["estimator"]["batch"] for one in found.results]
        [4, 64]
    """

    name: str
    turn: Callable[[Case, Any], Case]
    low: float | None = None
    high: float | None = None
    whole: bool = False
    pays: bool = False
    place: int = 2

    def __call__(self, case: Case, value: float) -> Case:
        """The case at a value; an error says at which."""
        try:
            return self.turn(case, int(value) if self.whole else value)
        except InputError as error:
            # an error of a function of the user's is the cause itself
            raise InputError(f"at {self.name} = {value:g}: {error}") from (error.__cause__ or error)


def dial_of(parameter: Any, name: str | None = None) -> Dial:
    """The dial that a name, or a function, stands for.

    Args:
        parameter: a dial; a name of `DIALS`; the path of a number in the case, such as "estimator.batch",
            "step_size.exponent" or "rule.inner_lr"; or a function from a value to a game, a rule, `(game, rule)`, a
            mapping of things to change such as `{"starts": …}`, or a whole `Case`.
        name: what to call a function's value; by default the function's own name.

    Raises:
        InputError: for an unknown name, and what is none of these.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.dynamics.case import case_of
        >>> hunt = case_of(games.stag_hunt(), meta_mapg())
        >>> dial_of("peer")(hunt, 2.0).rule.peer(0), dial_of("step_size.exponent")(hunt, 0.5).setup.step_size.exponent
        (2.0, 0.5)
        >>> dial_of(lambda c: games.stag_hunt(P=c), "P")(hunt, 1.5).game.game.payoffs[0, 1, 1].item()
        1.5
    """
    if isinstance(parameter, str):
        return _named(parameter)
    if hasattr(parameter, "turn"):
        dial: Dial = parameter
        return dial
    return _of_function(parameter, name)


def usual_rule(parameter: Any) -> Rule:
    """The rule that a number is of, where nobody names one."""
    if parameter == "lookahead":
        return lola()
    of_rule = isinstance(parameter, str) and parameter.startswith("rule.")
    return meta_mapg() if of_rule or parameter in (*COEFFICIENTS, "inner_lr", "warm_up", "restarts") else pg()


# --- by name --------------------------------------------------------------------------------------------


def _coefficient(name: str) -> Dial:
    def turn(case: Case, value: float) -> Case:
        rule: Any = case.rule
        if not is_combination(rule) or not any(getattr(rule, term) is not None for term in COEFFICIENTS):
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

    return Dial(name, turn, 0.0, LARGEST, place=1)


def _coupled(case: Case, value: float) -> Case:
    if not has_forms(case.game.semantics):
        raise InputError("coupling is of players of a bare game; for other semantics give a function of a value")
    return case.but(game=open_source(case.game.game, value))


def _noisy(case: Case, value: float) -> Case:
    if not is_linear(case.game.semantics):
        raise InputError("noise is in what players of open source read of each other; give open_source(game, coupling)")
    return case.but(game=ParametricGame(case.game.game, imperfect(case.game.semantics, noise=float(value))))


def _handed(case: Case, value: int) -> Case:
    return case.but(rule=handed_over(check_rule(case.rule), int(value)))


def _spread(case: Case, value: float) -> Case:
    starts: Any = case.starts
    if getattr(starts, "kind", None) != "normal":
        raise InputError("std is of normal starts; give starts=starts.normal(), or a function of a value")
    return case.but(starts=normal(mean=starts.first, std=value))


def _path(path: str, name: str | None = None, low: float = 0.0, high: float | None = None, place: int = 2) -> Dial:
    """The number at the end of a path through the parts of a case."""

    def turn(case: Case, value: float) -> Case:
        first, *rest = path.split(".")
        start: Any = getattr(case, first)
        if start is None and first in ("step_size", "projection"):
            start = getattr(case.setup, first)
        changed: Any = _put(start, rest, value, path)
        if first == "game":
            return case.but(game=ParametricGame(changed.game, changed.semantics))
        return case.but(**{first: changed})

    return Dial(name or path, turn, low, high, place=place)


def _put(whole: Any, path: list[str], value: float, called: str) -> Any:
    """The same with the number at the end of the path changed; whole numbers stay whole, schedules constant ones."""
    if not path:
        if callable(whole) and hasattr(whole, "value"):
            return as_schedule(float(value), called)
        if isinstance(whole, bool) or not isinstance(whole, int | float | np.number | np.ndarray | jax.Array):
            raise InputError(f"{called} is no number here but {whole!r}")
        return _like(whole, value, called)
    if not dataclasses.is_dataclass(whole) or isinstance(whole, type) or not hasattr(whole, path[0]):
        raise InputError(f"{type(whole).__name__} has no {path[0]}, so that there is no {called} here")
    own = _put(getattr(whole, path[0]), path[1:], value, called)
    return dataclasses.replace(whole, **{path[0]: own})


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
        "coupling": Dial("coupling", _coupled, 0.0, 2.0, place=0),
        "noise": Dial("noise", _noisy, 0.0, 4.0, place=0),
        "strength": _path("game.semantics.strength", "strength", 0.0, 8.0, place=0),
        "warm_up": Dial("warm_up", _handed, 0.0, None, whole=True),
        "steps": dataclasses.replace(_path("steps", low=1.0, high=1000.0), whole=True),
        "batch": dataclasses.replace(_path("estimator.batch", "batch", 1.0, 4096.0), whole=True),
        "step_size": Dial("step_size", lambda case, value: case.but(step_size=value), 0.0, 1.0),
        "exponent": _path("step_size.exponent", "exponent", 0.0, 1.0),
        "steps_ahead": dataclasses.replace(_path("rule.steps_ahead", "steps_ahead", 1.0, 8.0, place=1), whole=True),
        "threshold": _path("threshold", low=0.51, high=0.99),
        "std": Dial("std", _spread, 0.0, 5.0),
    }
)
"""Dials by name; the path of any other number will do too."""


def _named(parameter: str) -> Dial:
    name = parameter.replace("-", "_")
    kind, colon, key = parameter.partition(":")
    if colon and kind.strip() == "game":
        raise InputError(
            f"{parameter!r} is written so on the command line alone; in Python give a function of the value with "
            f"low and high, such as lambda {key or 'x'}: games.stag_hunt({key or 'R'}={key or 'x'})"
        )
    if name in DIALS:
        return DIALS[name]
    first = name.partition(".")[0]
    if "." in name and first in {field.name for field in dataclasses.fields(Case)}:
        return _path(name)
    raise unknown("parameter", parameter, [*DIALS, "restarts"])


# --- by function ----------------------------------------------------------------------------------------

WANTED = (
    "a number that varies is a name such as 'peer', a Dial, or a function from a value to a game, a rule, "
    "(game, rule), or a mapping of what changes"
)


def _of_function(function: Any, name: str | None) -> Dial:
    if not callable(function):
        raise InputError(f"{WANTED}; got {function!r}")
    try:
        inspect.signature(function).bind(0.0)
    except TypeError as error:
        raise InputError(f"{WANTED}; it cannot be called with one value: {error}") from error

    def turn(case: Case, value: float) -> Case:
        try:
            made = function(value)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"the function raised {type(error).__name__}: {error}") from error
        return _changed(case, made)

    own = getattr(function, "__name__", "value")
    return Dial(name or ("value" if own == "<lambda>" else own), turn, pays=True)


def _changed(case: Case, made: Any) -> Case:
    """The case with what a function gave in place of what it was."""
    if is_rule(made) or is_hosted(made):
        return case.but(rule=made)
    if isinstance(made, tuple) and len(made) == 2:
        return case.but(game=parametric(made[0]), rule=made[1])
    if is_parametric(made) or is_game(made):
        return case.but(game=parametric(made))
    if hasattr(made, "but"):
        whole: Case = made
        return whole
    if isinstance(made, Mapping):
        names = {field.name for field in dataclasses.fields(Case)}
        for name in made:
            if name not in names:
                raise unknown("part of a case", name, names)
        return case.but(**{**made, **({"game": parametric(made["game"])} if "game" in made else {})})
    raise InputError(f"{WANTED}; it gives {made!r}")


def same_payoffs(one: ParametricGame, other: ParametricGame) -> bool:
    """Whether two games pay the same, by the numbers that they consist of."""
    first, second = jax.tree.leaves(one.game), jax.tree.leaves(other.game)
    form: Any = jax.tree.structure(one.game)
    shape: Any = jax.tree.structure(other.game)
    return bool(form == shape) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
