"""`nashscape steer`: the smallest value of a number for which a target is reached often enough."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, SEARCHED, TOLD
from nashscape.core.options import option

if TYPE_CHECKING:
    from nashscape.selection.steering_results import Steering


VARIED = replace(
    SEARCHED,
    help=f"{option('parameter', 'steer').help} With LOW:HIGH between these values.",
    default=option("parameter", "steer").default,
)


@command(
    "The smallest value of a number that reaches a target often enough.",
    "steer", *PLAYED, VARIED, *TOLD, but=("parameter", "low", "high"),
)  # fmt: skip
def steer(asked: Asked) -> Answer:
    """Find the smallest value of one number for which the share of starts that reach a target is what is wanted.

    Noise-free shares of fixed starts are searched exactly. Of sampled gradients,
    or with --about distribution, every answer is a test that may stop at any
    time, and all of them are right together with probability 1 - ERROR. That more
    helps more is not assumed: where the share is lost again is shown.

    \b
    Examples
      nashscape steer stag-hunt --vary peer --target CC --at-least 0.6
      nashscape steer prisoners-dilemma --vary coupling --target CC --at-least 0.9
      nashscape steer stag-hunt --vary game:R=4:6 --target CC --rule pg
      nashscape steer stag-hunt --vary restarts --at-least 0.99
      nashscape steer donation --coupling 0.6 --vary noise=0:2 --at-least 0.9
    """
    from nashscape.cli.progress import progress_bar
    from nashscape.cli.varying import dial_of, ends, split
    from nashscape.selection.steering import steer as find

    name, values = split(asked["vary"])
    low, high = ends(values)
    parameter = name if name == "restarts" else dial_of(asked, name)
    with progress_bar(1) as bar:
        found = find(asked.game, parameter, low=low, high=high, rule=asked.get("rule"), progress=bar, **asked.how)
    return Answer(found, {"steering": found.plot}, lambda: _data(found), lambda: _print(found))


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
