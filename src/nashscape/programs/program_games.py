"""The game of choosing programs: who plays what, and what it pays, for every pair of a finite list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, record
from nashscape.core.calls import public
from nashscape.core.errors import unknown
from nashscape.programs.grounding import exact_payoffs
from nashscape.programs.program_kinds import OpenSourceProgram, checked_program
from nashscape.programs.rules import Meeting
from nashscape.programs.usual_programs import published
from nashscape.programs.worlds import key_of, outcomes, rules_of

Floats = npt.NDArray[np.float64]
Programs = Iterable[OpenSourceProgram | str] | Mapping[str, OpenSourceProgram]

MODAL = Source(
    "modal_agents", "Barasz, Christiano, Fallenstein, Herreshoff, LaVictoire, Yudkowsky: Robust Cooperation in the "
    "Prisoner's Dilemma: Program Equilibrium via Provability Logic, 2014.", "https://arxiv.org/abs/1401.5577",
)  # fmt: skip
ROBUST = Source(
    "robust_programs", "Oesterheld: Robust Program Equilibrium. Theory and Decision 86, 143–159, 2019.",
    "https://doi.org/10.1007/s11238-018-9679-3",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ProgramGame(Result):
    """What programs of two finite lists do against each other, and what that pays.

    Attributes:
        game: name of the game that the programs play.
        players: names.
        row_actions: names of the actions of the first player.
        column_actions: of the second.
        rows: names of the first player's programs.
        columns: of the second's.
        row_sources: what they do, as text.
        column_sources: of the second.
        row_shares: how likely the first player's actions are, `[rows, columns, row_actions]`.
        column_shares: the second's, `[rows, columns, column_actions]`.
        payoffs: expected, `[2, rows, columns]`.
        regrets: what each gains by the best program of its list, `[2, rows, columns]`; 0 for both in an equilibrium.
        strict: whether each loses by every other program of its list, `[rows, columns]`.
        worlds: how many worlds were computed until nothing changed any more.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "program game"
    picture: ClassVar[str] = "nashscape.figures.program_games:program_game_figure"
    as_table: ClassVar[str] = "nashscape.programs.program_tables:program_game_table"
    as_columns: ClassVar[str] = "nashscape.programs.program_tables:columns_of_program_game"

    game: str
    players: tuple[str, ...]
    row_actions: tuple[str, ...]
    column_actions: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_sources: tuple[str, ...]
    column_sources: tuple[str, ...]
    row_shares: Floats
    column_shares: Floats
    payoffs: Floats
    regrets: Floats
    strict: npt.NDArray[np.bool_]
    worlds: int
    status: Status
    provenance: Provenance

    @property
    def equilibria(self) -> tuple[tuple[str, str], ...]:
        """The pairs of programs from which nobody gains by another program of its list."""
        return self._pairs((self.regrets == 0).all(0))

    @property
    def strict_equilibria(self) -> tuple[tuple[str, str], ...]:
        """Those from which everybody loses by every other program of its list."""
        return self._pairs(self.strict)

    def _pairs(self, where: npt.NDArray[np.bool_]) -> tuple[tuple[str, str], ...]:
        return tuple((self.rows[i], self.columns[j]) for i, j in np.argwhere(where))

    def played(self, row: str, column: str) -> str:
        """What two programs, by name, play: an action each, or probabilities."""
        for name, known in ((row, self.rows), (column, self.columns)):
            if name not in known:
                raise InputError(f"no program {name!r}; there are {', '.join(known)}")
        return self.cell(self.rows.index(row), self.columns.index(column))

    def cell(self, i: int, j: int) -> str:
        """The same, by numbers."""
        own, other = (
            _told(self.row_shares[i, j], self.row_actions),
            _told(self.column_shares[i, j], self.column_actions),
        )
        short = max(len(own), len(other)) == 1
        return own + other if short else f"{own}/{other}"

    def as_game(self) -> Any:
        """The choice of programs as a game of this library, whose actions are the programs."""
        from nashscape.games import dense

        return dense(
            self.payoffs, actions=[self.rows, self.columns], players=self.players, name=f"programs of {self.game}"
        )

    def __repr__(self) -> str:
        """How many, and which pairs are equilibria, as one line."""
        pairs = ", ".join("/".join(own) for own in self.equilibria[:4]) or "none"
        more = ", …" if len(self.equilibria) > 4 else ""
        size = f"{len(self.rows)} × {len(self.columns)}"
        return f"<ProgramGame of {self.game}, {size} programs: equilibria within the table {pairs}{more}>"


