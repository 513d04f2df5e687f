"""`nashscape verify`: prove every claim of a certificate again."""

from pathlib import Path
from typing import Annotated

import typer

from nashscape.cli import options

REJECTED = 1


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Written by Certificate.save.")],
    processes: Annotated[
        int | None, typer.Option(metavar="N", show_default=False, help="Among which the cells are shared.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Prove every claim of a certificate again, by ball arithmetic, and nothing of what wrote it.

    Ends with code 0 where all of it holds, and with 1 where something was not proved; needs
    pip install "nashscape[checker]".

    \b
    Examples
      nashscape verify stag-hunt.json
      nashscape verify stag-hunt.json --processes 4 --json
    """
    from nashscape.checking import verify_certificate
    from nashscape.cli import output
    from nashscape.cli.progress import progress_bar

    with progress_bar(1) as bar:
        found = verify_certificate(file, processes=processes, progress=bar)
    if as_json:
        output.print_json({"command": "verify", **found.to_dict(), "status": output.status_data(found.status)})
    else:
        screen = output.console()
        verdict = "accepted" if found.accepted else "rejected" if found.status.value == "complete" else "interrupted"
        screen.print(
            f"{verdict}: {found.traps} traps proved, {found.cells} cells with claims, {found.undecided} without"
        )
        for reason in found.reasons:
            screen.print(f"  {reason}")
    if not found.accepted:
        raise typer.Exit(REJECTED)
