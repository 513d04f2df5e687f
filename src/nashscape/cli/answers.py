"""What becomes of an answer: saved, drawn, printed as tables or as JSON; and how the command ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nashscape.cli.errors import INTERRUPTED

if TYPE_CHECKING:
    from nashscape.cli.asked import Asked
    from nashscape.core.tables import Table

LARGEST = 1000
"""Entries of arrays that the JSON has without --cells."""


@dataclass(frozen=True)
class Answer:
    """What a command has found.

    Attributes:
        found: a result, or results by name.
        figures: what draws each figure of --out, by the name of its files.
        table: what makes the table; by default that of what was found.
        below: further results by name, which are printed under it and are in the JSON.
        told: what else is in the JSON, by name: results, mappings of them, numbers.
        by: what the names of several results are of, in the JSON.
        interrupted: whether Ctrl-C has cut it short; by default as statuses say.
        code: the exit code otherwise.
    """

    found: Any
    figures: Mapping[str, Callable[[], Any]]
    table: Callable[[], Any] | None = None
    below: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    by: str = "rules"
    interrupted: bool | None = None
    code: int = 0

    def tell(self, asked: "Asked") -> None:
        """Save, draw, print; then leave, with a code of its own where all is not well."""
        from nashscape.cli import output

        as_json, largest = asked["json"], None if "cells" in asked else LARGEST
        data = self.data(largest) if as_json or "out" in asked else {}
        written: list[Path] = []
        if "save" in asked:
            [one] = self._results
            written.append(one.save(asked["save"]))
        if "out" in asked:
            drawn = {name: draw() for name, draw in self.figures.items()}
            written += output.write(output.folder(asked["out"]), drawn, data)
        if as_json:
            output.print_json(data)
        else:
            output.show(self.shown(asked))
        for path in written:
            wrote(path, as_json)
        if asked.interrupted or self._cut:
            raise typer.Exit(INTERRUPTED)
        if self.code:
            raise typer.Exit(self.code)

    def data(self, largest: int | None) -> dict[str, Any]:
        """Everything as plain data: a result is its fields, several are told by name."""
        found = _data(self.found, largest)
        further = {name: _data(one, largest) for name, one in {**self.told, **self.below}.items()}
        return {**({self.by: found} if self._several else found), **further}

    def shown(self, asked: "Asked") -> "Table":
        """The tables, one under the other; the title has the coefficients of rules, whatever their names are."""
        made = self.found.table() if self.table is None else self.table()
        below = [own.table() for own in self.below.values()]
        given = asked.coefficients()
        title = f"{made.title} ({', '.join(given)})" if given else made.title
        shown: Table = replace(made, title=title, below=(*made.below, *below))
        return shown

    @property
    def _cut(self) -> bool:
        if self.interrupted is not None:
            return self.interrupted
        return any(one.status.value == "interrupted" for one in self._results)

    @property
    def _several(self) -> bool:
        return isinstance(self.found, Mapping)

    @property
    def _results(self) -> list[Any]:
        return list(self.found.values()) if self._several else [self.found]


def _data(found: Any, largest: int | None) -> Any:
    if isinstance(found, Mapping):
        return {name: _data(one, largest) for name, one in found.items()}
    return found.to_dict(largest=largest) if hasattr(found, "question_kind") else found


def wrote(path: Path, as_json: bool) -> None:
    """A line per file, beside the JSON where that is printed."""
    typer.echo(f"wrote {path}", err=as_json)
