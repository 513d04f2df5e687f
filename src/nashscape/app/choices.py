"""What can be chosen on the page: games with their payoffs, rules, and the bounds of numbers."""

import inspect
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np

from nashscape import games
from nashscape.app.players import named_game
from nashscape.app.scenes import BOUNDS, FAMILIES, GAMES, RULES, SCHEDULES, WHOLE, Scene
from nashscape.games.topology import all_games
from nashscape.learning import rule_by_name
from nashscape.learning.rule_texts import formula_of


@cache
def choices() -> dict[str, Any]:
    """All of it, as plain data."""
    return {
        "games": [_game(name) for name in GAMES],
        "ordinal": [_ordinal(one) for one in all_games()],
        "rules": [_rule(name) for name in RULES],
        "schedules": list(SCHEDULES),
        "bounds": {name: list(ends) for name, ends in BOUNDS.items()},
        "usual": {**asdict(Scene()), "numbers": {}},
    }


TITLES = {
    "pg": "policy gradient", "meta_pg": "Meta-PG, own-learning", "peer_only": "peer-learning", "meta_mapg": "Meta-MAPG",
    "lookahead": "LookAhead", "lola": "LOLA", "sos": "SOS", "consensus": "consensus optimisation",
    "sga": "symplectic gradient adjustment",
}  # fmt: skip
"""What the rules are called."""


def _ordinal(game: Any) -> dict[str, Any]:
    title = f"{game.number} {game.name}"
    return {"name": f"ordinal:{game.number}", "title": title, "equilibria": len(game.equilibria)}


def _rule(name: str) -> dict[str, Any]:
    return {"name": name, "title": TITLES[name], "coefficients": list(RULES[name]), "formula": _formula(name)}


def _game(name: str) -> dict[str, Any]:
    game = named_game(name)
    return {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "players": list(game.players),
        "actions": [list(own) for own in game.actions],
        "payoffs": np.asarray(game.payoffs, float).tolist(),
        "numbers": _numbers(name),
    }


def _numbers(name: str) -> list[dict[str, Any]]:
    """The numbers of a game, with what they are as usual and between which they may be."""
    usual = inspect.signature(getattr(games, name)).parameters
    return [
        {"name": own, "usual": usual[own].default, "low": low, "high": high, "whole": own in WHOLE}
        for own, (low, high) in FAMILIES.get(name, {}).items()
    ]


def _formula(name: str) -> str:
    try:
        return formula_of(rule_by_name(name))
    except AttributeError:
        return ""
