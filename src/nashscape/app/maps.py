"""Where runs end, as bytes for the page: a label for every start, and what labels mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.app.players import (
    game_of,
    grid_of,
    how_of,
    is_map,
    learners_of,
    named_game,
    players_in,
    quickly,
    rules_of,
)
from nashscape.app.scenes import Scene
from nashscape.core import Estimate, InputError, Outcome, label_names
from nashscape.core.outcomes import PASSING
from nashscape.dynamics import Settling, starts
from nashscape.dynamics.runs import Runs
from nashscape.selection import basin_map, entry_probability

SIDE = 40
"""Points along each side of a triangle of mixed strategies."""

LOW, HIGH = 0.05, 0.95
"""The ends of maps, as `basin_map` has them."""

AUDITED = 16
"""Runs of every label that are continued to see what becomes of them."""


@dataclass(frozen=True)
class Part:
    """What is computed of a scene.

    Attributes:
        told: plain data.
        labels: bytes that go with it, such as labels of starts.
    """

    told: dict[str, Any]
    labels: bytes = b""

    def header(self) -> dict[str, Any]:
        """What a page is told."""
        return {"told": self.told}


def quick_map(scene: Scene) -> Part:
    """Labels of all starts after the last update: which region each run is in, wherever it goes from there."""
    if not is_map(scene):
        how = {**how_of(scene), "settling": Settling(follow=False), "audit": False}
        return _triangle(scene, how, followed=False)
    if scene.coupling:
        return _coupled(scene, {**how_of(scene), "settling": Settling(follow=False), "audit": False}, followed=False)
    found = basin_map(learners_of(scene), rules_of(scene), **quickly(scene))
    return _square(scene, found, followed=False)


def followed_map(scene: Scene) -> Part:
    """Labels of all starts that say where each run is going; see THEORY of labels in the documentation."""
    audit = AUDITED if not scene.batch else False
    if not is_map(scene):
        return _triangle(scene, {**how_of(scene), "audit": audit}, followed=True)
    if scene.coupling:
        return _coupled(scene, {**how_of(scene), "audit": audit}, followed=True)
    found = basin_map(learners_of(scene), rules_of(scene), **how_of(scene), **grid_of(scene), audit=audit)
    return _square(scene, found, followed=True)


def _coupled(scene: Scene, how: dict[str, Any], *, followed: bool) -> Part:
    """Players who read each other, over a grid of their own parameters: what each would play if it read nobody.

    Not every pair of strategies can be played by such players, but every pair of parameters can be theirs.
    """
    if players_in(scene) != 2:
        raise InputError("maps of players who read each other are of two players; set the coupling to 0")
    axis = own_axis(grid_of(scene)["grid"])
    theta = np.log(axis / (1 - axis))
    begin = starts.parameters([[one, other] for one in theta for other in theta])
    found = entry_probability(learners_of(scene), rules_of(scene), starts=begin, **how)
    side = len(axis)
    shape = {"shape": "square", "side": side, "low": LOW, "high": HIGH, "own": True}
    shown = [one.labels.reshape(side, side) for one in found.values()]
    return _part(scene, found, shown, shape, followed=followed)


def own_axis(cells: int) -> npt.NDArray[np.float64]:
    """The centres of so many cells between the ends of maps, `[cells]`."""
    return np.asarray(LOW + (np.arange(cells) + 0.5) / cells * (HIGH - LOW))


def _square(scene: Scene, found: Mapping[str, Any], *, followed: bool) -> Part:
    """Maps over the square of both players' probabilities, of three players in the slice of the third."""
    first = next(iter(found.values()))
    axis = np.asarray(first.axis)
    three = players_in(scene) == 3
    k = int(np.abs(axis - scene.third).argmin())
    shown = [one.labels[0, :, :, k] if three else one.labels[0] for one in found.values()]
    shape = {"shape": "square", "side": len(axis), "low": first.limits[0], "high": first.limits[1]}
    if three:
        shape["third"] = float(axis[k])
    return _part(scene, found, shown, shape, followed=followed)


