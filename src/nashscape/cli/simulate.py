"""`nashscape simulate`: one run, step by step."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, TOLD, Typed

START = Typed(
    "start", "Sequence", None, "probability",
    "Strategies at the start: for players with two actions the probability of the first, 0.4,0.7; else whole "
    "strategies with ';' between players, '0.2,0.3,0.5; 0.1,0.1,0.8'. In a repeated game one number per player is the "
    "same for every state; else one per state. Strictly between 0 and 1.",
    shape="START", needed=True,
)  # fmt: skip
ROWS = Typed("rows", "int", 11, "rows", "Rows of the table, spread evenly over the run.", least=2, shape="N")


@command("One run, step by step.", "simulate", *PLAYED, START, ROWS, *TOLD)
def simulate(asked: Asked) -> Answer:
    """Follow one run of a learning rule from one start: what is played, what it pays, and how it ends.

    The table shows, after so many updates, the probability of every player's
    first action (all actions where there are more than two), the expected
    payoffs, and the sizes of the terms that the rule adds up.

    \b
    Examples
      nashscape simulate stag-hunt --start 0.4,0.7
      nashscape simulate stag-hunt --start 0.4,0.7 --rule meta_mapg:peer=5 \\
          --steps 300 --out run/
      nashscape simulate shapley --start "0.2,0.3,0.5; 0.5,0.3,0.2" --steps 60
      nashscape simulate prisoners-dilemma --start 0.4,0.7 --coupling 0.7
    """
    from nashscape import dynamics
    from nashscape.cli.progress import progress_bar

    rows, start, how = asked["rows"], asked["start"], asked.how
    with progress_bar(1):
        run = dynamics.simulate(asked.game, asked["rule"], start, **how)
    return Answer(run, {"run": run.plot}, lambda: run.table(rows=rows))
