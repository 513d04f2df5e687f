"""Joint actions whose growth is asked about: what they are called, and where in the strategies they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import Game, has_rows, is_chain, names_actions
from nashscape.games.naming import profile_name, pure_profile, row_profile, row_profile_name

Places = tuple[tuple[npt.NDArray[np.int64], ...], ...]


@dataclass(frozen=True)
class JointAction:
    """An action of every player, or one in each row of every player. Made by `joint_action`.

    Attributes:
        name: what it is called.
        profile: the numbers of the actions, of each player or of each of its rows.
        places: for every player the indices of its probabilities in its strategy: `σ_i[places[i]]` are `[R_i]`.
    """

    name: str
    profile: tuple[Any, ...]
    places: Places


def joint_action(game: Game, target: Any, purpose: str) -> JointAction:
    """A joint action by name or numbers; None is that of all first actions.

    Over states it is played in the first state, the likeliest one. In other games of which strategies have rows it is
    an action in every row, as in `games.naming.row_profile`: all of them together are the joint action.

    Args:
        game: one with actions.
        target: such as "CC", `(0, 1)`, or of rows "left right/up".
        purpose: what is of joint actions, for the error where a game has none.

    Raises:
        InputError: for games without actions, and what is no joint action.

    >>> from nashscape import games
    >>> [own[0].tolist() for own in joint_action(games.stag_hunt(), "CD", "an index").places]
    [[0], [1]]
    >>> row, action = joint_action(games.iterated_prisoners_dilemma(), "CD", "an index").places[1]
    >>> row.tolist(), action.tolist()
    ([0], [1])
    """
    bare: Any = game
    if not names_actions(bare):
        raise InputError(f"{purpose} is of a joint action; {bare.name} has no actions to name")
    value = (0,) * len(bare.players) if target is None else target
    if has_rows(bare) and not is_chain(bare):
        rows = row_profile(bare, value)
        return JointAction(
            row_profile_name(bare, rows), rows, tuple((np.arange(len(own)), np.array(own)) for own in rows)
        )
    profile = pure_profile(bare, value)
    first = (np.array([int(np.argmax(np.asarray(bare.initial)))]),) if is_chain(bare) else ()
    return JointAction(profile_name(bare, profile), profile, tuple((*first, np.array([action])) for action in profile))
