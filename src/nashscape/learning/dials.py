"""The dial that a name, a path or a function stands for."""

import inspect
from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from nashscape.core import InputError, unknown
from nashscape.core.calls import public
from nashscape.learning.by_rule import stands_for_a_rule
from nashscape.learning.dial import Dial, Turned
from nashscape.learning.dial_table import DIALS, number_at, part_of
from nashscape.learning.rules import Rule
from nashscape.learning.term_rules import COEFFICIENTS, lola, meta_mapg, pg
from nashscape.semantics import ParametricGame, parametric


@public()
def dial_of(parameter: Any, name: str | None = None) -> Dial:
    """The dial that a name, or a function, stands for.

    Args:
        parameter: a dial; a name of `DIALS`; the path of a number in the case, such as "estimator.batch",
            "step_size.exponent", "rule.inner_lr" or "semantics.strength"; or a function from a value to a game, a rule,
            `(game, rule)`, a mapping of things to change such as `{"starts": …}`, or a whole `Case`.
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
    name = getattr(parameter, "name", parameter)
    if name == "lookahead":
        return lola()
    of_rule = isinstance(name, str) and name.startswith("rule.")
    return meta_mapg() if of_rule or name in (*COEFFICIENTS, "inner_lr", "warm_up", "restarts") else pg()


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
    if "." in name:
        return number_at(f"game.{name}" if name.startswith("semantics.") else name)
    known = unknown("parameter", parameter, [*DIALS, "restarts"])
    raise InputError(
        f"{known} A number of your own is named by its path: rule.{name}, semantics.{name} or estimator.{name}. A "
        f"parameter of the game is game:{name} on the command line, game.{name} in a study, and in Python a function "
        f"of its value, such as lambda {name}: games.stag_hunt({name}={name})"
    )


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

    def turn(case: Turned, value: float) -> Any:
        try:
            made = function(value)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"the function raised {type(error).__name__}: {error}") from error
        return _changed(case, made)

    own = getattr(function, "__name__", "value")
    return Dial(name or ("value" if own == "<lambda>" else own), turn, pays=True)


def _changed(case: Turned, made: Any) -> Any:
    """The case with what a function gave in place of what it was."""
    if stands_for_a_rule(made):
        return case.but(rule=made)
    if isinstance(made, tuple) and len(made) == 2 and stands_for_a_rule(made[1]):
        return case.but(game=parametric(made[0]), rule=made[1])
    if hasattr(made, "but"):
        return made
    if isinstance(made, Mapping):
        changes = dict(made)
        game = parametric(changes.get("game", case.game))
        if "semantics" in changes:
            changes["game"] = parametric(game.game, changes.pop("semantics"))
        elif "game" in changes:
            changes["game"] = game
        for name in changes:
            part_of(case, name)
        return case.but(**changes)
    try:
        return case.but(game=parametric(made))
    except InputError as error:
        raise InputError(f"{WANTED}; it gives {made!r}: {error}") from error


def same_payoffs(one: ParametricGame, other: ParametricGame) -> bool:
    """Whether two games pay the same, by the numbers that they consist of."""
    first, second = jax.tree.leaves(one.game), jax.tree.leaves(other.game)
    form: Any = jax.tree.structure(one.game)
    shape: Any = jax.tree.structure(other.game)
    return bool(form == shape) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
