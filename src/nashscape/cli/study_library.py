"""`nashscape study list | show | options`: studies that come with nashscape, and what a study can say."""

from typing import Any

import typer

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON, Typed


@command("Studies that come with nashscape.", "", JSON)
def list_(asked: Asked) -> None:
    """List the studies that come with nashscape, with what they ask.

    \b
    Examples
      nashscape study list
      nashscape study run temptation
    """
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.studies.shipped import shipped

    found = shipped()
    if asked["json"]:
        output.print_json(found)
        return
    output.show(Table("", ("name", "asks"), tuple(found.items()), left=("asks",), wrap=("asks",)))


NAME = Typed("name", "str", None, "", "Of a study of nashscape study list.", shape="NAME", argument=True,
             needed=True)  # fmt: skip


@command("The file of one of them.", "", NAME)
def show(asked: Asked) -> None:
    """Print the file of a study, to be read, or changed and run.

    \b
    Examples
      nashscape study show temptation > mine.toml
    """
    from nashscape.studies.shipped import text_of

    typer.echo(text_of(asked["name"]), nl=False)


VERB = Typed("verb", "str", None, "", "Of a measure.", shape="VERB", argument=True)


@command("What a study can say, by verb.", "", VERB, JSON)
def options(asked: Asked) -> None:
    """List the measures, the verbs that they are taken from, and dials; of one verb, all of its options.

    \b
    Examples
      nashscape study options
      nashscape study options basin_map
    """
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.studies.vocabulary import dials, measures, options_of

    verb = asked["verb"]
    if verb is not None:
        found = options_of(verb)
        if asked["json"]:
            output.print_json([vars(row) for row in found])
            return
        rows = [(row.name, row.type, _written(row.default), row.unit, row.help) for row in found]
        columns = ("option", "type", "default", "unit", "what it is")
        output.show(Table(verb, columns, tuple(rows), left=columns[1:], wrap=("what it is", "unit")))
        return
    if asked["json"]:
        output.print_json({"measures": measures(), "dials": dials()})
        return
    kinds = [(name, ", ".join(verbs) or "any verb", asks) for name, (verbs, asks) in measures().items()]
    wide, notes = (
        ("verb", "what it is"),
        (
            'Parameters of a game are named as "game.T", other numbers by their paths, as "estimator.batch";',
            'a dial of one player as "peer@1".',
        ),
    )
    turned = Table("dials", ("name", "what it turns"), tuple(dials().items()), left=("what it turns",), notes=notes)
    output.show(Table("what is measured", ("name", *wide), tuple(kinds), left=wide, wrap=wide, below=(turned,)))


COMMANDS = (list_, show, options)


def _written(default: Any) -> str:
    return "" if default is None else str(default)
