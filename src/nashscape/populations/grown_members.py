"""A population of members of an arena as it was grown: pools, what they paid, and what the answers left to gain."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status
from nashscape.core.columns import Columns, flat
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.games import DenseGame, dense

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GrownMembers(Result):
    """A population of members of any kind after G generations.

    Attributes:
        arena: where they meet, by name.
        by: the way in which it grew.
        sides: names of the sides.
        seats: of each side the pool from which it takes its members.
        gains: what a member gains that learnt afresh against the answer, in each side's place, before anybody learnt
            and after each generation, `[G + 1, k]`, in payoff units.
        low: lower ends of intervals that hold all at once with the probability `level`; the same where payoffs are
            exact.
        high: upper ends.
        limit: what no member of that side gains more than, infinite where the arena does not tell the best.
        level: confidence level of everything together.
        answer: how likely each member of its pool is in what a side is told to play, `[m]`.
        members: of each pool.
        names: theirs, the role in which they learnt first and their number in it.
        roles: of each pool the role of everyone who learnt, in their order.
        learnt: and the number of the member that this made; who learns the same as another is one member with it.
        sums: of payoffs, `[k, m_1, …, m_k]`.
        plays: of each profile of members, `[m_1, …, m_k]`; 1 where payoffs are exact.
        errors: which part of all error the mean of each profile was given.
        batches: how often errors were given.
        bounds: the least and the largest payoff of a play.
        exact: whether payoffs are means, and not sampled.
        status: complete; INTERRUPTED where it was stopped before.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "grown members"
    picture: ClassVar[str] = "nashscape.figures.grown_members:grown_members_figure"
    as_columns: ClassVar[str] = "nashscape.populations.grown_members:grown_members_columns"
    as_table: ClassVar[str] = "nashscape.populations.grown_members:grown_members_table"
    computed: ClassVar[tuple[str, ...]] = ("exploitability",)

    arena: str
    by: str
    sides: tuple[str, ...]
    seats: tuple[int, ...]
    gains: Floats
    low: Floats
    high: Floats
    limit: Floats
    level: float
    answer: tuple[Floats, ...]
    members: tuple[tuple[Any, ...], ...]
    names: tuple[tuple[str, ...], ...]
    roles: tuple[tuple[str, ...], ...]
    learnt: tuple[npt.NDArray[np.int64], ...]
    sums: Floats
    plays: Floats
    errors: Floats
    batches: int
    bounds: tuple[float, float]
    exact: bool
    status: Status
    provenance: Provenance

    @property
    def exploitability(self) -> float:
        """The mean over sides of what members gain that learnt afresh against the answer in the end.

        That is no more than the best member gains: a lower end of what is called exploitability where all can be tried.
        """
        return float(np.maximum(self.gains[-1], 0.0).mean())

    @property
    def generations(self) -> int:
        """How many there were, G."""
        return len(self.gains) - 1

    @property
    def payoffs(self) -> Floats:
        """What each side got in the mean, `[k, m_1, …, m_k]`; NaN for profiles that were not played."""
        with np.errstate(invalid="ignore"):
            made: Floats = self.sums / self.plays
        return made

    def meta_game(self) -> DenseGame:
        """The game of choosing a member of one's pool, at mean payoffs, which every verb takes that takes games.

        Raises:
            InputError: where profiles were not played, as where the way weighs nobody.
        """
        if not self.plays.size or not self.plays.all():
            raise InputError("some profiles of members were never played; a Population with these members fills them")
        actions = [self.names[seat] for seat in self.seats]
        return dense(self.payoffs, actions=actions, players=self.sides, name=f"population of {self.arena}")

    def __repr__(self) -> str:
        """Generations, way and what is gained, as one line."""
        most = float(self.limit[-1].mean())
        told = f", at most {most:.4g}" if np.isfinite(most) else ""
        return (
            f"<GrownMembers: {self.generations} generations by {self.by}, who learns afresh gains "
            f"{self.exploitability:.4g}{told}{self.provenance.remark}>"
        )


def grown_members_columns(found: GrownMembers) -> Columns:
    """A row for every generation, and one before the first."""
    rows = len(found.gains)
    made: Columns = {"generation": np.arange(rows)}
    for name in ("gain", "low", "high", "limit"):
        made |= flat(name, getattr(found, "gains" if name == "gain" else name), rows)
    return made


@one_by_one
def grown_members_table(found: GrownMembers) -> Table:
    """What who learns afresh gains against the answer, side by side and generation by generation."""
    limited = bool(np.isfinite(found.limit).any())
    rows = []
    for g, (gain, low, high, limit) in enumerate(zip(found.gains, found.low, found.high, found.limit, strict=True)):
        each = [f"{own:.4g}" if found.exact else f"{own:.3g} [{a:.3g}, {b:.3g}]"
                for own, a, b in zip(gain, low, high, strict=True)]  # fmt: skip
        rows.append((str(g), *each, *([f"{limit.max():.4g}"] if limited else [])))
    ends = "" if found.exact else f" Intervals hold all at once at {100 * found.level:g} %."
    return Table(
        f"{found.arena}: a population by {found.by}",
        ("generation", *[f"{name} gains" for name in found.sides], *["at most"] * limited),
        shortened(rows, most=15),
        notes=(f"What a member gains that learnt afresh against the answer, in payoff units; the best one gains no "
               f"less, and no side more than what is at most.{ends}", *standing([found])),
    )  # fmt: skip
