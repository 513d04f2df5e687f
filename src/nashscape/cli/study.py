"""`nashscape study`: experiments as files, run until they are done, and their results in folders."""

from pathlib import Path
from typing import Annotated, Any

import typer

from nashscape.cli import study_library, study_stores
from nashscape.cli.errors import INTERRUPTED, complain
from nashscape.cli.study_options import Address, Again, Engine, Events, Folder, Limit, Mixed, Quiet, Shard, Workers

FAILED = 1
"""The exit code where items have failed."""

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@group.callback()
def study() -> None:
    """Run experiments that are written as files, continue them, and look at what they found.

    A study is a TOML file: what is fixed, what varies, what is measured, how often. Its results are in a folder, where
    whatever is there already is not computed again. Exit codes: 0 for a complete study, 1 where items failed, 2 for bad
    input, 130 where it was interrupted.

    \b
    Start with
      nashscape study list                studies that come with nashscape
      nashscape study show temptation > mine.toml    one of them, to be changed
      nashscape study options basin_map   what a study can say
      nashscape study run mine.toml       until all is done; Ctrl-C stops, the same again continues
      nashscape study status mine         how far it is
      nashscape study query mine --where "quantity == 'share'"    numbers
      nashscape study report mine         a page
    """


@group.command("run", short_help="Work on a study until all of it is there.")
def run(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A TOML file, or the name of a study of `nashscape study list`.")
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", show_default=False, help="Folder of the results. Default: called as the file, here."
        ),
    ] = None,
    engine: Engine = "here",
    workers: Workers = 0,
    address: Address = None,
    limit: Limit = None,
    shard: Shard = None,
    again: Again = False,
    mixed: Mixed = False,
    quiet: Quiet = False,
    events: Events = False,
) -> None:
    """Work on what is missing of a study.

    The folder keeps every finished item; what is damaged there is set aside and computed again. The first Ctrl-C lets
    items under way finish and stops; the same command continues. On several machines that share nothing each takes a
    shard, and `nashscape study merge` puts their folders together.

    \b
    Examples
      nashscape study run temptation.toml
      nashscape study run temptation.toml --engine pool --workers 4
      nashscape study run temptation.toml --shard 3/16 --into part-3
      nashscape study run temptation --into out/temptation --quiet
    """
    from nashscape.studies.shipped import study_named

    found = study_named(file)
    suffix = f"-{shard.replace('/', '-of-')}" if shard else ""
    folder = into or Path(f"{Path(file).stem}{suffix}")
    again_by = f"nashscape study run {file} --into {folder}{f' --shard {shard}' if shard else ''}"
    _run(found, folder, again_by, quiet, events, engine=engine, workers=workers,
         address=address, limit=limit, shard=shard, again=again, mixed=mixed)  # fmt: skip


@group.command("resume", short_help="Continue the study of a folder.")
def resume(
    folder: Folder,
    files: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help='Where files are that the study names, as "mine.py:game". Default: the folder itself.',
        ),
    ] = None,
    engine: Engine = "here",
    workers: Workers = 0,
    address: Address = None,
    limit: Limit = None,
    shard: Shard = None,
    again: Again = False,
    mixed: Mixed = False,
    quiet: Quiet = False,
    events: Events = False,
) -> None:
    """Work on what is missing in a folder, by the study that is in it.

    \b
    Examples
      nashscape study resume temptation
      nashscape study resume temptation --again --engine pool
    """  # fmt: skip
    from nashscape.studies.shipped import study_in

    found = study_in(folder, files)
    again_by = f"nashscape study resume {folder}{f' --files {files}' if files else ''}"
    _run(found, folder, again_by, quiet, events, engine=engine, workers=workers,
         address=address, limit=limit, shard=shard, again=again, mixed=mixed)  # fmt: skip


def _run(study: Any, into: Path, continued: str, quiet: bool, events: bool, **options: Any) -> None:
    """Run it, say what came of it, and leave by the door that says so; `continued` is the command that goes on."""
    from nashscape.cli import machine, output
    from nashscape.core import keep_programs
    from nashscape.studies.progress import shown

    machine.use_every_core()
    keep_programs()
    progress = _lines if events else shown("quiet" if quiet else "auto")
    try:
        found = study.run(into=into, progress=progress, **options)
    except KeyboardInterrupt:
        complain(f"interrupted; continue with: {continued}", "")
        raise typer.Exit(INTERRUPTED) from None
    if not events:
        typer.echo(f"{study.name}: {len(found)} numbers in {into}; {found.status.value}")
        for line in output.standing([found], statuses=False):
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


study_stores.add(group)
study_library.add(group)
