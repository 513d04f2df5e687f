"""What a person sees when something is wrong: one line, and an exit code that scripts can read."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from nashscape.cli import at_once
from nashscape.core.interrupts import USUAL, Place, waited_for

BAD_INPUT = 2
INTERRUPTED = 130

GRACE = 0.6
"""Seconds in which a command that was interrupted prints and writes what is done."""

STOP_BY_THEMSELVES = ("study", "app")
"""Items of a study are finished by those who work on them, and kept; a server says goodbye to its pages."""

SHOW_CURSOR = "\x1b[?25h"

# Typer carries its own copy of Click or imports it, by version; its exceptions are found through what it exports.
ClickException: Any = typer.BadParameter.__mro__[2]


class Commands(TyperGroup):
    """The group of all commands. Bad input ends with one line on stderr and code 2, Ctrl-C with code 130."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Parse and run; see `TyperGroup`."""
        place = Place()
        try:
            code = self._beside(place, *args, **options)
        except ClickException as error:
            complain(error.format_message())
            context = getattr(error, "ctx", None)
            path = context.command_path if context is not None else "nashscape"
            typer.echo(f"Try '{path} --help'.", err=True)
            code = BAD_INPUT
        except typer.Abort:
            code = INTERRUPTED
        except KeyboardInterrupt:
            complain("interrupted", "")
            code = INTERRUPTED
        sys.exit(INTERRUPTED if place.asked.is_set() else code if isinstance(code, int) else 0)

    def _beside(self, place: Place, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Parse and run, while the main thread waits for signals: work that Ctrl-C comes to is done in another."""
        given = list(sys.argv[1:] if args is None else args)
        run = partial(super().main, given, *more, **{**options, "standalone_mode": False})
        if signal.getsignal(signal.SIGINT) is at_once:
            signal.signal(signal.SIGINT, USUAL[signal.SIGINT])
        if next((one for one in given if not one.startswith("-")), "") in STOP_BY_THEMSELVES:
            return run()
        return waited_for(run, place, GRACE)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was parsed."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            complain("interrupted", "")
            raise typer.Exit(INTERRUPTED) from None
        except ValueError as error:
            from nashscape.core import InputError

            if not isinstance(error, InputError):  # class: an error of ours among others
                raise
            # what is wrong with a file is told fault by fault
            for line in str(error).splitlines() if hasattr(error, "faults") else [str(error)]:
                complain(line)
            raise typer.Exit(BAD_INPUT) from None


def leave() -> NoReturn:
    """End the process although work goes on in it, with what was printed."""
    if sys.stderr.isatty():
        sys.stderr.write(SHOW_CURSOR)  # which the bar of progress hides
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(INTERRUPTED)


def complain(message: str, prefix: str = "error: ") -> None:
    """One line on stderr, whatever line breaks the message has."""
    typer.echo(prefix + " ".join(message.split()), err=True)
