"""`nashscape reproduce`: published figures, measured again."""

from typing import TYPE_CHECKING, Annotated

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED

if TYPE_CHECKING:
    from nashscape.studies import Reproduction

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@group.callback()
def reproduce() -> None:
    """Measure published figures again and say which agree."""


@group.command("basin-entry", short_help="The figures of arXiv 2605.18078.")
def basin_entry(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer runs and wider intervals, in under 20 seconds.")
    ] = False,
    out: options.Out = None,
    as_json: options.Json = False,
    seed: options.Seed = options.SEED,
) -> None:
    """Measure the figures of "opponent-aware basin entry" again (arXiv 2605.18078).

    Prints published, ours, interval, and whether they agree, for the shares without noise, the ablation, the 21×21
    maps, the peer sweep, the annealing comparison and the estimator's variance in Stag Hunt, and for the whole main
    table: ablation and restarts, also in the iterated Prisoner's Dilemma. A figure that does not agree is
    measured again with ten times the runs and reported with its p-value. With --out, writes figures, a page
    report.html that needs no other file, and results.json. Interrupted with Ctrl-C, it reports what it has.

    \b
    Examples
      nashscape reproduce basin-entry --quick
      nashscape reproduce basin-entry --out out/basin-entry
    """
    from nashscape.cli import machine, output, progress
    from nashscape.core import keep_programs

    machine.use_every_core()
    folder = output.folder(out)
    from nashscape.studies import reproduce as run

    keep_programs()
    with progress.progress_bar(1) as bar:
        study = run(quick=quick, seed=seed, progress=lambda _, done, total: bar(done, total))
    written = []
    if folder is not None:
        from nashscape.report.basin_entry import write_basin_entry

        written = write_basin_entry(study, folder)
    if as_json:
        output.print_json(study)
    else:
        _print(study)
        for path in written:
            typer.echo(f"wrote {path}")
    if study.status.value == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _print(study: "Reproduction") -> None:
    from nashscape.cli import output
    from nashscape.report.basin_entry import COLUMNS, cells_of, verdict

    screen = output.console()
    for name, rows in study.tables().items():
        output.show(screen, name, COLUMNS, [cells_of(row) for row in rows])
    screen.print(verdict(study))
