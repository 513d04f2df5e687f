"""`nashscape verify`: prove every claim of a certificate again."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import TOLD, Typed

REJECTED = 1
"""The exit code where something was not proved."""

FILE = Typed("file", "Path", None, "", "A certificate, as nashscape certify --save writes it.", shape="FILE",
             argument=True, needed=True)  # fmt: skip


@command("Prove every claim of a certificate again.", "verify_certificate", FILE, *TOLD)
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
    from nashscape.cli.progress import progress_bar

    with progress_bar(1) as bar:
        found = verify_certificate(asked["file"], **asked.how, progress=bar)
    code = 0 if found.verdict in ("accepted", "not rejected") else REJECTED
    return Answer(found, {"verification": found.plot}, code=code)