def _triangle(scene: Scene, how: dict[str, Any], *, followed: bool) -> Part:
    """Both players start with the same mixed strategy, a point of the triangle of three actions."""
    mixes = corners_apart(SIDE)
    if len(named_game(scene.game).actions[0]) != 3:
        raise InputError("maps are of two actions, and of two players with three actions each")
    begin = starts.strategies([[own, own] for own in mixes])
    found = entry_probability(learners_of(scene), rules_of(scene), starts=begin, **how)
    return _part(scene, found, [one.labels for one in found.values()], {"shape": "triangle", "side": SIDE},
                 followed=followed)  # fmt: skip


def corners_apart(side: int) -> npt.NDArray[np.float64]:
    """The middles of equal triangles that fill the simplex of three actions, base down, `[side (side + 1)/2, 3]`.

    >>> corners_apart(2).round(3).tolist()
    [[0.167, 0.167, 0.667], [0.167, 0.667, 0.167], [0.667, 0.167, 0.167]]
    """
    whole = [(i, j, side - 1 - i - j) for i in range(side) for j in range(side - i)]
    return (np.array(whole, float) + 1 / 3) / side


def _part(scene: Scene, found: Mapping[str, Any], shown: list[Any], shape: dict[str, Any], *, followed: bool) -> Part:
    every = list(found.values())
    told = {
        **shape,
        "game": _game(scene),
        "followed": followed,
        "exact": not scene.batch,
        "targets": list(every[0].targets),
        "codes": codes_of(every, shown),
        "maps": [_summary(name, one) for name, one in found.items()],
        "seconds": sum(one.provenance.run_seconds for one in every),
    }
    return Part(told, b"".join(np.ascontiguousarray(own, np.int8).tobytes() for own in shown))


def _game(scene: Scene) -> dict[str, Any]:
    """What the page says of the game: its payoffs are those of the name, or of the scene, without the subsidy."""
    game = game_of(replace(scene, subsidy=0.0))
    return {
        "players": list(game.players), "actions": [list(own) for own in game.actions],
        "payoffs": np.asarray(game.payoffs, np.float64).tolist(),
    }  # fmt: skip


def _summary(name: str, found: Any) -> dict[str, Any]:
    """Shares with their intervals, and what became of runs that were continued."""
    shares = {own: _share(found, own) for own in found.outcomes()}
    made: dict[str, Any] = {
        "rule": name,
        "status": found.status.value,
        "shares": [{"outcome": own, **_interval(one)} for own, one in shares.items()],
        "inside": [{"target": own, **_interval(one)} for own, one in _inside(found).items()],
    }
    if found.audit is not None:
        made["audit"] = {own.outcome: [own.changed, own.continued] for own in audited(found.audit)}
    return made


def _share(found: Any, outcome: str) -> Estimate:
    return found.fraction(outcome) if hasattr(found, "fraction") else found.probability(outcome)


def _inside(found: Any) -> dict[str, Estimate]:
    """The share in the region of each target after the last update."""
    return {name: found.at_step(name) for name in found.targets}


@dataclass(frozen=True)
class Audited:
    """Of the runs with a label so many were continued, of which so many were found elsewhere."""

    outcome: str
    changed: int
    continued: int


def audited(audit: Any) -> Iterable[Audited]:
    """What an audit of labels came to, label by label."""
    columns = audit.to_columns()
    rows = zip(columns["outcome"], columns["changed"], columns["looked_at"], strict=True)
    return [Audited(str(label), int(changed), int(continued)) for label, changed, continued in rows]


def _interval(one: Estimate) -> dict[str, Any]:
    return {"value": round(one.value, 5), "low": round(one.low, 5), "high": round(one.high, 5)}


def codes_of(found: list[Runs], shown: list[Any]) -> dict[str, dict[str, Any]]:
    """What the labels that are seen mean: a name, the number of its target if it has one, how sure, and what helps."""
    names = label_names(found[0].targets)
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
