"""`nashscape study status | query | report | diff | merge | export | repair`: what is in the folders of studies."""

from typing import Any

import typer

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON, Typed
from nashscape.cli.study_rows import FOLDER, MIXED, TABLE

DIFFERENT = 1
"""The exit code where two stores differ."""

ROWS = 40
"""Rows of a table that are printed."""


@command("How far the study of a folder is.", "", FOLDER, JSON)
def status(asked: Asked) -> None:
    """Print how many items are there, how many failed and why, and how large the tables are.

    \b
    Examples
      nashscape study status temptation
      nashscape study status temptation --json
    """
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.studies.standing import standing_of

    found = standing_of(asked["folder"])
    if asked["json"]:
        output.print_json(found.to_dict())
        return
    wanted = f" of {found.asked}" if found.asked is not None else ""
    typer.echo(f"{found.study}: {found.items}{wanted} items, {found.failed} failed, {found.bytes} bytes")
    if found.last:
        typer.echo(f"last event: {found.last}")
    output.show(Table("", ("table", "rows"), tuple((name, str(rows)) for name, rows in found.rows.items())))
    for key, error in found.failures.items():
        typer.echo(f"{key} failed: {error}")


WHERE = Typed("where", "str", "", "", "Rows that meet it. Default: all rows.", shape="CONDITION")
BY = Typed("by", "str", "", "", "Columns whose values make groups, as peer,of.", shape="NAMES")
OF = Typed("of", "str", "value", "", "With --by: the column that is summed up.", shape="NAME")
COLUMNS = Typed("columns", "str", "", "", "Columns of rows, as peer,value. Default: all.", shape="NAMES")
ORDER = Typed("order", "str", "study", "", "Of rows: study (what varies, as the file has it) or item (keys).",
              shape="ORDER")  # fmt: skip
PRINTED = Typed("rows", "int", None, "rows", f"Rows that are printed, 0 for all. Default: {ROWS}, of JSON all.",
                shape="N")  # fmt: skip


@command("Numbers that a study found.", "", FOLDER, WHERE, BY, OF, COLUMNS, TABLE, ORDER, PRINTED, JSON)
def query(asked: Asked) -> None:
    """Print rows of a table, or what groups of them come to: count, mean, least, largest.

    Rows are in the order of the study's file: measure, what varies with its
    values as they are listed, replicate. Groups are sorted by what --by names.

    A condition compares columns, numbers and texts with and, or, not, in, + - * /, isnan(value).

    \b
    Examples
      nashscape study query temptation --columns game.T,value,low,high \\
          --where "quantity == 'share' and of == 'CC'"
      nashscape study query temptation --where "value > 0.5" --by of,game.T
    """
    from nashscape.cli import output
    from nashscape.core.extras import needs_package

    needs_package("pyarrow", "looking into a study's folder")
    from nashscape.core.tables import Table
    from nashscape.studies.store import query as ask

    groups, columns = _names(asked["by"]), _names(asked["columns"]) or None
    of, as_json, rows = asked["of"] if groups else "", asked["json"], asked["rows"]
    found = ask(
        asked["folder"], asked["where"], by=groups, of=of, columns=columns, table=asked["table"], order=asked["order"]
    )
    total = len(next(iter(found.values()), ()))
    most = (0 if as_json else ROWS) if rows is None else rows
    shown = min(total, most) if most else total
    if as_json:
        output.print_json({name: [_plain(own) for own in column[:shown].tolist()] for name, column in found.items()})
        return
    texts = [[_cell(own) for own in column[:shown].tolist()] for column in found.values()]
    left = [name for name, column in found.items() if column.dtype.kind in "UO"]
    more = (f"{shown} of {total} rows; --rows 0 for all",) if shown < total else ()
    output.show(Table("", tuple(found), tuple(zip(*texts, strict=True)), left=tuple(left), notes=more))


PAGE = Typed("out", "Path", None, "", "Where to. Default: DIR-report.", shape="DIR")


