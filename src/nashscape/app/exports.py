"""What a person takes along: the figure on screen, a study file, and the code in Python that gives the same."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nashscape.app.maps import own_axis
from nashscape.app.players import EXPONENT, game_of, grid_of, how_of, is_map, learners_of, rules_of
from nashscape.app.scenes import RULES, Scene
from nashscape.core import InputError
from nashscape.selection import basin_map
from nashscape.studies import Study
from nashscape.studies.toml_texts import study_text


def figure(scene: Scene, kind: str) -> bytes:
    """The maps as they are in all figures, with their labels followed.

    Args:
        scene: what is on screen.
        kind: "svg" or "png".

    Raises:
        InputError: for scenes that are no maps over a square.
    """
    import matplotlib as mpl

    mpl.use("Agg", force=False)
    if scene.coupling or not is_map(scene):
        raise InputError("figures are of players with two actions who do not read each other; take the code")
    found = basin_map(learners_of(scene), rules_of(scene), **how_of(scene), **grid_of(scene), audit=False)
    made = io.BytesIO()
    found.plot().savefig(made, format=kind, bbox_inches="tight")
    return made.getvalue()


def study(scene: Scene) -> str:
    """A study of the same runs as the text of a file, for `nashscape study run`.

    Raises:
        InputError: for payoffs that are not those of a named game: studies name their games.
    """
    if scene.payoffs is not None or scene.subsidy:
        raise InputError(
            "a study names its game, and these payoffs are your own; save them with the code, or choose a game by name"
        )
    fixed: dict[str, Any] = {"game": scene.game.replace("_", "-") if ":" not in scene.game else scene.game}
    if scene.coupling:
        fixed["coupling"] = scene.coupling
    if scene.batch:
        fixed["estimator"] = f"sampled:batch={scene.batch}"
    made = Study(
        "explored",
        about="A scene of the explorer.",
        fixed={**fixed, "steps": scene.steps, "n": 2000},
        vary=[{"rule": [rule_text(scene, name) for name in scene.rules]}],
        measure=["outcomes"],
    )
    return study_text(made)


def rule_text(scene: Scene, name: str) -> str:
    """A rule with its coefficients, as it is typed.

    >>> rule_text(Scene(schedule="handoff"), "meta_mapg")
    'meta_mapg:own=0.35,peer=handoff(1.5,at=40)'
    """
    peers = {
        "constant": f"{scene.peer:g}",
        "handoff": f"handoff({scene.peer:g},at={scene.until})",
        "decay": f"{scene.peer:g}/(t+1)^{EXPONENT:g}",
    }
    numbers = {"own": f"{scene.own:g}", "lookahead": f"{scene.lookahead:g}", "peer": peers[scene.schedule]}
    given = ",".join(f"{own}={numbers[own]}" for own in RULES[name])
    return f"{name}:{given}" if given else name


def code(scene: Scene) -> str:
    """A program in Python that gives what is on screen.

    >>> print(code(Scene(rules=("pg", "peer_only"), schedule="handoff")))
    import nashscape as ns
    <BLANKLINE>
    game = ns.games.by_name("stag_hunt")
    rules = [ns.rule_by_name("pg"), ns.rule_by_name("peer_only", peer=ns.schedules.handoff(1.5, at=40))]
    maps = ns.basin_map(game, rules, grid=101, steps=140)
    print(maps.table())
    maps.plot().savefig("maps.svg")
    <BLANKLINE>
    """
    lines = ["import nashscape as ns", "", *_game_lines(scene)]
    if scene.coupling:
        lines.append(f"game = ns.open_source(game, {scene.coupling!r})")
    lines.append(f"rules = [{', '.join(_rule_line(scene, name) for name in scene.rules)}]")
    return "\n".join([*lines, *_verb_lines(scene), ""])


def _rule_line(scene: Scene, name: str) -> str:
    peers = {
        "constant": repr(scene.peer),
        "handoff": f"ns.schedules.handoff({scene.peer!r}, at={scene.until})",
        "decay": f"ns.schedules.power({scene.peer!r}, offset=1, exponent={EXPONENT!r})",
    }
    numbers = {"own": repr(scene.own), "lookahead": repr(scene.lookahead), "peer": peers[scene.schedule]}
    given = "".join(f", {own}={numbers[own]}" for own in RULES[name])
    return f'ns.rule_by_name("{name}"{given})'


def _game_lines(scene: Scene) -> list[str]:
    if scene.payoffs is None and not scene.subsidy:
        kind, _, number = scene.game.partition(":")
        if kind == "ordinal":
            return [f"game = ns.games.topology.ordinal_game({number}).to_dense()"]
        return [f"game = ns.games.by_name({scene.game!r})".replace("'", '"')]
    game = game_of(scene)
    payoffs = np.asarray(game.payoffs, np.float64).tolist()
    return [f"game = ns.games.dense({payoffs!r}, actions={game.actions!r})"]


def _verb_lines(scene: Scene) -> list[str]:
    estimator = f", estimator=ns.sampled({scene.batch})" if scene.batch else ""
    if is_map(scene) and not scene.coupling:
        rollouts = ", rollouts=1" if scene.batch else ""
        grid = grid_of(scene)["grid"]
        return [
            f"maps = ns.basin_map(game, rules, grid={grid}, steps={scene.steps}{estimator}{rollouts})",
            "print(maps.table())", 'maps.plot().savefig("maps.svg")',
        ]  # fmt: skip
    if scene.coupling:
        begin = [
            "import numpy as np", f"own = np.linspace(*{_ends(grid_of(scene)['grid'])}, {grid_of(scene)['grid']})",
            "theta = np.log(own / (1 - own))",
            "starts = ns.starts.parameters([[one, other] for one in theta for other in theta])",
        ]  # fmt: skip
    else:
        begin = ["starts = ns.starts.uniform_strategies()"]
    return [*begin, f"found = ns.entry_probability(game, rules, starts=starts, steps={scene.steps}{estimator})",
            "print(found.table())"]  # fmt: skip


def _ends(cells: int) -> tuple[float, float]:
    axis = own_axis(cells)
    return round(float(axis[0]), 10), round(float(axis[-1]), 10)


MADE: Mapping[str, tuple[str, Callable[[Scene], bytes]]] = {
    "svg": ("image/svg+xml", lambda scene: figure(scene, "svg")),
    "png": ("image/png", lambda scene: figure(scene, "png")),
    "toml": ("application/toml", lambda scene: study(scene).encode()),
    "py": ("text/x-python", lambda scene: code(scene).encode()),
}
"""What can be taken along, by the end of a file's name: its type, and what makes it."""
