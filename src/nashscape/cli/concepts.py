"""`nashscape concepts`: what can be asked of a game beside its Nash equilibria."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON, Typed

if TYPE_CHECKING:
    from nashscape.theory.concepts.table import Concept

NAME = Typed("name", "str", None, "", "Solution concept, as coarse-correlated.", shape="CONCEPT", argument=True)


@command("The solution concepts that have names; what one of them is.", "", NAME, JSON)
def concepts(asked: Asked) -> None:
    """List the solution concepts that `nashscape equilibria GAME --concept NAME` knows, or describe one.

    With each: what it is, what a game must have for it, and its options with what
    is taken otherwise. An option is written with the name of the concept.

    \b
    Examples
      nashscape concepts
      nashscape concepts coarse-correlated
      nashscape equilibria chicken --concept correlated:objective=entropy
    """
    if "name" in asked:
        _describe(asked["name"], asked["json"])
        return
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.theory import concept_catalogue

    entries = concept_catalogue()
    if asked["json"]:
        output.print_json([_data(one) for one in entries])
        return
    rows = [(one.name, one.says, one.needs, "\n".join(_written(one.options)) or "none") for one in entries]
    columns = ("concept", "what it is", "needs", "options")
    output.show(Table("Solution concepts", columns, tuple(rows), left=columns, wrap=("what it is", "needs")))


def _describe(name: str, as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.theory.concepts.table import concept_named

    one = concept_named(name)
    if as_json:
        output.print_json(_data(one))
        return
    typer.echo("\n\n".join((f"{one.name}: {one.says}.", *one.about)) + f"\n\nNeeds    {one.needs}\n")
    if one.options:
        told = (one.explained.get(name, "") for name in one.options)
        columns, rows = ("option", "what it is"), tuple(zip(_written(one.options), told, strict=True))
        output.show(Table("", columns, rows, left=columns, wrap=("what it is",)))
        typer.echo()
    typer.echo(f"Example  {one.example}")


def _written(options: Mapping[str, Any]) -> list[str]:
    return [f"{key}={value}" for key, value in options.items()]


def _data(one: "Concept") -> dict[str, Any]:
    return {**one._asdict(), "options": dict(one.options), "explained": dict(one.explained)}
