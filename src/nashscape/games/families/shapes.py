"""How many actions players have, checked before payoffs are drawn."""

import math
from collections.abc import Sequence

from nashscape.core import InputError, positive_integer
from nashscape.core.sizes import check_size
from nashscape.games.forms.compact import ENTRIES_AT_MOST


def action_counts(shape: Sequence[int], players: int | None = None) -> tuple[int, ...]:
    """The number of actions of every player, at least two of them.

    Args:
        shape: numbers of actions.
        players: how many players there have to be; any number by default.

    Raises:
        InputError: for what are no such numbers, and where there were more than ten million payoffs.

    >>> action_counts([2, 3])
    (2, 3)
    """
    if isinstance(shape, int) or not hasattr(shape, "__iter__"):
        raise InputError(f"shape is the number of actions of every player, such as (2, 3); got {shape!r}")
    sizes = tuple(positive_integer(size, "number of actions") for size in shape)
    n = positive_integer(len(sizes), "number of players", at_least=2)
    if players is not None and n != players:
        raise InputError(f"such a game has {players} players; got numbers of actions of {n}: {sizes}")
    check_size("payoffs", n * math.prod(sizes), 32.0, lambda most: "use fewer players or actions", most=ENTRIES_AT_MOST)
    return sizes
