"""Players' names as libraries of agents want them."""

from collections.abc import Sequence


def agent_names(players: Sequence[str]) -> list[str]:
    """Players' names with "_" for spaces, "player_1", where they stay different names."""
    made = [name.replace(" ", "_") for name in players]
    return made if len(set(made)) == len(made) else list(players)
