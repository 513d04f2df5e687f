"""`nashscape simulate`: one run, step by step."""

from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, TOLD, Typed

if TYPE_CHECKING:
    from nashscape.dynamics import Run
    from nashscape.games import DenseGame


START = Typed(
    "start", "Sequence", None, "probability",
    "Strategies at the start: for players with two actions the probability of the first, 0.4,0.7; else whole "
    "strategies with ';' between players, '0.2,0.3,0.5; 0.1,0.1,0.8'. In a repeated game one number per player is the "
    "same for every state; else one per state. Strictly between 0 and 1.",
    shape="START", needed=True,
)  # fmt: skip
ROWS = Typed("rows", "int", 11, "lines", "Lines of the table, spread evenly over the run.", least=2, shape="N")


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
      nashscape simulate shapley --start "0.2,0.3,0.5; 0.5,0.3,0.2" --step-size 0.3
      nashscape simulate prisoners-dilemma --start 0.4,0.7 --coupling 0.7
    """
    from nashscape import dynamics
    from nashscape.cli.progress import progress_bar

    lines, start, how = asked["rows"], asked["start"], asked.how
    with progress_bar(1):
        run = dynamics.simulate(asked.game, asked["rule"], start, **how)
    return Answer(run, {"run": run.plot}, lambda: _data(asked.bare, run), lambda: _print(asked.bare, run, lines))


def _data(game: "DenseGame", run: "Run") -> dict[str, Any]:
    from nashscape.cli import output

    return {
        "command": "simulate",
        "game": game,
        "rule": run.rule,
        "outcome": run.outcome,
        "first_hit": run.first_hit,
        "strategies": run.strategies,
        "payoffs": run.payoffs,
        "terms": run.terms,
        "status": output.status_data(run.status),
        "provenance": run.provenance,
    }


def _columns(game: "DenseGame", run: "Run") -> dict[str, Any]:
    """Heading and numbers of every column, `[T + 1]`; the sizes of terms are `[T]`."""
    from nashscape.dynamics.played import played

    found: dict[str, Any] = {}
    for line in played(run):
        found[f"P{line.player + 1}({line.name})"] = line.values
    found |= {f"payoff {player + 1}": payoff for player, payoff in enumerate(run.payoffs.T)}
    return found | dict(run.terms)


def _print(game: "DenseGame", run: "Run", lines: int) -> None:
    from nashscape.cli import output

    total = len(run.theta) - 1
    columns = _columns(game, run)
    shown = sorted({round(k * total / (lines - 1)) for k in range(lines)})
    rows = [(str(k), *(f"{values[k]:.3g}" if k < len(values) else "" for values in columns.values())) for k in shown]
    screen = output.console()
    output.show(screen, f"{run.rule} on {game.name}", ("updates", *columns), rows)
    hit = "" if run.first_hit is None else f" The first target first held after {run.first_hit} updates."
    screen.print(f"Outcome after {total} updates: {run.outcome}.{hit}")
    for line in output.standing([run]):
        screen.print(line)
