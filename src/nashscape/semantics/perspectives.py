"""States as each player sees them: what one calls "I cooperated, the other did not" the other calls the reverse."""

from collections.abc import Sequence

import numpy as np

from nashscape.games import MarkovGame
from nashscape.semantics.reading_weights import Orders


def perspectives(game: MarkovGame, alignment: Orders | None = None) -> Orders | None:
    """For every player a permutation of the states: `orders[i][s]` is what the first player would call i's state s.

    Player i takes the first place, those behind follow in turn. Where play moves on by rule from one state, as in
    repeated games, the permutation follows from that: the state after a joint action is, for player i, the one after
    the joint action as i sees it. None where this leads nowhere: moves by chance, or places that differ.

    Args:
        game: what is played.
        alignment: see `coupled`.

    Example:
        >>> from nashscape import games
        >>> game = games.iterated_prisoners_dilemma()
        >>> [[game.states[k] for k in order] for order in perspectives(game)]
        [['start', 'CC', 'CD', 'DC', 'DD'], ['start', 'CC', 'DC', 'CD', 'DD']]
    """
    first = np.flatnonzero(np.asarray(game.initial))
    if game.successors is None or len(first) != 1 or len(set(game.shape)) > 1:
        return None
    found = [_seen_by(game, player, int(first[0]), alignment) for player in range(len(game.shape))]
    return None if any(order is None for order in found) else tuple(order for order in found if order is not None)


def _seen_by(game: MarkovGame, player: int, first: int, alignment: Orders | None) -> tuple[int, ...] | None:
    assert game.successors is not None, "asked where play moves on by rule"
    joint = [_turned(game.shape, number, player, alignment) for number in range(len(game.successors[0]))]
    order, reached = {first: first}, [first]
    while reached:
        state = reached.pop()
        for number, seen in enumerate(joint):
            after, as_seen = game.successors[state][number], game.successors[order[state]][seen]
            if after not in order:
                order[after] = as_seen
                reached.append(after)
            elif order[after] != as_seen:
                return None
    # what is never reached is nobody's business, and keeps the numbers that are left
    missing = [state for state in range(game.n_states) if state not in order]
    left = sorted(set(range(game.n_states)) - set(order.values()))
    if len(missing) != len(left):
        return None
    order |= dict(zip(missing, left, strict=True))
    return tuple(order[state] for state in range(game.n_states))


def _turned(shape: Sequence[int], number: int, player: int, alignment: Orders | None) -> int:
    """The number of a joint action with a player in the first place, by common numbers of actions."""
    n = len(shape)
    common = alignment or tuple(tuple(range(actions)) for actions in shape)
    played = [int(k) for k in np.unravel_index(number, tuple(shape))]
    seen = [common[(player + j) % n][played[(player + j) % n]] for j in range(n)]
    return int(np.ravel_multi_index([common[j].index(seen[j]) for j in range(n)], tuple(shape)))
