"""What an environment says of itself."""

from typing import Any

from nashscape.environments.game_rounds import Rounds


def described(rounds: Rounds) -> dict[str, Any]:
    """What does not change while a game is played."""
    return {
        "name": rounds.game.name,
        "render_modes": [],
        "players": rounds.game.players,
        "states": rounds.states,
        "actions": rounds.actions,
        "discount": rounds.discount,
        "horizon": rounds.horizon,
        "limit": rounds.limit,
    }
