"""What players see of the states of a game: the last round where states are known by it, else which state it is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.games.offers import has_rows, is_chain

Floats = npt.NDArray[np.float64]


def views_of(game: Any, seen: Sequence[npt.ArrayLike] | None = None) -> tuple[Floats, ...]:
    """What every player sees in its rows, `[S_i, m_i]`: as given, else `last_round`, else one flag for every row.

    >>> from nashscape import games
    >>> views_of(games.iterated_prisoners_dilemma())[0].tolist()[:2]
    [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]

    Args:
        game: any; one without rows is one row.
        seen: instead of what would be seen, an array for every player.

    Raises:
        InputError: for what is seen of other rows than there are.
    """
    counts = tuple(map(len, game.rows)) if has_rows(game) else (1,) * len(game.players)
    if seen is not None:
        return _given(seen, counts)
    return last_round(game) or tuple(np.eye(count) for count in counts)


def last_round(game: Any) -> tuple[Floats, ...] | None:
    """What every player sees in each state of the round that led there: a flag for none, own action, the others'.

    Two actions are +1 and −1, more of them are flags. None where some state is not known by its last round alone.

    >>> from nashscape import games
    >>> player_1, player_2 = last_round(games.iterated_prisoners_dilemma())
    >>> player_2[2].tolist()        # after CD, of player 2: a round was played, itself defected, the other cooperated
    [0.0, -1.0, 1.0]
    """
    if not is_chain(game):
        return None
    sizes, n = tuple(map(len, game.actions)), len(game.actions)
    moves = np.asarray(game.kernel()).reshape(len(game.states), -1, len(game.states)) > 0
    led = [np.unique(np.nonzero(moves[:, :, state])[1]) for state in range(len(game.states))]
    known = [int(own[0]) if len(own) else -1 for own in led]
    if max(map(len, led)) > 1 or len(set(known)) < len(known):
        return None
    played = [np.unravel_index(joint, sizes) if joint >= 0 else None for joint in known]
    return tuple(
        np.array([_seen(joint, sizes, [i, *(j for j in range(n) if j != i)]) for joint in played]) for i in range(n)
    )


def _seen(joint: Any, sizes: tuple[int, ...], order: list[int]) -> list[float]:
    features = [float(joint is None)]
    for player in order:
        flags = np.zeros(sizes[player]) if joint is None else np.eye(sizes[player])[joint[player]]
        features += [float(flags[0] - flags[1])] if sizes[player] == 2 else flags.tolist()
    return features


def _given(seen: Sequence[npt.ArrayLike], counts: tuple[int, ...]) -> tuple[Floats, ...]:
    made = tuple(finite_array(own, f"what player {i + 1} sees") for i, own in enumerate(seen))
    if any(own.ndim != 2 for own in made) or tuple(map(len, made)) != counts:
        raise InputError(
            f"what is seen has the shapes {[own.shape for own in made]}; players have {counts} rows, and see [rows, "
            "numbers] each"
        )
    return made
