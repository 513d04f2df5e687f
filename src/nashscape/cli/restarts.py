"""`nashscape restarts`: how many fresh starts until a target is reached."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, RULES, TOLD, VARY


@command("How many fresh starts until a target is reached.", "restarts", *PLAYED, RULES, VARY, *TOLD)
def restarts(asked: Asked) -> Answer:
    """Start anew until a target is reached, for several learning rules from the same starts.

    The table gives the share of runs that succeed within the budget, the
    probability that one start succeeds, and the mean number of restarts: with
    runs without success counted as the whole budget (as published tables do), and
    to success, estimated with those runs as censored. With --out, writes the
    restart curves: the share of runs without success after k starts beside the
    geometric bound.

    A result of one rule goes on where it was cut short: --save FILE, and later
    --resume FILE.

    \b
    Examples
      nashscape restarts stag-hunt
      nashscape restarts iterated-prisoners-dilemma \\
          --estimator episodes:batch=384 --rule meta_mapg
      nashscape restarts chicken --target CD --rule pg --rule meta_mapg --runs 400
      nashscape restarts stag-hunt --policy perturbed:std=0.5 --rule pg
      nashscape restarts stag-hunt --vary peer=0,1.5,5
    """
    from nashscape.selection import restarts as run

    found, _ = by_rule(asked, run)
    return Answer(found, {"restarts": found.plot})
