"""What a team makes sure of apart and together, as a result."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, facts, one_by_one, standing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TeamMaxmin(Result):
    """What a team makes sure of, its members mixing independently; and what it could if they acted together.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        adversary: name of the player that the others face; what it is paid itself does not count.
        low: what `strategies` make sure of, in payoff units, computed from these in fractions and rounded down.
        high: what no independent strategies can make sure of more than, rounded up.
        strategies: one per member of the team, in the order of the players.
        improvable: what each member alone could make sure of more than `low`, by a linear program of its own.
        together: what the team makes sure of with a common coin, in fractions.
        plan: by the name of a joint action of the team its probability then.
        threat: a mixture of the adversary that holds the team to `together`.
        least: the least payoff of the team, from which the price of uncorrelation is counted.
        boxes: parts of the members' mixtures that were looked at.
        proved: whether the bounds are as near as was asked.
        status: COMPLETE if so; INTERRUPTED by Ctrl-C; else UNDECIDED. The bounds hold in every case.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "team maxmin"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.team_results:team_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.team_results:team_table"
    picture: ClassVar[str] = "nashscape.figures.teams:team_figure"
    computed: ClassVar[tuple[str, ...]] = ("team", "price")

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    adversary: str
    low: float
    high: float
    strategies: tuple[Floats, ...]
    improvable: Floats
    together: Fraction
    plan: tuple[tuple[str, Fraction], ...]
    threat: tuple[Fraction, ...]
    least: float
    boxes: int
    proved: bool
    status: Status
    provenance: Provenance

    @property
    def team(self) -> tuple[str, ...]:
        """The members."""
        return tuple(name for name in self.players if name != self.adversary)

    @property
    def price(self) -> tuple[float, float]:
        """The price of uncorrelation, from least to most: what is had together over what is had apart.

        Both are counted from the least payoff of the team; the price is 1 where a common coin is of no use, infinite
        where without one nothing more than the least payoff is safe, and 1 again where nothing is safe with one.
        """
        return _ratio(float(self.together) - self.least, self.high - self.least), _ratio(
            float(self.together) - self.least, self.low - self.least
        )

    def __repr__(self) -> str:
        """The bounds and what a coin is worth, as one line."""
        proved = "" if self.proved else ", open"
        return (
            f"<TeamMaxmin of {self.game}: {self.low:.6g} to {self.high:.6g}{proved} against {self.adversary}; together "
            f"{fraction_text(self.together)}>"
        )


def _ratio(together: float, apart: float) -> float:
    if together <= 0.0:
        return 1.0
    return max(1.0, together / apart) if apart > 0.0 else float("inf")


def team_columns(found: TeamMaxmin) -> Columns:
    """A row for every action of every member."""
    names = {name: own for name, own in zip(found.players, found.actions, strict=True) if name != found.adversary}
    rows = [
        (player, action, float(p))
        for (player, actions), own in zip(names.items(), found.strategies, strict=True)
        for action, p in zip(actions, own, strict=True)
    ]
    players, actions, numbers = zip(*rows, strict=True)
    return {"player": np.array(players), "action": np.array(actions), "probability": np.array(numbers, dtype=float)}


@one_by_one
def team_table(found: TeamMaxmin) -> Table:
    """The bounds, the members' mixtures, and what they could make sure of together."""
    names = {name: own for name, own in zip(found.players, found.actions, strict=True) if name != found.adversary}
    low, high = found.price
    lines = {
        "makes sure of": f"{found.low:.6g}",
        "no more than": f"{found.high:.6g}",
        **{
            player: ", ".join(f"{p:.4g} {name}" for name, p in zip(actions, own, strict=True) if p > 1e-9)
            for (player, actions), own in zip(names.items(), found.strategies, strict=True)
        },
        "together": f"{fraction_text(found.together)} by "
        + ", ".join(f"{fraction_text(p)} {name}" for name, p in found.plan),
        "price of uncorrelation": f"{low:.4g} to {high:.4g}",
    }
    return facts(f"What a team makes sure of against {found.adversary} in {found.game}", lines, standing([found]))
