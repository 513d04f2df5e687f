"""What a population has become: its strategies, what they get of each other, and what its answer leaves to gain."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status
from nashscape.core.columns import Columns, flat
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.games import DenseGame, dense

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grown(Result):
    """A population after G generations.

    Attributes:
        game: name of the game.
        by: the way in which it grew.
        sides: names of the sides.
        players: names of the players of the game.
        actions: theirs.
        teams: the numbers of each side's players.
        seats: of each side the pool from which it takes its strategies.
        gains: what each side gains at most by one joint action against the answer, before anybody learnt and after each
            generation, `[G + 1, k]`, in payoff units.
        alone: what one member of each gains at most by itself, `[G + 1, k]`.
        answer: how likely each joint action of each side is in the answer, `[J]` each.
        weights: how likely each profile of strategies is in the answer, `[m_1, …, m_k]`, where it is drawn for all
            together; where each side draws by itself there is one, of the answer.
        strategies: of each pool, the mixtures of all members one after the other, `[m, width]`.
        roles: of each pool the role of every strategy.
        payoffs: what each side gets where every side plays one of its pool, `[k, m_1, …, m_k]`.
        status: complete; INTERRUPTED where it was stopped before.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "grown population"
    picture: ClassVar[str] = "nashscape.figures.populations:grown_figure"
    as_columns: ClassVar[str] = "nashscape.populations.grown:grown_columns"
    as_table: ClassVar[str] = "nashscape.populations.grown:grown_table"
    computed: ClassVar[tuple[str, ...]] = ("exploitability",)

    game: str
    by: str
    sides: tuple[str, ...]
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    teams: tuple[tuple[int, ...], ...]
    seats: tuple[int, ...]
    gains: Floats
    alone: Floats
    answer: tuple[Floats, ...]
    weights: Floats
    strategies: tuple[Floats, ...]
    roles: tuple[tuple[str, ...], ...]
    payoffs: Floats
    status: Status
    provenance: Provenance

    @property
    def exploitability(self) -> float:
        """The mean over sides of what they gain at most against the answer in the end: NashConv over their number."""
        return float(self.gains[-1].mean())

    @property
    def generations(self) -> int:
        """How many there were, G."""
        return len(self.gains) - 1

    def names(self, side: int) -> list[str]:
        """Names of the strategies of a side's pool: their role, and their number in it."""
        count: dict[str, int] = {}
        made = []
        for role in self.roles[self.seats[side]]:
            count[role] = count.get(role, 0) + 1
            made.append(f"{role} {count[role]}")
        return made

    def mixture(self, player: int) -> Floats:
        """How likely each action of a player is in the answer, `[a]`.

        Raises:
            InputError: for a player that there is not.
        """
        if not 0 <= player < len(self.players):
            raise InputError(f"players are numbered from 0 to {len(self.players) - 1}; got {player}")
        side = next(k for k, team in enumerate(self.teams) if player in team)
        shaped = self.answer[side].reshape([len(self.actions[i]) for i in self.teams[side]])
        place = self.teams[side].index(player)
        made: Floats = shaped.sum(axis=tuple(j for j in range(shaped.ndim) if j != place))
        return made

    def meta_game(self) -> DenseGame:
        """The game of choosing a strategy of one's pool, which every verb takes that takes games.

        Raises:
            InputError: where nobody has learnt, since the start left nothing to gain.
        """
        if not self.payoffs.size:
            raise InputError("the pools are empty: the start left nothing to gain; begin elsewhere, or take until=None")
        return dense(self.payoffs, actions=[self.names(k) for k in range(len(self.sides))], players=self.sides,
                     name=f"population of {self.game}")  # fmt: skip

    def __repr__(self) -> str:
        """Generations, way and exploitability, as one line."""
        least = 1e-9 * (1.0 + float(np.abs(self.payoffs).max(initial=0.0)))
        told = f"{self.exploitability:.4g}" if self.exploitability > least else "0"
        return f"<Grown: {self.generations} generations by {self.by}, exploitability {told}{self.provenance.remark}>"


def grown_columns(found: Grown) -> Columns:
    """A row for every generation, and one before the first."""
    rows = len(found.gains)
    made: Columns = {"generation": np.arange(rows), "exploitability": found.gains.mean(axis=1)}
    return made | flat("gain", found.gains, rows) | flat("alone", found.alone, rows)


@one_by_one
def grown_table(found: Grown) -> Table:
    """What sides and single members gain against the answer, generation by generation."""
    rows = [
        (str(g), f"{together.mean():.4g}", *(f"{gain:.4g}" for gain in together), f"{alone.max():.4g}")
        for g, (together, alone) in enumerate(zip(found.gains, found.alone, strict=True))
    ]
    gained = [f"{name} gains" for name in found.sides]
    return Table(
        f"{found.game}: a population by {found.by}",
        ("generation", "exploitability", *gained, "of one member"),
        shortened(rows, most=15),
        notes=("What the best joint action of a side gains against the answer, in payoff units; exploitability is the "
               "mean over sides.", *standing([found])),
    )  # fmt: skip
