"""`nashscape study`: experiments as files, run until they are done, and their results in folders."""

from pathlib import Path
from typing import Any

import typer

from nashscape.cli import study_library, study_stores
from nashscape.cli.asked import Asked
from nashscape.cli.commands import Declared, announced, by_name, command
from nashscape.cli.errors import INTERRUPTED, complain
from nashscape.cli.rows import Typed
from nashscape.cli.study_rows import EVENTS, FOLDER, QUIET, WORK

FAILED = 1
"""The exit code where items have failed."""

FILE = Typed("file", "str", None, "", "A TOML file, or the name of a study of nashscape study list.", shape="FILE",
             argument=True, needed=True)  # fmt: skip
INTO = Typed("into", "Path", None, "", "Folder of the results. Default: called as the file, here.", shape="DIR")


@command("Work on a study until all of it is there.", "", FILE, INTO, *WORK, QUIET, EVENTS)
def run(asked: Asked) -> None:
    """Work on what is missing of a study.

    The folder keeps every finished item; what is damaged there is set aside and
    computed again. The first Ctrl-C lets items under way finish and stops; the
    same command continues. On several machines that share nothing each takes a
    shard, and nashscape study merge puts their folders together.

    \b
    Examples
      nashscape study run temptation.toml
      nashscape study run temptation.toml --engine pool --workers 4
      nashscape study run temptation.toml --shard 3/16 --into part-3
      nashscape study run temptation --into out/temptation --quiet
    """
    from nashscape.studies.shipped import study_named

    file, shard = asked["file"], asked["shard"]
    found = study_named(file)
    suffix = f"-{shard.replace('/', '-of-')}" if shard else ""
    folder = asked["into"] or Path(f"{Path(file).stem}{suffix}")
    _run(found, folder, f"nashscape study run {file} --into {folder}{f' --shard {shard}' if shard else ''}", asked)


FILES = Typed("files", "Path", None, "",
              'Where files are that the study names, as "mine.py:game". Default: the folder itself.',
              shape="DIR")  # fmt: skip


@command("Continue the study of a folder.", "", FOLDER, FILES, *WORK, QUIET, EVENTS)
def resume(asked: Asked) -> None:
    """Work on what is missing in a folder, by the study that is in it.

    \b
    Examples
      nashscape study resume temptation
      nashscape study resume temptation --again --engine pool
    """
    from nashscape.studies.shipped import study_in

    folder, files = asked["folder"], asked["files"]
    found = study_in(folder, files)
    _run(found, folder, f"nashscape study resume {folder}{f' --files {files}' if files else ''}", asked)


def _run(study: Any, into: Path, continued: str, asked: Asked) -> None:
    """Run it, say what came of it, and leave by the door that says so; `continued` is the command that goes on."""
    from nashscape.core.tables import standing
    from nashscape.studies.progress import shown
    from nashscape.tracing import keep_programs

    keep_programs()
    events = asked["events"]
    progress = _lines if events else shown("quiet" if asked["quiet"] else "auto")
    options = {row.name: asked[row.name] for row in WORK}
    try:
        found = study.run(into=into, progress=progress, **options)
    except KeyboardInterrupt:
        complain(f"interrupted; continue with: {continued}", "")
        raise typer.Exit(INTERRUPTED) from None
    if not events:
        typer.echo(f"{study.name}: {len(found)} numbers in {into}; {found.status.value}")
        for line in standing([found], statuses=False):
            typer.echo(line, err=True)
    if found.status.value == "interrupted":
        complain(f"continue with: {continued}", "")
        raise typer.Exit(INTERRUPTED)
    if found.failures:
        complain(f"failed: {next(iter(found.failures.values()))}", "")
        complain(f"look at them with: nashscape study status {into}; try them again with: {continued} --again", "")
        raise typer.Exit(FAILED)


def _lines(event: Any) -> None:
    """An event as a line of JSON on stdout."""
    import json

    typer.echo(json.dumps(event, ensure_ascii=False))


class Studies(Declared):
    """Commands about studies."""

    declared = by_name(*study_library.COMMANDS, run, resume, *study_stores.COMMANDS)


group = typer.Typer(cls=Studies, no_args_is_help=True, rich_markup_mode=None)


@group.callback()
def study() -> None:
    """Run experiments that are written as files, continue them, and look at what they found.

    A study is a TOML file: what is fixed, what varies, what is measured, how often. Its results are in a folder, where
    whatever is there already is not computed again. Exit codes: 0 for a complete study, 1 where items failed, 2 for bad
    input, 130 where it was interrupted.

    \b
    Start with
      nashscape study list              studies that come with nashscape
      nashscape study show temptation > mine.toml    one of them, to be changed
      nashscape study options basin_map    what a study can say
      nashscape study run mine.toml     until all is done; Ctrl-C stops it, and
                                        the same command continues
      nashscape study status mine       how far it is
      nashscape study query mine --where "quantity == 'share'"    numbers
      nashscape study report mine       a page
    """


announced(group, Studies.declared)
