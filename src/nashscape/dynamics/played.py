"""What is played along a path, as named lines for tables and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.games import has_points, has_rows


@dataclass(frozen=True)
class Played:
    """One number that a player chooses, over the times of a path.

    Attributes:
        player: whose, from 0.
        part: which of the player's lines, from 0.
        name: the action, with the state in a game over states; of a continuous game the coordinate.
        values: a probability, or a coordinate, at every time.
    """

    player: int
    part: int
    name: str
    values: npt.NDArray[np.float64]


def played(game: Any, strategies: Sequence[npt.NDArray[np.float64]]) -> list[Played]:
    """The lines of all players: of two actions the probability of the first, of more those of all, in every state.

    Args:
        game: the game, or None where only the strategies are known.
        strategies: one array per player, `[K, a_i]`, `[K, S, a_i]` in a game over states, or points `[K, d_i]`.

    >>> from nashscape import games
    >>> [line.name for line in played(games.stag_hunt(), [np.full((3, 2), 0.5)] * 2)]
    ['C', 'C']
    >>> repeated = games.iterated_prisoners_dilemma()
    >>> [line.name for line in played(repeated, [np.full((3, 5, 2), 0.5)])]
    ['C at the start', 'C in CC', 'C in CD', 'C in DC', 'C in DD']
    """
    lines = []
    for player, own in enumerate(strategies):
        for part, (name, values) in enumerate(_parts(game, player, own)):
            lines.append(Played(player, part, name, values))
    return lines


def _parts(game: Any, player: int, own: npt.NDArray[np.float64]) -> list[tuple[str, npt.NDArray[np.float64]]]:
    if has_points(game):
        return [("x" if own.shape[1] == 1 else f"x {k + 1}", own[:, k]) for k in range(own.shape[1])]
    shown = range(1 if own.shape[-1] == 2 else own.shape[-1])
    actions = getattr(game, "actions", None)
    names = actions[player] if actions else [f"action {k + 1}" for k in range(own.shape[-1])]
    if own.ndim == 2:
        return [(names[a], own[:, a]) for a in shown]
    states = game.rows[player] if has_rows(game) else [f"state {s + 1}" for s in range(own.shape[1])]
    return [(_place(names[a], state, len(states)), own[:, s, a]) for s, state in enumerate(states) for a in shown]


def _place(action: str, state: str, states: int) -> str:
    if states == 1:
        return action
    return f"{action} at the start" if state == "start" else f"{action} in {state}"
