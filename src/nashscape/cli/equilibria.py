"""`nashscape equilibria`: all Nash equilibria of a game, or what another solution concept says of it."""

import time

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import GAME, SET, TOLD


@command("All Nash equilibria of a game.", "equilibria", GAME, SET, *TOLD)
def equilibria(asked: Asked) -> Answer:
    """Find all Nash equilibria of a one-shot game, pure and mixed, each with its own check.

    Of two players all of them, in fractions; of more those that are proved, and
    where the search decided nothing. Says which of them is payoff-dominant,
    risk-dominant and on the logit path; with --rule, how stable it is under
    learning. With --concept, what another solution concept says of the game.

    \b
    Examples
      nashscape equilibria stag-hunt
      nashscape equilibria chicken --rule pg
      nashscape equilibria chicken --concept correlated:objective=entropy
      nashscape equilibria public-goods --set players=4 --method pure --json
    """
    from nashscape.theory import equilibria as find

    began = time.monotonic()
    found = find(asked.bare, rule=asked.get("rule"), **asked.how)
    # a search that ran out of time, or has as many as were wanted, was not interrupted
    early = time.monotonic() - began < asked["seconds"] and "most" not in asked
    return Answer(found, {"equilibria": found.plot}, interrupted=early and found.status.value == "interrupted")
