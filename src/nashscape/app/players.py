"""From a scene to what the library takes: its game, the players, their rules, and how they are run."""

from functools import lru_cache
from typing import Any

import numpy as np

from nashscape.app.scenes import RULES, Scene
from nashscape.core import InputError
from nashscape.games import DenseGame, by_name, dense
from nashscape.games.topology import ordinal_game
from nashscape.learning import Rule, exact, sampled
from nashscape.learning.from_texts import rule_from_text
from nashscape.semantics import open_source

NOISY_GRID = 25
"""Cells for each player where updates are sampled, which takes fifty times as long."""

EXPONENT = 0.6
"""Of a peer coefficient that falls."""


@lru_cache(64)
def named_game(name: str, numbers: tuple[tuple[str, float], ...] = ()) -> DenseGame:
    """The game of a name, and its own numbers where it has such, as a table of payoffs."""
    kind, _, number = name.partition(":")
    made: Any = ordinal_game(int(number)) if kind == "ordinal" else by_name(name, **dict(numbers))
    return made.to_dense() if hasattr(made, "to_dense") else made


def game_of(scene: Scene) -> DenseGame:
    """The game that is played: payoffs of the scene in place of those of its name and numbers, and the subsidy.

        u_i'(a) = u_i(a) + s·[a_i = 1]

    Raises:
        InputError: for payoffs that do not fit the players and actions of the game.
    """
    game = named_game(scene.game, scene.numbers)
    paid = np.asarray(game.payoffs, np.float64)
    if scene.payoffs is not None:
        given = _table(scene.payoffs)
        if given.shape != paid.shape:
            raise InputError(f"the payoffs of {game.name} have the shape {list(paid.shape)}; got {list(given.shape)}")
        paid = given
    if scene.payoffs is None and not scene.subsidy:
        return game
    paid = np.array(paid)
    for i in range(len(paid)):
        np.moveaxis(paid[i], i, 0)[0] += scene.subsidy
    return dense(paid, actions=game.actions, players=game.players, name="this game")


def _table(payoffs: Any) -> Any:
    try:
        return np.asarray(payoffs, np.float64)
    except ValueError:
        raise InputError("payoffs have the same number of actions in every row; these do not") from None


def learners_of(scene: Scene) -> Any:
    """The players: of the game, and where there is a coupling such as read each other.

    Raises:
        InputError: for a coupling in a game in which players have different numbers of actions.
    """
    game = game_of(scene)
    return open_source(game, scene.coupling) if scene.coupling else game


def rules_of(scene: Scene) -> list[Rule]:
    """The rules with the coefficients of the scene, in order."""
    return [rule_of(scene, name) for name in scene.rules]


def rule_of(scene: Scene, name: str) -> Rule:
    """One of them."""
    return rule_from_text(rule_text(scene, name))


def rule_text(scene: Scene, name: str) -> str:
    """A rule with its coefficients, as it is typed.

    >>> rule_text(Scene(schedule="handoff"), "meta_mapg")
    'meta_mapg:own=0.35,peer=handoff(1.5,at=40)'
    """
    peers = {
        "constant": f"{scene.peer!r}",
        "handoff": f"handoff({scene.peer!r},at={scene.until})",
        "decay": f"{scene.peer!r}/(t+1)^{EXPONENT!r}",
    }
    numbers = {"own": repr(scene.own), "lookahead": repr(scene.lookahead), "peer": peers[scene.schedule]}
    given = ",".join(f"{own}={numbers[own]}" for own in RULES[name])
    return f"{name}:{given}" if given else name


def changes(scene: Scene) -> bool:
    """Whether a coefficient of a rule on screen changes during a run."""
    return scene.schedule != "constant" and any("peer" in RULES[name] for name in scene.rules)


def how_of(scene: Scene) -> dict[str, Any]:
    """How runs are made, as the verbs of the library take it."""
    return {"steps": scene.steps, "estimator": sampled(scene.batch) if scene.batch else exact()}


def grid_of(scene: Scene) -> dict[str, Any]:
    """Cells for each player: fewer where there are three, and where updates are sampled."""
    cells = min(scene.grid, NOISY_GRID) if scene.batch else scene.grid
    if players_in(scene) == 3:
        cells = min(cells, 31)
    return {"grid": cells, "rollouts": 1}


def players_in(scene: Scene) -> int:
    """How many play."""
    return len(named_game(scene.game).players)


def is_map(scene: Scene) -> bool:
    """Whether starts lie on a square or in a cube: every player has two actions."""
    return all(len(own) == 2 for own in named_game(scene.game).actions)
