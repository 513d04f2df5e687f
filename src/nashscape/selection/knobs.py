"""The numbers by which learning is steered: from a name, or a function, to a game and a rule for every value."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import jax
import numpy as np

from nashscape.core import InputError, unknown
from nashscape.games import Game
from nashscape.games.offers import is_game
from nashscape.learning import Rule, as_schedule, check_rule, lola, meta_mapg, pg
from nashscape.learning.rules import is_combination, is_rule
from nashscape.selection.handing_over import handed_over
from nashscape.semantics import ParametricGame, imperfect, open_source, parametric
from nashscape.semantics.parametric_game import is_parametric
from nashscape.semantics.semantics import is_linear

COEFFICIENTS = ("own", "peer", "lookahead")
LARGEST = 10.0
"""Usual upper end of coefficients."""


@dataclass(frozen=True)
class Knob:
    """A number to steer by.

    Attributes:
        name: what tables and figures call it.
        make: from a value to the game and the rule.
        low: usual lower end.
        high: usual upper end; None where there is none: of a warm-up the number of updates, and functions say nothing.
        whole: whether it is a whole number.
        pays: whether payoffs of the game may change with it, so that its price is payoff spent.
    """

    name: str
    make: Callable[[float], tuple[ParametricGame, Rule]]
    low: float | None
    high: float | None
    whole: bool = False
    pays: bool = False

    def __call__(self, value: float) -> tuple[ParametricGame, Rule]:
        """The game and the rule at a value; an error says at which."""
        try:
            return self.make(int(value) if self.whole else value)
        except InputError as error:
            # an error of a function of the user's is the cause itself
            raise InputError(f"at {self.name} = {value:g}: {error}") from (error.__cause__ or error)


def knob_of(game: Game | ParametricGame, parameter: Any, rule: Rule | None = None) -> Knob:
    """The number that a name, or a function, stands for.

    Args:
        game: what is played where the number says nothing else.
        parameter: a name of `KNOBS`, or a function from a value to a game, a rule, or both as `(game, rule)`.
        rule: how the players learn where the number says nothing else; every name has a usual one.

    Raises:
        InputError: for an unknown name, a rule or a game without the number, and functions that give anything else.

    Example:
        >>> from nashscape import games
        >>> knob_of(games.stag_hunt(), "peer").make(2.0)[1].peer(0)
        2.0
    """
    learners = parametric(game)
    if isinstance(parameter, str):
        name = parameter.replace("-", "_")
        kind, colon, key = parameter.partition(":")
        if colon and kind.strip() == "game":
            raise InputError(
                f"{parameter!r} is written so on the command line alone; in Python give a function of the value with "
                f"low and high, such as lambda {key or 'x'}: games.stag_hunt({key or 'R'}={key or 'x'})"
            )
        if name not in KNOBS:
            raise unknown("parameter to steer by", parameter, [*KNOBS, "restarts"])
        return KNOBS[name](game, learners, rule)
    return _of_function(learners, parameter, rule)


def _of_function(learners: ParametricGame, function: Any, rule: Rule | None) -> Knob:
    wanted = "parameter must be a name such as 'peer', or a function from a value to a game, a rule, or (game, rule)"
    if not callable(function):
        raise InputError(f"{wanted}; got {function!r}")
    try:
        inspect.signature(function).bind(0.0)
    except TypeError as error:
        raise InputError(f"{wanted}; it cannot be called with one value: {error}") from error
    usual = pg() if rule is None else check_rule(rule)

    def make(value: float) -> tuple[ParametricGame, Rule]:
        try:
            made = function(value)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"the function raised {type(error).__name__}: {error}") from error
        if is_rule(made):
            return learners, made
        if isinstance(made, tuple) and len(made) == 2:
            return parametric(made[0]), check_rule(made[1])
        if is_parametric(made) or is_game(made):
            return parametric(made), usual
        raise InputError(f"{wanted}; it gives {made!r}")

    name = getattr(function, "__name__", "value")
    return Knob("value" if name == "<lambda>" else name, make, None, None, pays=True)


def _coefficient(name: str) -> Callable[..., Knob]:
    def knob(game: Any, learners: ParametricGame, rule: Rule | None) -> Knob:
        base = (lola() if name == "lookahead" else meta_mapg()) if rule is None else check_rule(rule)
        if not is_combination(base) or not any(getattr(base, term) is not None for term in COEFFICIENTS):
            raise InputError(
                f"{base.name} has no {name} coefficient to steer by; use a sum of terms such as meta_mapg()"
            )
        if name in COEFFICIENTS and not base.inner_lr:
            raise InputError(f"{base.name} has inner_lr = 0, under which {name} does nothing; give it a positive one")

        def make(value: float) -> tuple[ParametricGame, Rule]:
            if name == "inner_lr":
                if value < 0:
                    raise InputError("inner_lr must be at least 0")
                return learners, replace(base, inner_lr=float(value))
            return learners, replace(base, **{name: as_schedule(float(value), name)})

        return Knob(name, make, 0.0, LARGEST)

    return knob


def _coupling(game: Any, learners: ParametricGame, rule: Rule | None) -> Knob:
    if is_parametric(game):
        raise InputError("coupling is of players of a bare game; for other semantics give a function of a value")
    usual = pg() if rule is None else check_rule(rule)
    return Knob("coupling", lambda value: (open_source(game, value), usual), 0.0, 2.0)


def _noise(game: Any, learners: ParametricGame, rule: Rule | None) -> Knob:
    semantics = learners.semantics
    if not is_linear(semantics):
        raise InputError("noise is in what players of open source read of each other; give open_source(game, coupling)")
    usual = pg() if rule is None else check_rule(rule)

    def make(value: float) -> tuple[ParametricGame, Rule]:
        return ParametricGame(learners.game, imperfect(semantics, noise=float(value))), usual

    return Knob("noise", make, 0.0, 4.0)


def _warm_up(game: Any, learners: ParametricGame, rule: Rule | None) -> Knob:
    base = meta_mapg() if rule is None else check_rule(rule)
    return Knob("warm_up", lambda value: (learners, handed_over(base, int(value))), 0.0, None, whole=True)


KNOBS: Mapping[str, Callable[..., Knob]] = MappingProxyType(
    {
        **{name: _coefficient(name) for name in (*COEFFICIENTS, "inner_lr")},
        "coupling": _coupling,
        "noise": _noise,
        "warm_up": _warm_up,
        "steps": _warm_up,
    }
)
"""What `steer` knows by name, besides restarts."""


def same_payoffs(one: ParametricGame, other: ParametricGame) -> bool:
    """Whether two games pay the same, by the numbers that they consist of."""
    first, second = jax.tree.leaves(one.game), jax.tree.leaves(other.game)
    form: Any = jax.tree.structure(one.game)
    shape: Any = jax.tree.structure(other.game)
    return bool(form == shape) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
