"""`nashscape certify`: starts of which it is proved where a learning rule takes them."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, RULE, TOLD, typed
from nashscape.core.options import option

if TYPE_CHECKING:
    from nashscape.theory import Certificate


TARGETS = replace(typed(option("target", "certify")), several=True)


@command("Starts of which it is proved where they end.", "certify", *PLAYED, RULE, TARGETS, *TOLD)
def certify(asked: Asked) -> Answer:
    """Prove which starts end where under exact updates: every start of a cell, for all time.

    The region is one of probabilities of the first actions, by default from 0.05
    to 0.95; with a coupling, or with more than two actions, of parameters, by
    default from -3 to 3. Ctrl-C keeps what is proved by then.

    \b
    Examples
      nashscape certify stag-hunt --target CC --save stag-hunt.json
      nashscape certify stag-hunt --rule meta_mapg --resolution 0.002 --out proof/
      nashscape certify prisoners-dilemma --coupling 0.75 --region -2:2 \\
          --projection 2
    """
    from nashscape.cli.progress import progress_bar
    from nashscape.theory import certify as prove

    with progress_bar(1) as bar:
        found = prove(asked.game, asked["rule"], **asked.how, progress=bar)
    return Answer(
        found,
        {"certificate": found.plot},
        lambda: _data(found),
        lambda: _print(found, asked["save"]),
        # time that has run out is no Ctrl-C
        interrupted=found.status.value == "interrupted" and asked["seconds"] > found.curve[-1, 0],
    )


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
