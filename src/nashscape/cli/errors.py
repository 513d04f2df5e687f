"""What a person sees when something is wrong: one line, and an exit code that scripts can read."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

BAD_INPUT = 2
INTERRUPTED = 130

# Typer carries its own copy of Click or imports it, by version; its exceptions are found through what it exports.
ClickException: Any = typer.BadParameter.__mro__[2]


class Commands(TyperGroup):
    """The group of all commands. Bad input ends with one line on stderr and code 2, Ctrl-C with code 130."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Parse and run; see `TyperGroup`."""
        options["standalone_mode"] = False
        try:
            code = super().main(*args, **options)
        except ClickException as error:
            complain(error.format_message())
            context = getattr(error, "ctx", None)
            path = context.command_path if context is not None else "nashscape"
            typer.echo(f"Try '{path} --help'.", err=True)
            sys.exit(BAD_INPUT)
        except typer.Abort:
            sys.exit(INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)

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


def complain(message: str, prefix: str = "error: ") -> None:
    """One line on stderr, whatever line breaks the message has."""
    typer.echo(prefix + " ".join(message.split()), err=True)
