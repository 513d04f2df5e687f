"""Comparing two rules: from the same starts what is gained and lost, from others how much more often they succeed."""

from dataclasses import dataclass
from typing import ClassVar, Literal, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    PairedTest,
    Provenance,
    Result,
    Status,
    bracket,
    mcnemar,
    paired_difference,
)
from nashscape.core.calls import public
from nashscape.selection.comparing.independent_comparisons import IndependentComparison, compared_independently
from nashscape.selection.entries import Entry
from nashscape.selection.maps.basin_maps import BasinMap

Measured = BasinMap | Entry


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """A rule against a baseline, from the same starts.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        baseline: name of the baseline rule.
        outcome: the outcome that is compared.
        gained: which runs reach it under the rule only.
        lost: which runs reach it under the baseline only.
        difference: share under the rule minus share under the baseline, with the exact interval of
            `paired_difference`; for noise-free maps without an interval of chance.
        test: exact McNemar test; None for noise-free maps, which are no sample.
        status: the less complete of the two.
        provenance: of the rule's result.
    """

    question_kind: ClassVar[str] = "comparison"
    picture: ClassVar[str] = "nashscape.figures.pairs:comparison_figure"
    as_table: ClassVar[str] = "nashscape.selection.comparing.tables:comparison_table"
    computed: ClassVar[tuple[str, ...]] = ("gained_share", "lost_share")

    game: str
    rule: str
    baseline: str
    outcome: str
    gained: npt.NDArray[np.bool_]
    lost: npt.NDArray[np.bool_]
    difference: Estimate
    test: PairedTest | None
    status: Status
    provenance: Provenance

    @property
    def gained_share(self) -> float:
        """Share of the runs that reach the outcome under the rule only."""
        return float(self.gained.mean())

    @property
    def apart(self) -> bool:
        """Whether the shares are told apart: of a sample, whether the interval of their difference leaves out 0."""
        return self.test is None or not self.difference.contains(0.0)

    @property
    def lost_share(self) -> float:
        """Share of the runs that reach the outcome under the baseline only."""
        return float(self.lost.mean())

    def __repr__(self) -> str:
        """Both rules, what is gained and lost, and the p-value, as one line."""
        p = "" if self.test is None else f", McNemar p = {self.test.p_value:.3g}"
        return (
            f"<Comparison {self.rule} against {self.baseline} on {self.game}, {self.outcome}: "
            f"gained {self.gained_share:.4f}, lost {self.lost_share:.4f}{p}>"
        )


@overload
def compare(
    result: BasinMap | Entry,
    baseline: BasinMap | Entry,
    outcome: str | None = None,
    *,
    independent: Literal[False] = ...,
) -> Comparison: ...
@overload
def compare(
    result: Measured, baseline: Measured, outcome: str | None = None, *, independent: Literal[True]
) -> IndependentComparison: ...
@public()
def compare(
    result: Measured, baseline: Measured, outcome: str | None = None, *, independent: bool = False
) -> Comparison | IndependentComparison:
    """Compare two rules run from the same starts, pair by pair; or, where that is said, from starts of their own.

    Pairs tell more: of the same starts only those count on which the two differ. For runs with different seeds, which
    may be different numbers of them, say `independent=True`.

    Args:
        result: map or entry of the rule.
        baseline: map or entry of the baseline, from the same starts with the same random numbers.
        outcome: which outcome to compare; by default the first target.
        independent: whether two entries share neither starts nor random numbers, by their seeds. They are then compared
            by their shares alone: the difference with an exact interval, and Fisher's exact test.

    Returns:
        A `Comparison` of pairs, or an `IndependentComparison`.

    Raises:
        InputError: when the two were not run from the same starts with the same game and protocol; for independent
            ones, when they were, and when more differs than rule, seed and number of runs.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg, meta_mapg
        >>> from nashscape.selection import basin_map
        >>> maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=21)
        >>> compare(maps["meta_mapg"], maps["pg"]).lost_share
        0.0
        >>> from nashscape.selection import entry_probability
        >>> one = entry_probability(games.stag_hunt(), meta_mapg(), n=300, seed=1)
        >>> compare(one, entry_probability(games.stag_hunt(), pg(), n=200, seed=2), independent=True).p_value < 0.05
        True
    """
    differing = _differing(result, baseline)
    if not independent and {"semantics", "starts"} <= set(differing):
        raise InputError("hosted players share no starts with a rule: say independent=True, to compare shares alone")
    if differing and not independent:
        raise InputError(
            f"the two were not run alike: {', '.join(differing)} differ; run both in one call"
            + (", or say independent=True" if set(differing) <= {"seed", "runs"} else "")
        )
    if outcome is None and not result.targets:
        raise InputError(f"{result.game} has no targets; name the outcome to compare, compare(…, outcome='cycling')")
    outcome = result.targets[0] if outcome is None else outcome
    status = result.status if result.status is not Status.COMPLETE else baseline.status
    if independent:
        return compared_independently(result, baseline, outcome, status, differing)
    with_rule, without = result.reached(outcome), baseline.reached(outcome)
    gained, lost = with_rule & ~without, without & ~with_rule
    noise_free = not result.is_sample
    if noise_free:
        value = float(with_rule.mean() - without.mean())
        difference = bracket(value, value, value, "on these starts")
    else:
        difference = paired_difference(with_rule.ravel(), without.ravel())
    return Comparison(
        game=result.game,
        rule=result.rule,
        baseline=baseline.rule,
        outcome=outcome,
        gained=gained,
        lost=lost,
        difference=difference,
        test=None if noise_free else mcnemar(int(gained.sum()), int(lost.sum())),
        status=status,
        provenance=result.provenance.asking("comparison", baseline=baseline.question["rule"], outcome=outcome),
    )


def run_alike(result: Measured, baseline: Measured) -> bool:
    """Whether two were run from the same starts with the same game and protocol, so that they can be compared."""
    return not _differing(result, baseline)


def _differing(result: Measured, baseline: Measured) -> tuple[str, ...]:
    """What differs of the two questions, beside the rule."""
    if not all(hasattr(one, "reached") for one in (result, baseline)):
        raise InputError(f"compare takes entries or maps, as entry_probability and basin_map make them; got {result!r}")
    if type(result) is not type(baseline):
        raise InputError(f"cannot compare a {type(result).__name__} with a {type(baseline).__name__}")
    # what is computed along runs does not change where they go
    return result.question.differs(baseline.question, but=["rule", "reducers", "audit"])
