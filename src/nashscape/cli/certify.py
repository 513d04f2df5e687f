"""`nashscape certify`: starts of which it is proved where a learning rule takes them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, RULE, TOLD, typed
from nashscape.core.options import option

if TYPE_CHECKING:
    from nashscape.core.tables import Table
    from nashscape.proofs import Certificate

TARGETS = replace(typed(option("target", "certify")), several=True)


@command("Starts of which it is proved where they end.", "certify", *PLAYED, RULE, TARGETS, *TOLD)
def certify(asked: Asked) -> Answer:
    """Prove which starts end where under exact updates: every start of a cell, for all time.

    The region is one of probabilities of the first actions, by default from 0.05
    to 0.95; with a coupling, or with more than two actions, of parameters, by
    default from -3 to 3. Ctrl-C keeps what is proved by then.

    \b
    Examples
      nashscape certify stag-hunt --target CC --save stag-hunt.json
      nashscape certify stag-hunt --rule meta_mapg --resolution 0.002 --out proof/
      nashscape certify prisoners-dilemma --coupling 0.75 --region -2:2 \\
          --projection 2
    """
    from nashscape.cli.progress import progress_bar
    from nashscape.proofs import certify as prove

    with progress_bar(1) as bar:
        found = prove(asked.game, asked["rule"], **asked.how, progress=bar)
    # time that has run out is no Ctrl-C
    cut = found.status.value == "interrupted" and asked["seconds"] > found.curve[-1, 0]
    return Answer(found, {"certificate": found.plot}, lambda: _shown(found, asked), interrupted=cut)


def _shown(found: "Certificate", asked: Asked) -> "Table":
    """The table, and what a file of it is for."""
    made: Table = found.table()
    again = (f"nashscape verify {asked['save']} proves it again.",) if "save" in asked else ()
    return replace(made, notes=(*made.notes, *again))
