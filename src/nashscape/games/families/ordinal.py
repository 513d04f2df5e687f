"""One of the 144 strict ordinal 2×2 games: its payoff orders, its names and its number."""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from types import MappingProxyType

from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame

Ranks = tuple[int, int, int, int]
"""A player's ranks, 4 the best, of R = (C, C), S = own C against D, T = own D against C, and P = (D, D)."""

Matrix = Sequence[Sequence[int]]

SYMMETRIC: Mapping[Ranks, tuple[str, str]] = MappingProxyType(
    {
        (3, 1, 4, 2): ("Prisoner's Dilemma", "Pd"),
        (3, 2, 4, 1): ("Chicken", "Ch"),
        (2, 3, 4, 1): ("Battle", "Ba"),
        (1, 3, 4, 2): ("Hero", "Hr"),
        (1, 2, 4, 3): ("Compromise", "Cm"),
        (2, 1, 4, 3): ("Deadlock", "Dl"),
        (4, 2, 3, 1): ("Concord", "Nc"),
        (4, 1, 3, 2): ("Stag Hunt", "Sh"),
        (4, 1, 2, 3): ("Assurance", "As"),
        (4, 2, 1, 3): ("Coordination", "Co"),
        (4, 3, 1, 2): ("Peace", "Pc"),
        (4, 3, 2, 1): ("Harmony", "Ha"),
    }
)
"""Names and abbreviations of the symmetric games (Bruns 2015), by the ranks that each player has in them."""


@dataclasses.dataclass(frozen=True, repr=False)
class OrdinalGame:
    """A strict ordinal 2×2 game: what each player prefers to what, with no ties, whatever actions are called.

    The actions are called C and D such that the row player's best outcome lies where the column player plays C, and the
    column player's where the row player plays C. That leaves twelve orders for each player, so 144 games, and each
    order is that of a player in one of the twelve symmetric games.

    Attributes:
        row: the row player's ranks (R, S, T, P), 4 the best.
        column: the column player's ranks (R, S, T, P), seen from that player: T is own D against C.
    """

    row: Ranks
    column: Ranks

    @property
    def abbreviation(self) -> str:
        """The row player's game, then the column player's, such as "PdSh"; once for a symmetric game, "Pd"."""
        row, column = SYMMETRIC[self.row][1], SYMMETRIC[self.column][1]
        return row if self.symmetric else row + column

    @property
    def name(self) -> str:
        """The row player's game and the column player's, "Prisoner's Dilemma–Stag Hunt"; one name if symmetric."""
        row, column = SYMMETRIC[self.row][0], SYMMETRIC[self.column][0]
        return row if self.symmetric else f"{row}–{column}"

    @property
    def symmetric(self) -> bool:
        """Whether both players have the same preferences."""
        return self.row == self.column

    @property
    def layer(self) -> int:
        """Where the best outcomes lie.

        1: best for the row player and best for the column player are opposite corners; 3: they are the same outcome.
        In layer 2 the column player's is (C, C) and the row player's is not, in layer 4 the other way round.
        """
        return {(False, False): 1, (False, True): 2, (True, True): 3, (True, False): 4}[
            self.row[0] == 4, self.column[0] == 4
        ]

    @property
    def number(self) -> int:
        """100 · layer + 10 · row + column of the periodic table: see `nashscape.games.topology` for the convention."""
        return 100 * self.layer + 10 * order_index()[self.column] + order_index()[self.row]

    @property
    def equilibria(self) -> tuple[tuple[str, tuple[int, int]], ...]:
        """The pure Nash equilibria with both players' ranks, such as (("DD", (2, 2)),) in the Prisoner's Dilemma."""
        payoffs = self.payoffs()
        return tuple(
            ("CD"[a] + "CD"[b], payoffs[a, b])
            for a, b in product(range(2), repeat=2)
            if payoffs[a, b][0] > payoffs[1 - a, b][0] and payoffs[a, b][1] > payoffs[a, 1 - b][1]
        )

    @property
    def dominant(self) -> tuple[str | None, str | None]:
        """Each player's dominant action, "C" or "D", or None where there is none."""
        return _dominant(self.row), _dominant(self.column)

    def payoffs(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The ranks of both players by their actions, 0 for C and 1 for D."""
        return {(a, b): (self.row[2 * a + b], self.column[2 * b + a]) for a, b in product(range(2), repeat=2)}

    def to_dense(self) -> DenseGame:
        """The game whose payoffs are the ranks.

        >>> from nashscape.games import topology
        >>> print(topology.ordinal_game("PdSh").to_dense().table())
              C     D
        C  3, 4  1, 3
        D  4, 1  2, 2
        """
        payoffs = self.payoffs()
        matrices = [[[payoffs[a, b][i] for b in range(2)] for a in range(2)] for i in range(2)]
        return bimatrix(*matrices, actions="CD", name=self.name)

    def to_dict(self) -> dict[str, object]:
        """Number, names and ranks as plain data."""
        return {
            "number": self.number,
            "name": self.name,
            "abbreviation": self.abbreviation,
            "row": list(self.row),
            "column": list(self.column),
        }

    def __repr__(self) -> str:
        """Number, abbreviation and name, as one line."""
        return f"<OrdinalGame {self.number} {self.abbreviation}: {self.name}>"


def _dominant(ranks: Ranks) -> str | None:
    cooperates = (ranks[0] > ranks[2], ranks[1] > ranks[3])
    return None if cooperates[0] != cooperates[1] else "D" if not cooperates[0] else "C"


def exchanged(ranks: Ranks, low: int) -> Ranks:
    """The ranks with `low` and `low + 1` exchanged."""
    new = {low: low + 1, low + 1: low}
    r, s, t, p = (new.get(rank, rank) for rank in ranks)
    return r, s, t, p


@cache
def order_index() -> Mapping[Ranks, int]:
    """The place 1 … 6 of every order of preferences in its circle of six, which low and middle swaps go round."""
    found: dict[Ranks, int] = {}
    for ranks in ((3, 1, 4, 2), (4, 2, 3, 1)):
        for index in range(1, 7):
            found[ranks] = index
            ranks = exchanged(ranks, 1 if index % 2 else 2)  # noqa: PLW2901
    return MappingProxyType(found)


def relabelled(row: Matrix, column: Matrix) -> OrdinalGame:
    """The class of a game with these ranks, [a_1][a_2] for both players, whatever its actions are called."""
    c_column = 0 if 4 in (row[0][0], row[1][0]) else 1
    c_row = 0 if 4 in column[0] else 1
    rows, columns = (c_row, 1 - c_row), (c_column, 1 - c_column)
    r, s, t, p = (row[a][b] for a in rows for b in columns)
    own_r, own_s, own_t, own_p = (column[a][b] for b in columns for a in rows)
    return OrdinalGame((r, s, t, p), (own_r, own_s, own_t, own_p))
