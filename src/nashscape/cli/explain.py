"""`nashscape explain`: why a run ends where it ends."""

from dataclasses import replace

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, RULE, TOLD, typed
from nashscape.cli.simulate import START
from nashscape.core.options import option

CHANGES = replace(typed(option("changes", "explain")), shape="NAME[=LOW:HIGH]")


@command("Why a run ends where it ends, and what would change it.", "explain", *PLAYED, START, RULE, CHANGES, *TOLD)
def explain(asked: Asked) -> Answer:
    """Say why the noise-free run from one start ends where it ends.

    What every term of the rule pushed along the path; how far the border of the
    basin is along a line; and which number would have to be how large for another
    outcome.

    \b
    Examples
      nashscape explain stag-hunt --start 0.5,0.5 --rule meta_mapg --target CC
      nashscape explain stag-hunt --start 0.4,0.7 --change coupling
      nashscape explain stag-hunt --start 0.4,0.7 --change game:T=1:3
      nashscape explain donation --start 0.5,0.5 --coupling 0.4 --out why/
    """
    from nashscape.cli.varying import changed
    from nashscape.selection import explain as ask

    how = asked.how
    if "changes" in how:
        how["changes"] = [changed(asked, text) for text in asked.given["changes"]]
    found = ask(asked.game, asked["rule"], asked["start"], **how)
    return Answer(found, {"explanation": found.plot})
