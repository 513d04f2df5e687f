"""`nashscape study list | show | options`: studies that come with nashscape, and what a study can say."""

from typing import Annotated, Any

import typer

from nashscape.cli import options


def add(group: typer.Typer) -> None:
    """Register these commands."""
    group.command("list", short_help="Studies that come with nashscape.")(listed)
    group.command("show", short_help="The file of one of them.")(show)
    group.command("options", short_help="What a study can say, by verb.")(said)


def listed(as_json: options.Json = False) -> None:
    """List the studies that come with nashscape, with what they ask.

    \b
    Examples
      nashscape study list
      nashscape study run temptation
    """
    from nashscape.cli import output
    from nashscape.studies.shipped import shipped

    found = shipped()
    if as_json:
        output.print_json(found)
        return
    output.show(output.console(), "", ["name", "asks"], list(found.items()), left=["asks"], wrap=["asks"])


def show(name: Annotated[str, typer.Argument(metavar="NAME", help="Of a study of `nashscape study list`.")]) -> None:
    """Print the file of a study, to be read, or changed and run.

    \b
    Examples
      nashscape study show temptation > mine.toml
    """
    from nashscape.studies.shipped import text_of

    typer.echo(text_of(name), nl=False)


def said(
    verb: Annotated[str | None, typer.Argument(metavar="VERB", show_default=False, help="Of a measure.")] = None,
    as_json: options.Json = False,
) -> None:
    """List the measures, the verbs that they are taken from, and dials; of one verb, all of its options.

    \b
    Examples
      nashscape study options
      nashscape study options basin_map
    """
    from nashscape.cli import output
    from nashscape.studies.vocabulary import dials, measures, options_of

    screen = output.console()
    if verb is not None:
        found = options_of(verb)
        if as_json:
            output.print_json([vars(row) for row in found])
            return
        rows = [[row.name, row.type, _written(row.default), row.unit, row.help] for row in found]
        columns = ["option", "type", "default", "unit", "what it is"]
        output.show(screen, verb, columns, rows, left=columns[1:], wrap=["what it is", "unit"])
        return
    if as_json:
        output.print_json({"measures": measures(), "dials": dials()})
        return
    kinds = [[name, ", ".join(verbs) or "any verb", asks] for name, (verbs, asks) in measures().items()]
    output.show(screen, "what is measured", ["name", "verb", "what it is"], kinds, left=["verb", "what it is"],
                wrap=["verb", "what it is"])  # fmt: skip
    output.show(screen, "dials", ["name", "what it turns"], list(dials().items()), left=["what it turns"])
    typer.echo('Parameters of a game are named as "game.T", other numbers by their paths, as "estimator.batch";')
    typer.echo('a dial of one player as "peer@1".')


def _written(default: Any) -> str:
    return "" if default is None else str(default)
