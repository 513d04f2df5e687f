"""`nashscape basin`: which starts lead where."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule, compared
from nashscape.cli.commands import command
from nashscape.cli.rows import BASELINE, PLAYED, RULES, TOLD, VARY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nashscape.selection import BasinMap


@command(
    "Which starts lead to which outcome, by learning rule.",
    "basin_map", *PLAYED, RULES, BASELINE, VARY, *TOLD,
)  # fmt: skip
def basin(asked: Asked) -> Answer:
    """Map which starts lead to which outcome, for several learning rules.

    Every player has two actions. Runs start from a grid of probabilities of the
    first action; every run gets a label that says where it is going: to a target,
    to rest elsewhere, or not known to go anywhere. The table gives the share of
    the grid for each outcome with its interval: for exact gradients the cells on
    the boundary, for sampled ones 95 %. Gained and lost are shares of the grid
    that reach the first target under one of rule and baseline only.

    \b
    Examples
      nashscape basin stag-hunt
      nashscape basin stag-hunt --rule pg --rule meta_mapg:peer=5 --grid 101
      nashscape basin stag-hunt --rule "meta_mapg:peer=handoff(3,at=40)"
      nashscape basin stag-hunt --estimator sampled:batch=384 --rollouts 4
      nashscape basin prisoners-dilemma --coupling 0.5 --out results/
      nashscape basin stag-hunt --vary peer=0:5:6 --json
    """
    from nashscape.selection import basin_map

    maps, base = by_rule(asked, basin_map)
    comparisons = compared(maps, base)
    figures = _figures(maps, base, bool(comparisons))
    return Answer(maps, figures, lambda: maps.table(baseline=base), told={"comparisons": comparisons})


def _figures(maps: "Mapping[str, BasinMap]", base: str, compared: bool) -> "dict[str, Callable[[], Figure]]":
    from nashscape import figures

    first = next(iter(maps.values()))
    if first.labels.ndim > 4:
        return {}  # four players and more have no flat picture; the numbers are in results.json
    target = None if first.targets else next(iter(first.outcomes()))
    drawn: dict[str, Callable[[], Figure]] = {"basins": lambda: figures.basin_atlas(maps, target=target)}
    if first.targets:
        drawn["first_hits"] = lambda: figures.first_hit_atlas(maps)
    if compared:
        drawn["gains"] = lambda: figures.gain_loss(maps, base)
    return drawn
