"""Calls of what users wrote: the players of a run, and errors that say where they came from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core import InputError

if TYPE_CHECKING:
    from nashscape.dynamics.hosting import Hosted


def made_players(players: "Hosted", game: Any, run: int, seed: int) -> list[Any]:
    """The players of a run, with random numbers of their own."""
    random = np.random.Generator(np.random.Philox(key=np.array([seed, run], np.uint64)))
    made = list(told(f"make, for run {run},", players.make, run, random))
    if len(made) != len(game.players):
        raise InputError(f"make gave {len(made)} players for run {run}; {game.name} has {len(game.players)}")
    return made


def told(what: str, function: Callable[..., Any], *given: Any) -> Any:
    """What a function of the user's gives; what it raises says where it was."""
    try:
        return function(*given)
    except Exception as error:
        raise InputError(f"{what} raised {type(error).__name__}: {error}") from error