@command("A page about what a study found.", "", FOLDER, PAGE)
def report(asked: Asked) -> None:
    """Write a page, report.html, and report.md: tables with intervals, figures, how to cite, how to compute it again.

    \b
    Examples
      nashscape study report temptation
    """
    from nashscape.report.studies import write_study_report

    folder = asked["folder"]
    for path in write_study_report(folder, asked["out"] or folder.with_name(f"{folder.name}-report")):
        typer.echo(f"wrote {path}")


ONE = Typed("one", "Path", None, "", "Folder of the results of a study.", shape="ONE", argument=True, needed=True)
OTHER = Typed("other", "Path", None, "", "Folder of the other results.", shape="OTHER", argument=True, needed=True)
LEVEL = Typed("level", "float", 0.95, "probability", "Confidence level of the tests together.", 0, 1, shape="P")


@command("Whether two studies found the same.", "", ONE, OTHER, LEVEL, JSON)
def diff(asked: Asked) -> None:
    """Compare the results of two folders figure by figure: shares by a test, intervals, exact values.

    Leaves with 0 where nothing differs, with 1 where something does or is in one of them alone.

    \b
    Examples
      nashscape study diff temptation temptation-again
    """
    from nashscape.cli import output
    from nashscape.core.extras import needs_package

    needs_package("pyarrow", "looking into a study's folder")
    from nashscape.studies.store import differences

    one, other = asked["one"], asked["other"]
    found = differences(one, other, level=asked["level"])
    if asked["json"]:
        output.print_json(found)
    else:
        output.show(found.table(one=str(one), other=str(other)))
    if found.differs.any() or found.only_one or found.only_other:
        raise typer.Exit(DIFFERENT)


FOLDERS = Typed("folders", "Path", None, "", "Folders of one study, such as its shards.", shape="DIR...",
                argument=True, needed=True, several=True)  # fmt: skip
INTO = Typed("into", "Path", None, "", "The folder that gets all of them.", shape="DIR", needed=True)


@command("The results of several folders in one.", "", FOLDERS, INTO, MIXED)
def merge(asked: Asked) -> None:
    """Put the results of several folders of one study into one.

    The order of the folders makes no difference, nor how often they are merged.

    \b
    Examples
      nashscape study merge temptation-*-of-16 --into temptation
    """
    from nashscape.core.extras import needs_package

    needs_package("pyarrow", "merging the folders of a study")
    from nashscape.studies.store import merge as merged

    found = merged(asked["folders"], asked["into"], mixed=asked["mixed"])
    typer.echo(f"{found.study}: {found.items} items, {found.failed} failed, in {asked['into']}")


TO = Typed("out", "Path", None, "", "A file that ends in .csv, .json or .parquet.", shape="FILE", needed=True)


@command("A table as one file.", "", FOLDER, TO, TABLE)
def export(asked: Asked) -> None:
    """Write a table as one file, whose bytes depend on the rows alone.

    \b
    Examples
      nashscape study export temptation --out temptation.csv
    """
    from nashscape.core.extras import needs_package

    needs_package("pyarrow", "exporting from a study's folder")
    from nashscape.studies.store import export as exported

    typer.echo(f"wrote {exported(asked['folder'], asked['out'], asked['table'])}")


@command("A damaged folder made whole.", "", FOLDER)
def repair(asked: Asked) -> None:
    """Set aside what is not as it was written; its items are missing then, and `study resume` computes them again.

    \b
    Examples
      nashscape study repair temptation
    """
    from nashscape.core.extras import needs_package

    needs_package("pyarrow", "repairing a study's folder")
    from nashscape.studies.store import repair as repaired

    typer.echo(str(repaired(asked["folder"])))


COMMANDS = (status, query, report, diff, merge, export, repair)


def _names(text: str) -> list[str]:
    return [own.strip() for own in text.split(",") if own.strip()]


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _cell(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
