"""What was found under a name, ours or somebody else's, and how it is called with what is given with the name."""

import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from nashscape.core.errors import InputError, unknown

Made = TypeVar("Made")

NEEDED = "needed"
"""In place of the default of what has none."""


@dataclass(frozen=True)
class Found:
    """What stands under a name.

    Attributes:
        thing: a function that makes what is wanted, or that itself.
        name: the name.
        called: what to type for it, such as "stag_hunt" or "mine.py:market".
        given: what is given with the name; None where nothing is, so that the thing itself may be meant.
        word: what that is called: "option", "parameter", "coefficient".
        package: which announces it; empty for what is ours or in a file of the user's.
        file: where the code of somebody else is, of whose faults the line is told; None for what is ours.
    """

    thing: Any
    name: str
    called: str
    given: Mapping[str, Any] | None
    word: str = "option"
    package: str = ""
    file: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """What it is, wherever it was found."""
        return {"thing": self.thing, "given": self.given}

    @property
    def is_ours(self) -> bool:
        """Whether it is one of this library."""
        return self.file is None

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """What can be given by name; nothing for what is no function."""
        return _keywords(self.thing) if callable(self.thing) else {}

    @property
    def defaults(self) -> Mapping[str, Any]:
        """Of what can be given by name what is taken otherwise, as data; `NEEDED` where it must be given."""
        return {name: _shown(own.default) for name, own in self.parameters.items()}

    @property
    def takes_more(self) -> bool:
        """Whether it takes any other name too, and passes it on."""
        every = inspect.signature(self.thing).parameters.values() if callable(self.thing) and self.is_ours else ()
        return any(own.kind is own.VAR_KEYWORD for own in every)

    def having(self, more: Mapping[str, Any]) -> "Found":
        """The same with more that is given."""
        return replace(self, given={**(self.given or {}), **more}) if more else self

    def made(self, is_one: Callable[[Any], bool]) -> Any:
        """What is wanted: the thing itself where it is one, else what it gives.

        Raises:
            InputError: for what cannot be called so, and what goes wrong in somebody else's code.
        """
        if self.given is None and (is_one(self.thing) or not callable(self.thing)):
            return self.thing
        return self.call()

    def call(self, *first: Any) -> Any:
        """What the function gives for arguments of the caller's, `first`, and what is given with the name.

        Raises:
            InputError: for a thing that is no function, a name that it does not take, without what it needs, and what
                goes wrong in somebody else's code, with its line.
        """
        if not callable(self.thing):
            raise InputError(f"{self.called} is no function, so that nothing can be given with it")
        self.check(len(first))
        return self.blamed(lambda: self.thing(*first, **self._arguments))

    @property
    def _arguments(self) -> dict[str, Any]:
        """What is given, "none" read as None where there may be nothing."""
        given = self.given or {}
        return {name: None if value == "none" and self.may_lack(name) else value for name, value in given.items()}

    def may_lack(self, name: str) -> bool:
        """Whether there may be nothing under a name: None is the default, or its annotation says so.

        >>> Found(lambda clip=None, size=2: clip, "box", "box", {"clip": "none", "size": 3}).call() is None
        True
        """
        own = self.parameters.get(name)
        return own is not None and (own.default is None or "None" in str(own.annotation))

    def takes_words(self, name: str) -> bool:
        """Whether there may be a text under a name: the default is one, or its annotation says so.

        >>> Found(lambda rate=0.1, optimiser="adam": rate, "learner", "learner", {}).takes_words("optimiser")
        True
        """
        own = self.parameters.get(name)
        return own is not None and (isinstance(own.default, str) or "str" in str(own.annotation))

    def check(self, first: int = 0) -> None:
        """Whether the function takes what is given, by name, behind so many arguments of the caller's.

        Raises:
            InputError: where it does not.
        """
        if callable(self.thing):
            check_names(self.thing, self.given or {}, self.name, self.word, first, typed=self.called)

    def blamed(self, act: Callable[[], Made]) -> Made:
        """What a function gives, whose errors are those of this thing.

        Raises:
            InputError: with the name, and the line where somebody else's code is at fault.
        """
        if self.is_ours:
            return act()
        with blaming(f"{self.called}, of {self.package}" if self.package else self.called, self.file or ""):
            return act()


def check_names(
    make: Callable[..., Any], given: Iterable[str], called: str, word: str, first: int = 0, typed: str = ""
) -> None:
    """Whether a function takes these names, and needs no others behind its `first` arguments.

    >>> check_names(lambda size=2, *, price: 0, ["price", "sise"], "market", "parameter")
    Traceback (most recent call last):
    nashscape.core.errors.InputError: unknown parameter of market 'sise'; did you mean 'size'? Known: price, size.

    Raises:
        InputError: for a name that it does not take, and without one that it needs.
    """
    try:
        every = inspect.signature(make).parameters.values()
    except ValueError:  # of a function in C that says nothing
        return
    known = dict(list(_keywords(make).items())[first:])
    if not any(own.kind is own.VAR_KEYWORD for own in every):
        for name in given:
            if name not in known:
                raise (
                    unknown(f"{word} of {called}", name, known)
                    if known
                    else InputError(f"{called} takes no {word}s; got {name!r}")
                )
    for name, own in known.items():
        if own.default is own.empty and name not in given:
            alone = f"; by itself it is called with {first} argument{'s' if first > 1 else ''}" if first else ""
            raise InputError(f"{called} needs the {word} {name}, as {typed or called}:{name}=2{alone}")


def _keywords(make: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        every = inspect.signature(make).parameters
    except ValueError:
        return {}
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {name: own for name, own in every.items() if own.kind in named}


def _shown(default: Any) -> Any:
    if default is inspect.Parameter.empty:
        return NEEDED
    return default if isinstance(default, str | int | float | tuple | None) else repr(default)


@contextmanager
def blaming(called: str, file: str) -> Iterator[None]:
    """Whatever goes wrong in somebody else's code, as one error: with what it was, and its last line of a file.

    Raises:
        InputError: in place of any exception, which is its cause.
    """
    try:
        yield
    except InputError as error:
        raise InputError(f"{called}: {_line(error, file)}{error}") from error
    except SyntaxError as error:
        line = f"line {error.lineno} of {file}: " if error.filename == file else ""
        raise InputError(f"{called}: {line}SyntaxError: {error.msg}") from error
    except (Exception, SystemExit) as error:
        raise InputError(f"{called}: {_line(error, file)}{type(error).__name__}: {error}") from error


def _line(error: BaseException, file: str) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f"line {lines[-1]} of {file}: " if lines else ""
