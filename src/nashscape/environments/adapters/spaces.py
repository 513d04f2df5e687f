"""What players see and may do, as spaces of Gymnasium."""

from typing import Any

import numpy as np
from gymnasium import spaces

from nashscape.core import InputError
from nashscape.environments.game_rounds import Rounds, bounds_of


def observations(rounds: Rounds) -> spaces.Discrete:
    """The number of the state."""
    return spaces.Discrete(len(rounds.states))


def actions(rounds: Rounds, player: int) -> spaces.Space[Any]:
    """A player's actions by number, or the points within its bounds, of which the nearest one of its set is played."""
    if rounds.actions is not None:
        return spaces.Discrete(len(rounds.actions[player]))
    low, high = bounds_of(rounds.game, player)
    return spaces.Box(low, high, dtype=np.float64)


def checked(space: spaces.Space[Any], action: Any, player: str) -> Any:
    """An action as rounds take it, a whole number or a point.

    Raises:
        InputError: for what a player cannot do.
    """
    if hasattr(space, "n"):
        if not space.contains(action):
            raise InputError(f"an action of {player} is a whole number from 0 to {space.n - 1}; got {action!r}")
        return int(action)
    own = np.reshape(action, -1).astype(float) if np.ndim(action) < 2 else action
    if not space.contains(own):
        raise InputError(f"an action of {player} is a point of {space}; got {action!r}")
    return own
