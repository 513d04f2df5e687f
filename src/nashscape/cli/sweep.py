"""`nashscape sweep`: how the share of an outcome changes with one coefficient of a rule."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.learning import Rule
    from nashscape.selection.sweeps import Sweep

MOST_VALUES = 1000


def sweep(
    game: options.GameName,
    coefficient: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help="Coefficient of the rule that is changed, as peer.")
    ],
    values: Annotated[
        str,
        typer.Option(
            metavar="VALUES",
            show_default=False,
            help="Its values: FROM:TO:COUNT, equally spaced with both ends, or a list as 0,0.5,1.5.",
        ),
    ],
    set_: options.Parameters = options.NOTHING,
    rule: Annotated[
        str, typer.Option(metavar="RULE", help="Learning rule, with its other coefficients as meta_mapg:own=0.2.")
    ] = default("rule", "sweep"),
    grid: Annotated[int | None, told("grid", "sweep", metavar="G", show_default=False)] = None,
    rollouts: Annotated[int | None, told("rollouts", "sweep", metavar="R", show_default=False)] = None,
    starts: Annotated[str | None, told("starts", "sweep", metavar="STARTS", show_default=False)] = None,
    n: Annotated[int | None, told("n", "sweep", "--n", metavar="N", show_default=False)] = None,
    steps: Annotated[int | None, told("steps", "sweep", metavar="T", show_default=False)] = None,
    step_size: options.StepSize = options.STEP_SIZE,
    batch: options.Batch = None,
    unbiased: options.Unbiased = False,
    leave_one_out: options.LeaveOneOut = False,
    target: options.Targets = options.NOTHING,
    threshold: options.Threshold = options.THRESHOLD,
    bound: options.Bound = None,
    log: Annotated[bool, typer.Option("--log", help="Draw the coefficient on a logarithmic axis.")] = False,
    seed: options.Seed = options.SEED,
    precision: options.Precision = options.PRECISION,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Measure the share of starts that reach the first target for many values of one coefficient.

    Starts are the cells of a grid, for players with two actions, or random with --starts or --n. They are the same for
    every value, and so are the random numbers of sampled updates. Intervals: for exact gradients on a grid the cells
    on the boundary, else 95 %.

    \b
    Examples
      nashscape sweep stag-hunt --coefficient peer --values 0:5:11
      nashscape sweep stag-hunt --coefficient peer --values 0:5:11 --batch 192 --grid 11 --rollouts 8 --out sweep/
      nashscape sweep chicken --rule lola --coefficient inner_lr --values 0.1,0.3,1,3 --starts normal:std=1.35 --log
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import keep_programs

    machine.use_every_core()
    from nashscape.selection.sweeps import sweep as measure

    numbers = chosen_values(values)
    _check_axis(numbers, log, coefficient)
    keep_programs()
    chosen, (dial, learned) = parsing.game(game, set_), what_varies(rule, coefficient, numbers[0])
    where = _where(grid, rollouts, starts, n) | ({} if steps is None else {"steps": steps})
    _check_game(chosen, target, "grid" in where)
    folder = output.folder(out)
    with progress.progress_bar(1) as bar:
        found = measure(
            chosen,
            dial,
            numbers,
            rule=learned,
            parameter=coefficient.replace("-", "_"),
            targets=target or None,
            threshold=threshold,
            step_size=parsing.step_size(step_size),
            estimator=parsing.estimator(batch, unbiased, leave_one_out),
            projection=parsing.projection(bound),
            seed=seed,
            precision=precision,
            progress=bar,
            **where,
        )
    data = _data(chosen, found)
    if folder is not None:
        from nashscape.figures.sweeping import swept_figure

        output.write(folder, {"sweep": swept_figure(found, log=log)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(found)
    if found.status.value == "interrupted":
        raise typer.Exit(INTERRUPTED)


def chosen_values(text: str) -> list[float]:
    """Values from "0:5:11" or "0,0.5,1.5"."""
    from nashscape.core import InputError, named_texts

    parts = text.split(":")
    if len(parts) not in (1, 3):
        raise InputError(f"values are written FROM:TO:COUNT, as 0:5:11, or as a list, 0,0.5,1.5; got {text!r}")
    if len(parts) == 1:
        return [float(named_texts.number(part.strip(), "a value")) for part in text.split(",")]
    low, high, count = (named_texts.number(part.strip(), "an end or the count of values") for part in parts)
    if not isinstance(count, int) or not 2 <= count <= MOST_VALUES:
        raise InputError(f"the count of values must be a whole number from 2 to {MOST_VALUES}; got {parts[2]}")
    # by products rather than sums, and rounded, so that 0.3 is not 0.30000000000000004
    return [round(low + (high - low) * k / (count - 1), 12) for k in range(count)]


def what_varies(text: str, coefficient: str, first: float) -> "tuple[str, Rule]":
    """The dial of a coefficient, and the rule with the other coefficients as they are in the text."""
    from nashscape.core import InputError, named_texts
    from nashscape.learning import rule_by_name
    from nashscape.learning.dial_table import DIALS

    name, _, rest = text.partition(":")
    key = coefficient.replace("-", "_")
    others = named_texts.pairs([entry for entry in rest.split(",") if entry.strip()], f"coefficient of {name.strip()}")
    if key in others:
        raise InputError(f"{key} is the coefficient that is changed; leave it out of --rule {text}")
    # a coefficient that the rule does not have is told by the rule
    rule_by_name(name.strip(), **others, **{key: int(first) if float(first).is_integer() else first})
    return key if key in DIALS else f"rule.{key}", rule_by_name(name.strip(), **others)


def _check_axis(numbers: list[float], log: bool, coefficient: str) -> None:
    from nashscape.core import InputError

    if log and min(numbers) <= 0:
        raise InputError(f"a logarithmic axis (--log) needs positive values of {coefficient}; got {min(numbers):g}")


def _check_game(game: Any, target: list[str], on_grid: bool) -> None:
    from nashscape.core import InputError
    from nashscape.dynamics import choose_targets

    if on_grid and any(shape != (2,) for shape in game.strategy_shapes):
        raise InputError(f"a grid needs players with two actions, unlike {game.name}; draw starts with --starts or --n")
    if not choose_targets(game, target or None):
        raise InputError(f"{game.name} has no strict pure equilibrium to reach; name a profile with --target")


def _where(grid: int | None, rollouts: int | None, starts: str | None, n: int | None) -> dict[str, Any]:
    """The options of a grid, or of random starts."""
    from nashscape.cli import parsing
    from nashscape.core import InputError

    if starts is not None or n is not None:
        if grid is not None or rollouts is not None:
            raise InputError("starts are a grid (--grid, --rollouts) or random (--starts, --n), not both")
        return {"starts": parsing.starts(starts), "n": n}
    return {"grid": default("grid", "sweep") if grid is None else grid, "rollouts": rollouts}


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
