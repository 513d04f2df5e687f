"""What is proved of a scene: the certified part of the square, and which corners are program equilibria."""

from typing import Any

import numpy as np

from nashscape.app.lines import flat
from nashscape.app.parts import Part
from nashscape.app.players import game_of, rules_of
from nashscape.app.scenes import Scene
from nashscape.core import InputError
from nashscape.proofs import certify
from nashscape.semantics import open_source
from nashscape.theory import program_equilibria

SECONDS = 4.0
"""How long cells are followed for each rule."""

FINEST = 1 / 96
"""The least side of a cell of a proof, as a share of the square's."""


MOST = 30
"""Profiles of a table of programs that are told."""


def certified_of(scene: Scene) -> Part:
    """The cells of the square of which it is proved where all their starts lead, for each rule."""
    if scene.batch or scene.coupling or not flat(scene):
        raise InputError("proofs are of exact updates of two players with two actions who do not read each other")
    return Part({"proofs": {rule.name: _certified(scene, rule) for rule in rules_of(scene)}})


def _certified(scene: Scene, rule: Any) -> dict[str, Any]:
    try:
        found = certify(game_of(scene), rule, seconds=SECONDS, resolution=FINEST)
    except InputError as error:
        return {"none": str(error)}
    names = [trap.target for trap in found.traps]
    cells = np.concatenate([found.low, found.high], axis=1).round(5)
    proved = [[*map(float, cell), names[k]] for cell, k in zip(cells, found.trap.tolist(), strict=True) if k >= 0]
    undecided = {why: round(share, 4) for why, share in found.undecided_by.items() if share}
    return {"cells": proved, "shares": {name: round(found.fraction(name), 4) for name in found.targets},
            "undecided": undecided, "status": found.status.value}  # fmt: skip


def programs_of(scene: Scene) -> Part:
    """Program equilibria of players who read each other, and the best deviation from what is none."""
    if not flat(scene):
        raise InputError("program equilibria are looked for among two players with two actions")
    found = program_equilibria(open_source(game_of(scene), scene.coupling))
    return Part({
        "bound": float(found.bound),
        "epsilon": float(found.epsilon),
        "profiles": [_program(one) for one in (*found.equilibria, *found.rejected)[:MOST]],
        "more": max(0, len(found.equilibria) + len(found.rejected) - MOST),
    })  # fmt: skip


def _program(one: Any) -> dict[str, Any]:
    return {
        "name": one.name or "mixed", "kind": one.kind, "verdict": one.verdict,
        "gain": [float(end) for end in one.gain], "attracting": bool(one.attracting),
        "first": [round(float(own[0]), 4) for own in one.strategies],
        "theta": [round(float(own), 3) for own in one.theta],
        "payoffs": [float(own) for own in one.utilities],
    }  # fmt: skip
