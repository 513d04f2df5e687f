"""Numbers of runs: of entries, and of maps."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nashscape.core import label_names, median_interval, stratified, stratified_mean, wilson
from nashscape.studies.measuring.rows import NAN, Number, estimated, exact, without_interval


def outcomes(found: Any) -> Iterator[Number]:
    """The share of every target and of every other outcome that there is, also of those that did not come about."""
    for name in label_names(found.targets).values():
        yield estimated("share", _share(found, name), name)


def standing(found: Any) -> Iterator[Number]:
    """The share of runs that are in the region of a target after their last update, as published protocols count."""
    for name in found.targets:
        yield estimated("standing", found.at_step(name), name)


def first_hit(found: Any) -> Iterator[Number]:
    """Of the first target: the share of runs that come to hold it, and after how many updates these do first."""
    if not found.targets:
        return
    name, hits = found.targets[0], found.first_hit
    hit = hits[hits >= 0]
    yield share("hit", hits >= 0, found, name)
    if found.is_sample and len(hit):
        yield estimated("first_hit_median", median_interval(hit, found.level), name)
    else:
        yield _known("first_hit_median", float(np.median(hit)) if len(hit) else NAN, found, name)
    yield mean("first_hit_mean", hits, found, name, counted=hits >= 0)


def single_maps(found: Any) -> Iterator[Number]:
    """How single maps of a sampled map scatter: shares that stand in targets, and mean first hits of those that hit."""
    maps = _rollouts(found)
    for name in found.targets:
        yield from scatter("map_standing", found.stands(name).reshape(maps, -1).mean(axis=1), found.level, name)
    if found.targets:
        hits = found.first_hit.reshape(maps, -1).astype(np.float64)
        hit = hits >= 0
        sums, counts = np.where(hit, hits, 0.0).sum(axis=1), hit.sum(axis=1)
        known = counts > 0
        yield from scatter("map_first_hit", sums[known] / counts[known], found.level, found.targets[0])


def scatter(quantity: str, values: Any, level: float, of: str = "") -> Iterator[Number]:
    """The mean of values of single experiments, with Student's interval, their standard deviation, and how many.

    Of one experiment there is no deviation, of none no mean.

    Args:
        quantity: what it is called; with `_deviation` and `_count` the other two.
        values: of the experiments, which are independent.
        level: confidence level.
        of: of what.
    """
    single = np.asarray(values, np.float64)
    made = stratified_mean(single[:, None], level) if len(single) > 1 else None
    known = float(single.mean()) if len(single) else NAN
    yield without_interval(quantity, known, level, of) if made is None else estimated(quantity, made, of)
    deviation = float(single.std(ddof=1)) if len(single) > 1 else NAN
    yield without_interval(f"{quantity}_deviation", deviation, level, of)
    yield without_interval(f"{quantity}_count", len(single), level, of)


def welfare(found: Any) -> Iterator[Number]:
    """Mean payoffs after the last update: of all players together, and of each; and how many runs have none."""
    payoffs = _payoffs(found)
    yield undefined(payoffs, found, "welfare")
    yield mean("welfare", payoffs.sum(axis=1), found)
    for i, own in enumerate(_of_all(payoffs).T):
        yield mean("payoff", own, found, f"player {i + 1}")


def fairness(found: Any) -> Iterator[Number]:
    """Mean payoff, after the last update, of whoever is worst off, and how far the best off is above."""
    payoffs = _payoffs(found)
    yield undefined(payoffs, found, "least_payoff")
    yield mean("least_payoff", payoffs.min(axis=1), found)
    yield mean("payoff_range", payoffs.max(axis=1) - payoffs.min(axis=1), found)


def label_audit(found: Any) -> Iterator[Number]:
    """Of runs of every label that were continued, the share that changed; asked for by the option `audit`."""
    audit = found.audit
    for k, name in enumerate(() if audit is None else audit.names):
        if audit.looked_at[k]:
            yield estimated("label_changed", audit.share_changed(name), name)
        # which runs are continued is drawn, unless all are
        drawn = found.is_sample or audit.looked_at[k] < audit.runs[k]
        unfinished = float(audit.unfinished[k])
        yield (
            without_interval("label_unfinished", unfinished, audit.level, name)
            if drawn
            else exact("label_unfinished", unfinished, name)
        )


def reduced(found: Any) -> Iterator[Number]:
    """Means over runs of everything that reducers came to, and of how many runs they came to nothing."""
    for name, values in found.reduced.items():
        flat = values.reshape(found.labels.size, -1).astype(np.float64)
        yield undefined(flat, found, name)
        for k, own in enumerate(_of_all(flat).T):
            yield mean("reduced", own, found, name if flat.shape[1] == 1 else f"{name} {k + 1}")


def _share(found: Any, name: str) -> Any:
    if hasattr(found, "layout"):
        return found.fraction(name, found.level)
    return found.probability(name)


def _payoffs(found: Any) -> Any:
    values = found.reduced["end_payoffs"]
    return values.reshape(found.labels.size, -1).astype(np.float64)


def _of_all(values: Any) -> Any:
    """Columns that are about the same runs: where one of a run is not finite, none of it is."""
    return np.where(np.isfinite(values).all(axis=1, keepdims=True), values, np.nan)


def undefined(values: Any, found: Any, of: str) -> Number:
    """The share of runs whose values are not finite, as those of runs that diverged; means over all runs are then none.

    Args:
        values: `[N, k]`.
        found: the runs.
        of: of what.
    """
    return share("undefined", ~np.isfinite(values).all(axis=1), found, of)


def share(quantity: str, inside: Any, found: Any, of: str = "") -> Number:
    """The share of runs for which something holds, with the interval that shares of outcomes have.

    Args:
        quantity: what it is called.
        inside: for which runs it holds, as many as there are labels.
        found: the runs.
        of: of what.
    """
    if not found.is_sample:
        return exact(quantity, inside.mean(), of)
    rollouts = _rollouts(found)
    if rollouts > 1:
        return estimated(quantity, stratified(inside.reshape(rollouts, -1).sum(axis=0), rollouts, found.level), of)
    return estimated(quantity, wilson(int(inside.sum()), inside.size, found.level), of)


def mean(quantity: str, values: Any, found: Any, of: str = "", counted: Any = None) -> Number:
    """A mean over runs, with Student's interval where starts or updates are random.

    Cells of a map are strata, of which one rollout says nothing about the variance within: see `core.stratified_mean`.
    The runs of an entry are one sample. It is NaN where a run has no finite value: a mean of the others would be of
    other runs than those of a rule under which fewer diverge.

    Args:
        quantity: what it is called.
        values: of every run.
        found: the runs.
        of: of what.
        counted: the runs whose values are meant, where that is not all of them.
    """
    values = np.asarray(values, np.float64).ravel()
    chosen = np.ones(values.shape, bool) if counted is None else np.asarray(counted).ravel()
    if not chosen.any() or not np.isfinite(values[chosen]).all():
        return _known(quantity, NAN, found, of)
    if not found.is_sample:
        return exact(quantity, values[chosen].mean(), of)
    shape = (_rollouts(found), -1) if hasattr(found, "layout") else (-1, 1)
    return estimated(quantity, stratified_mean(values.reshape(shape), found.level, chosen.reshape(shape)), of)


def _known(quantity: str, value: float, found: Any, of: str) -> Number:
    return without_interval(quantity, value, found.level, of) if found.is_sample else exact(quantity, value, of)


def _rollouts(found: Any) -> int:
    """Runs from the same start, which are what is independent on a grid."""
    return found.labels.shape[0] if hasattr(found, "layout") else 1
