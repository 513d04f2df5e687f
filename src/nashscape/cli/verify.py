"""`nashscape verify`: prove every claim of a certificate again."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON, OUT, SAVE, Typed

REJECTED = 1
"""The exit code where something was not proved."""

FILE = Typed("file", "Path", None, "", "A certificate, as nashscape certify --save writes it.", shape="FILE",
             argument=True, needed=True)  # fmt: skip


@command("Prove every claim of a certificate again.", "verify_certificate", FILE, OUT, SAVE, JSON)
def verify(asked: Asked) -> Answer:
    """Prove every claim of a certificate again, by ball arithmetic, and nothing of what wrote it.

    Ends with code 0 where all of it holds, and with 1 where something was not
    proved; of a sample, where all of it holds, with 0 as well. Needs pip install
    "nashscape[checker]".

    \b
    Examples
      nashscape verify stag-hunt.json
      nashscape verify stag-hunt.json --processes 2 --json
      nashscape verify stag-hunt.json --sample 50
    """
    from nashscape.checking import verify_certificate
    from nashscape.cli import output
    from nashscape.cli.progress import progress_bar

    with progress_bar(1) as bar:
        found = verify_certificate(asked["file"], **asked.how, progress=bar)

    def show() -> None:
        screen = output.console()
        cells = f"{found.cells} cells with claims" if "sample" not in asked else found.looked_at
        screen.print(f"{found.verdict}: {found.traps} traps proved, {cells}, {found.undecided} without")
        for reason in found.reasons:
            screen.print(f"  {reason}")

    data = {"command": "verify", "verdict": found.verdict, **found.to_dict()}
    data["status"] = output.status_data(found.status)
    code = 0 if found.verdict in ("accepted", "not rejected") else REJECTED
    return Answer(found, {"verification": found.plot}, lambda: data, show, code=code)
