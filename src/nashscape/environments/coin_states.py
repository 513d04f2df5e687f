"""The coin game over all its states, as a Markov game."""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nashscape.games.forms.markov_construction import markov
from nashscape.games.forms.markov_game import MarkovGame

Floats = npt.NDArray[np.float64]
State = tuple[int, int, int, int]
"""The fields of red, of blue and of the coin, counted row by row, and whose coin it is."""

MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))
MOVES_BY_NAME = ("up", "down", "left", "right")
MOST_STATES = 1300
"""Transitions are written out: of so many states they take 216 MB in double precision."""

CHANCES: Mapping[str, tuple[tuple[float, float], ...]] = MappingProxyType(
    {"random": ((0.5, 0.5), (0.5, 0.5)), "alternating": ((0.0, 1.0), (1.0, 0.0))}
)
"""Of the colours of the next coin after each colour, by how they are found."""


def listed(size: int, relative: bool) -> list[State] | None:
    """All states in which nobody stands on the coin; None where there are too many.

    Where places matter only relative to each other, red stands on the first field.

    >>> len(listed(3, relative=False)), len(listed(3, relative=True)), listed(5, relative=False)
    (1152, 128, None)
    """
    cells = size**2
    # of one red field: blue stands there too, or elsewhere, and the coin is on a field that is left
    each = 2 * ((cells - 1) + (cells - 1) * (cells - 2))
    if each * (1 if relative else cells) > MOST_STATES:
        return None
    reds = range(1 if relative else cells)
    return [
        (red, blue, coin, owner)
        for red, blue, coin, owner in product(reds, range(cells), range(cells), range(2))
        if coin not in (red, blue)
    ]


def markov_game(size: int, relative: bool, colours: str, *, penalty: float, discount: float) -> MarkovGame | None:
    """The coin game without end, over the states that are listed; None where there are too many."""
    states = listed(size, relative)
    if states is None:
        return None
    number = {state: k for k, state in enumerate(states)}
    payoffs, moves = np.zeros((2, len(states), 4, 4)), np.zeros((len(states), 4, 4, len(states)))
    initial = np.zeros(len(states))
    for k, (red, blue, coin, owner) in enumerate(states):
        initial[k] = red != blue
        for one, other in product(range(4), repeat=2):
            now = (_moved(size, red, one), _moved(size, blue, other))
            takes = [place == coin for place in now]
            payoffs[:, k, one, other] = takes
            payoffs[owner, k, one, other] -= penalty * takes[1 - owner]
            for chance, after in _onward(size, now, coin, owner, colours, any(takes)):
                moves[k, one, other, number[_from_red(size, after) if relative else after]] += chance
    names = tuple("red {}, blue {}, coin {} of {}".format(*state[:3], ("red", "blue")[state[3]]) for state in states)
    return markov(
        payoffs, moves, discount=discount, initial=initial / initial.sum(), actions=[MOVES_BY_NAME] * 2,
        players=("red", "blue"), states=names, name="coin_game",
    )  # fmt: skip


def _onward(
    size: int, places: tuple[int, int], coin: int, owner: int, colours: str, taken: bool
) -> list[tuple[float, State]]:
    """The states that may come, with their chances."""
    if not taken:
        return [(1.0, (*places, coin, owner))]
    free = [cell for cell in range(size**2) if cell not in places]
    return [
        (chance / len(free), (*places, cell, colour))
        for cell in free
        for colour, chance in enumerate(CHANCES[colours][owner])
        if chance > 0
    ]


def _moved(size: int, cell: int, move: int) -> int:
    return _shifted(size, cell, *MOVES[move])


def _shifted(size: int, cell: int, down: int, right: int) -> int:
    return (cell // size + down) % size * size + (cell % size + right) % size


def _from_red(size: int, state: State) -> State:
    """The same state, shifted so that red stands on the first field."""
    red, blue, coin, owner = state
    down, right = -(red // size), -(red % size)
    return 0, _shifted(size, blue, down, right), _shifted(size, coin, down, right), owner
