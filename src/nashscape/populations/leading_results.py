"""Where a way of growing comes to from many starts: outcomes, how often each, and what they leave to gain."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, wilson
from nashscape.core.columns import Columns, flat
from nashscape.core.tables import Table, interval, one_by_one, standing
from nashscape.games.naming import pure_profile

Floats = npt.NDArray[np.float64]

MIXED = "mixed"


class _Played(NamedTuple):
    """The names of a game."""

    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class LeadsTo(Result):
    """Where a population method comes to, from many starts.

    Attributes:
        game: name of the game.
        by: the way of growing.
        sides: names of the sides.
        players: names of the players of the game.
        actions: theirs.
        outcomes: the profiles of actions that are answers, the most frequent first; "mixed" stands for all answers in
            which somebody plays no action nearly always.
        shares: of each the share of runs, with its interval.
        labels: of every run the number of its outcome, `[n]`.
        gains: what each side gains at most by one joint action against the answer, `[n, k]`, in payoff units.
        alone: what one member of each gains at most by itself, `[n, k]`.
        generations: after how many the run ended, `[n]`.
        status: complete; INTERRUPTED where it was stopped, valid for the runs it holds.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "population outcomes"
    picture: ClassVar[str] = "nashscape.figures.populations:leads_to_figure"
    as_columns: ClassVar[str] = "nashscape.populations.leading_results:leading_columns"
    as_table: ClassVar[str] = "nashscape.populations.leading_results:leading_table"

    game: str
    by: str
    sides: tuple[str, ...]
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    outcomes: tuple[str, ...]
    shares: tuple[Estimate, ...]
    labels: npt.NDArray[np.int64]
    gains: Floats
    alone: Floats
    generations: npt.NDArray[np.int64]
    status: Status
    provenance: Provenance

    def share(self, outcome: str) -> Estimate:
        """The share of runs that end in an outcome, such as "C,C", "CC" or "mixed"; of one that none ended in, from 0.

        Raises:
            InputError: for what is no outcome of the game.
        """
        named = outcome if outcome in (*self.outcomes, MIXED) else self._named(outcome)
        if named in self.outcomes:
            return self.shares[self.outcomes.index(named)]
        return wilson(0, len(self.labels), self.shares[0].level or 0.95)

    def _named(self, outcome: str) -> str:
        """A profile of actions as outcomes are named here."""
        played = _Played(self.game, self.players, self.actions)
        try:
            profile = pure_profile(played, outcome)
        except InputError as error:
            raise InputError(f"{error}; these runs ended in {' and '.join(self.outcomes)}") from error
        return ",".join(own[a] for own, a in zip(self.actions, profile, strict=True))

    def __repr__(self) -> str:
        """The first three outcomes, as one line."""
        each = zip(self.outcomes[:3], self.shares[:3], strict=True)
        told = ", ".join(f"{name} {100 * share.value:.1f} %" for name, share in each)
        more = ", …" if len(self.outcomes) > 3 else ""
        return f"<LeadsTo of {len(self.labels)} runs by {self.by}: {told}{more}{self.provenance.remark}>"


def leading_columns(found: LeadsTo) -> Columns:
    """A row for every run."""
    rows = len(found.labels)
    names = np.array(found.outcomes)[found.labels]
    made: Columns = {"outcome": names, "generations": found.generations}
    return made | flat("gain", found.gains, rows) | flat("alone", found.alone, rows)


@one_by_one
def leading_table(found: LeadsTo) -> Table:
    """Every outcome with its share, and the most that a side, and that a member alone, gains in any of its runs."""
    rows = []
    for k, (name, share) in enumerate(zip(found.outcomes, found.shares, strict=True)):
        own = found.labels == k
        rows.append((name, interval(share), f"{found.gains[own].max():.3g}", f"{found.alone[own].max():.3g}"))
    return Table(
        f"{found.game}: where {len(found.labels)} runs of {found.by} lead to",
        ("outcome", "share", "a side gains", "of one member"),
        rows,
        left=("outcome",),
        notes=("What the best joint action of a side, and the best action of one member, gains against the answer, at "
               "most in any run, in payoff units.", *standing([found])),
    )  # fmt: skip
