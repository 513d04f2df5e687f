"""`nashscape sweep`: how the share of an outcome changes with one coefficient of a rule."""

from dataclasses import replace

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, TOLD, VALUES, VARY, Typed

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
      nashscape sweep chicken --rule lola --vary inner_lr=0.1,0.3,1 --n 400 --log
      nashscape sweep prisoners-dilemma --vary coupling=0:1.5
    """
    from nashscape.cli.progress import progress_bar
    from nashscape.cli.varying import dial_of, spaced, split
    from nashscape.core import InputError
    from nashscape.selection.sweeps import sweep as measure

    name, values = split(asked["vary"])
    dial = dial_of(asked, name)
    numbers, log = spaced(values, dial), asked["log"]
    if log and min(numbers) <= 0:
        raise InputError(f"a logarithmic axis (--log) needs positive values of {name}; got {min(numbers):g}")
    with progress_bar(1) as bar:
        found = measure(asked.game, dial, numbers, rule=asked.get("rule"), progress=bar, **asked.how)
    return Answer(found, {"sweep": lambda: found.plot(log=log)})
