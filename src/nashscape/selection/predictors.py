"""Predictors: how well a quantity that is known at the start, or early in a run, tells what the start gains."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Source, Status, bracket, choice, finite_number
from nashscape.core.calls import public
from nashscape.core.statistics.rank_statistics import area_under_curve, rank_correlation
from nashscape.selection.comparing.comparisons import Comparison, compare
from nashscape.selection.entries import Entry
from nashscape.selection.maps.basin_maps import BasinMap
from nashscape.selection.option_types import PredictorOptions

Floats = npt.NDArray[np.float64]

AMONG = ("all", "missed")
NET = "net entry"
"""What a start gains where no reduced quantity is named."""

SOURCES = (
    Source(
        "delong",
        "DeLong, DeLong, Clarke-Pearson: Comparing the Areas under Two or More Correlated Receiver Operating "
        "Characteristic Curves: A Nonparametric Approach. Biometrics 44, 837–845, 1988.",
    ),
    Source(
        "bonett_wright",
        "Bonett, Wright: Sample Size Requirements for Estimating Pearson, Kendall and Spearman Correlations. "
        "Psychometrika 65, 23–28, 2000.",
    ),
)


@dataclass(frozen=True, eq=False)
class Predictor(Result):
    """A quantity of N starts, and how well it tells which of them are gained, and how much.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        baseline: name of the baseline rule.
        outcome: the outcome that is gained: reached under the rule, and not under the baseline.
        by: name of the quantity.
        gain: what is gained: "net entry", or the name of a reduced quantity.
        among: which starts count: "all", or only those "missed" by the baseline.
        values: the quantity, `[N]`; of starts that have none, nothing is here.
        gained: whether each start is gained, `[N]`.
        change: what each gains, `[N]`: 1, 0 or −1 of net entry; of a reduced quantity that under the rule less that
            under the baseline.
        left_out: starts without a value.
        auc: the area under the ROC curve, see `core.area_under_curve`; None where all starts that count
            are gained, or none. Without an interval of chance where chance had no part.
        spearman: rank correlation of values and changes, see `core.rank_correlation`; None where either
            are all alike, and have no order.
        status: UNDECIDED where both are None; else that of the comparison.
        provenance: of the rule's result; its question holds the baseline's rule and what predicts.
    """

    question_kind: ClassVar[str] = "predictor"
    picture: ClassVar[str] = "nashscape.figures.predictors:predictor_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_predictor"
    as_table: ClassVar[str] = "nashscape.selection.comparing.tables:predictor_table"

    game: str
    rule: str
    baseline: str
    outcome: str
    by: str
    gain: str
    among: str
    values: Floats
    gained: npt.NDArray[np.bool_]
    change: Floats
    left_out: int
    auc: Estimate | None
    spearman: Estimate | None
    status: Status
    provenance: Provenance

    def roc(self) -> tuple[Floats, Floats]:
        """The ROC curve: shares of the other starts and of the gained ones with at least a value, for falling values.

        Two arrays of one length, both from 0 to 1, one point for every different value. The area under the straight
        lines between them is that of `auc`.

        Raises:
            InputError: where there are no gained starts, or no others.
        """
        if self.auc is None:
            raise InputError(f"there is no ROC curve: {self.gained.sum()} of {self.gained.size} starts are gained")
        levels = np.unique(self.values)[::-1]
        parts = (self.values[~self.gained], self.values[self.gained])
        false, true = (np.searchsorted(np.sort(-own), -levels, "right") / len(own) for own in parts)
        return np.concatenate([[0.0], false]), np.concatenate([[0.0], true])

    def __repr__(self) -> str:
        """The quantity, both rules and how well it does, as one line."""
        auc, rank = ("none" if one is None else f"{one.value:.3f}" for one in (self.auc, self.spearman))
        return (
            f"<Predictor {self.by} of what {self.rule} gains over {self.baseline} on {self.game}, {self.outcome}: "
            f"AUC {auc}, Spearman {rank}, {int(self.gained.sum())} of {self.gained.size} gained; {self.standing}>"
        )


@overload
def predictor(
    result: BasinMap | Entry,
    baseline: BasinMap | Entry,
    by: str | npt.ArrayLike,
    **options: Unpack[PredictorOptions],
) -> Predictor: ...
@overload
def predictor(
    result: BasinMap | Entry,
    baseline: BasinMap | Entry,
    by: Mapping[str, npt.ArrayLike],
    **options: Unpack[PredictorOptions],
) -> dict[str, Predictor]: ...
@public()
def predictor(
    result: BasinMap | Entry,
    baseline: BasinMap | Entry,
    by: str | npt.ArrayLike | Mapping[str, npt.ArrayLike],
    *,
    outcome: str | None = None,
    gain: str | None = None,
    among: str = "all",
    level: float = 0.95,
) -> Any:
    """How well a quantity of the starts predicts which of them a rule gains over a baseline, and how much.

    Gained is a start from which the outcome is reached under the rule and not under the baseline. For the quantity x
    the area under the ROC curve is the chance that of a gained start and another the gained one has the larger x, ties
    counted half: 1/2 says nothing, and below 1/2 small x predict. Spearman's correlation is that of x and of what every
    start gains. Both are of these runs, in which the quantity was not fitted: nothing is held out.

    Args:
        result: map or entry of the rule.
        baseline: map or entry of the baseline, from the same starts with the same random numbers.
        by: the quantity: the name of one that was reduced along the runs of `result`, such as
            `reducers.cumulative_alignment("CC", until=5)`; or numbers, one for every start (of a map one for every
            cell); or a mapping from names to such numbers. NaN where a start has none.
        outcome: which outcome is gained; by default the first target.
        gain: what Spearman's correlation is with: the name of a quantity reduced along both, such as "end_welfare"; by
            default net entry, 1 for gained, −1 for lost, 0 for the same.
        among: "all" starts (default), or those "missed" by the baseline, which alone can be gained: a quantity that
            only tells where the baseline succeeds predicts nothing there.
        level: confidence level of intervals; by default 0.95. They take starts for independent draws; of given starts
            with noise they are too long.

    Returns:
        A `Predictor`; for a mapping a dict of them by name.

    Raises:
        InputError: for results that were not run alike, quantities that do not fit them, and where no start counts.

    Example:
        >>> from nashscape import entry_probability, games, meta_mapg, pg, reducers
        >>> early = reducers.cumulative_alignment("CC", until=5)
        >>> entries = entry_probability(games.stag_hunt(), [pg(), meta_mapg()], reducers=early)
        >>> found = predictor(entries["meta_mapg"], entries["pg"], "cumulative_alignment", among="missed")
        >>> 0.5 < found.auc.low < found.auc.value < 1.0
        True
    """
    among = choice(among, "among", AMONG)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    pair = compare(result, baseline, outcome)
    counts = np.ones(pair.gained.shape, bool) if among == "all" else ~baseline.reached(pair.outcome)
    change = _change(result, baseline, gain, pair)

    def judged(name: str, values: Floats) -> Predictor:
        kept = counts.ravel() & ~np.isnan(values)
        if not kept.any():
            raise InputError(f"{counts.sum()} starts count ({among}), and none of them has a value of {name}")
        # numbers of one's own are part of the question; what was reduced along the runs is there already
        own = {} if isinstance(by, str) else {"values": values}
        asked = pair.provenance.asking("predictor", by=name, gain=gain, among=among, level=level, **own)
        auc, spearman = _measured(values[kept], pair.gained.ravel()[kept], change[kept], level, result.is_sample)
        return Predictor(
            game=result.game,
            rule=result.rule,
            baseline=baseline.rule,
            outcome=pair.outcome,
            by=name,
            gain=NET if gain is None else gain,
            among=among,
            values=values[kept],
            gained=pair.gained.ravel()[kept],
            change=change[kept],
            left_out=int(counts.sum() - kept.sum()),
            auc=auc,
            spearman=spearman,
            status=Status.UNDECIDED if auc is None and spearman is None else pair.status,
            provenance=asked.citing(*SOURCES),
        )

    if isinstance(by, Mapping):
        return {name: judged(name, _values(result, own, name)) for name, own in by.items()}
    name = by if isinstance(by, str) else "values"
    return judged(name, _values(result, by, name))


def _values(result: BasinMap | Entry, by: Any, name: str) -> Floats:
    """One number for every run, `[N]`."""
    shape = result.labels.shape
    given = np.asarray(_reduced(result, by) if isinstance(by, str) else by, np.float64)
    if len(shape) > 1 and given.shape == shape[1:]:
        given = np.broadcast_to(given, shape)
    if given.size != result.labels.size:
        raise InputError(
            f"{name} has shape {given.shape}; a predictor is one number for each of the starts, of shape {shape}"
        )
    return given.ravel()


def _reduced(result: BasinMap | Entry, name: str) -> npt.NDArray[Any]:
    return result.reduced[choice(name, f"quantity reduced under {result.rule}", result.reduced)]


def _change(result: BasinMap | Entry, baseline: BasinMap | Entry, gain: str | None, pair: Comparison) -> Floats:
    """What every start gains, `[N]`."""
    if gain is None:
        return pair.gained.ravel().astype(np.float64) - pair.lost.ravel()
    return _values(result, gain, gain) - _values(baseline, gain, gain)


def _measured(
    values: Floats, gained: npt.NDArray[np.bool_], change: Floats, level: float, by_chance: bool
) -> tuple[Estimate | None, Estimate | None]:
    """Both measures, each None where there is nothing to tell apart."""
    auc = area_under_curve(values[gained], values[~gained], level) if 0 < gained.sum() < gained.size else None
    known = ~np.isnan(change)
    ordered = all(np.unique(own[known]).size > 1 for own in (values, change))
    spearman = rank_correlation(values[known], change[known], level) if ordered else None
    if by_chance:
        return auc, spearman
    return _of_these(auc), _of_these(spearman)


def _of_these(found: Estimate | None) -> Estimate | None:
    return None if found is None else bracket(found.value, found.value, found.value, "of these starts")
