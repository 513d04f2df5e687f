"""Comparing two rules whose runs share nothing: other starts, other random numbers, other numbers of runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from nashscape.core import Estimate, InputError, Provenance, Result, Status, two_proportion_test
from nashscape.core.statistics.independent_differences import independent_difference
from nashscape.selection.entries import Entry
from nashscape.selection.maps.basin_maps import BasinMap

HOW = ("semantics", "estimator", "step_size", "projection", "starts", "settling", "precision", "steps")
"""What hosted players bring themselves, or have another notion of."""

SHARED = "compare them in pairs, compare(result, baseline)"


@dataclass(frozen=True, eq=False)
class IndependentComparison(Result):
    """A rule against a baseline, from starts and random numbers of their own.

    Which starts are gained and lost cannot be told, only that more or fewer of them reach the outcome.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        baseline: name of the baseline rule.
        outcome: the outcome that is compared.
        share: of the runs under the rule that reach it, with its Wilson interval.
        baseline_share: of the runs under the baseline.
        difference: the one minus the other, with the exact interval of `core.statistics.independent_differences`.
        p_value: of Fisher's exact test that both reach it equally often.
        method: "independent runs, Fisher's exact test".
        status: the less complete of the two.
        provenance: of the rule's result; its question holds the baseline's rule, seed and number of runs.
    """

    question_kind: ClassVar[str] = "independent comparison"
    picture: ClassVar[str] = "nashscape.figures.independent_pairs:independent_comparison_figure"

    game: str
    rule: str
    baseline: str
    outcome: str
    share: Estimate
    baseline_share: Estimate
    difference: Estimate
    p_value: float
    method: str
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Both rules, the difference and the p-value, as one line."""
        return (
            f"<IndependentComparison {self.rule} against {self.baseline} on {self.game}, {self.outcome}: "
            f"{self.share.value:.4f} against {self.baseline_share.value:.4f}, difference "
            f"[{self.difference.low:.4f}, {self.difference.high:.4f}], Fisher p = {self.p_value:.3g}>"
        )


def compared_independently(
    result: BasinMap | Entry, baseline: BasinMap | Entry, outcome: str, status: Status, differing: Sequence[str]
) -> IndependentComparison:
    """The comparison of two entries that differ in what is named, and in their rules perhaps.

    Raises:
        InputError: for maps, for entries that share random numbers, and such as answer different questions.
    """
    _check_independent(result, baseline, differing)
    share, other = result.probability(outcome), baseline.probability(outcome)  # type: ignore[union-attr]
    counts = (share.successes, share.trials, other.successes, other.trials)
    return IndependentComparison(
        game=result.game,
        rule=result.rule,
        baseline=baseline.rule,
        outcome=outcome,
        share=share,
        baseline_share=other,
        difference=independent_difference(*counts, result.level),  # type: ignore[arg-type]
        p_value=two_proportion_test(*counts),  # type: ignore[arg-type]
        method="independent runs, Fisher's exact test",
        status=status,
        provenance=result.provenance.asking("independent comparison", outcome=outcome, **_asked(baseline)),
    )


def _asked(baseline: BasinMap | Entry) -> dict[str, Any]:
    """The baseline, as parts of the question."""
    return {
        "baseline": baseline.question["rule"],
        "baseline_seed": baseline.question["seed"],
        "baseline_runs": baseline.question["runs"],
    }


def _check_independent(result: BasinMap | Entry, baseline: BasinMap | Entry, differing: Sequence[str]) -> None:
    if not hasattr(result, "probability"):
        raise InputError(f"maps have the same cells; {SHARED}, or run entry_probability with seeds of their own")
    if not (result.is_sample and baseline.is_sample):
        raise InputError("given starts and exact updates leave nothing to chance, and no runs are independent")
    # of hosted players a question has no starts: their random numbers are their own
    hosted = len({"starts" in one.question.parts for one in (result, baseline)}) == 2
    if "seed" not in differing and not hosted:
        raise InputError(
            f"both runs have seed {result.provenance.seed} and share starts and random numbers, so they are not "
            f"independent; {SHARED}, or run one with another seed"
        )
    if (
        "runs" in differing
        and "starts" in result.question.parts
        and {"points", "profiles"} & set(result.question["starts"])
    ):
        raise InputError("of given starts more runs are of other starts; make as many runs of both, or draw the starts")
    own = HOW if hosted else ()
    others = [name for name in differing if name not in ("seed", "runs", *own)]
    if others:
        raise InputError(
            f"the two answer different questions: {', '.join(others)} differ; only rule, seed and number of runs may"
        )
