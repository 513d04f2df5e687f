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
        "rules": [_rule(name) for name in RULES],
        "schedules": list(SCHEDULES),
        "bounds": {name: list(ends) for name, ends in BOUNDS.items()},
        "usual": {**_usual(), "payoffs": None},
    }


TITLES = {
    "pg": "policy gradient", "meta_pg": "Meta-PG, own-learning", "peer_only": "peer-learning", "meta_mapg": "Meta-MAPG",
    "lookahead": "LookAhead", "lola": "LOLA", "sos": "SOS", "consensus": "consensus optimisation",
    "sga": "symplectic gradient adjustment",
}  # fmt: skip
"""What the rules are called."""


def _rule(name: str) -> dict[str, Any]:
    return {"name": name, "title": TITLES[name], "coefficients": list(RULES[name]), "formula": _formula(name)}


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
