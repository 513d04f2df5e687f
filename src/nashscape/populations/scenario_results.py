"""What focal populations get beside others: scores of scenarios, with partners of training and held-out ones."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status
from nashscape.core.columns import Columns
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scenarios(Result):
    """Focal populations beside backgrounds; made by `scenarios`.

    Attributes:
        game: name of the game of policies.
        focal: names of the focal populations.
        backgrounds: names of the scenarios.
        seats: how many seats are focal, or their names.
        scores: what a focal player gets in expectation in each scenario, `[focal, scenarios]`, in payoff units.
        low: lower ends of the intervals of these, each by itself; the scores where they are exact.
        high: upper ends.
        alone: what it gets where its population has all seats: universalisation.
        trained: whether a population was trained with a background, `[focal, scenarios]`.
        gaps: for each population the mean score beside partners of its training less that beside held-out ones.
        level: confidence level of gaps.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "scenarios"
    picture: ClassVar[str] = "nashscape.figures.scenario_scores:scenarios_figure"
    as_columns: ClassVar[str] = "nashscape.populations.scenario_results:columns_of_scenarios"
    as_table: ClassVar[str] = "nashscape.populations.scenario_results:scenarios_table"

    game: str
    focal: tuple[str, ...]
    backgrounds: tuple[str, ...]
    seats: str
    scores: Floats
    low: Floats
    high: Floats
    alone: tuple[Estimate, ...]
    trained: npt.NDArray[np.bool_]
    gaps: tuple[Estimate, ...]
    level: float
    status: Status
    provenance: Provenance

    @property
    def normalised(self) -> Floats:
        """Scores between the worst focal population of each scenario, 0, and the best, 1; NaN where all are alike."""
        low, spread = self.scores.min(0), np.ptp(self.scores, axis=0)
        near = 1e-12 * np.abs(self.scores).max(initial=0.0)
        made: Floats = (self.scores - low) / np.where(spread > near, spread, np.nan)
        return made

    def __repr__(self) -> str:
        """Populations, scenarios and gaps, as one line."""
        told = ", ".join(f"{name} {gap.value:.4g}" for name, gap in list(zip(self.focal, self.gaps, strict=True))[:3])
        return f"<Scenarios of {self.game}: {len(self.focal)} in {len(self.backgrounds)}, gaps {told}>"


def columns_of_scenarios(found: Scenarios) -> Columns:
    """A row for every focal population in every scenario."""
    rows, columns = len(found.focal), len(found.backgrounds)
    return {
        "focal": np.repeat(found.focal, columns),
        "background": np.tile(found.backgrounds, rows),
        "trained": found.trained.ravel(),
        "score": found.scores.ravel(),
        "score_low": found.low.ravel(),
        "score_high": found.high.ravel(),
        "normalised": found.normalised.ravel(),
        "alone": np.repeat([one.value for one in found.alone], columns),
    }


@one_by_one
def scenarios_table(found: Scenarios) -> Table:
    """Each focal population by itself, beside partners of its training and beside others, and the gap."""
    rows = []
    for k, name in enumerate(found.focal):
        known = found.trained[k]
        parts = (found.scores[k][which] for which in (known, ~known))
        means = [f"{own.mean():.4f}" if own.size else "–" for own in parts]
        rows.append((name, _told(found.alone[k]), *means, _told(found.gaps[k])))
    return Table(
        f"{found.game}: focal populations in {found.seats}",
        ("focal", "all seats", "trained with", "held out", "gap"),
        shortened(rows),
        notes=(
            "What a focal player gets, in payoff units. Gaps are between means over scenarios; intervals are of how "
            "scenarios differ (Welch).",
            *standing([found]),
        ),
    )


def _told(one: Estimate) -> str:
    if np.isnan(one.value):
        return "–"
    return interval(one) if np.isfinite(one.low) else f"{one.value:.4f}"
