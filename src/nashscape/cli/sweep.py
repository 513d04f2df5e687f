"""`nashscape sweep`: how the share of an outcome changes with one coefficient of a rule."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, TOLD, VALUES, VARY, Typed

if TYPE_CHECKING:
    from nashscape.selection.sweeps import Sweep

LOG = Typed("log", "bool", False, "", "Draw the number on a logarithmic axis.")
VARIED = replace(VARY, help=f"{VALUES} Needed.", needed=True)


@command(
    "A share against one number.", "sweep", *PLAYED, VARIED, LOG, *TOLD, but=("parameter",),
)  # fmt: skip
def sweep(asked: Asked) -> Answer:
    """Measure the share of starts that reach an outcome for many values of one number.

    Starts are the cells of a grid, for players with two actions, or random with
    --starts, --n or --level. They are the same for every value, and so are the
    random numbers of sampled updates. Intervals: for exact gradients on a grid
    the cells on the boundary, else 95 %.

    \b
    Examples
      nashscape sweep stag-hunt --vary peer=0:5:11
      nashscape sweep stag-hunt --vary peer=0:5:11 --grid 11 --rollouts 8 \\
          --estimator sampled:batch=192 --out sweep/
      nashscape sweep chicken --rule lola --vary inner_lr=0.1,0.3,1,3 --n 400 --log
      nashscape sweep prisoners-dilemma --vary coupling=0:1.5
    """
    from nashscape.cli.progress import progress_bar
    from nashscape.cli.varying import dial_of, spaced, split
    from nashscape.core import InputError
    from nashscape.figures.sweeping import swept_figure
    from nashscape.selection.sweeps import sweep as measure

    name, values = split(asked["vary"])
    dial = dial_of(asked, name)
    numbers, log = spaced(values, dial), asked["log"]
    if log and min(numbers) <= 0:
        raise InputError(f"a logarithmic axis (--log) needs positive values of {name}; got {min(numbers):g}")
    with progress_bar(1) as bar:
        found = measure(asked.game, dial, numbers, rule=asked.get("rule"), progress=bar, **asked.how)
    return Answer(
        found, {"sweep": lambda: swept_figure(found, log=log)}, lambda: _data(asked.bare, found), lambda: _print(found)
    )


def _data(game: Any, found: "Sweep") -> dict[str, Any]:
    from nashscape.cli import output

    return {
        "command": "sweep",
        "game": game,
        "rule": found.rule,
        "coefficient": found.parameter,
        "outcome": found.outcome,
        "on_grid": found.on_grid,
        "values": [
            {
                "value": value,
                "share": share,
                "outcomes": one.outcomes(),
                "status": output.status_data(one.status),
            }
            for value, share, one in zip(found.values.tolist(), found.estimates, found.results, strict=True)
        ],
        "status": output.status_data(found.status),
        "provenance": found.provenance,
    }


def _print(found: "Sweep") -> None:
    from nashscape.cli import output

    names = output.outcome_names(found.results)
    rows = [
        (f"{value:g}", *(output.interval(share) for share in shares), one.status.value)
        for value, one, *shares in zip(
            found.values.tolist(), found.results, *(found.shares(name) for name in names), strict=True
        )
    ]
    first = found.results[0]
    starts = f"{first.labels[0].size} starts of a grid" if found.on_grid else f"{first.labels.size} random starts"
    title = f"{found.rule} on {found.game}: share of {starts} per outcome"
    screen = output.console()
    output.show(screen, title, (found.parameter, *names, "status"), rows)
    cost = found.provenance
    screen.print(f"{cost.compile_seconds:.1f} s to compile, {cost.run_seconds:.1f} s to run.")
    for line in output.standing(found.results):
        screen.print(line)
