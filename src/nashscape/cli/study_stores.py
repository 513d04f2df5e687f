"""`nashscape study status | query | report | diff | merge | export | repair`: what is in the folders of studies."""

from pathlib import Path
from typing import Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.study_options import Folder, Mixed, Table

DIFFERENT = 1
"""The exit code where two stores differ."""

ROWS = 40
"""Rows of a table that are printed."""


def add(group: typer.Typer) -> None:
    """Register these commands."""
    group.command("status", short_help="How far the study of a folder is.")(status)
    group.command("query", short_help="Numbers that a study found.")(query)
    group.command("report", short_help="A page about what a study found.")(report)
    group.command("diff", short_help="Whether two studies found the same.")(diff)
    group.command("merge", short_help="The results of several folders in one.")(merge)
    group.command("export", short_help="A table as one file.")(export)
    group.command("repair", short_help="A damaged folder made whole.")(repair)


def status(folder: Folder, as_json: options.Json = False) -> None:
    """Print how many items are there, how many failed and why, and how large the tables are.

    \b
    Examples
      nashscape study status temptation
      nashscape study status temptation --json
    """
    from nashscape.cli import output
    from nashscape.studies.standing import standing_of

    found = standing_of(folder)
    if as_json:
        output.print_json(found.to_dict())
        return
    asked = f" of {found.asked}" if found.asked is not None else ""
    typer.echo(f"{found.study}: {found.items}{asked} items, {found.failed} failed, {found.bytes} bytes")
    if found.last:
        typer.echo(f"last event: {found.last}")
    output.show(output.console(), "", ["table", "rows"], [[name, str(rows)] for name, rows in found.rows.items()])
    for key, error in found.failures.items():
        typer.echo(f"{key} failed: {error}")


def query(
    folder: Folder,
    where: Annotated[
        str, typer.Option(metavar="CONDITION", show_default=False, help="Rows that meet it. Default: all rows.")
    ] = "",
    by: Annotated[
        str, typer.Option(metavar="NAMES", show_default=False, help="Columns whose values make groups, as peer,of.")
    ] = "",
    of: Annotated[str, typer.Option(metavar="NAME", help="With --by: the column that is summed up.")] = "value",
    columns: Annotated[
        str, typer.Option(metavar="NAMES", show_default=False, help="Columns of rows, as peer,value. Default: all.")
    ] = "",
    table: Table = "values",
    rows: Annotated[
        int | None,
        typer.Option(
            metavar="N", show_default=False, help=f"Rows that are printed, 0 for all. Default: {ROWS}, of JSON all."
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Print rows of a table, or what groups of them come to: count, mean, least, largest.

    A condition compares columns, numbers and texts with and, or, not, in, + - * /, isnan(value).

    \b
    Examples
      nashscape study query temptation --where "quantity == 'share' and of == 'CC'" --columns game.T,value,low,high
      nashscape study query temptation --where "quantity == 'share'" --by of,game.T
    """
    from nashscape.cli import output
    from nashscape.studies.needs import needs

    needs("pyarrow", "looking into a study's folder")
    from nashscape.studies.store import query as asked

    groups = _names(by)
    found = asked(folder, where, by=groups, of=of if groups else "", columns=_names(columns) or None, table=table)
    total = len(next(iter(found.values()), ()))
    most = (0 if as_json else ROWS) if rows is None else rows
    shown = min(total, most) if most else total
    if as_json:
        output.print_json({name: [_plain(own) for own in column[:shown].tolist()] for name, column in found.items()})
        return
    texts = [[_cell(own) for own in column[:shown].tolist()] for column in found.values()]
    left = [name for name, column in found.items() if column.dtype.kind in "UO"]
    output.show(output.console(), "", list(found), list(zip(*texts, strict=True)), left=left)
    if shown < total:
        typer.echo(f"{shown} of {total} rows; --rows 0 for all")


def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", show_default=False, help="Where to. Default: DIR-report.")
    ] = None,
) -> None:
    """Write a page, report.html, and report.md: tables with intervals, figures, how to cite, how to compute it again.

    \b
    Examples
      nashscape study report temptation
    """
    from nashscape.report.studies import write_study_report

    for path in write_study_report(folder, out or folder.with_name(f"{folder.name}-report")):
        typer.echo(f"wrote {path}")


def diff(
    one: Annotated[Path, typer.Argument(metavar="ONE", help="Folder of the results of a study.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Folder of the other results.")],
    level: Annotated[float, typer.Option(metavar="P", help="Confidence level of the tests together.")] = 0.95,
    as_json: options.Json = False,
) -> None:
    """Compare the results of two folders figure by figure: shares by a test, intervals, exact values.

    Leaves with 0 where nothing differs, with 1 where something does or is in one of them alone.

    \b
    Examples
      nashscape study diff temptation temptation-again
    """
    from nashscape.cli import output
    from nashscape.studies.needs import needs

    needs("pyarrow", "looking into a study's folder")
    from nashscape.studies.store import differences

    found = differences(one, other, level=level)
    if as_json:
        output.print_json(found)
    else:
        rows = [
            [figure, _cell(float(a)), _cell(float(b)), kind, _cell(float(p))]
            for figure, a, b, kind, p, differs in zip(
                found.figures, found.one, found.other, found.kinds, found.corrected, found.differs, strict=True
            )
            if differs
        ]
        if rows:
            output.show(output.console(), "", ["figure", str(one), str(other), "by", "p"], rows, left=["by"])
        for name, alone in ((one, found.only_one), (other, found.only_other)):
            typer.echo(f"in {name} alone: {'; '.join(alone[:ROWS])}") if alone else None
        typer.echo(str(found))
    if found.differs.any() or found.only_one or found.only_other:
        raise typer.Exit(DIFFERENT)


def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of one study, such as its shards.")],
    into: Annotated[Path, typer.Option(metavar="DIR", show_default=False, help="The folder that gets all of them.")],
    mixed: Mixed = False,
) -> None:
    """Put the results of several folders of one study into one.

    The order of the folders makes no difference, nor how often they are merged.

    \b
    Examples
      nashscape study merge temptation-*-of-16 --into temptation
    """
    from nashscape.studies.needs import needs

    needs("pyarrow", "merging the folders of a study")
    from nashscape.studies.store import merge as merged

    found = merged(folders, into, mixed=mixed)
    typer.echo(f"{found.study}: {found.items} items, {found.failed} failed, in {into}")


def export(
    folder: Folder,
    out: Annotated[
        Path, typer.Option(metavar="FILE", show_default=False, help="A file that ends in .csv, .json or .parquet.")
    ],
    table: Table = "values",
) -> None:
    """Write a table as one file, whose bytes depend on the rows alone.

    \b
    Examples
      nashscape study export temptation --out temptation.csv
    """
    from nashscape.studies.needs import needs

    needs("pyarrow", "exporting from a study's folder")
    from nashscape.studies.store import export as exported

    typer.echo(f"wrote {exported(folder, out, table)}")


def repair(folder: Folder) -> None:
    """Set aside what is not as it was written; its items are missing then, and `study resume` computes them again.

    \b
    Examples
      nashscape study repair temptation
    """
    from nashscape.studies.needs import needs

    needs("pyarrow", "repairing a study's folder")
    from nashscape.studies.store import repair as repaired

    typer.echo(str(repaired(folder)))


def _names(text: str) -> list[str]:
    return [own.strip() for own in text.split(",") if own.strip()]


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _cell(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
