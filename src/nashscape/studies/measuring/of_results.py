"""Numbers of everything else that verbs give: restarts, alignments, thresholds, certificates, equilibria, pairs."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nashscape.core import bracket, wilson
from nashscape.studies.measuring.of_runs import mean, scatter, share, undefined
from nashscape.studies.measuring.rows import NAN, Number, estimated, exact, without_interval


def restarts(found: Any) -> Iterator[Number]:
    """The share of runs that succeed within the budget; where starts are alike the probability of one, and the mean."""
    yield estimated("success", found.success(), found.target)
    if found.alike:
        yield estimated("per_start", found.per_start(), found.target)
    yield estimated("restarts", found.restarts_within_budget(), found.target)


def single_runs(found: Any) -> Iterator[Number]:
    """How single runs scatter: their numbers of restarts; one without success has the most that there can be."""
    counted = np.where(found.first_success < 0, found.budget - 1, found.first_success)
    yield from scatter("run_restarts", counted, found.level, found.target)


def update_noise(found: Any) -> Iterator[Number]:
    """The trace of the covariance of sampled updates, and how far single ones lie from their mean, squared."""
    yield from scatter("variance", found.squares, found.level)


def alignment(found: Any) -> Iterator[Number]:
    """At which share of starts every term pushes towards the target, and how strongly in the mean."""
    for term in found.terms:
        if np.isfinite(found.projections[term]).any():
            yield estimated("positive", found.positive(term), term)
            yield estimated("mean_projection", found.mean(term), term)
    count, starts = found.undefined, found.length.size
    yield (
        estimated("undefined", wilson(count, starts, found.level))
        if found.is_sample
        else exact("undefined", count / starts)
    )


def thresholds(found: Any) -> Iterator[Number]:
    """Every change of sign, in order, and whether there can be no others."""
    for k, own in enumerate(found.brackets):
        way = "rises" if own.rises else "falls"
        yield Number("threshold", str(k + 1), own.middle, own.low, own.high, text=way)
    yield exact("thresholds", len(found.brackets))
    yield Number("complete", text="yes" if found.complete else "no")


def certificates(found: Any) -> Iterator[Number]:
    """The share of the region that provably goes to each corner, provably never does, and what is undecided."""
    for name in found.profiles:
        yield exact("certified", found.fraction(name), name)
        yield exact("escaping", found.escaping(name), name)
    yield exact("undecided", sum(found.undecided_by.values()))


def equilibria(found: Any) -> Iterator[Number]:
    """How many equilibria were found, and of each what every player gets."""
    yield exact("equilibria", len(found))
    yield Number("complete", text="yes" if found.complete else "no")
    for own in found:
        marks = {"strict": own.strict, "payoff dominant": own.payoff_dominant, "risk dominant": own.risk_dominant}
        yield exact("equilibrium", own.payoffs.sum(), own.name, text=", ".join(k for k, v in marks.items() if v))
        for i, payoff in enumerate(own.payoffs):
            yield exact("equilibrium_payoff", payoff, f"{own.name}, player {i + 1}")


def program_equilibria(found: Any) -> Iterator[Number]:
    """How many program equilibria were found, and their names."""
    yield exact("program_equilibria", len(found.equilibria))
    for own in found.equilibria:
        yield Number("program_equilibrium", own.name, text=str(getattr(own, "verdict", "")))


def distances(found: Any) -> Iterator[Number]:
    """How far starts lie from the boundary of the target's basin, positive inside."""
    value = found.value
    yield exact("distance_mean", value.mean())
    yield exact("distance_least", np.abs(value).min())
    yield exact("inside", (value > 0).mean())
    for k, (own, error) in enumerate(zip(value, found.error, strict=True) if len(value) <= 16 else ()):
        yield estimated("distance", bracket(own - error, float(own), own + error, "estimated"), f"start {k + 1}")


def gain(found: Any) -> Iterator[Number]:
    """What a rule gains over another: the difference of shares, what is gained and lost, a test, and payoffs."""
    runs, outcome = found.found, found.outcome
    yield undefined(found.welfare.reshape(-1, 1), runs, "welfare_difference")
    yield mean("welfare_difference", found.welfare, runs)
    yield estimated("difference", found.difference, outcome)
    if hasattr(found, "p_value"):
        yield estimated("share", found.share, outcome)
        yield estimated("baseline_share", found.baseline_share, outcome)
        yield without_interval("p_value", found.p_value, runs.level, outcome)
        return
    yield share("gained", found.gained, runs, outcome)
    yield share("lost", found.lost, runs, outcome)
    if found.test is not None:
        yield without_interval("p_value", found.test.p_value, runs.level, outcome)


def predictors(found: Any) -> Iterator[Number]:
    """How well a quantity tells which starts are gained: area under the ROC curve, rank correlation."""
    for name, own in found.items():
        yield estimated("auc", own.auc, name)
        yield estimated("spearman", own.spearman, name)
        measured = next((one for one in (own.auc, own.spearman) if one is not None), None)
        if measured is None:  # neither says whether chance had a part
            yield Number("starts_gained", name, float(own.gained))
        elif measured.level is None:
            yield exact("starts_gained", own.gained, name)
        else:
            yield without_interval("starts_gained", own.gained, measured.level, name)


def corrected_steps(found: Any) -> Iterator[Number]:
    """By the number of updates after which the rule hands over, the share of runs that reach the target."""
    for steps, own in zip(found.at, found.curve(), strict=True):
        yield estimated("share", own, f"{found.target} after {int(steps)}")


def steering(found: Any) -> Iterator[Number]:
    """The bracket of every value at which the wanted share comes to be reached, and how many values were asked."""
    level = NAN if found.error is None else 1.0 - found.error
    for k, own in enumerate(own for own in found.switches if own.rises):
        yield Number("value", str(k + 1), own.high, own.low, own.high, level)
    asked = len(found.values)
    yield exact("values_asked", asked) if found.error is None else without_interval("values_asked", asked, level)


def peer_directions(found: Any) -> Iterator[Number]:
    """Of every player whether its peer term always raises, always lowers, or does both."""
    for name, verdict, low, high in zip(found.players, found.verdicts, found.low, found.high, strict=True):
        yield Number("peer_direction", name, NAN, float(low), float(high), text=verdict)
