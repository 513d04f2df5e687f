"""What learning a mechanism costs, as a result."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status
from nashscape.core.columns import Columns
from nashscape.core.statistics.order_statistics import median_interval
from nashscape.core.tables import Table, one_by_one, standing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LearnedAcquisition(Result):
    """What a principal loses while it learns what to recommend and to pay. Made by `learned_acquisition`.

    Attributes:
        problem: name of the problem.
        rounds: T, `[lengths]`.
        spent: rounds of exploring and of searching for costs, `[lengths, runs]`.
        regrets: `T` times the value of the best mechanism, less what was got, `[lengths, runs]`, in the unit of
            payments; too high rather than too low.
        obeyed: whether every agent does best by following what the principal committed to, `[lengths, runs]`.
        best: the value of the best mechanism, in a round.
        margin: what agents lose at least by leaving the mechanism that is explored with.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "learned acquisition"
    as_columns: ClassVar[str] = "nashscape.theory.mechanisms.learned_results:learned_columns"
    as_table: ClassVar[str] = "nashscape.theory.mechanisms.learned_results:learned_table"
    picture: ClassVar[str] = "nashscape.figures.acquisition:learned_acquisition_figure"
    computed: ClassVar[tuple[str, ...]] = ("medians", "slope")

    problem: str
    rounds: npt.NDArray[np.int_]
    spent: npt.NDArray[np.int_]
    regrets: Floats
    obeyed: npt.NDArray[np.bool_]
    best: float
    margin: float
    status: Status
    provenance: Provenance

    @property
    def medians(self) -> tuple[Estimate, ...]:
        """The median regret of each length, with an interval over runs."""
        return tuple(median_interval(own) for own in self.regrets)

    @property
    def slopes(self) -> Floats:
        """How fast regret grows in each run, `[runs]`: the slope of log regret over log T, by least squares."""
        away = np.log(self.rounds) - np.log(self.rounds).mean()
        made: Floats = away @ np.log(self.regrets) / (away @ away)
        return made

    @property
    def slope(self) -> Estimate:
        """The median slope, with an interval over runs. 2/3 is promised, and the logarithm adds `1/(2 ln T)`."""
        return median_interval(self.slopes)

    def __repr__(self) -> str:
        """The slope and how often agents obeyed, as one line."""
        return (
            f"<LearnedAcquisition of {self.problem}: regret grows as T^{self.slope.value:.3f} from "
            f"{self.rounds.min():,} to {self.rounds.max():,} rounds; obeyed in {self.obeyed.sum()} of "
            f"{self.obeyed.size} runs>"
        )


def learned_columns(found: LearnedAcquisition) -> Columns:
    """A row for every run of every length."""
    runs = found.regrets.shape[1]
    each: dict[str, Any] = {"rounds": np.repeat(found.rounds, runs), "run": np.tile(np.arange(runs), len(found.rounds))}
    return {**each, "spent": found.spent.ravel(), "regret": found.regrets.ravel(), "obeyed": found.obeyed.ravel()}


@one_by_one
def learned_table(found: LearnedAcquisition) -> Table:
    """A row for every length: rounds before committing, the median regret, and how often agents obeyed."""
    rows = [
        (f"{rounds:,}", f"{int(np.median(spent)):,}", f"{one.value:.4g} [{one.low:.4g}, {one.high:.4g}]",
         f"{one.value / rounds:.3g}", f"{obeyed.mean():.2f}")
        for rounds, spent, one, obeyed in zip(found.rounds, found.spent, found.medians, found.obeyed, strict=True)
    ]  # fmt: skip
    return Table(
        f"What learning costs in {found.problem}",
        ("rounds", "before committing", "regret", "in each round", "obeyed"),
        rows,
        notes=(f"Slope of log regret over log rounds: {found.slope}.", *standing([found])),
    )
