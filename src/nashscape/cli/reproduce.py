"""`nashscape reproduce`: what was published, computed again."""

from typing import TYPE_CHECKING, Annotated

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED

if TYPE_CHECKING:
    from nashscape.systems import CheckedClaims

DIFFERS = 1
"""The exit code where something does not agree that the card says does."""


def reproduce(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The system; `nashscape systems` lists them.")],
    quick: Annotated[bool, typer.Option("--quick", help="Fewer runs and wider intervals, in less time.")] = False,
    thorough: Annotated[bool, typer.Option("--thorough", help="More runs and narrower intervals.")] = False,
    out: options.Out = None,
    as_json: options.Json = False,
    seed: options.Seed = options.SEED,
) -> None:
    """Compute what a publication claims again, and compare it with the system's card.

    Prints published, ours, interval, and whether they agree, figure by figure, and what follows for every claim. Ends
    with 0 only if all that the card says agrees does agree; what the card says disagrees and agrees now is named. With
    --out, writes figures, a page report.html that needs no other file, and results.json. Interrupted with Ctrl-C,
    it reports what it has. Where chance had a part figures are tested, all of them as one family (Holm), so that one or
    more seem to disagree by chance with probability .05 at most; each is measured once, and --seed measures all again.

    basin-entry (arXiv 2605.18078): shares without noise, the ablation, the 21×21 maps, the peer sweep, the annealing
    comparison and the estimator's variance in Stag Hunt, and the whole main table, ablation and restarts, also in the
    iterated Prisoner's Dilemma. open-source-games (arXiv 2606.27068): thresholds, the boundary test, existence,
    networks.

    \b
    Examples
      nashscape reproduce basin-entry --quick
      nashscape reproduce open-source-games
      nashscape reproduce basin-entry --out out/basin-entry
    """
    from nashscape.cli import machine, output, progress
    from nashscape.core import InputError, keep_programs
    from nashscape.systems import card, check, study_of

    one = card(key)
    if quick and thorough:
        raise InputError("--quick has fewer runs, --thorough more; give one of them")
    effort = "quick" if quick else "thorough" if thorough else "full"
    machine.use_every_core()
    folder = output.folder(out)
    keep_programs()
    study = study_of(key)
    with progress.progress_bar(1) as bar:
        found = study.measure(effort=effort, seed=seed, progress=lambda _, done, total: bar(done, total))
    checked = check(one, found)
    written = []
    if folder is not None:
        from nashscape.report.systems import write_system

        written = write_system(checked, folder, found.whole)
    if as_json:
        from nashscape.report.rows import data_of

        output.print_json(data_of(checked, found.whole))
    else:
        _print(checked)
        for path in written:
            typer.echo(f"wrote {path}")
    if checked.status.value == "interrupted":
        raise typer.Exit(INTERRUPTED)
    if not checked.stands:
        raise typer.Exit(DIFFERS)


def _print(checked: "CheckedClaims") -> None:
    from nashscape.cli import output
    from nashscape.report.rows import CLAIMS, COLUMNS, cells_of, claim_cells, tables_of, verdict
    from nashscape.systems.checked_claims import AGREES_NOW

    screen = output.console()
    for name, rows in tables_of(checked.rows).items():
        output.show(screen, name, COLUMNS, [cells_of(row) for row in rows])
    output.show(screen, "claims", CLAIMS, claim_cells(checked), left=(CLAIMS[1], CLAIMS[3]))
    screen.print(verdict(checked))
    for claim in checked.saying(AGREES_NOW):
        screen.print(f"{claim}: {AGREES_NOW}.")
    screen.print("All that the card says agrees does agree." if checked.stands else repr(checked))
