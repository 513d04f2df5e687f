"""Quantal response equilibria on the logit path, and the path itself."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.columns import Columns, flat
from nashscape.core.tables import Table, one_by_one, shortened, standing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LogitEquilibria(Result):
    """The quantal response equilibria at one precision that the logit path from the centroid passes, and that path.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        precision: λ, in one over payoff; rescaled, in one over each player's range of payoffs.
        scale: "raw", one λ for all payoffs as they are; "rescaled", for payoffs in units of each player's range.
        strategies: at this λ, `[k, a_i]` by player, in the order of the path: several where it folds back.
        payoffs: what they pay, `[k, n]`, in payoff units.
        residual: how far each is from the responses to itself, `max |σ_i[a] − softmax(λ u_i(·, σ_-i))[a]|`, `[k]`.
        path: λ along the path, `[m]`, from 0, with the points at which it turns.
        path_strategies: there, `[m, a_i]` by player.
        branches: the λ at which other branches cross the path; beyond the first there are other equilibria that are as
            much a continuation of it.
        arrived: whether the path was followed to a λ of 10,000 over the range of payoffs; what it comes to there is
            the Nash equilibrium that it selects.
        status: COMPLETE if the path arrived and every residual is below 1e-9; else UNDECIDED. In neither case are these
            all quantal response equilibria at this λ: others can lie on branches that do not meet the path.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "logit equilibria"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.logit_results:logit_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.logit_results:logit_table"
    picture: ClassVar[str] = "nashscape.figures.logit_paths:logit_figure"

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    precision: float
    scale: str
    strategies: tuple[Floats, ...]
    payoffs: Floats
    residual: Floats
    path: Floats
    path_strategies: tuple[Floats, ...]
    branches: Floats
    arrived: bool
    status: Status
    provenance: Provenance

    def __len__(self) -> int:
        """How many there are at this precision."""
        return len(self.residual)

    def __repr__(self) -> str:
        """How many, and what they pay, as one line."""
        pays = "; ".join(", ".join(f"{value:.4g}" for value in own) for own in self.payoffs)
        crossed = f"; other branches from λ = {self.branches[0]:.4g}" if len(self.branches) else ""
        return f"<LogitEquilibria of {self.game} at λ = {self.precision:g}: {len(self)}, payoffs {pays}{crossed}>"


def logit_columns(found: LogitEquilibria) -> Columns:
    """A row for every point of the path."""
    made: Columns = {"lambda": found.path}
    for i, own in enumerate(found.path_strategies):
        made |= flat(f"probability_{i}", own, len(found.path))
    return made


@one_by_one
def logit_table(found: LogitEquilibria) -> Table:
    """The equilibria at this precision: strategies, payoffs, and how well they answer themselves."""
    rows = [
        (
            str(k + 1),
            " | ".join(" ".join(f"{p:.4g}" for p in own[k]) for own in found.strategies),
            ", ".join(f"{value:.4g}" for value in found.payoffs[k]),
            f"{found.residual[k]:.1g}",
        )
        for k in range(len(found))
    ]
    unit = "one over payoff" if found.scale == "raw" else "one over each player's range of payoffs"
    crossed = [f"Other branches cross the path at λ = {', '.join(f'{own:.4g}' for own in found.branches)}."]
    return Table(
        f"Quantal responses in {found.game} at λ = {found.precision:g} ({unit})",
        ("on the path", "strategies", "payoffs", "residual"),
        shortened(rows),
        left=("strategies",),
        notes=(
            *(crossed if len(found.branches) else []),
            "Others can lie on branches that do not meet the path.",
            *standing([found]),
        ),
    )
