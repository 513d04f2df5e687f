"""Orders of several players, from the best to the worst, as races and polls give them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice
from nashscape.core.calls import public
from nashscape.ranking import order_tables
from nashscape.ranking.matches import Matches

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_ENTRIES = 1 << 26
"""Choices times players."""
NOBODY = "orders are of two players or more; there is {}"


@dataclass(frozen=True, eq=False)
class Orders:
    """Who came before whom, again and again; made by `orders`.

    An order is read as choices: of all who took part the first was chosen, of the others the second, and so on.

    Attributes:
        players: names, in the order in which they first appear.
        field: of every order the numbers of those who took part, the best first, then those of whom it is known only
            that they are below, then −1, `[orders, largest]`.
        placed: how many of them have a known place, `[orders]`.
    """

    what: ClassVar[str] = "orders"
    usual: ClassVar[str] = "plackett-luce"

    players: tuple[str, ...]
    field: Ints
    placed: Ints

    def __len__(self) -> int:
        return len(self.field)

    def __repr__(self) -> str:
        """How many of how many players."""
        low, high = int(self.sizes.min()), int(self.sizes.max())
        each = f"{low}" if low == high else f"{low} to {high}"
        open_ended = int((self.placed < self.sizes).sum())
        told = f", {open_ended} of them known from the top alone" if open_ended else ""
        return f"<Orders: {len(self)} of {each} of {len(self.players)} players{told}>"

    @property
    def sizes(self) -> Ints:
        """How many players took part in each."""
        made: Ints = (self.field >= 0).sum(1)
        return made

    @cached_property
    def entered(self) -> npt.NDArray[np.bool_]:
        """Who took part in which order, `[orders, players]`."""
        made = np.zeros((len(self), len(self.players)), bool)
        rows, columns = np.nonzero(self.field >= 0)
        made[rows, self.field[rows, columns]] = True
        return made

    @cached_property
    def choices(self) -> tuple[npt.NDArray[np.bool_], Ints]:
        """Who was still there at each choice, `[choices, players]`, and who was chosen, `[choices]`."""
        left, sets, chosen = self.entered.copy(), [], []
        for place in range(int(self.placed.max())):
            goes_on = np.flatnonzero((self.placed > place) & (self.sizes > place + 1))
            sets.append(left[goes_on])
            chosen.append(self.field[goes_on, place])
            left[goes_on, chosen[-1]] = False
        return np.concatenate(sets), np.concatenate(chosen)

    @cached_property
    def points(self) -> Floats:
        """How often each player was above each other, `[players, players]`; two below the known places count not."""
        sets, chosen = self.choices
        above = np.zeros((len(self.players),) * 2, np.int64)
        np.add.at(above, chosen, sets)
        np.fill_diagonal(above, 0)
        return above.astype(np.float64)

    @property
    def played(self) -> Ints:
        """How often it is known of each two who was above, `[players, players]`."""
        made: Ints = (self.points + self.points.T).astype(np.int64)
        return made

    def to_dict(self) -> dict[str, Any]:
        """What they are, for questions."""
        return {"players": self.players, "field": self.field, "placed": self.placed}

    def as_orders(self, by: str = "") -> "Orders":
        """These."""
        return self

    def as_pairs(self, by: str = "") -> Matches:
        """Every two of every order as a match, which is right for methods that look at each pair by itself alone."""
        above = self.points.astype(np.int64)
        ones, others = np.nonzero(above)
        first, second = (np.repeat(own, above[ones, others]) for own in (ones, others))
        return Matches(self.players, first, second, np.ones(len(first)), ordered=False)

    def as_matches(self, by: str = "a method of matches") -> Matches:
        """Orders of two as matches.

        Raises:
            InputError: for orders of three or more, whose pairs are no matches of their own.
        """
        if self.sizes.max() > 2:
            raise InputError(
                f"{by} takes matches, and in an order of three or more the pairs hang on each other, so that they are "
                "no matches, and chance would look smaller than it is; take plackett-luce, or copeland"
            )
        return Matches(self.players, self.field[:, 0].copy(), self.field[:, 1].copy(), np.ones(len(self)))


@public()
def orders(given: Any, *, columns: Sequence[str] | None = None, rest: Literal["absent", "below"] = "absent") -> Orders:
    """Orders of players from the best to the worst: results of races, ballots of a poll, answers put in order.

    They may be full, of some of the players, and known from the top alone. A list ends where places do; a list as its
    last entry names those who are below, in no known order: `["ann", "bob", ["cy", "dan"]]`. A file has one order a
    line, under a first line `1,2,3,…`; or a line for each place, under `race,player,place`, where who took part and has
    no place is below all others. Ties are refused: the model of Plackett and Luce has none.

    Args:
        given: lists of names, the path of a CSV file, a DataFrame with a row for each place, `Orders`, or `Matches`
            without ties.
        columns: names of the columns of the race, the player and the place, where a table has others.
        rest: players whom an order does not name were "absent", or, as in a poll for the best three, "below".

    Raises:
        InputError: for what cannot be read, ties, a player who is twice in an order, and orders of one player; with
            the line.

    Example:
        >>> from nashscape.ranking import orders
        >>> found = orders([["ann", "bob", "cy"], ["bob", "ann"], ["cy", ["ann", "bob"]]])
        >>> found, found.points[0].tolist()
        (<Orders: 3 of 2 to 3 of 3 players, 1 of them known from the top alone>, [0.0, 1.0, 1.0])
    """
    whole = choice(rest, "rest", ("absent", "below")) == "below"
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        return _made_of(order_tables.of_file(Path(given), columns), whole)
    if hasattr(given, "as_orders"):
        found: Orders = given.as_orders()
        return found
    if hasattr(given, "columns"):
        return _made_of(order_tables.of_frame(given, columns), whole)
    if columns is not None:
        raise InputError("columns are those of a file or a data frame; orders are lists of names, the best first")
    return _made_of(order_tables.of_lists(given), whole)


def _made_of(written: Iterable[order_tables.Order], whole: bool) -> Orders:
    """Orders of those that were read; with everybody in each, where those who are not named are below."""
    numbers: dict[str, int] = {}
    rows, placed = [], []
    for own in written:
        named = [*own.names, *own.below]
        if not all(named):
            raise InputError(f"{own.where}: a player has no name")
        twice = [name for name in named if named.count(name) > 1]
        if twice:
            raise InputError(f"{own.where}: {twice[0]} is in it twice")
        if not own.names:
            raise InputError(f"{own.where}: nobody has a place, which says nothing of ranks; leave it out")
        if len(named) < 2 and not whole:
            raise InputError(f"{own.where}: {named[0]} is alone in it, which says nothing of ranks; leave it out, or, "
                             "where all others are below, say rest='below'")  # fmt: skip
        rows.append([numbers.setdefault(name, len(numbers)) for name in named])
        placed.append(len(own.names))
    if len(numbers) < 2:
        raise InputError(NOBODY.format(f"one, {next(iter(numbers))}" if numbers else "none"))
    if whole:
        rows = [[*row, *sorted(set(range(len(numbers))) - set(row))] for row in rows]
    return _laid_out(tuple(numbers), rows, placed)


def _laid_out(players: tuple[str, ...], rows: list[list[int]], placed: list[int]) -> Orders:
    """Orders in one array."""
    largest = max(map(len, rows))
    if sum(placed) * len(players) > MOST_ENTRIES:
        raise InputError(f"{sum(placed):,} places of {len(players):,} players are too many; places times players may "
                         f"be {MOST_ENTRIES:,}")  # fmt: skip
    field = np.array([[*row, *[-1] * (largest - len(row))] for row in rows], np.int64)
    told = np.array(placed, np.int64)
    sizes = (field >= 0).sum(1)
    return Orders(players, field, np.where(told == sizes - 1, sizes, told))  # who is left alone has the last place
