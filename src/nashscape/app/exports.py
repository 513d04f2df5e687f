"""What a person takes along: the figure on screen, a study file, and the code in Python that gives the same."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nashscape.app.places import HIGH, LOW, SIDE
from nashscape.app.players import game_of, grid_of, how_of, is_map, learners_of, rule_of, rule_text, rules_of
from nashscape.app.scenes import RULES, Scene
from nashscape.core import InputError
from nashscape.learning import schedules
from nashscape.selection import basin_map
from nashscape.studies import Study
from nashscape.studies.toml_texts import study_text

RANDOM = 2000
"""Runs of each rule in a study."""


def figure(scene: Scene, kind: str) -> bytes:
    """The maps as they are in all figures, with their labels followed.

    Args:
        scene: what is on screen.
        kind: "svg" or "png".

    Raises:
        InputError: for scenes that are no maps over a square.
    """
    if not _squared(scene):
        raise InputError("figures are of players with two actions who do not read each other; take the code")
    found = basin_map(learners_of(scene), rules_of(scene), **how_of(scene), **grid_of(scene), audit=False)
    made = io.BytesIO()
    found.plot().savefig(made, format=kind, bbox_inches="tight")
    return made.getvalue()


def study(scene: Scene) -> str:
    """A study of the same players and rules as the text of a file, for `nashscape study run`.

    Its runs start at random, `RANDOM` of each rule, and not at the places of a map.

    Raises:
        InputError: for payoffs that are not those of a named game: studies name their games.
    """
    if scene.payoffs is not None or scene.subsidy:
        raise InputError(
            "a study names its game, and these payoffs are your own; save them with the code, or choose a game by name"
        )
    fixed: dict[str, Any] = {"game": _game_text(scene)}
    if scene.coupling:
        fixed["coupling"] = scene.coupling
    if scene.batch:
        fixed["estimator"] = f"sampled:batch={scene.batch}"
    made = Study(
        "explored",
        about="A scene of the explorer.",
        fixed={**fixed, "steps": scene.steps, "n": RANDOM},
        vary=[{"rule": [rule_text(scene, name) for name in scene.rules]}],
        measure=["outcomes"],
    )
    return study_text(made)


def _game_text(scene: Scene) -> str:
    """The game with its own numbers, as it is typed."""
    numbers = ",".join(f"{name}={value!r}" for name, value in scene.numbers)
    named = scene.game.replace("_", "-")
    return f"{named}:{numbers}" if numbers else named


def code(scene: Scene) -> str:
    """A program in Python that gives what is on screen.

    >>> print(code(Scene(rules=("pg", "peer_only"), schedule="handoff")))
    import nashscape as ns
    <BLANKLINE>
    game = ns.games.by_name("stag_hunt")
    rules = [ns.rule_by_name("pg"), ns.rule_by_name("peer_only", peer=ns.schedules.handoff(1.5, at=40, after=0))]
    maps = ns.basin_map(game, rules, grid=101, steps=140)
    print(maps.table())
    maps.plot().savefig("maps.svg")
    <BLANKLINE>
    """
    numbers = [] if _squared(scene) else ["import numpy as np"]
    lines = [*numbers, "import nashscape as ns", "", *_game_lines(scene)]
    if scene.coupling:
        lines.append(f"game = ns.open_source(game, {scene.coupling!r})")
    lines.append(f"rules = [{', '.join(_rule_line(scene, name) for name in scene.rules)}]")
    return "\n".join([*lines, *_verb_lines(scene), ""])


def _rule_line(scene: Scene, name: str) -> str:
    rule = rule_of(scene, name)
    given = "".join(f", {own}={_value(getattr(rule, own))}" for own in RULES[name])
    return f'ns.rule_by_name("{name}"{given})'


def _value(schedule: Any) -> str:
    return repr(float(schedule.value)) if schedules.is_constant(schedule) else f"ns.{schedule!r}"


def _game_lines(scene: Scene) -> list[str]:
    if scene.payoffs is None and not scene.subsidy:
        kind, _, number = scene.game.partition(":")
        if kind == "ordinal":
            return [f"game = ns.games.topology.ordinal_game({number}).to_dense()"]
        numbers = "".join(f", {name}={value!r}" for name, value in scene.numbers)
        return [f'game = ns.games.by_name("{scene.game}"{numbers})']
    game = game_of(scene)
    payoffs = np.asarray(game.payoffs, np.float64).tolist()
    return [f"game = ns.games.dense({payoffs!r}, actions={game.actions!r})"]


def _verb_lines(scene: Scene) -> list[str]:
    estimator = f", estimator=ns.sampled({scene.batch})" if scene.batch else ""
    if _squared(scene):
        rollouts = ", rollouts=1" if scene.batch else ""
        grid = grid_of(scene)["grid"]
        return [
            f"maps = ns.basin_map(game, rules, grid={grid}, steps={scene.steps}{estimator}{rollouts})",
            "print(maps.table())", 'maps.plot().savefig("maps.svg")',
        ]  # fmt: skip
    return [*_start_lines(scene),
            f"found = ns.entry_probability(game, rules, starts=starts, steps={scene.steps}{estimator})",
            "print(found.table())"]  # fmt: skip


def _start_lines(scene: Scene) -> list[str]:
    """The starts of `own_starts`, and of `alike_starts`, in a program."""
    if scene.coupling:
        cells = grid_of(scene)["grid"]
        return [
            f"own = {LOW} + (np.arange({cells}) + 0.5) / {cells} * ({HIGH} - {LOW})", "theta = np.log(own / (1 - own))",
            "starts = ns.starts.parameters([[one, other] for one in theta for other in theta])",
        ]  # fmt: skip
    return [
        f"whole = [(i, j, {SIDE - 1} - i - j) for i in range({SIDE}) for j in range({SIDE} - i)]",
        f"mixes = (np.array(whole) + 1 / 3) / {SIDE}", "starts = ns.starts.strategies([[own, own] for own in mixes])",
    ]  # fmt: skip


def _squared(scene: Scene) -> bool:
    """Whether maps are over a square of probabilities, or a cube, as those of `basin_map`."""
    return is_map(scene) and not scene.coupling


MADE: Mapping[str, tuple[str, Callable[[Scene], bytes]]] = {
    "svg": ("image/svg+xml", lambda scene: figure(scene, "svg")),
    "png": ("image/png", lambda scene: figure(scene, "png")),
    "toml": ("application/toml", lambda scene: study(scene).encode()),
    "py": ("text/x-python", lambda scene: code(scene).encode()),
}
"""What can be taken along, by the end of a file's name: its type, and what makes it."""
