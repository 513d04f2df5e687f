"""Games from what was read, with the file in every error."""

from collections.abc import Sequence
from typing import Any

from nashscape.core import InputError
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame


def made_from(
    payoffs: Any, players: Sequence[str] | None, actions: Sequence[Sequence[str]] | None, name: str, where: str
) -> DenseGame:
    """A game of payoffs `[player, a_1, …, a_n]`; what is wrong with them is told with the file they are from."""
    if len(payoffs) == 1:
        raise InputError(f"{where} has one player; a game has two or more")
    try:
        return dense(payoffs, actions=actions, players=players, name=name)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
