"""What the page is told of maps: shares with their intervals, what audits came to, and what labels mean."""

from dataclasses import replace
from typing import Any

import numpy as np

from nashscape.app.players import game_of
from nashscape.app.scenes import Scene
from nashscape.core import Estimate, Outcome, label_names
from nashscape.core.outcomes import PASSING


def game_told(scene: Scene) -> dict[str, Any]:
    """What the page says of the game: its payoffs are those of the name, or of the scene, without the subsidy."""
    game = game_of(replace(scene, subsidy=0.0))
    return {
        "players": list(game.players), "actions": [list(own) for own in game.actions],
        "payoffs": np.asarray(game.payoffs, np.float64).tolist(),
    }  # fmt: skip


def map_told(name: str, found: Any) -> dict[str, Any]:
    """Shares of a rule's runs with their intervals, and what became of those that were continued.

    Args:
        name: the rule.
        found: of `basin_map`, or of `entry_probability`.
    """
    share = getattr(found, "fraction", None) or found.probability
    made: dict[str, Any] = {
        "rule": name,
        "status": found.status.value,
        "shares": [{"outcome": own, **_interval(share(own))} for own in found.outcomes()],
        "inside": [{"target": own, **_interval(found.at_step(own))} for own in found.targets],
    }
    if found.audit is not None:
        columns = found.audit.to_columns()
        rows = zip(columns["outcome"], columns["changed"], columns["looked_at"], strict=True)
        made["audit"] = {str(own): [int(changed), int(continued)] for own, changed, continued in rows}
    return made


def _interval(one: Estimate) -> dict[str, Any]:
    return {"value": round(one.value, 5), "low": round(one.low, 5), "high": round(one.high, 5)}


def codes_told(targets: list[str], shown: list[Any]) -> dict[str, dict[str, Any]]:
    """What the labels that are seen mean: a name, the number of its target if it has one, how sure, and what helps."""
    names = label_names(targets)
    seen = sorted({int(code) for own in shown for code in np.unique(own)})
    return {str(code): {"name": names[code], **_kind(code)} for code in seen}


def _kind(code: int) -> dict[str, Any]:
    if code < Outcome.TARGET:
        (outcome,) = (own for own in Outcome if own.value == code)
        return {"kind": outcome.name.lower(), "meaning": outcome.meaning, "advice": outcome.advice}
    number, added = divmod(code - Outcome.TARGET, 3)
    if added == 0:
        return {"kind": "target", "number": number, "meaning": Outcome.TARGET.meaning, "advice": ""}
    if added == PASSING:
        meaning = "In the region of the target after the last update; whether it stays is not known."
        return {"kind": "passing", "number": number, "meaning": meaning, "advice": ""}
    return {"kind": "within", "number": number, "meaning": "At rest in the region of the target, not at it.",
            "advice": ""}  # fmt: skip
