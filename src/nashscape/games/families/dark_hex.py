"""Dark Hex in extensive form: Hex of players who do not see each other's stones."""

from dataclasses import dataclass, replace
from typing import Literal

from nashscape.core import InputError, choice, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.trees.building import TreeNode, decision, ending, extensive_game
from nashscape.games.forms.trees.tree_game import TreeGame

MOST = 6
"""Cells of a board."""

AROUND = ((0, 1), (0, -1), (1, 0), (-1, 0), (-1, 1), (1, -1))
"""From a cell to its neighbours."""


@public()
def dark_hex(rows: int = 2, columns: int = 2, rule: Literal["classical", "abrupt"] = "classical") -> TreeGame:
    """Hex in which each player sees its own stones only.

    The first player joins top and bottom, the second left and right; one of them does, wins 1, and the other loses 1.
    Who tries a cell that the other has taken learns that it is taken: then it tries again, by the classical rule, or
    its turn is over, by the abrupt one. Cells are called a1, a2, b1 …, by column and row; rows of a strategy by the own
    tries in their order, with an x at those that were taken.

    Args:
        rows: of the board.
        columns: of the board; up to 6 cells in all.
        rule: "classical" or "abrupt".

    Raises:
        InputError: for other rules and larger boards.

    Example:
        >>> dark_hex(), dark_hex(rule="abrupt").n_plays
        (<TreeGame dark_hex: 2 players, 17+53 information sets, 216 plays>, 234)

    Source: Lanctot et al. (2019), OpenSpiel, after Tapkan (2022), Mastering imperfect information Hex.
    """
    rows, columns = positive_integer(rows, "rows"), positive_integer(columns, "columns")
    rule = choice(rule, "rule", ("classical", "abrupt"))  # type: ignore[assignment]
    if rows * columns > MOST:
        raise InputError(f"dark Hex is written out on boards of up to {MOST} cells; got {rows}×{columns}")
    nothing = _Position(rows, columns, rule == "abrupt", ((), ()), 0)
    return extensive_game(nothing.node(), name="dark_hex")


@dataclass(frozen=True)
class _Position:
    """What was tried so far.

    Attributes:
        rows: of the board.
        columns: of the board.
        abrupt: whether a try that fails ends the turn.
        tried: by each player, as (cell, whether it was free).
        player: who moves.
    """

    rows: int
    columns: int
    abrupt: bool
    tried: tuple[tuple[tuple[int, bool], ...], ...]
    player: int

    def node(self) -> TreeNode:
        """The tree from here on."""
        own = self.tried[self.player]
        open_to = [cell for cell in range(self.rows * self.columns) if all(cell != one for one, _ in own)]
        branches = {self._name(cell): self._after(cell) for cell in open_to}
        return decision(self.player, branches, knows=tuple(self._name(cell) + "x" * (not free) for cell, free in own))

    def _after(self, cell: int) -> TreeNode:
        player = self.player
        free = cell not in self._stones(1 - player)
        tried = tuple((*own, (cell, free)) if k == player else own for k, own in enumerate(self.tried))
        after = replace(self, tried=tried)
        if free and after._joined(player):
            return ending(*(1 if k == player else -1 for k in range(2)))
        return replace(after, player=1 - player if free or self.abrupt else player).node()

    def _stones(self, player: int) -> set[int]:
        return {cell for cell, free in self.tried[player] if free}

    def _joined(self, player: int) -> bool:
        """Whether a player's stones join its two sides."""
        stones = {divmod(cell, self.columns) for cell in self._stones(player)}
        last = (self.rows, self.columns)[player] - 1
        waiting = [place for place in stones if place[player] == 0]
        seen = set(waiting)
        while waiting:
            row, column = waiting.pop()
            found = {(row + down, column + right) for down, right in AROUND} & stones - seen
            seen |= found
            waiting.extend(found)
        return any(place[player] == last for place in seen)

    def _name(self, cell: int) -> str:
        row, column = divmod(cell, self.columns)
        return f"{'abcdef'[column]}{row + 1}"
