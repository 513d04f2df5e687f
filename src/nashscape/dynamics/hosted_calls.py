"""Calls of what users wrote: the players of a run, and errors that say where they came from."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core import InputError

if TYPE_CHECKING:
    from nashscape.dynamics.hosting import Hosted


def made_players(players: "Hosted", game: Any, run: int, seed: int, before: Sequence[Any]) -> list[Any]:
    """The players of a run, with random numbers of their own.

    Raises:
        InputError: for too many or too few, and for players of the run before, who would go on from there.
    """
    random = np.random.Generator(np.random.Philox(key=np.array([seed, run], np.uint64)))
    made = told(f"make, for run {run},", players.make, run, random)
    if isinstance(made, Mapping):
        raise InputError(f"make gave a mapping for run {run}; give a list of players in the order of {game.players}")
    made = list(made)
    if len(made) != len(game.players):
        raise InputError(f"make gave {len(made)} players for run {run}; {game.name} has {len(game.players)}")
    old = set(map(id, before))
    # what has no attributes, as a module or a function, remembers nothing
    if any(id(own) in old for own in made if getattr(own, "__dict__", None)):
        raise InputError(
            f"make gave players of the run before for run {run}, who would go on from there; make new ones: "
            "make(run, random) is called once for every run"
        )
    return made


def told(what: str, function: Callable[..., Any], *given: Any) -> Any:
    """What a function of the user's gives; what it raises says where it was."""
    try:
        return function(*given)
    except Exception as error:
        raise InputError(f"{what} raised {type(error).__name__}: {error}") from error
