"""`nashscape verify`: prove every claim of a certificate again."""

from pathlib import Path
from typing import Annotated

import typer

from nashscape.cli import options
from nashscape.cli.options import told

REJECTED = 1


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Written by Certificate.save.")],
    processes: Annotated[int | None, told("processes", "verify_certificate", metavar="N", show_default=False)] = None,
    sample: Annotated[int | None, told("sample", "verify_certificate", metavar="N", show_default=False)] = None,
    seed: options.Seed = options.SEED,
    as_json: options.Json = False,
) -> None:
    """Prove every claim of a certificate again, by ball arithmetic, and nothing of what wrote it.

    Ends with code 0 where all of it holds, and with 1 where something was not proved; of a sample, where all of it
    holds, with 0 as well. Needs pip install "nashscape[checker]".

    \b
    Examples
      nashscape verify stag-hunt.json
      nashscape verify stag-hunt.json --processes 4 --json
      nashscape verify four-parameters.json --sample 500
    """
    from nashscape.checking import verify_certificate
    from nashscape.cli import output
    from nashscape.cli.progress import progress_bar

    with progress_bar(1) as bar:
        found = verify_certificate(file, sample=sample, seed=seed, processes=processes, progress=bar)
    if as_json:
        data = {"command": "verify", "verdict": found.verdict, **found.to_dict()}
        output.print_json({**data, "status": output.status_data(found.status)})
    else:
        screen = output.console()
        cells = f"{found.cells} cells with claims" if sample is None else found.looked_at
        screen.print(f"{found.verdict}: {found.traps} traps proved, {cells}, {found.undecided} without")
        for reason in found.reasons:
            screen.print(f"  {reason}")
    if found.verdict not in ("accepted", "not rejected"):
        raise typer.Exit(REJECTED)
