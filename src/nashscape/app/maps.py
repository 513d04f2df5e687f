"""Where runs end, as bytes for the page: a label for every start of a square, a slice, or a triangle."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nashscape.app.parts import Part
from nashscape.app.places import HIGH, LOW, SIDE, alike_starts, own_starts
from nashscape.app.players import grid_of, how_of, is_map, learners_of, named_game, players_in, rules_of
from nashscape.app.scenes import RULES, Scene
from nashscape.app.told import codes_told, game_told, map_told, rests_on
from nashscape.core import InputError
from nashscape.dynamics import Settling
from nashscape.selection import basin_map, entry_probability

AUDITED = 16
"""Runs of every label that are continued to see what becomes of them."""


def quick_map(scene: Scene) -> Part:
    """Labels of all starts after the last update: which region each run is in, wherever it goes from there."""
    return _mapped(scene, followed=False, settling=Settling(follow=False), audit=False)


def followed_map(scene: Scene) -> Part:
    """Labels of all starts that say where each run is going; docs/endings.md has what each claims."""
    return _mapped(scene, followed=True, audit=False if scene.batch else AUDITED)


def _mapped(scene: Scene, *, followed: bool, **how: Any) -> Part:
    make = _square if is_map(scene) and not scene.coupling else _coupled if is_map(scene) else _triangle
    found, shown, shape = make(scene, {**how_of(scene), **how})
    every = list(found.values())
    frozen = [name for name in scene.rules if "peer" in RULES[name]]
    told = {
        **shape,
        "game": game_told(scene),
        "followed": followed,
        "exact": not scene.batch,
        "frozen": frozen if followed and scene.schedule == "decay" else [],
        "rests": rests_on(scene),
        "targets": list(every[0].targets),
        "codes": codes_told(every[0].targets, shown),
        "maps": [map_told(*one, own) for one, own in zip(found.items(), shown, strict=True)],
        "seconds": sum(one.provenance.run_seconds for one in every),
    }
    return Part(told, b"".join(np.ascontiguousarray(own, np.int8).tobytes() for own in shown))


Mapped = tuple[Mapping[str, Any], list[Any], dict[str, Any]]
"""What was found for each rule, the labels that are shown of each, and where they are."""


def _square(scene: Scene, how: dict[str, Any]) -> Mapped:
    """Maps over the square of both players' probabilities, of three players in the slice of the third."""
    found = basin_map(learners_of(scene), rules_of(scene), **how, **grid_of(scene))
    first = next(iter(found.values()))
    axis = np.asarray(first.axis)
    shape = {"shape": "square", "side": len(axis), "low": first.limits[0], "high": first.limits[1]}
    if players_in(scene) != 3:
        return found, [one.labels[0] for one in found.values()], shape
    k = int(np.abs(axis - scene.third).argmin())
    return found, [one.labels[0, :, :, k] for one in found.values()], {**shape, "third": float(axis[k])}


def _coupled(scene: Scene, how: dict[str, Any]) -> Mapped:
    """Players who read each other, over a grid of their own parameters: what each would play if it read nobody.

    Not every pair of strategies can be played by such players, but every pair of parameters can be theirs.
    """
    if players_in(scene) != 2:
        raise InputError("maps of players who read each other are of two players; set the coupling to 0")
    side = grid_of(scene)["grid"]
    found = entry_probability(learners_of(scene), rules_of(scene), starts=own_starts(side), **how)
    shape = {"shape": "square", "side": side, "low": LOW, "high": HIGH, "own": True}
    return found, [one.labels.reshape(side, side) for one in found.values()], shape


def _triangle(scene: Scene, how: dict[str, Any]) -> Mapped:
    """Both players start with the same mixed strategy, a point of the triangle of three actions."""
    if [len(own) for own in named_game(scene.game).actions] != [3, 3]:
        raise InputError("maps are of two actions each, and of two players with three actions each")
    found = entry_probability(learners_of(scene), rules_of(scene), starts=alike_starts(), **how)
    return found, [one.labels for one in found.values()], {"shape": "triangle", "side": SIDE}
