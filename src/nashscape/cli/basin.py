"""`nashscape basin`: which starts lead where."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from nashscape.cli import options
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nashscape.games import DenseGame
    from nashscape.selection import BasinMap, Comparison


def basin(
    game: options.GameName,
    set_: options.Parameters = options.NOTHING,
    rule: options.Rules = options.EVERY_RULE,
    baseline: options.Baseline = None,
    grid: Annotated[int, told("grid", "basin_map", metavar="G")] = default("grid", "basin_map"),
    kind: Annotated[str, told("kind", "basin_map", metavar="KIND")] = default("kind", "basin_map"),
    low: Annotated[float, told("low", "basin_map", metavar="P")] = default("low", "basin_map"),
    high: Annotated[float, told("high", "basin_map", metavar="P")] = default("high", "basin_map"),
    steps: Annotated[int, told("steps", "basin_map", metavar="T")] = default("steps", "basin_map"),
    step_size: options.StepSize = options.STEP_SIZE,
    batch: options.Batch = None,
    unbiased: options.Unbiased = False,
    leave_one_out: options.LeaveOneOut = False,
    rollouts: Annotated[int | None, told("rollouts", "basin_map", metavar="R", show_default=False)] = None,
    target: options.Targets = options.NOTHING,
    threshold: options.Threshold = options.THRESHOLD,
    bound: options.Bound = None,
    seed: options.Seed = options.SEED,
    precision: options.Precision = options.PRECISION,
    audit: options.Audit = None,
    out: options.Out = None,
    as_json: options.Json = False,
    cells: options.Cells = False,
) -> None:
    """Map which starts lead to which outcome, for several learning rules.

    Every player has two actions. Runs start from a grid of probabilities of the first action; every run gets a label
    that says where it is going: to a target, to rest elsewhere, or not known to go anywhere. The table gives the
    share of the grid for each outcome with its interval: for exact gradients the cells on the boundary, for sampled
    ones 95 %. Gained and lost are shares of the grid that reach the first target under one of rule and baseline only.

    \b
    Examples
      nashscape basin stag-hunt
      nashscape basin stag-hunt --rule pg --rule meta_mapg:peer=5 --grid 101
      nashscape basin stag-hunt --batch 384 --rollouts 4 --out results/
      nashscape basin my_game.json --target AB --step-size 0.3 --json
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import keep_programs

    machine.use_every_core()
    from nashscape.selection import basin_map, compare

    chosen = parsing.game(game, set_)
    keep_programs()
    made = parsing.rules(rule or options.DEFAULT_RULES)
    base = parsing.baseline(baseline, made)
    how = {
        "grid": grid,
        "kind": kind,
        "low": low,
        "high": high,
        "steps": steps,
        "step_size": parsing.step_size(step_size),
        "estimator": parsing.estimator(batch, unbiased, leave_one_out),
        "rollouts": rollouts,
        "targets": target or None,
        "threshold": threshold,
        "projection": parsing.projection(bound),
        "seed": seed,
        "precision": precision,
        "audit": audit,
    }
    folder = output.folder(out)
    with progress.progress_bar(len(made)) as bar:
        maps: dict[str, BasinMap] = basin_map(chosen, made, progress=bar, **how)
    base, others = output.beside_baseline(maps, base)
    comparisons = {name: compare(maps[name], maps[base]) for name in others if maps[base].targets}
    data = _data(chosen, base, maps, comparisons, cells)
    if folder is not None:
        output.write(folder, _figures(maps, base, bool(comparisons)), data)
    if as_json:
        output.print_json(data)
    else:
        _print(chosen, base, maps, comparisons)


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


def _figures(maps: "Mapping[str, BasinMap]", base: str, compared: bool) -> "dict[str, Figure]":
    from nashscape import figures

    first = next(iter(maps.values()))
    if first.labels.ndim > 4:
        return {}  # four players and more have no flat picture; the numbers are in results.json
    target = None if first.targets else next(iter(first.outcomes()))
    drawn = {"basins": figures.basin_atlas(maps, target=target)}
    if first.targets:
        drawn["first_hits"] = figures.first_hit_atlas(maps)
    if compared:
        drawn["gains"] = figures.gain_loss(maps, base)
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
