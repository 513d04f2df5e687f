"""Littman's soccer: two players on a small pitch, one ball, and a goal on either side."""

from itertools import permutations, product
from typing import NamedTuple

import numpy as np

from nashscape.core import positive_integer
from nashscape.core.calls import public
from nashscape.core.sizes import check_size
from nashscape.games.forms.markov_construction import check_length, markov
from nashscape.games.forms.markov_game import MarkovGame

STEPS = {"north": (-1, 0), "east": (0, 1), "south": (1, 0), "west": (0, -1), "stand": (0, 0)}
"""By action, how many rows and columns further one wants to be."""

Cell = tuple[int, int]


class Position(NamedTuple):
    """Where both players are, and which of them has the ball.

    Attributes:
        cells: row and column of each, from 0.
        ball: 0 or 1.
    """

    cells: tuple[Cell, Cell]
    ball: int

    def __str__(self) -> str:
        """Rows and columns from 1, a star at who has the ball."""
        return " ".join(
            f"{row + 1}.{column + 1}{'*' * (who == self.ball)}" for who, (row, column) in enumerate(self.cells)
        )


class Pitch(NamedTuple):
    """A pitch, with a goal behind the middle of its first column and one behind that of its last.

    Attributes:
        rows: of cells.
        columns: of cells.
    """

    rows: int
    columns: int

    @property
    def positions(self) -> list[Position]:
        """All positions; both players are never in one cell."""
        cells = list(product(range(self.rows), range(self.columns)))
        return [Position(both, ball) for both in permutations(cells, 2) for ball in (0, 1)]

    @property
    def kick_off(self) -> list[Position]:
        """The positions from which play begins, which are as likely."""
        row, column = (self.rows - 1) // 2, (self.columns - 1) // 4
        cells = ((row, column), (self.rows - 1 - row, self.columns - 1 - column))
        return [Position(cells, ball) for ball in (0, 1)]

    @property
    def mouth(self) -> range:
        """The rows with a goal: one in the middle, or two of an even number."""
        return range((self.rows - 1) // 2, self.rows // 2 + 1)

    def moved(self, position: Position, who: int, action: str) -> Position | None:
        """The position after one player's move; None where that is a goal."""
        cells, ball = position
        cell = cells[who][0] + STEPS[action][0], cells[who][1] + STEPS[action][1]
        if cell == cells[1 - who]:
            return Position(cells, 1 - who)
        if ball == who and cell[0] in self.mouth and cell[1] == (-1 if who else self.columns):
            return None
        if not (0 <= cell[0] < self.rows and 0 <= cell[1] < self.columns):
            return position
        return Position((cells[0], cell) if who else (cell, cells[1]), ball)

    def played(self, position: Position, actions: tuple[str, str], first: int) -> Position | int:
        """The position after both moves, the first one's before the other's; or who scored."""
        for who in (first, 1 - first):
            after = self.moved(position, who, actions[who])
            if after is None:
                return who
            position = after
        return position


@public()
def soccer(rows: int = 4, columns: int = 5, *, discount: float = 0.9, ends: bool = False) -> MarkovGame:
    """Littman's soccer: a zero-sum Markov game of two players on a grid, who go a step each round or stand.

    Both choose at once, and moves are made one after the other in a random order. Who wants to go where the other
    stands does not move, and the ball goes to the other. Who has the ball and leaves the pitch through the other's goal
    scores: it is paid 1, the other −1. The first player attacks to the east. Then play begins anew, the ball with
    either at even chances. Elsewhere nobody leaves the pitch.

    Where a goal ends the game, a discount of γ is a whistle: after every round the game goes on with chance γ, and
    otherwise is drawn. So the payoff is the chance to win minus that to lose.

    Args:
        rows: of the pitch, from 1; goals are as wide as one row, or as two where their number is even.
        columns: from 2.
        discount: γ, below 1.
        ends: whether the first goal ends the game.

    Returns:
        The game. States are called by the cells of both, row and column, with a star at who has the ball.

    Raises:
        InputError: for a smaller pitch, one of too many states, or a discount of 1.

    Example:
        >>> game = soccer(3, 4)
        >>> game
        <MarkovGame soccer: 2 players, 5×5 actions, 264 states, for ever, discount 0.9>
        >>> [game.states[k] for k in game.initial.nonzero()[0]]
        ['2.1* 2.4', '2.1 2.4*']
        >>> game.payoffs[:, game.states.index("2.4* 1.1"), 1, 4].tolist()    # the first goes east, and scores
        [1.0, -1.0]

    Source: Littman (1994), Markov Games as a Framework for Multi-Agent Reinforcement Learning, ICML, figure 2: 4 × 5
    with γ = .9. Where both begin on other pitches is ours.
    """
    pitch = Pitch(positive_integer(rows, "rows"), positive_integer(columns, "columns", at_least=2))
    discount, _ = check_length(discount, None)
    cells = pitch.rows * pitch.columns
    count = 2 * cells * (cells - 1) + ends
    check_size("chances of next states", 25.0 * count**2, 24.0, lambda most: "take fewer rows or columns")
    place = {position: k for k, position in enumerate(pitch.positions)}
    begin = [place[position] for position in pitch.kick_off]
    after_goal = [count - 1] if ends else begin
    moves, paid = np.zeros((count, 5, 5, count)), np.zeros((count, 5, 5))
    for (position, k), (a, one), (b, two) in product(place.items(), enumerate(STEPS), enumerate(STEPS)):
        for first in (0, 1):
            after = pitch.played(position, (one, two), first)
            if isinstance(after, int):
                paid[k, a, b] += 0.5 * (1 - 2 * after)
                moves[k, a, b, after_goal] += 0.5 / len(after_goal)
            else:
                moves[k, a, b, place[after]] += 0.5
    if ends:
        moves[-1, :, :, -1] = 1.0
    initial = np.bincount(begin, minlength=count) / len(begin)
    states = [*map(str, place), *["over"] * ends]
    return markov([paid, -paid], moves, discount=discount, initial=initial, actions=[tuple(STEPS)] * 2,
                  states=states, name="soccer")  # fmt: skip
