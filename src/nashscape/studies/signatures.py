"""What a function's signature says of its arguments: which it needs, and what plain values they may have.

Verbs of the table of options say more there; this is for all others, such as functions in files of users.
"""

import inspect
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nashscape.core import InputError

PLAIN: Mapping[Any, str] = types.MappingProxyType({bool: "true or false", int: "a whole number", float: "a number",
                                                   str: "a text"})  # fmt: skip
LISTS = (list, tuple, Sequence, Collection, Iterable)
UNFIT = object()
"""What comes of a value that is none of the type."""


@dataclass(frozen=True)
class Argument:
    """One argument of a function.

    Attributes:
        name: of it.
        type: as it is annotated, or that of its default where that is a number, a text or a truth value; `Any` where
            neither says anything.
        needed: whether it has no default.
    """

    name: str
    type: Any
    needed: bool

    def read(self, value: Any) -> Any:
        """The value as the argument takes it: 3 for 3.0 where it is a whole number, 3.0 for 3 where it is a number.

        >>> Argument("often", int, True).read(3.0)
        3

        Raises:
            InputError: for a value of another type.
        """
        made = _as(self.type, value)
        if made is UNFIT:
            raise InputError(f"{self.name} is {_words(self.type)}; got {value!r}")
        return made


def arguments(function: Callable[..., Any]) -> dict[str, Argument]:
    """The arguments of a function by name, those left out that take any names.

    >>> def often(game, *, times: int, share=0.5): ...
    >>> [(one.name, one.type, one.needed) for one in arguments(often).values()][1:]
    [('times', <class 'int'>, True), ('share', int | float, False)]
    """
    try:
        hints = get_type_hints(function)
    except Exception:  # names that are not there when a program runs, and whatever else texts may say
        hints = {}
    found = {}
    for name, given in inspect.signature(function).parameters.items():
        if given.kind not in (given.VAR_POSITIONAL, given.VAR_KEYWORD):
            needed = given.default is given.empty
            found[name] = Argument(name, hints.get(name, Any if needed else _of_default(given.default)), needed)
    return found


def _of_default(default: Any) -> Any:
    if isinstance(default, bool | str):
        return type(default)
    return int | float if isinstance(default, int | float) else Any


def _as(wanted: Any, value: Any) -> Any:
    """A plain value as one of a type, or `UNFIT`; objects, and types of which nothing is known, are let through."""
    origin, parts = get_origin(wanted) or wanted, get_args(wanted)
    if origin in (Union, types.UnionType):
        made = [own for own in (_as(part, value) for part in parts) if own is not UNFIT]
        # of `int | float` a whole number stays what it is
        return next(iter(sorted(made, key=lambda own: type(own) is not type(value))), UNFIT)
    if origin is Literal or wanted is type(None):
        return value if value in (parts or (None,)) else UNFIT
    if not isinstance(value, bool | int | float | str | list | tuple | dict):
        return value
    if wanted in PLAIN:
        return _plain(wanted, value)
    if origin in LISTS:
        return _listed(origin, parts, value)
    return value if origin not in (dict, Mapping) or isinstance(value, dict) else UNFIT


def _plain(wanted: Any, value: Any) -> Any:
    if isinstance(value, bool) or wanted in (bool, str):
        return value if isinstance(value, wanted) and isinstance(value, bool) is (wanted is bool) else UNFIT
    if isinstance(value, float) and wanted is int:
        return int(value) if value.is_integer() else UNFIT
    return wanted(value) if isinstance(value, int | float) else UNFIT


def _listed(origin: Any, parts: tuple[Any, ...], value: Any) -> Any:
    if isinstance(value, str) and origin not in (list, tuple):  # a text is a sequence of texts
        return value
    if not isinstance(value, list | tuple):
        return UNFIT
    each = parts[:1] * len(value) if origin is not tuple or parts[1:] == (...,) else parts or (Any,) * len(value)
    if parts and len(each) != len(value):
        return UNFIT
    made = [_as(own, one) for own, one in zip(each, value, strict=True)] if parts else list(value)
    if any(one is UNFIT for one in made):
        return UNFIT
    return tuple(made) if origin is tuple else made


def _words(wanted: Any) -> str:
    """A type in words."""
    origin, parts = get_origin(wanted) or wanted, get_args(wanted)
    if origin in (Union, types.UnionType):
        told = [_words(own) for own in parts if own is not type(None)]
        return "a number" if set(parts) == {int, float} else " or ".join(told)
    if origin is Literal:
        return " or ".join(map(repr, parts))
    if origin in LISTS:
        return f"a list{f' of which each is {_words(parts[0])}' if parts else ''}"
    return PLAIN.get(wanted, "a table" if origin in (dict, Mapping) else getattr(wanted, "__name__", str(wanted)))
