"""What the page is told of maps: shares with their intervals, what audits came to, and what labels mean."""

from dataclasses import replace
from typing import Any

import numpy as np

from nashscape.app.players import game_of, rules_of
from nashscape.app.scenes import Scene
from nashscape.core import Estimate, Outcome, label_names
from nashscape.core.outcomes import PASSING
from nashscape.learning import box
from nashscape.learning.schedules import usual_step_size

ADVICE = {
    Outcome.OUT_OF_BUDGET: "Raise the updates of a run.",
    Outcome.SLOW: "Raise the updates of a run by much.",
    Outcome.DIVERGED: "An update would go far beyond the bounds: divide all payoffs by one number.",
    Outcome.NOISY: "Take more plays for each update.",
}
"""What a person can do on the page about a label."""


def game_told(scene: Scene) -> dict[str, Any]:
    """What the page says of the game: its payoffs are those of the name, or of the scene, without the subsidy."""
    game = game_of(replace(scene, subsidy=0.0))
    return {
        "players": list(game.players), "actions": [list(own) for own in game.actions],
        "payoffs": np.asarray(game.payoffs, np.float64).tolist(),
    }  # fmt: skip


def map_told(name: str, found: Any, shown: Any) -> dict[str, Any]:
    """Shares of a rule's runs with their intervals, and what became of those that were continued.

    Args:
        name: the rule.
        found: of `basin_map`, or of `entry_probability`.
        shown: the labels on screen: all of them, or a slice, whose own shares are told, without an interval.
    """
    made: dict[str, Any] = {"rule": name, "status": found.status.value, "shares": _shares(found, np.asarray(shown))}
    if found.audit is not None:
        columns = found.audit.to_columns()
        rows = zip(*(columns[own] for own in ("outcome", "changed", "looked_at", "unfinished")), strict=True)
        made["audit"] = {str(own): [int(number) for number in numbers] for own, *numbers in rows}
    return made


def _shares(found: Any, shown: Any) -> list[dict[str, Any]]:
    if shown.size == np.asarray(found.labels).size:
        share = getattr(found, "fraction", None) or found.probability
        return [{"outcome": own, **_interval(share(own))} for own in found.outcomes()]
    names = label_names(found.targets)
    seen = {names[int(code)]: round(float((shown == code).mean()), 5) for code in np.unique(shown)}
    return [
        {"outcome": own, "value": seen[own], "low": seen[own], "high": seen[own]}
        for own in found.outcomes() if own in seen
    ]  # fmt: skip


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
        return {"kind": outcome.name.lower(), "meaning": outcome.meaning, "advice": ADVICE.get(outcome, "")}
    number, added = divmod(code - Outcome.TARGET, 3)
    if added == 0:
        return {"kind": "target", "number": number, "meaning": Outcome.TARGET.meaning, "advice": ""}
    if added == PASSING:
        meaning = "In the region of the target after the last update; whether it stays is not known."
        return {"kind": "passing", "number": number, "meaning": meaning, "advice": ""}
    return {"kind": "within", "number": number, "meaning": "At rest in the region of the target, not at it.",
            "advice": ""}  # fmt: skip


def rests_on(scene: Scene) -> str:
    """What labels rest on, besides what is on the sliders."""
    which = "every pure profile" if scene.coupling else "the strict pure equilibria"
    sampled = "; one run from each start, chance in every one, and none continued" if scene.batch else ""
    rates = [getattr(rule, "inner_lr", 0) for rule in rules_of(scene)]
    inner = {f"{rate:g}" for rate in rates if rate}
    steps = f"the step of update t is {usual_step_size().written()}" + (f", η {' and '.join(inner)}" if inner else "")
    return (
        f"Targets are {which}, reached where each of their actions has a probability of .82 or more. Parameters stay "
        f"within ±{float(box().high):g}; {steps}{sampled}."
    )
