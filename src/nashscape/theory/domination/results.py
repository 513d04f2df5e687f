"""What is left of a game without dominated actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import ClassVar

from nashscape.core import InputError, Provenance, Result, Status, unknown
from nashscape.games import DenseGame
from nashscape.games.naming import action_index, player_index
from nashscape.theory.domination.actions import Dominated
from nashscape.theory.nash.response_vertices import Strategy


@dataclass(frozen=True, eq=False)
class IteratedDominance(Result):
    """A game without its dominated actions, and every step on the way.

    Attributes:
        game: name of the game.
        kind: "strict" or "weak".
        by: "mixed" or "pure": what may dominate.
        players: names.
        actions: names of all actions, by player.
        rounds: what was removed, all at once in each round, with the strategy that dominates it among what was left.
        reduced: the game that is left, with its names.
        beliefs: for every player and every action left, probabilities of the others' joint actions against which it is
            best in `reduced`: after weak elimination each gives weight to all of them. None where actions alone could
            dominate.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "iterated dominance"
    picture: ClassVar[str] = "nashscape.figures.eliminations:elimination_figure"
    as_columns: ClassVar[str] = "nashscape.theory.domination.tables:elimination_columns"
    as_table: ClassVar[str] = "nashscape.theory.domination.tables:elimination_table"
    computed: ClassVar[tuple[str, ...]] = ("solved", "order_matters")

    game: str
    kind: str
    by: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rounds: tuple[tuple[Dominated, ...], ...]
    reduced: DenseGame
    beliefs: tuple[tuple[Strategy | None, ...], ...]
    status: Status
    provenance: Provenance

    @property
    def left(self) -> tuple[tuple[str, ...], ...]:
        """Names of the actions that are left, by player."""
        return self.reduced.actions

    @property
    def solved(self) -> bool:
        """Whether every player has one action left: the game is solvable by domination."""
        return all(len(own) == 1 for own in self.left)

    @property
    def order_matters(self) -> bool:
        """Whether another order may leave other actions: some domination was weak."""
        return any(one.kind == "weak" for once in self.rounds for one in once)

    @property
    def rationalisable(self) -> tuple[tuple[str, ...], ...]:
        """The actions that are rationalisable where beliefs may be correlated, by player.

        Raises:
            InputError: unless what was removed is what is strictly dominated by mixed strategies.
        """
        if (self.kind, self.by) != ("strict", "mixed"):
            raise InputError('what is rationalisable is what is left with kind="strict" and by="mixed"')
        return self.left

    def round_of(self, player: int | str, action: int | str) -> int | None:
        """In which round an action was removed, counted from one; None if it is left.

        Example:
            >>> from nashscape import games
            >>> from nashscape.theory import iterated_dominance
            >>> iterated_dominance(games.prisoners_dilemma()).round_of(0, "C")
            1
        """
        i = player_index(self.reduced, player)
        names = self.actions[i]
        name = action if isinstance(action, str) else names[action] if 0 <= action < len(names) else ""
        if name not in names:
            raise unknown(f"action of {self.players[i]}", str(action), names)
        gone = [
            number
            for number, once in enumerate(self.rounds, 1)
            for one in once
            if (one.player, one.action) == (self.players[i], name)
        ]
        return gone[0] if gone else None

    def belief(self, player: int | str, action: int | str) -> Mapping[str, Fraction]:
        """The belief for which an action that is left is best: probabilities of the others' joint actions, by name.

        Example:
            >>> from nashscape import games
            >>> from nashscape.theory import iterated_dominance
            >>> {name: str(p) for name, p in iterated_dominance(games.stag_hunt()).belief(0, "C").items()}
            {'C': '1'}

        Raises:
            InputError: for an action that was removed, and where only actions could dominate.
        """
        i = player_index(self.reduced, player)
        own = self.beliefs[i][action_index(self.reduced, i, action)]
        if own is None:
            raise InputError('beliefs are found where mixed strategies may dominate: by="mixed"')
        others = [names for j, names in enumerate(self.left) if j != i]
        return {"/".join(names): p for names, p in zip(product(*others), own, strict=True) if p}

    def __repr__(self) -> str:
        """How much is left, as one line."""
        left, all_ = ("×".join(str(len(own)) for own in each) for each in (self.left, self.actions))
        rounds = f"{len(self.rounds)} round{'' if len(self.rounds) == 1 else 's'}"
        pure = "" if self.by == "mixed" else " by actions"
        return (
            f"<IteratedDominance of {self.game}: {left} left of {all_} after {rounds} of {self.kind} domination{pure}>"
        )
