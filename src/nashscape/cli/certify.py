"""`nashscape certify`: starts of which it is proved where a learning rule takes them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.theory import Certificate


def certify(
    game: options.GameName,
    set_: options.Parameters = options.NOTHING,
    rule: Annotated[str, told("rule", metavar="RULE")] = default("rule"),
    target: options.Targets = options.NOTHING,
    coupling: Annotated[
        float | None,
        typer.Option(metavar="K", show_default=False, help="Players read each other with this coupling."),
    ] = None,
    low: Annotated[
        float | None, typer.Option(metavar="X", show_default=False, help="Low end of the region, for every number.")
    ] = None,
    high: Annotated[float | None, typer.Option(metavar="X", show_default=False, help="High end of the region.")] = None,
    step_size: options.StepSize = options.STEP_SIZE,
    bound: options.Bound = None,
    resolution: Annotated[float | None, told("resolution", "certify", metavar="SHARE", show_default=False)] = None,
    steps: Annotated[int | None, told("steps", "certify", metavar="T", show_default=False)] = None,
    seconds: Annotated[float, told("seconds", "certify", metavar="S")] = default("seconds", "certify"),
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Write the certificate, for nashscape verify."),
    ] = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Prove which starts end where under exact updates: every start of a cell, for all time.

    The region is one of probabilities of the first actions, by default from 0.05 to 0.95; with a coupling, or with more
    than two actions, of parameters, by default from -3 to 3. Ctrl-C keeps what is proved by then.

    \b
    Examples
      nashscape certify stag-hunt --target CC --save stag-hunt.json
      nashscape certify stag-hunt --rule meta_mapg --resolution 0.002 --out proof/
      nashscape certify prisoners-dilemma --coupling 0.75 --low -2 --high 2 --bound 2
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import InputError, Status, keep_programs

    machine.use_every_core()
    from nashscape.semantics import open_source
    from nashscape.theory import certify as prove

    if (low is None) != (high is None):
        raise InputError("a region has two ends; give --low and --high, or neither")
    chosen = parsing.game(game, set_)
    keep_programs()
    folder = output.folder(out)
    with progress.progress_bar(1) as bar:
        found = prove(
            chosen if coupling is None else open_source(chosen, coupling),
            parsing.rule(rule),
            list(target) or None,
            None if low is None else (low, high),
            step_size=parsing.step_size(step_size),
            projection=parsing.projection(bound),
            resolution=resolution,
            steps=steps,
            seconds=seconds,
            progress=bar,
        )
    if save is not None:
        found.save(save)
    data = _data(found)
    if folder is not None:
        output.write(folder, {"certificate": found.plot()}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(found, save)
    if found.status is Status.INTERRUPTED and seconds > found.curve[-1, 0]:
        raise typer.Exit(INTERRUPTED)


def _data(found: "Certificate") -> dict[str, Any]:
    from nashscape.cli import output

    return {
        "command": "certify",
        "game": found.game,
        "rule": found.rule,
        "coordinates": found.coordinates,
        "region": found.region,
        "certified": {name: found.fraction(name) for name in found.targets},
        "undecided": found.undecided,
        "undecided_by": found.undecided_by,
        "cells": len(found.low),
        "margin": found.margin,
        "curve": found.curve,
        "status": output.status_data(found.status),
        "provenance": found.provenance,
    }


def _print(found: "Certificate", save: Path | None) -> None:
    from nashscape.cli import output

    rows = [[name, f"{found.fraction(name):.4f}"] for name in found.targets]
    why = ", ".join(f"{share:.4f} by {name}" for name, share in found.undecided_by.items() if share > 0)
    screen = output.console()
    output.show(
        screen,
        f"Proved of {found.rule} on {found.game}, {len(found.low)} cells of {found.coordinates}",
        ["ends in", "share of the region", "why undecided"],
        [*([*row, ""] for row in rows), ["undecided", f"{found.undecided:.4f}", why]],
        left=("why undecided",),
    )
    if found.undecided > 0:
        screen.print(found.advice)
    if save is not None:
        screen.print(f"written to {save}; nashscape verify {save} proves it again")
