"""What can be chosen on the page: games with their payoffs, rules, and the bounds of numbers."""

from functools import cache
from typing import Any

import numpy as np

from nashscape.app.players import named_game
from nashscape.app.scenes import BOUNDS, GAMES, RULES, SCHEDULES, Scene
from nashscape.games.topology import all_games
from nashscape.learning import rule_by_name
from nashscape.learning.rule_texts import formula_of


@cache
def choices() -> dict[str, Any]:
    """All of it, as plain data."""
    return {
        "games": [_game(name) for name in GAMES],
        "ordinal": [{"name": f"ordinal:{one.number}", "title": f"{one.number} {one.name}"} for one in all_games()],
        "rules": [{"name": name, "coefficients": list(own), "formula": _formula(name)} for name, own in RULES.items()],
        "schedules": list(SCHEDULES),
        "bounds": {name: list(ends) for name, ends in BOUNDS.items()},
        "usual": {**_usual(), "payoffs": None},
    }


def _usual() -> dict[str, Any]:
    scene = Scene()
    return {name: getattr(scene, name) for name in scene.__dataclass_fields__}


def _game(name: str) -> dict[str, Any]:
    game = named_game(name)
    return {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "players": list(game.players),
        "actions": [list(own) for own in game.actions],
        "payoffs": np.asarray(game.payoffs, float).tolist(),
    }


def _formula(name: str) -> str:
    try:
        return formula_of(rule_by_name(name))
    except AttributeError:
        return ""
