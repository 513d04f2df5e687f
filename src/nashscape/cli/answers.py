"""What becomes of an answer: printed as tables or as JSON, drawn, written, saved; and how the command ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nashscape.cli.errors import INTERRUPTED

if TYPE_CHECKING:
    from nashscape.cli.asked import Asked


@dataclass(frozen=True)
class Answer:
    """What a command has found.

    Attributes:
        found: a result, or results by rule.
        figures: what draws each figure of `--out`, by the name of its files.
        data: what makes the JSON.
        show: what prints the tables.
        interrupted: whether Ctrl-C has cut it short; by default as statuses say.
        code: the exit code otherwise.
    """

    found: Any
    figures: Mapping[str, Callable[[], Any]]
    data: Callable[[], Any]
    show: Callable[[], None]
    interrupted: bool | None = None
    code: int = 0

    def tell(self, asked: "Asked") -> None:
        """Save, print, draw; then leave, with a code of its own where all is not well."""
        from nashscape.cli import output

        as_json = bool(asked["json"])
        if "save" in asked:
            [one] = self._results
            wrote(one.save(asked["save"]), as_json)
        data = self.data()
        if "out" in asked:
            for path in output.write(
                output.folder(asked["out"]), {name: draw() for name, draw in self.figures.items()}, data
            ):
                wrote(path, as_json)
        if as_json:
            output.print_json(data)
        else:
            self.show()
        cut = self.interrupted
        if cut if cut is not None else any(one.status.value == "interrupted" for one in self._results):
            raise typer.Exit(INTERRUPTED)
        if self.code:
            raise typer.Exit(self.code)

    @property
    def _results(self) -> list[Any]:
        return list(self.found.values()) if isinstance(self.found, Mapping) else [self.found]


def wrote(path: Path, as_json: bool) -> None:
    """A line per file, beside the JSON where that is printed."""
    typer.echo(f"wrote {path}", err=as_json)
