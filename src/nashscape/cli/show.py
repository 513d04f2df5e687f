"""`nashscape show`: a result that was saved."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import TOLD, Typed, without

FILE = Typed("file", "Path", None, "", "A result, as --save and result.save(path) write it.", shape="FILE",
             argument=True, needed=True)  # fmt: skip


@command("A result that was saved.", "", FILE, *without(TOLD, "save"))
def show(asked: Asked) -> Answer:
    """Print the table of a result that was saved, its JSON, or draw it. Nothing is computed again.

    \b
    Examples
      nashscape show stag-hunt.json
      nashscape show stag-hunt.json --out figures/
      nashscape show stag-hunt.json --json
    """
    from nashscape.core import load

    found = load(asked["file"])
    # what was interrupted when it was saved is shown whole
    return Answer(found, {"result": found.plot}, interrupted=False)
