"""`nashscape compare`: rules from the same starts, pair by pair."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule
from nashscape.cli.commands import command
from nashscape.cli.rows import BASELINE, PLAYED, RULES, TOLD, without

ON_GRID = ("grid", "kind", "low", "high", "rollouts")


@command(
    "Rules from the same starts, pair by pair.",
    "sweep", *PLAYED, RULES, BASELINE, *without(TOLD, "save"), but=("parameter", "outcome"),
)  # fmt: skip
def compare(asked: Asked) -> Answer:
    """Compare two or more rules from the same starts: on how many of them which of the two reaches the first target.

    Starts are random, or the cells of a grid with --grid, --kind, --low, --high
    or --rollouts. Gained are starts that reach the target under the rule alone,
    lost those that reach it under the baseline alone; their difference has its
    exact interval, and the exact McNemar test says whether there is one.

    \b
    Examples
      nashscape compare stag-hunt --rule pg --rule meta_mapg
      nashscape compare stag-hunt --rule pg --rule lola --rule sos --grid 101
      nashscape compare chicken --rule pg --rule meta_mapg --target CD --n 2000
    """
    from nashscape.core import InputError
    from nashscape.selection import basin_map, entry_probability

    if len(asked.given.get("rule", ())) < 2:
        raise InputError("a comparison takes two rules or more: --rule pg --rule meta_mapg")
    laid, drawn = ([name for name in names if name in asked] for names in (ON_GRID, ("starts", "n", "level")))
    if laid and drawn:
        flags = ", ".join(asked.rows[name].flag for name in (*laid, *drawn))
        raise InputError(f"starts are the cells of a grid, or random, not both; got {flags}")
    verb = basin_map if laid else entry_probability
    found, base = by_rule(asked, verb)
    pairs = found.compare(base)
    return Answer(pairs, {"comparison": pairs.plot}, told={"rules": found}, by="comparisons")
