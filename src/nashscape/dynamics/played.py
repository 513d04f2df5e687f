"""What is played along a path, as named series for tables and figures."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from nashscape.games import has_points, has_rows

Floats = npt.NDArray[np.float64]


class Path(Protocol):
    """What players choose over time, and what the numbers that they choose are called."""

    @property
    def strategies(self) -> tuple[Floats, ...]: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def choices(self) -> tuple[tuple[str, ...], ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Played:
    """One number that a player chooses, over the times of a path.

    Attributes:
        player: whose, from 0.
        part: which of the player's series, from 0.
        name: the action, with the state in a game over states; of a continuous game the coordinate.
        values: a probability, or a coordinate, at every time.
    """

    player: int
    part: int
    name: str
    values: Floats


def choices_of(game: Any) -> tuple[tuple[str, ...], ...]:
    """What the numbers of every player's strategy are called, one name for each in row-major order.

    >>> from nashscape import games
    >>> choices_of(games.stag_hunt())[0], choices_of(games.tandem())[0]
    (('C', 'D'), ('x',))
    >>> choices_of(games.iterated_prisoners_dilemma())[0][:4]
    ('C at the start', 'D at the start', 'C in CC', 'D in CC')
    """
    return tuple(tuple(_names(game, player, shape)) for player, shape in enumerate(game.strategy_shapes))


def played(path: Path) -> list[Played]:
    """The series of all players: of two actions the probability of the first, of more those of all, in every state.

    Args:
        path: a run or a flow; its strategies are one array per player, `[K, a_i]`, `[K, S, a_i]` in a game over states,
            or points `[K, d_i]`.

    >>> from nashscape import games, pg, simulate
    >>> [own.name for own in played(simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=2))]
    ['C', 'C']
    """
    found = []
    for player, (own, names) in enumerate(zip(path.strategies, path.choices, strict=True)):
        for part, k in enumerate(range(0, len(names), 2 if path.unit == "probability" and own.shape[-1] == 2 else 1)):
            found.append(Played(player, part, names[k], own.reshape(len(own), -1)[:, k]))
    return found


def words_of(game: Any) -> dict[str, Any]:
    """What players, and the numbers that they choose, are called, for a result that is a path."""
    players = getattr(game, "players", ()) or [f"player {k + 1}" for k in range(len(game.strategy_shapes))]
    unit = "coordinate" if has_points(game) else "probability"
    return {"players": tuple(players), "choices": choices_of(game), "unit": unit}


def _names(game: Any, player: int, shape: tuple[int, ...]) -> list[str]:
    if has_points(game):
        return ["x"] if shape == (1,) else [f"x {k + 1}" for k in range(shape[0])]
    actions = getattr(game, "actions", None)
    names = actions[player] if actions else [f"action {k + 1}" for k in range(shape[-1])]
    if len(shape) == 1:
        return list(names)
    states = game.rows[player] if has_rows(game) else [f"state {s + 1}" for s in range(shape[0])]
    return [_place(action, state, len(states)) for state in states for action in names]


def _place(action: str, state: str, states: int) -> str:
    if states == 1:
        return action
    return f"{action} at the start" if state == "start" else f"{action} in {state}"
