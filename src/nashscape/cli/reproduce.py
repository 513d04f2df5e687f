"""`nashscape reproduce`: what was published, computed again."""

import typer

from nashscape.cli.answers import wrote
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.errors import INTERRUPTED
from nashscape.cli.rows import JSON, OUT, Typed, typed
from nashscape.core.options import option

DIFFERS = 1
"""The exit code where something does not agree that the card says does."""


KEY = Typed("key", "str", None, "", "The system; nashscape systems lists them.", shape="KEY", argument=True,
            needed=True)  # fmt: skip
QUICK = Typed("quick", "bool", False, "", "Fewer runs and wider intervals, in less time.")
THOROUGH = Typed("thorough", "bool", False, "", "More runs and narrower intervals.")


@command("What was published, computed again.", "", KEY, QUICK, THOROUGH, typed(option("seed")), OUT, JSON)
def reproduce(asked: Asked) -> None:
    """Compute what a publication claims again, and compare it with the system's card.

    Prints published, ours, interval, and whether they agree, figure by figure,
    and what follows for every claim. Ends with 0 only if all that the card says
    agrees does agree; what the card says disagrees and agrees now is named. With
    --out, writes figures, a page report.html that needs no other file, and
    results.json. Interrupted with Ctrl-C, it reports what it has. Where chance
    had a part figures are tested, all of them as one family (Holm), so that one
    or more seem to disagree by chance with probability .05 at most; each is
    measured once, and --seed measures all again.

    basin-entry (arXiv 2605.18078): shares without noise, the ablation, the 21×21
    maps, the peer sweep, the annealing comparison and the estimator's variance in
    Stag Hunt, and the whole main table, ablation and restarts, also in the
    iterated Prisoner's Dilemma. open-source-games (arXiv 2606.27068): thresholds,
    the boundary test, existence, networks.

    \b
    Examples
      nashscape reproduce basin-entry --quick
      nashscape reproduce open-source-games
      nashscape reproduce basin-entry --out out/basin-entry
    """
    from nashscape.cli import output, progress
    from nashscape.core import InputError
    from nashscape.systems import card, check, study_of
    from nashscape.tracing import keep_programs

    one = card(asked["key"])
    if asked["quick"] and asked["thorough"]:
        raise InputError("--quick has fewer runs, --thorough more; give one of them")
    effort = "quick" if asked["quick"] else "thorough" if asked["thorough"] else "full"
    folder = output.folder(asked["out"]) if "out" in asked else None
    keep_programs()
    study = study_of(asked["key"])
    with progress.progress_bar(1) as bar:
        found = study.measure(effort=effort, seed=asked["seed"], progress=lambda _, done, total: bar(done, total))
    checked = check(one, found)
    written = []
    if folder is not None:
        from nashscape.report.systems import write_system

        written = write_system(checked, folder, found.whole)
    for path in written:
        wrote(path, asked["json"])
    if asked["json"]:
        from nashscape.report.rows import data_of

        output.print_json(data_of(checked, found.whole))
    else:
        output.show(checked.table())
    if checked.status.value == "interrupted":
        raise typer.Exit(INTERRUPTED)
    if not checked.stands:
        raise typer.Exit(DIFFERS)
