"""Where on the sliders something changes: closed forms of couplings, and values that were found by steering."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nashscape.app.lines import flat
from nashscape.app.parts import Part
from nashscape.app.places import own_starts
from nashscape.app.players import game_of, how_of, learners_of, rule_of
from nashscape.app.scenes import BOUNDS, RULES, Scene
from nashscape.core import InputError
from nashscape.dynamics import choose_targets
from nashscape.selection import steer
from nashscape.semantics import parametric
from nashscape.theory import symmetric_thresholds, threshold

WANTED = {"half": 0.5, "all": 1.0}
"""The shares of starts that are asked for, by name."""

CELLS = 25
"""Cells for each player on which shares are measured while a value is looked for."""

CLOSED = {
    "cooperation": "κ_C: {since} mutual {0} is first-order stable",
    "defection": "κ_D: {since} mutual {1} is not first-order stable",
    "half": "κ_½: {since} the first step from even odds is towards {0}",
    "global_threshold": "above it every start goes to mutual {0} without bounds; within ±8 others may stay",
}
"""The closed forms of couplings, and what each says of policy gradient, with the names of the actions."""


def closed_marks(scene: Scene) -> Part:
    """Thresholds of the coupling in closed form, of symmetric games of two players with two actions."""
    game = game_of(scene)
    closed = symmetric_thresholds(game)
    # what the other's cooperation is worth where nobody, everybody and half of everybody cooperates
    worth = {
        "defection": closed.T - closed.P, "cooperation": closed.R - closed.S,
        "half": closed.R + closed.T - closed.S - closed.P,
    }  # fmt: skip
    low, high = BOUNDS["coupling"]
    marks = []
    for name, text in CLOSED.items():
        value = getattr(closed, name)
        if value is not None and low <= value <= high:
            since = "up to here" if worth.get(name, 1) < 0 else "from here on"
            said = f"policy gradient, {text.format(*game.actions[0], since=since)}"
            marks.append({"name": name, "value": float(value), "text": said})
    return Part({"coupling": marks})


def index_marks(scene: Scene) -> Part:
    """Couplings at which the first small step from even policies turns."""
    found = threshold(game_of(scene), dial="coupling")
    said = "policy gradient, here the sum of both players' first steps from even odds changes its sign"
    marks = [{"name": "index", "value": float(own.middle), "text": said} for own in found.brackets]
    return Part({"coupling": marks})


def steered_marks(scene: Scene) -> Part:
    """The least subsidy, coupling and λ with which half, and all, of the starts of a grid reach both first actions.

    Each is looked for with everything else as it is on screen, for the first rule that it can change. Whether the
    first actions are an equilibrium is not asked: a subsidy is paid for them, and couplings are said to lead there.
    """
    if scene.batch or not flat(scene):
        raise InputError("least values are looked for where updates are exact, of two players with two actions")
    made = {}
    for name, ends in RANGES.items():
        rule = _rule(scene, name)
        if rule is not None:
            found = {word: _least(scene, name, rule, share, ends) for word, share in WANTED.items()}
            made[name] = {"rule": rule, **found}
    return Part({"marks": made, "target": target_of(scene), "steps": scene.steps})


def target_of(scene: Scene) -> str:
    """The profile of first actions by its name.

    >>> target_of(Scene(game="prisoners_dilemma"))
    'CC'
    """
    return choose_targets(parametric(game_of(scene)), [[own[0] for own in game_of(scene).actions]])[0].name


RANGES = {"subsidy": (0.0, 10.0), "coupling": (0.0, 2.0), "peer": (0.0, 10.0)}
"""Between which values they are looked for."""


def _rule(scene: Scene, name: str) -> str | None:
    """The first rule on screen that a number changes anything of."""
    return next((own for own in scene.rules if name != "peer" or "peer" in RULES[own]), None)


def _least(scene: Scene, name: str, rule: str, share: float, ends: tuple[float, float]) -> dict[str, Any]:
    """The least value with which the share is reached, or why there is none."""
    try:
        found = steer(
            game_of(scene), _changing(scene, name, rule), target_of(scene), at_least=share, low=ends[0], high=ends[1],
            scan=17, tolerance=(ends[1] - ends[0]) / 1024, **_starts(scene, name), **how_of(scene),
        )  # fmt: skip
    except InputError as error:
        return {"value": None, "why": str(error)}
    ends_ = [None, None] if found.bracket is None else [float(own) for own in found.bracket]
    return {"low": ends_[0], "value": ends_[1], "why": found.text}


def _starts(scene: Scene, name: str) -> dict[str, Any]:
    """A grid of strategies, or of parameters where players read each other: not all strategies are theirs."""
    if not scene.coupling and name != "coupling":
        return {"grid": CELLS}
    return {"starts": own_starts(CELLS)}


def _changing(scene: Scene, name: str, rule: str) -> Callable[[float], Any]:
    """From a value to the players and the rule with it."""

    def changed(value: float) -> Any:
        turned: dict[str, Any] = {name: float(value), "rules": (rule,)}
        one = replace(scene, **turned)
        return learners_of(one), rule_of(one, rule)

    changed.__name__ = name  # as texts call what is turned
    return changed
