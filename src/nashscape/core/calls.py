"""Functions that users call: what is wrong with a call is told in words, with the nearest name."""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from nashscape.core.errors import InputError, unknown
from nashscape.core.interrupts import stoppable
from nashscape.core.options.table import VERBS
from nashscape.core.options.values import check_values

F = TypeVar("F", bound=Callable[..., Any])


def public(**reasons: str) -> Callable[[F], F]:
    """Let a function say in an `InputError` what is wrong with its arguments, where Python raises a `TypeError`.

    Nothing is looked at while calls are right, and errors from within the function stay as they are.

    Args:
        **reasons: why the function takes no argument of this name, which people are likely to give.

    >>> @public(colour="shades are grey")
    ... def shade(image, *, depth=1):
    ...     return depth
    >>> shade("photograph", deph=2)
    Traceback (most recent call last):
    nashscape.core.errors.InputError: unknown option of shade 'deph'; did you mean 'depth'? Known: depth, image.
    >>> shade("photograph", colour="red")
    Traceback (most recent call last):
    nashscape.core.errors.InputError: shade takes no colour: shades are grey
    >>> shade()
    Traceback (most recent call last):
    nashscape.core.errors.InputError: shade needs image, as in shade(image)
    """

    def decorated(function: F) -> F:
        @functools.wraps(function)
        def called(*arguments: Any, **options: Any) -> Any:
            try:
                return function(*arguments, **options)
            except TypeError:
                wrong = _wrong(function, arguments, options, reasons)
                if wrong is None:  # raised within the function
                    raise
            raise wrong

        return called  # type: ignore[return-value]

    return decorated


def verb(**reasons: str) -> Callable[[F], F]:
    """`public`, of a verb of the table of options: its values are checked by that, and Ctrl-C asks it to stop."""

    def decorated(function: F) -> F:
        rows, places = VERBS[function.__name__], function.__code__.co_varnames[: function.__code__.co_argcount]
        inner = stoppable(public(**reasons)(function))

        @functools.wraps(function)
        def called(*arguments: Any, **options: Any) -> Any:
            check_values(rows, {**dict(zip(places, arguments, strict=False)), **options})
            return inner(*arguments, **options)

        return called  # type: ignore[return-value]

    return decorated


def given(here: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Of the arguments of a function, `locals()` in its first line, those of these names that are not None.

    >>> given({"steps": 10, "seed": 0, "chunk": None, "grid": 5}, ["steps", "seed", "chunk"])
    {'steps': 10, 'seed': 0}
    """
    return {name: here[name] for name in names if here.get(name) is not None}


def _wrong(
    function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any], reasons: Mapping[str, str]
) -> InputError | None:
    """What is wrong with a call; None where its arguments fit."""
    name, parameters = function.__name__, inspect.signature(function).parameters
    listed = [own for own in parameters.values() if own.kind is own.POSITIONAL_OR_KEYWORD]
    open_ended = {own.kind for own in parameters.values()}
    for key in options:
        if key not in parameters and inspect.Parameter.VAR_KEYWORD not in open_ended:
            return _not_taken(name, key, list(parameters), reasons)
    if len(arguments) > len(listed) and inspect.Parameter.VAR_POSITIONAL not in open_ended:
        taken = ", ".join(own.name for own in listed) or "none"
        return InputError(
            f"{name} takes {taken} by position; got {len(arguments)} arguments: give the others by name, "
            f"as in {name}(…, {next((own.name for own in parameters.values() if own not in listed), 'name')}=…)"
        )
    by_place = [own.name for own in listed[: len(arguments)]]
    if twice := [own for own in by_place if own in options]:
        return InputError(f"{name} is given {twice[0]} twice, by position and by name")
    needed = [own.name for own in parameters.values() if own.default is own.empty and own.kind in NAMED]
    missing = [own for own in needed if own not in by_place and own not in options]
    return InputError(f"{name} needs {' and '.join(missing)}, as in {name}({', '.join(needed)})") if missing else None


def _not_taken(name: str, key: str, parameters: list[str], reasons: Mapping[str, str]) -> InputError:
    if key in reasons:
        return InputError(f"{name} takes no {key}: {reasons[key]}")
    return unknown(f"option of {name}", key, parameters) if parameters else InputError(
        f"{name} takes no options; got {key!r}")  # fmt: skip


NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
