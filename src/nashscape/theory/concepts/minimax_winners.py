"""The minimax winner, or von Neumann winner, of a game of preferences."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, citations
from nashscape.core.calls import public
from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.provenance import record
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.games import DenseGame, GameLike
from nashscape.theory.nash.matrix_games import optimal_columns
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.written_out import MOST_EXACT, written_out

Floats = npt.NDArray[np.float64]

WINNERS = Source(
    "minimax_winners",
    "Fishburn: Probabilistic Social Choice Based on Simple Voting Comparisons. Review of Economic Studies 51, 683–692, "
    "1984.",
    "https://doi.org/10.2307/2297786",
)


@dataclass(frozen=True, eq=False)
class MinimaxWinner(Result):
    """A lottery over alternatives that is preferred to each alternative at least as often as not.

    Attributes:
        game: name of the game.
        alternatives: names.
        winner: a lottery, in fractions: the mean of the extreme ones, so that whatever is in one of them is in it.
        extreme: the extreme winners, of which all others are mixtures; where `complete` is False, some of them.
        complete: whether these are all.
        wins: what the winner gets against each alternative, at least `half`.
        half: what a tie pays, 1/2 of preferences.
        condorcet: the alternative that beats each other one, "" where none does.
        matrix: what each alternative gets against each other, `[m, m]`.
        status: COMPLETE if all winners are known; else INTERRUPTED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "minimax winner"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.minimax_winners:winner_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.minimax_winners:winner_table"
    picture: ClassVar[str] = "nashscape.figures.commitments:winner_figure"
    computed: ClassVar[tuple[str, ...]] = ("unique", "essential")

    game: str
    alternatives: tuple[str, ...]
    winner: Strategy
    extreme: tuple[Strategy, ...]
    complete: bool
    wins: tuple[Fraction, ...]
    half: Fraction
    condorcet: str
    matrix: Floats
    status: Status
    provenance: Provenance

    @property
    def unique(self) -> bool | None:
        """Whether there is one winner only; None where not all are known."""
        return False if len(self.extreme) > 1 else True if self.complete else None

    @property
    def essential(self) -> tuple[str, ...]:
        """The alternatives to which some winner that is known gives a chance: the essential set."""
        return tuple(name for name, p in zip(self.alternatives, self.winner, strict=True) if p)

    def __repr__(self) -> str:
        """The lottery, as one line."""
        lottery = ", ".join(
            f"{fraction_text(p)} {name}" for name, p in zip(self.alternatives, self.winner, strict=True) if p
        )
        kind = {True: "the only one", False: "one of several", None: "perhaps not the only one"}[self.unique]
        return f"<MinimaxWinner of {self.game}: {lottery} ({kind}; Condorcet winner: {self.condorcet or 'none'})>"


@public()
def minimax_winner(game: "GameLike") -> MinimaxWinner:
    """The lottery over alternatives that no alternative beats more often than not, exactly.

    `min_j Σ_i w_i P[i, j] ≥ 1/2` for the chances `P[i, j]` that i is preferred to j. It is an optimal strategy of the
    symmetric game of constant sum, found by one linear program in fractions; all others are found by walking on from
    there. Where one alternative beats each other one, the Condorcet winner, it is the only minimax winner.

    Args:
        game: `games.preferences(P)`, or another symmetric game of two players whose payoffs sum to a constant.

    Raises:
        InputError: for games that are not symmetric or of constant sum, and with more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> cycle = games.preferences([[".5", ".6", ".3"], [".4", ".5", ".8"], [".7", ".2", ".5"]])
        >>> minimax_winner(cycle)
        <MinimaxWinner of preferences: 1/2 A, 1/3 B, 1/6 C (the only one; Condorcet winner: none)>

    Source: Fishburn (1984); Dudík, Hofmann, Schapire, Slivkins, Zoghi (2015) for the name von Neumann winner.
    """
    form = written_out(game, "find the minimax winner", most=MOST_EXACT)
    matrix, total = _symmetric(form)
    # who chooses columns of −P holds the other to no more than the value: these are the optimal strategies
    extreme, complete = optimal_columns(-matrix.T)
    winner = tuple(sum(own, Fraction(0)) / len(extreme) for own in zip(*extreme, strict=True))
    wins = np.array(winner, dtype=object) @ matrix
    half = total / 2
    assert min(wins.tolist()) == half, "a minimax winner ties at least with every alternative"
    beats = [all(own[j] > half for j in range(len(own)) if j != i) for i, own in enumerate(matrix)]
    return MinimaxWinner(
        game=form.name,
        alternatives=form.actions[0],
        winner=winner,
        extreme=extreme,
        complete=complete,
        wins=tuple(wins),
        half=half,
        condorcet=form.actions[0][beats.index(True)] if any(beats) else "",
        matrix=matrix.astype(np.float64),
        status=Status.COMPLETE if complete else Status.INTERRUPTED,
        provenance=record("minimax winner", {"game": form}, sources=[WINNERS, citations.MINIMAX]),
    )


def _symmetric(form: DenseGame) -> tuple[npt.NDArray[np.object_], Fraction]:
    """The first player's payoffs, and what both sum to everywhere."""
    payoffs = form.fractions
    wanted = "a minimax winner is one of a symmetric game of two players whose payoffs sum to a constant"
    advice = "games.preferences makes one of a matrix of preferences"
    if form.n_players != 2 or form.actions[0] != form.actions[1]:
        raise InputError(f"{wanted}; the players of {form.name} have not the same alternatives: {advice}")
    if (payoffs[0] != payoffs[1].T).any():
        i, j = (int(k) for k in np.argwhere(payoffs[0] != payoffs[1].T)[0])
        raise InputError(f"{wanted}; {form.name} changes with the players at {form.profile_name((i, j))}: {advice}")
    sums = payoffs[0] + payoffs[1]
    if (sums != sums[0, 0]).any():
        i, j = (int(k) for k in np.argwhere(sums != sums[0, 0])[0])
        first, other = (f"{float(own):g}" for own in (sums[0, 0], sums[i, j]))
        apart = f"; {float(sums[i, j] - sums[0, 0]):.1g} more is rounding: texts such as '0.6' are taken exactly"
        raise InputError(
            f"{wanted}; those of {form.name} sum to {first} and, at {form.profile_name((i, j))}, to {other}"
            f"{apart if first == other else ''}: {advice}"
        )
    return payoffs[0], sums[0, 0]


def winner_columns(found: MinimaxWinner) -> Columns:
    """A row for every alternative."""
    return {
        "alternative": np.array(found.alternatives),
        "probability": np.array(found.winner, dtype=float),
        "beaten": np.array(found.wins, dtype=float),
    }


@one_by_one
def winner_table(found: MinimaxWinner) -> Table:
    """Every alternative with its chance, the range of that in all winners, and how often the winner beats it."""
    ends = [(min(own), max(own)) for own in zip(*found.extreme, strict=True)]
    rows = [
        (name, fraction_text(p), f"{fraction_text(low)} to {fraction_text(high)}", fraction_text(beaten))
        for name, p, (low, high), beaten in zip(found.alternatives, found.winner, ends, found.wins, strict=True)
    ]
    return Table(
        f"The minimax winner of {found.game}",
        ("alternative", "probability", "in all winners", "winner against it"),
        shortened(rows),
        notes=(f"Condorcet winner: {found.condorcet or 'none'}.", *standing([found])),
    )
