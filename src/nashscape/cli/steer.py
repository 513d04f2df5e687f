"""`nashscape steer`: the smallest value of a number for which a target is reached often enough."""

from dataclasses import replace

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, SEARCHED, TOLD
from nashscape.core.options import option

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
    from nashscape.cli.varying import ends, searched, split
    from nashscape.selection.steering.finding import steer as find

    name, values = split(asked["vary"])
    parameter, low, high = (name, *ends(values)) if name == "restarts" else searched(asked, asked["vary"])
    with progress_bar(1) as bar:
        found = find(asked.game, parameter, low=low, high=high, rule=asked.get("rule"), progress=bar, **asked.how)
    return Answer(found, {"steering": found.plot})
