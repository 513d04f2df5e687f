"""From a declaration to a command: its arguments and options are rows, most of them of the table of options."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperGroup

from nashscape.cli.asked import Asked
from nashscape.cli.rows import Typed, can_be_typed, typed
from nashscape.core import machine
from nashscape.core.options import taken


@dataclass(frozen=True)
class Command:
    """A command of the command line.

    Attributes:
        name: as it is typed.
        short: what the list of commands says of it.
        text: what its help says, with examples.
        rows: its arguments and options, by the names that they have in Python.
        verb: the function of the library that it asks, if there is one, as the table of options names it.
        answer: what is done: from what was typed to what is printed.
    """

    name: str
    short: str
    text: str
    rows: dict[str, Typed]
    verb: str
    answer: Callable[[Asked], Any]

    @cached_property
    def made(self) -> Any:
        """The command as Typer has it."""
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(self.name, short_help=self.short)(self._callback())
        return typer.main.get_command(alone)

    def _callback(self) -> Callable[..., None]:
        """What Typer calls; it looks at the signature, which is made of the rows."""

        def call(**given: Any) -> None:
            machine.use_every_core()
            # what is not typed is not passed on: it is then what the library takes where nobody says
            written = {name: own for name, own in given.items() if own not in (None, [], False)}
            _check_blank(self.rows, written)
            asked = Asked(self.rows, self.verb, written)
            answer = self.answer(asked)
            if answer is not None:
                answer.tell(asked)

        parameters = [_parameter(row) for row in self.rows.values()]
        made: Any = call
        made.__signature__ = inspect.Signature(parameters)
        made.__annotations__ = {one.name: one.annotation for one in parameters}
        made.__doc__ = self.text
        return call


def _check_blank(rows: Mapping[str, Typed], written: Mapping[str, Any]) -> None:
    """Refuse an option after which nothing stands, as where a variable of a script is empty."""
    from nashscape.core import InputError

    for name, own in written.items():
        if any(isinstance(text, str) and not text.strip() for text in (own if isinstance(own, list) else [own])):
            raise InputError(f"{rows[name].flag} has no value; write one after it, or leave it out")


def command(short: str, verb: str = "", *rows: Typed, but: tuple[str, ...] = ()) -> Callable[[Any], Command]:
    """Declare a function from `Asked` to an `Answer` as a command that is called as it is.

    Args:
        short: what the list of commands says of it.
        verb: what it asks, whose options it has, as far as they can be typed.
        rows: arguments and options of its own; those of one name with one of the verb stand in its place.
        but: names of options of the verb that are not typed.
    """
    own = {row.name: row for row in rows}
    named = taken(verb).values() if verb else ()
    others = [row for row in named if row.name not in (*own, *but) and can_be_typed(row)]

    def declared(answer: Callable[[Asked], Any]) -> Command:
        known = {row.name: row for row in sorted([*rows, *map(typed, others)], key=_place)}
        name = answer.__name__.strip("_").replace("_", "-")
        return Command(name, short, inspect.getdoc(answer) or "", known, verb, answer)

    return declared


class Declared(TyperGroup):
    """A group whose commands are made when they are asked for: help of one does not wait for all others."""

    declared: ClassVar[Mapping[str, Command]] = MappingProxyType({})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for, and what is typed after it; see `TyperGroup`."""
        name, found, rest = super().resolve_command(ctx, args)
        own = self.declared.get(name or "")
        return name, found if own is None else own.made, rest


def by_name(*commands: Command) -> Mapping[str, Command]:
    """Commands by their names, in the order of help."""
    return MappingProxyType({one.name: one for one in commands})


def announced(group: typer.Typer, commands: Mapping[str, Command]) -> None:
    """Let a group list commands that it makes when they are asked for."""
    for name, one in commands.items():
        group.command(name, short_help=one.short)(lambda: None)


LAST = ("seed", "precision", "chunk", "out", "save", "json", "cells")
FIRST = ("set", "coupling", "reading", "start", "rule", "baseline", "vary")


def _place(row: Typed) -> tuple[int, int]:
    """Arguments first, then what is played and how it is learned, then the rest, what becomes of the answer last."""
    if row.argument:
        return (0, 0)
    for place, names in ((1, FIRST), (3, LAST)):
        if row.name in names:
            return (place, names.index(row.name))
    return (2, 0)


def _parameter(row: Typed) -> inspect.Parameter:
    how: dict[str, Any] = {"help": row.text, "show_default": False}
    default: Any = inspect.Parameter.empty if row.needed else [] if row.several else None
    kind: Any = list[str] if row.several else str if row.needed else str | None
    if row.type == "bool":
        kind, default = bool, False
    else:
        how["metavar"] = f"[{row.shape}]" if row.argument and not row.needed else row.shape
    told = typer.Argument(**how) if row.argument else typer.Option(row.flag, **how)
    return inspect.Parameter(
        row.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, told]
    )
