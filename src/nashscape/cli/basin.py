"""`nashscape basin`: which starts lead where."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule
from nashscape.cli.commands import command
from nashscape.cli.rows import BASELINE, PLAYED, RULES, TOLD, VARY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nashscape.games import DenseGame
    from nashscape.selection import BasinMap, Comparison


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
    comparable = maps[base].targets and "vary" not in asked
    comparisons = maps.compare(base) if comparable and len(maps) > 1 else {}
    return Answer(
        maps,
        _figures(maps, base, bool(comparisons)),
        lambda: _data(asked.bare, base, maps, comparisons, asked["cells"]),
        lambda: _print(asked.bare, base, maps, comparisons),
    )


def _data(
    game: "DenseGame",
    base: str,
    maps: "Mapping[str, BasinMap]",
    comparisons: "Mapping[str, Comparison]",
    cells: bool,
) -> dict[str, Any]:
    from nashscape.cli import output

    def of(one: "BasinMap") -> dict[str, Any]:
        every = {"axis": one.axis, "labels": one.labels, "first_hit": one.first_hit} if cells else {}
        return {
            "fractions": {outcome: one.fraction(outcome) for outcome in output.outcome_names(maps.values())},
            "outcomes": one.outcomes(),
            "at_step": {target: one.at_step(target) for target in one.targets},
            "audit": output.audit_data(one.audit),
            "rests": one.rests,
            "cells": one.cells,
            "rollouts": one.rollouts,
            "mean_first_hit": one.mean_first_hit(),
            "status": output.status_data(one.status),
            "provenance": one.provenance,
            **every,
        }

    return {
        "command": "basin",
        "game": game,
        "targets": next(iter(maps.values())).targets,
        "baseline": base,
        "rules": {name: of(one) for name, one in maps.items()},
        "comparisons": {name: output.comparison_data(one) for name, one in comparisons.items()},
    }


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


def _print(
    game: "DenseGame", base: str, maps: "Mapping[str, BasinMap]", comparisons: "Mapping[str, Comparison]"
) -> None:
    from nashscape.cli import output

    outcomes = output.outcome_names(maps.values())
    rows = []
    for name, one in maps.items():
        change = comparisons.get(name)
        gained, lost = ("–", "–") if change is None else (f"{change.gained_share:.4f}", f"{change.lost_share:.4f}")
        shares = [output.interval(one.fraction(outcome)) for outcome in outcomes]
        rows.append((name, *shares, gained, lost, one.status.value, output.seconds(one)))
    first = maps[base]
    grid = "×".join(str(size) for size in first.labels.shape[1:])
    runs = "exact gradients" if first.exact else f"sampled gradients, {first.rollouts} runs per cell"
    title = f"{game.name}: share of {grid} starts per outcome, {runs}"
    screen = output.console()
    output.show(screen, title, ("rule", *outcomes, "gained", "lost", "status", "time"), rows)
    if comparisons:
        screen.print(f"Gained and lost: starts that reach {first.targets[0]}, against {base}.")
    for line in output.advice(maps):
        screen.print(line)
