"""`nashscape restarts`: how many fresh starts until a target is reached."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.games import Game
    from nashscape.selection import Restarts


def restarts(
    game: options.GameName,
    set_: options.Parameters = options.NOTHING,
    rule: options.Rules = options.EVERY_RULE,
    starts: Annotated[str, told("starts", "restarts", metavar="STARTS")] = default("starts", "restarts"),
    runs: Annotated[int, told("runs", "restarts", metavar="N")] = default("runs", "restarts"),
    budget: Annotated[int, told("budget", "restarts", metavar="K")] = default("budget", "restarts"),
    steps: Annotated[int, told("steps", "restarts", metavar="T")] = default("steps", "restarts"),
    step_size: options.StepSize = options.STEP_SIZE,
    batch: options.Batch = None,
    unbiased: options.Unbiased = False,
    leave_one_out: options.LeaveOneOut = False,
    target: Annotated[str | None, told("target", "restarts", metavar="PROFILE", show_default=False)] = None,
    threshold: options.Threshold = options.THRESHOLD,
    level: Annotated[float, told("level", "restarts", metavar="P")] = default("level", "restarts"),
    bound: options.Bound = None,
    seed: options.Seed = options.SEED,
    precision: options.Precision = options.PRECISION,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Start anew until a target is reached, for several learning rules from the same starts.

    The table gives the share of runs that succeed within the budget, the probability that one start succeeds, and
    the mean number of restarts: with runs without success counted as the whole budget (as published tables do), and
    to success, estimated with those runs as censored. With --out, writes the restart curves: the share of runs
    without success after k starts beside the geometric bound.

    \b
    Examples
      nashscape restarts stag-hunt
      nashscape restarts iterated-prisoners-dilemma --batch 384
      nashscape restarts chicken --target CD --rule pg --rule meta_mapg --runs 400
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import keep_programs

    machine.use_every_core()
    from nashscape.selection import restarts as run

    chosen = parsing.game(game, set_)
    keep_programs()
    made = parsing.rules(rule or options.DEFAULT_RULES)
    _need_target(chosen, target)
    folder = output.folder(out)
    with progress.progress_bar(len(made)) as bar:
        found: dict[str, Restarts] = run(
            chosen,
            made,
            starts=parsing.starts(starts),
            runs=runs,
            budget=budget,
            steps=steps,
            step_size=parsing.step_size(step_size),
            estimator=parsing.estimator(batch, unbiased, leave_one_out),
            target=target,
            threshold=threshold,
            level=level,
            projection=parsing.projection(bound),
            seed=seed,
            precision=precision,
            progress=bar,
        )
    data = _data(chosen, found)
    if folder is not None:
        from nashscape.figures import restart_figure

        output.write(folder, {"restarts": restart_figure(found)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(chosen, found)
    if any(one.status.value == "interrupted" for one in found.values()):
        raise typer.Exit(INTERRUPTED)


def _need_target(game: "Game", target: str | None) -> None:
    from nashscape.core import InputError
    from nashscape.dynamics import choose_targets

    if not choose_targets(game, target):
        raise InputError(f"{game.name} has no strict pure equilibrium to reach; name a profile with --target")


def _data(game: "Game", found: "Mapping[str, Restarts]") -> dict[str, Any]:
    from nashscape.cli import output

    def of(one: "Restarts") -> dict[str, Any]:
        return {
            "success": one.success(),
            "per_start": one.per_start(),
            "restarts_within_budget": one.restarts_within_budget(),
            "restarts_to_success": one.restarts_to_success(),
            "censored": one.censored,
            "survival": one.survival(),
            "hazards": one.hazards(),
            "geometric_bound": one.geometric_bound(),
            "first_success": one.first_success,
            "tried": one.tried,
            "status": output.status_data(one.status),
            "provenance": one.provenance,
        }

    first = next(iter(found.values()))
    return {
        "command": "restarts",
        "game": game,
        "target": first.target,
        "budget": first.budget,
        "level": first.level,
        "rules": {name: of(one) for name, one in found.items()},
    }


def _print(game: Any, found: "Mapping[str, Restarts]") -> None:
    from nashscape.cli import output

    first = next(iter(found.values()))
    columns = (
        "rule",
        "runs that\nsucceed",
        "a start\nsucceeds",
        "restarts,\ncensored",
        "restarts\nto success",
        "status",
    )
    rows = [
        (
            name,
            f"{one.success().successes} of {len(one.first_success)}\n{_ends(one.success())}",
            output.interval(one.per_start()),
            output.interval(one.restarts_within_budget()),
            output.interval(one.restarts_to_success()),
            one.status.value,
        )
        for name, one in found.items()
    ]
    title = f"{first.game}: starts until {first.target} is reached, at most {first.budget} a run"
    screen = output.console()
    output.show(screen, title, columns, rows)
    screen.print(
        f"Intervals of {100 * first.level:g} %. Censored: a run without success counts as {first.budget - 1} restarts."
    )
    for line in [*output.first_round(game), *output.standing(found.values(), statuses=False)]:
        screen.print(line)


def _ends(estimate: Any) -> str:
    return f"[{estimate.low:.4f}, {estimate.high:.4f}]"
