"""`nashscape explain`: why a run ends where it ends."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, RULE, TOLD
from nashscape.cli.simulate import START


@command("Why a run ends where it ends, and what would change it.", "explain", *PLAYED, START, RULE, *TOLD)
def explain(asked: Asked) -> Answer:
    """Say why the noise-free run from one start ends where it ends.

    What every term of the rule pushed along the path; how far the border of the
    basin is along a line; and which number would have to be how large for another
    outcome.

    \b
    Examples
      nashscape explain stag-hunt --start 0.5,0.5 --rule meta_mapg --target CC
      nashscape explain stag-hunt --start 0.4,0.7 --change coupling
      nashscape explain donation --start 0.5,0.5 --coupling 0.4 --out why/
    """
    from nashscape.selection import explain as ask

    found = ask(asked.game, asked["rule"], asked["start"], **asked.how)
    return Answer(found, {"explanation": found.plot})
