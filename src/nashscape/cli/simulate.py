"""`nashscape simulate`: one run, step by step."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.dynamics import Run
    from nashscape.games import DenseGame


def simulate(
    game: options.GameName,
    start: Annotated[
        str,
        typer.Option(
            metavar="START",
            show_default=False,
            help="Strategies at the start: for players with two actions the probability of the first, 0.4,0.7; else "
            "whole strategies with ';' between players, '0.2,0.3,0.5; 0.1,0.1,0.8'. In a repeated game one number per "
            "player is the same for every state; else one per state. Strictly between 0 and 1.",
        ),
    ],
    set_: options.Parameters = options.NOTHING,
    rule: Annotated[str, told("rule", "simulate", metavar="RULE")] = default("rule", "simulate"),
    steps: Annotated[int, told("steps", "simulate", metavar="T")] = default("steps", "simulate"),
    step_size: options.StepSize = options.STEP_SIZE,
    batch: options.Batch = None,
    unbiased: options.Unbiased = False,
    leave_one_out: options.LeaveOneOut = False,
    target: options.Targets = options.NOTHING,
    threshold: options.Threshold = options.THRESHOLD,
    bound: options.Bound = None,
    seed: options.Seed = options.SEED,
    precision: Annotated[str, told("precision", "simulate", metavar="TYPE")] = default("precision", "simulate"),
    rows: Annotated[int, typer.Option(metavar="N", help="Lines of the table, spread evenly over the run.")] = 11,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Follow one run of a learning rule from one start: what is played, what it pays, and how it ends.

    The table shows, after so many updates, the probability of every player's first action (all actions where there
    are more than two), the expected payoffs, and the sizes of the terms that the rule adds up.

    \b
    Examples
      nashscape simulate stag-hunt --start 0.4,0.7
      nashscape simulate stag-hunt --start 0.4,0.7 --rule meta_mapg:peer=5 --steps 300 --out run/
      nashscape simulate shapley --start '0.2,0.3,0.5; 0.5,0.3,0.2' --step-size 0.3
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import keep_programs, positive_integer

    machine.use_every_core()
    from nashscape import dynamics

    chosen = parsing.game(game, set_)
    keep_programs()
    lines = positive_integer(rows, "rows", at_least=2)
    how = {
        "steps": steps,
        "step_size": parsing.step_size(step_size),
        "estimator": parsing.estimator(batch, unbiased, leave_one_out),
        "targets": target or None,
        "threshold": threshold,
        "projection": parsing.projection(bound),
        "seed": seed,
        "precision": precision,
    }
    begin, learner, folder = parsing.start(start), parsing.rule(rule), output.folder(out)
    with progress.progress_bar(1):
        run = dynamics.simulate(chosen, learner, begin, **how)
    data = _data(chosen, run)
    if folder is not None:
        from nashscape.figures import run_figure

        output.write(folder, {"run": run_figure(run)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(chosen, run, lines)


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