def _told(shares: Floats, actions: Sequence[str]) -> str:
    k = int(shares.argmax())
    return actions[k] if shares[k] == 1 else " ".join(f"{share:.3g}" for share in shares)


@public()
def program_game(game: Any, rows: Programs, columns: Programs | None = None) -> ProgramGame:
    """What every two programs do against each other and what that pays, exactly; the choice of programs as a game.

    Formulas have one fixed point, which is read off in the finite linear worlds of provability logic, of which as many
    are computed as there are boxes, at most. Simulations are solved as linear equations in fractions; two programs draw
    independently. Of programs that mix, formulas read whether they surely play their first action.

    Args:
        game: of two players, or its payoffs `[2, actions, actions]`; `[actions, actions]` of the first where players
            are alike.
        rows: the programs among which the first player chooses; a list, of which those that are `published` may be
            names, or all by name as that gives them.
        columns: those of the second player; by default the same.

    Raises:
        InputError: for other numbers of players, names that occur twice, actions that a player does not have, and
            programs that simulate each other for ever.

    Example:
        >>> from nashscape import games
        >>> found = program_game(games.prisoners_dilemma(), ["DefectBot", "FairBot", "PrudentBot"])
        >>> found.played("FairBot", "PrudentBot"), found.played("FairBot", "DefectBot")
        ('CC', 'DD')

    Source: Barasz et al. (2014) for proofs, Oesterheld (2019) for simulations, Tennenholtz (2004) for texts.
    """
    table = exact_payoffs(game)
    if table.ndim == 2 and table.shape[0] == table.shape[1]:
        table = np.stack([table, table.T])
    if table.ndim != 3 or table.shape[0] != 2 or 0 in table.shape:
        raise InputError(
            "programs of two players read each other; payoffs are [2, actions, actions], or [actions, actions] of "
            f"players who are alike; got {table.shape}"
        )
    lists = _checked(rows), _checked(rows if columns is None else columns)
    counts = table.shape[1], table.shape[2]
    pairs = [(one, other) for one in lists[0] for other in lists[1]]
    asked = [Meeting(0, one, other) for one, other in pairs] + [Meeting(1, other, one) for one, other in pairs]
    shares, worlds = outcomes(rules_of(asked, counts))
    played = [np.array([shares[key_of(own)] for own in asked[k * len(pairs) :][: len(pairs)]]) for k in range(2)]
    size = len(lists[0]), len(lists[1])
    own, other = (part.reshape(*size, count) for part, count in zip(played, counts, strict=True))
    paid = np.einsum("ija,ijb,pab->pij", own, other, table)
    regrets = np.stack([paid[0].max(0)[None, :] - paid[0], paid[1].max(1)[:, None] - paid[1]])
    alone = (regrets[0] == 0).sum(0)[None, :], (regrets[1] == 0).sum(1)[:, None]
    names = getattr(game, "actions", None) or tuple(tuple(map(str, range(count))) for count in counts)
    question = {"payoffs": np.array(table, float), "rows": lists[0], "columns": lists[1]}
    return ProgramGame(
        game=getattr(game, "name", "game"),
        players=tuple(getattr(game, "players", ("player 1", "player 2"))),
        row_actions=tuple(names[0]),
        column_actions=tuple(names[1]),
        rows=tuple(one.name for one in lists[0]),
        columns=tuple(one.name for one in lists[1]),
        row_sources=tuple(one.source for one in lists[0]),
        column_sources=tuple(one.source for one in lists[1]),
        row_shares=own.astype(float),
        column_shares=other.astype(float),
        payoffs=paid.astype(float),
        regrets=regrets.astype(float),
        strict=(regrets == 0).all(0) & (alone[0] == 1) & (alone[1] == 1),
        worlds=worlds,
        status=Status.COMPLETE,
        provenance=record("program game", question, sources=[MODAL, ROBUST]),
    )


def _checked(given: Any) -> list[OpenSourceProgram]:
    if not hasattr(given, "__iter__") or isinstance(given, str):
        raise InputError(f"programs are a list; got {given!r}")
    found = [checked_program(_published(one)) for one in (given.values() if hasattr(given, "values") else given)]
    names = [one.name for one in found]
    if not names or len(set(names)) < len(names):
        raise InputError(f"programs need different names, and there must be one; got {', '.join(names) or 'none'}")
    return found


def _published(given: Any) -> Any:
    """The published program of a name, or what was given."""
    if not isinstance(given, str):
        return given
    known = published()
    if given not in known:
        raise unknown("published program", given, known)
    return known[given]
