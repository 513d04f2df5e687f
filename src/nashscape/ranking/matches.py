"""Results of matches between two players, in the order in which they were played."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public

if TYPE_CHECKING:
    from nashscape.ranking.player_orders import Orders

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_COUNTED = 10_000_000
NOBODY = "matches are of two players or more; there is {}"


@dataclass(frozen=True, eq=False)
class Matches:
    """Who played whom, and what came of it; made by `matches` and `counted_matches`.

    Attributes:
        players: names, in the order in which they first appear.
        first: of every match the number of the one player, `[matches]`.
        second: of the other.
        results: what the one got, from 0, a loss, by ½, a tie, to 1, a win; the other got the rest.
        ordered: whether they are in the order in which they were played, which is lost in counts.
    """

    what: ClassVar[str] = "matches"
    usual: ClassVar[str] = "bradley-terry"

    players: tuple[str, ...]
    first: Ints
    second: Ints
    results: Floats
    ordered: bool = True

    def __len__(self) -> int:
        return len(self.results)

    def __repr__(self) -> str:
        """How many of how many players."""
        ties = int(((self.results > 0) & (self.results < 1)).sum())
        told = f", {ties} of them neither won nor lost" if ties else ""
        return f"<Matches: {len(self)} of {len(self.players)} players{told}>"

    @cached_property
    def played(self) -> Ints:
        """How often each two players met, `[players, players]`."""
        met = np.zeros((len(self.players),) * 2, np.int64)
        np.add.at(met, (self.first, self.second), 1)
        return met + met.T

    @cached_property
    def points(self) -> Floats:
        """What each player got in all matches with each other, `[players, players]`: wins, and half of the ties."""
        got = np.zeros((len(self.players),) * 2)
        np.add.at(got, (self.first, self.second), self.results)
        np.add.at(got, (self.second, self.first), 1.0 - self.results)
        return got

    @property
    def decided(self) -> bool:
        """Whether every match was won or lost."""
        return bool(np.isin(self.results, (0.0, 1.0)).all())

    def to_dict(self) -> dict[str, Any]:
        """What they are, for questions."""
        return {"players": self.players, "first": self.first, "second": self.second, "results": self.results}

    def as_matches(self, by: str = "") -> "Matches":
        """These."""
        return self

    def as_pairs(self, by: str = "") -> "Matches":
        """These, each of which is a pair by itself."""
        return self

    def as_orders(self, by: str = "orders") -> "Orders":
        """Each match as an order of two.

        Raises:
            InputError: for ties, which no order has.
        """
        from nashscape.ranking.player_orders import Orders

        if not self.decided:
            raise InputError(f"{by} takes orders without ties, and some of these matches were neither won nor lost; "
                             "take bradley-terry, for which they are half a win for both")  # fmt: skip
        won = (self.results == 1.0)[:, None]
        pairs = np.stack([self.first, self.second], axis=1)
        return Orders(self.players, np.where(won, pairs, pairs[:, ::-1]), np.full(len(self), 2, np.int64))


@public()
def matches(given: Any, *, columns: Sequence[str] | None = None) -> Matches:
    """Matches from a CSV file, a data frame, or (player, player, result) one after the other.

    A result is what the first of the two got: a number from 0 to 1, or "win", "loss", "tie"; "1-0", "½-½", "3:1"; the
    name of who won; or "model_a", "model_b". Without `columns` a file has three of them, whose names say what they are,
    such as `player`, `player`, `result`; `white`, `black`, `result`; `model_a`, `model_b`, `winner`; or no names.

    Args:
        given: the path of a file, a DataFrame, rows, or `Matches`, which are given back.
        columns: names of the columns of the two players and the result, where a table has others.

    Raises:
        InputError: for results that cannot be read, a player against itself, one player only, and columns that are
            unknown; with the line.

    Example:
        >>> from nashscape.ranking import matches
        >>> found = matches([("ann", "bob", "win"), ("bob", "cy", 0.5), ("cy", "ann", "ann")])
        >>> found, found.points[0].tolist()
        (<Matches: 3 of 3 players, 1 of them neither won nor lost>, [0.0, 1.0, 1.0])
    """
    from nashscape.ranking import match_tables

    if isinstance(given, str) or hasattr(given, "__fspath__"):
        return made_of(match_tables.of_file(Path(given), columns))
    if hasattr(given, "columns"):
        return made_of(match_tables.of_frame(given, columns))
    if hasattr(given, "as_matches"):
        found: Matches = given.as_matches()
        return found
    if columns is not None:
        raise InputError("columns are those of a file or a data frame; rows are (player, player, result)")
    return made_of(match_tables.of_rows(given))


@public()
def counted_matches(points: npt.ArrayLike, players: Sequence[str] | None = None) -> Matches:
    """Matches of which it is known only how often each player won against each other; what is even is half.

    Args:
        points: `[players, players]`, wins of the one of the row over that of the column and half of their ties: whole
            numbers and halves. The diagonal counts nothing.
        players: names; by default A, B, ….

    Raises:
        InputError: for a table that is not square, and counts that are negative or no halves.

    Example:
        >>> counted_matches([[0, 3.5], [1.5, 0]]).played.tolist()
        [[0, 5], [5, 0]]
    """
    table = finite_array(points, "points", ndim=2)
    n = len(table)
    if table.shape != (n, n):
        raise InputError(f"points need a row and a column for every player; got {table.shape[0]} × {table.shape[1]}")
    table = table * (1 - np.eye(n))
    if table.sum() > MOST_COUNTED:
        raise InputError(f"points are counts of matches, {MOST_COUNTED:,} at most in all; got {table.sum():.3g}")
    for wrong, why in ((table < 0, "negative"), (2 * table % 1 != 0, "no whole number and no half")):
        if wrong.any():
            i, j = (int(k) for k in np.argwhere(wrong)[0])
            raise InputError(f"points are wins and half of the ties; that at ({i}, {j}), {table[i, j]:g}, is {why}")
    odd = np.argwhere((table + table.T) % 1 != 0)
    if len(odd):
        i, j = (int(k) for k in odd[0])
        raise InputError(f"the points of both players of a match sum to 1; those of {i} and {j} to {table[i, j]:g} + "
                         f"{table[j, i]:g}")  # fmt: skip
    names = tuple(_letters(n) if players is None else map(str, players) if hasattr(players, "__iter__") else ())
    if len(names) != n or len(set(names)) != n:
        raise InputError(f"players need {n} different names, one for each row; got {', '.join(names) or 'none'}")
    return _of_counts(names, table)


def _letters(n: int) -> Iterable[str]:
    return [chr(65 + k) if n <= 26 else f"P{k + 1}" for k in range(n)]


def _of_counts(players: tuple[str, ...], table: Floats) -> Matches:
    rows: list[tuple[int, int, float, int]] = []
    for i, j in combinations(range(len(players)), 2):
        ties = int(table[i, j] % 1 != 0)
        wins, losses = (int(table[pair] - ties / 2) for pair in ((i, j), (j, i)))
        rows += [(i, j, result, count) for result, count in ((1.0, wins), (0.5, ties), (0.0, losses)) if count]
    counts = [row[3] for row in rows]
    first, second, results = (np.repeat([row[k] for row in rows], counts) for k in range(3))
    return _checked(players, first.astype(np.int64), second.astype(np.int64), results.astype(np.float64), False)


def made_of(rows: Iterable[tuple[str, str, float]]) -> Matches:
    """Matches of rows that were read."""
    numbers: dict[str, int] = {}
    first, second, results = [], [], []
    for one, other, result in rows:
        first.append(numbers.setdefault(one, len(numbers)))
        second.append(numbers.setdefault(other, len(numbers)))
        results.append(result)
    ends = (np.array(first, np.int64), np.array(second, np.int64))
    return _checked(tuple(numbers), *ends, np.array(results, np.float64), True)


def _checked(players: tuple[str, ...], first: Ints, second: Ints, results: Floats, ordered: bool) -> Matches:
    if len(players) < 2:
        raise InputError(NOBODY.format(f"one, {players[0]}" if players else "none"))
    if not len(results):
        raise InputError("there is no match: all counts are 0")
    return Matches(players, first, second, results, ordered)
