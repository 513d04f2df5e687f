"""`nashscape steer`: the smallest value of a number for which a target is reached often enough."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.selection.steering_results import Steering


NAMES = (
    "peer", "own", "lookahead", "inner_lr", "coupling", "noise", "strength", "warm_up", "steps", "batch", "step_size",
    "exponent", "steps_ahead", "threshold", "std", "restarts",
)  # fmt: skip
"""What can be changed by name: here too, so that a misspelt one is known before the libraries are loaded."""


def steer(
    game: options.GameName,
    parameter: Annotated[str, told("parameter", "steer", metavar="NAME")] = default("parameter", "steer"),
    target: Annotated[str | None, told("target", "steer", metavar="PROFILE", show_default=False)] = None,
    at_least: Annotated[float, told("at_least", "steer", metavar="SHARE")] = default("at_least", "steer"),
    range_: Annotated[
        str | None,
        typer.Option(
            "--range", metavar="LOW:HIGH", show_default=False, help="Values to search. Default: by parameter."
        ),
    ] = None,
    set_: options.Parameters = options.NOTHING,
    coupling: Annotated[
        float | None,
        typer.Option(metavar="K", show_default=False, help="Players read each other with this coupling; for noise."),
    ] = None,
    rule: Annotated[str | None, told("rule", "steer", metavar="RULE", show_default=False)] = None,
    distribution: Annotated[
        bool,
        typer.Option(
            "--distribution", help="Decide about random starts, not about fixed ones. Always so with --batch."
        ),
    ] = False,
    grid: Annotated[int | None, told("grid", "steer", metavar="G", show_default=False)] = None,
    starts: Annotated[str | None, told("starts", "steer", metavar="STARTS", show_default=False)] = None,
    n: Annotated[int | None, told("n", "steer", "--n", metavar="N", show_default=False)] = None,
    scan: Annotated[int | None, told("scan", "steer", metavar="S", show_default=False)] = None,
    tolerance: Annotated[float | None, told("tolerance", "steer", metavar="WIDTH", show_default=False)] = None,
    error: Annotated[float, told("error", "steer", metavar="E")] = default("error", "steer"),
    most_trials: Annotated[int, told("most_trials", "steer", metavar="N")] = default("most_trials", "steer"),
    steps: Annotated[int | None, told("steps", "steer", metavar="T", show_default=False)] = None,
    step_size: options.StepSize = options.STEP_SIZE,
    batch: options.Batch = None,
    unbiased: options.Unbiased = False,
    leave_one_out: options.LeaveOneOut = False,
    threshold: options.Threshold = options.THRESHOLD,
    bound: options.Bound = None,
    seed: options.Seed = options.SEED,
    precision: options.Precision = options.PRECISION,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Find the smallest value of one number for which the share of starts that reach a target is what is wanted.

    Noise-free shares of fixed starts are searched exactly. With --batch or --distribution every answer is a test that
    may stop at any time, and all of them are right together with probability 1 - E. That more helps more is not
    assumed: where the share is lost again is shown.

    \b
    Examples
      nashscape steer stag-hunt --parameter peer --target CC --at-least 0.6
      nashscape steer prisoners-dilemma --parameter coupling --target CC --at-least 0.9
      nashscape steer stag-hunt --parameter game:R --range 4:6 --target CC --rule pg
      nashscape steer stag-hunt --parameter restarts --at-least 0.99
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import choice, finite_number, keep_programs

    if ":" not in parameter:
        choice(parameter.replace("-", "_"), "parameter to steer by", NAMES)
    finite_number(at_least, "at_least", low=0.0, high=1.0, low_open=True)
    low, high = _range(range_)
    machine.use_every_core()
    from nashscape.selection.steering import steer as find

    keep_programs()
    played, number = _what(game, set_, parameter, coupling)
    folder = output.folder(out)
    chosen: dict[str, Any] = {} if steps is None else {"steps": steps}
    with progress.progress_bar(1) as bar:
        found = find(
            played,
            number,
            target,
            at_least,
            low=low,
            high=high,
            rule=None if rule is None else parsing.rule(rule),
            starts=parsing.starts(starts),
            n=n,
            grid=grid,
            scan=scan,
            tolerance=tolerance,
            error=error,
            most_trials=most_trials,
            threshold=threshold,
            progress=bar,
            step_size=parsing.step_size(step_size),
            estimator=parsing.estimator(batch, unbiased, leave_one_out),
            projection=parsing.projection(bound),
            seed=seed,
            precision=precision,
            about="distribution" if distribution else None,
            **chosen,
        )
    data = _data(found)
    if folder is not None:
        from nashscape.figures.steering import steering_figure

        output.write(folder, {"steering": steering_figure(found)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(found)
    if found.status.value == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _range(text: str | None) -> tuple[Any, Any]:
    from nashscape.core import InputError, named_texts

    if text is None:
        return None, None
    parts = text.split(":")
    if len(parts) != 2:
        raise InputError(f"a range is written LOW:HIGH, as 0:5; got {text!r}")
    low, high = (named_texts.number(part.strip(), "an end of the range") for part in parts)
    return low, high


def _what(name: str, set_: list[str], parameter: str, coupling: float | None) -> tuple[Any, Any]:
    """The game, and the number: its name, or a function from a value of a parameter of the game to the game."""
    from nashscape.cli import parsing
    from nashscape.core import InputError, named_texts
    from nashscape.semantics import open_source

    def made(entries: list[str]) -> Any:
        chosen = parsing.game(name, entries)
        return chosen if coupling is None else open_source(chosen, coupling)

    if parameter == "coupling" and coupling is not None:
        raise InputError("coupling is the number that is changed; leave --coupling out")
    kind, _, key = parameter.partition(":")
    if not key:
        return made(set_), parameter
    if kind.strip() != "game":
        raise InputError(f"a parameter of the game is written game:KEY, as game:T; got {parameter!r}")
    if key in named_texts.pairs(set_, "parameter", texts=True):
        raise InputError(f"{key} is the parameter that is changed; leave it out of --set")

    def family(value: float) -> Any:
        return made([*set_, f"{key}={value!r}"])

    family.__name__ = key
    return made(set_), family


def _data(found: "Steering") -> dict[str, Any]:
    return {
        "command": "steer",
        "game": found.game,
        "rule": found.rule,
        "parameter": found.parameter,
        "target": found.target,
        "at_least": found.at_least,
        "about": found.about,
        "searched": found.searched,
        "bracket": found.bracket,
        "lost_again": found.lost_again,
        "switches": found.switches,
        "price": found.price,
        "priced_in": found.priced_in,
        "error": found.error,
        "promise": found.promise,
        "not_below": found.not_below,
        "values": [
            {
                "value": value, "share": share, "reached": verdict, "trials": trials, "unsettled": unsettled,
                "price": price,
            }
            for value, share, verdict, trials, unsettled, price in zip(
                found.values.tolist(), found.shares, found.verdicts, found.trials.tolist(), found.unsettled.tolist(),
                found.prices.tolist(), strict=True,
            )
        ],
        "status": {"name": found.status.value, "advice": found.advice},
        "provenance": found.provenance,
    }  # fmt: skip


MOST_ROWS = 24


def _print(found: "Steering") -> None:
    from nashscape.cli import output

    screen = output.console()
    bracket = found.bracket
    near = sorted(range(len(found.values)), key=lambda k: abs(found.values[k] - (bracket or found.searched)[1]))
    shown = sorted(near[:MOST_ROWS])
    answers = {True: "reached", False: "not reached", None: "open"}
    rows = [
        (
            f"{found.values[k]:.6g}",
            output.interval(found.shares[k]),
            answers[found.verdicts[k]],
            str(found.trials[k]),
            f"{found.prices[k]:.4f}",
        )
        for k in shown
    ]
    title = f"{found.rule} on {found.game}: share that reaches {found.target}, wanted {found.at_least:g}"
    output.show(screen, title, (found.parameter, "share", "answer", "runs", "price"), rows, left=("answer",))
    for line in [*found.text.splitlines(), *output.standing([found], statuses=False)]:
        screen.print(line)
