"""Players, actions and pure profiles by name, for every game whose players and actions have names."""

import math
import operator
import re
from collections.abc import Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Protocol

from nashscape.core import InputError, unknown
from nashscape.core.calls import public

if TYPE_CHECKING:
    from nashscape.games.protocol import FiniteGame, Game, Rows


class Named(Protocol):
    """A game with names for what it is, its players and their actions."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def players(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def actions(self) -> tuple[tuple[str, ...], ...]: ...  # noqa: D102


@public()
def player_index(game: "Game | FiniteGame | Named", player: int | str) -> int:
    """The index of a player given by index or name.

    Raises `InputError` when there is no such player.
    """
    if isinstance(player, str):
        if player not in game.players:
            raise unknown("player", player, game.players)
        return game.players.index(player)
    return _index(player, len(game.players), "player")


def action_index(game: Named, player: int | str, action: int | str) -> int:
    """The index of a player's action given by index or name.

    Raises `InputError` when there is no such player or action.
    """
    index = player_index(game, player)
    names = game.actions[index]
    if isinstance(action, str):
        if action not in names:
            raise unknown(f"action of {game.players[index]}", action, names)
        return names.index(action)
    return _index(action, len(names), f"action of {game.players[index]}")


def pure_profile(game: Named, value: str | Sequence[int | str]) -> tuple[int, ...]:
    """A pure profile as action indices, from "CC", "C,D", "Left/Right", ("C", "D") or (0, 1).

    Raises `InputError` when `value` is not a profile of this game.
    """
    parts = _parts(game, value)
    if parts is not None and len(parts) == len(game.actions):
        try:
            return tuple(action_index(game, player, part) for player, part in enumerate(parts))
        except InputError as error:
            raise InputError(f"{_no_profile(game, value)} ({error})") from error
    raise InputError(_no_profile(game, value))


def profile_name(game: Named, profile: Sequence[int]) -> str:
    """The name of a pure profile given by action indices, which `pure_profile` reads back.

    It is "CD" where all actions of the game have one-character names, else "Left/Right".
    """
    names = (game.actions[i][action_index(game, i, action)] for i, action in enumerate(profile))
    return ("" if _short_names(game) else "/").join(names)


def row_profile(game: "Rows", value: Any) -> tuple[tuple[int, ...], ...]:
    """One action index for each row of each player, from "left right/up", (("left", "right"), "up") or indices.

    A player with a single action plays it in all rows.

    Raises `InputError` when `value` is not a profile of this game.
    """
    given = [part.split() for part in value.split("/")] if isinstance(value, str) else value
    each = list(given) if hasattr(given, "__iter__") else []
    if len(each) != len(game.players):
        raise InputError(f"{value!r} is no profile of {game.name}: it has {len(game.players)} players, separated by /")
    return tuple(_row_actions(game, player, own) for player, own in enumerate(each))


def _row_actions(game: "Rows", player: int, given: Any) -> tuple[int, ...]:
    rows = game.rows[player]
    alone = isinstance(given, str) or not hasattr(given, "__iter__")
    names = [given] if alone else list(given)
    if len(names) == 1:
        names *= len(rows)
    if len(names) != len(rows):
        raise InputError(
            f"{game.players[player]} has {len(rows)} rows, {', '.join(rows)}; give one action for all or one each, "
            f"not {len(names)}"
        )
    return tuple(action_index(game, player, name) for name in names)


def row_profile_name(game: "Rows", profile: Sequence[Sequence[int]]) -> str:
    """The name of such a profile, which `row_profile` reads back: an action for all rows, or one each."""
    each = [[game.actions[i][action] for action in own] for i, own in enumerate(profile)]
    return "/".join(own[0] if len(set(own)) == 1 else " ".join(own) for own in each)


def _parts(game: Named, value: str | Sequence[int | str]) -> Sequence[int | str] | None:
    if not isinstance(value, str):
        return tuple(value) if hasattr(value, "__iter__") else None
    parts = [part.strip() for part in re.split("[,/]", value)]
    return list(value) if len(parts) == 1 and _short_names(game) else parts


def _short_names(game: Named) -> bool:
    return all(len(action) == 1 for names in game.actions for action in names)


def _no_profile(game: Named, value: object) -> str:
    shape = [len(names) for names in game.actions]
    first = [repr(profile_name(game, p)) for p in islice(product(*map(range, shape)), 8)]
    more = ", …" if math.prod(shape) > len(first) else ""
    return f"{value!r} is not a profile of {game.name}; its profiles are {', '.join(first)}{more}"


def _index(value: Any, size: int, what: str) -> int:
    try:
        index = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        index = -1
    if not 0 <= index < size:
        raise InputError(f"there is no {what} number {value!r}; they are numbered from 0 to {size - 1}")
    return index
