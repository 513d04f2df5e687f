"""`nashscape restarts`: how many fresh starts until a target is reached."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, RULES, TOLD, VARY

if TYPE_CHECKING:
    from nashscape.games import Game
    from nashscape.selection import Restarts


@command("How many fresh starts until a target is reached.", "restarts", *PLAYED, RULES, VARY, *TOLD)
def restarts(asked: Asked) -> Answer:
    """Start anew until a target is reached, for several learning rules from the same starts.

    The table gives the share of runs that succeed within the budget, the
    probability that one start succeeds, and the mean number of restarts: with
    runs without success counted as the whole budget (as published tables do), and
    to success, estimated with those runs as censored. With --out, writes the
    restart curves: the share of runs without success after k starts beside the
    geometric bound.

    A result of one rule that was interrupted is gone on with: --save and --resume.

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
    return Answer(found, {"restarts": found.plot}, lambda: _data(asked.bare, found), lambda: _print(asked.bare, found))


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
