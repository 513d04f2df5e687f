"""Numbers of runs: of entries, and of maps."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nashscape.core import bootstrap, bracket, label_names, wilson
from nashscape.studies.measuring.rows import NAN, Number, estimated, exact


def outcomes(found: Any) -> Iterator[Number]:
    """The share of every target, and of every other outcome that came about."""
    counts = found.outcomes()
    for name in label_names(found.targets).values():
        if name in found.targets or name in counts:
            yield estimated("share", _share(found, name), name)


def standing(found: Any) -> Iterator[Number]:
    """The share of runs that are in the region of a target after their last update, as published protocols count."""
    for name in found.targets:
        yield estimated("standing", found.at_step(name), name)


def first_hit(found: Any) -> Iterator[Number]:
    """Of the first target: the share of runs that come to hold it, and after how many updates these do first."""
    if not found.targets:
        return
    name, hits = found.targets[0], found.first_hit.ravel()
    hit = hits[hits >= 0]
    sampled = found.is_sample
    yield (
        estimated("hit", wilson(len(hit), len(hits), found.level), name)
        if sampled
        else exact("hit", len(hit) / len(hits), name)
    )
    middle = float(np.median(hit)) if len(hit) else NAN
    yield Number("first_hit_median", name, middle)
    yield mean("first_hit_mean", hit, found, name)


def welfare(found: Any) -> Iterator[Number]:
    """Mean payoffs after the last update: of all players together, and of each."""
    payoffs = _payoffs(found)
    yield mean("welfare", payoffs.sum(axis=1), found)
    for i, own in enumerate(payoffs.T):
        yield mean("payoff", own, found, f"player {i + 1}")


def fairness(found: Any) -> Iterator[Number]:
    """Mean payoff, after the last update, of whoever is worst off, and how far the best off is above."""
    payoffs = _payoffs(found)
    yield mean("least_payoff", payoffs.min(axis=1), found)
    yield mean("payoff_range", payoffs.max(axis=1) - payoffs.min(axis=1), found)


def label_audit(found: Any) -> Iterator[Number]:
    """Of runs of every label that were continued, the share that changed; asked for by the option `audit`."""
    audit = found.audit
    for k, name in enumerate(() if audit is None else audit.names):
        if audit.looked_at[k]:
            yield estimated("label_changed", audit.share_changed(name), name)
        yield exact("label_unfinished", audit.unfinished[k], name)


def reduced(found: Any) -> Iterator[Number]:
    """Means over runs of everything that reducers came to."""
    for name, values in found.reduced.items():
        flat = values.reshape(found.labels.size, -1)
        for k, own in enumerate(flat.T):
            yield mean("reduced", own, found, name if flat.shape[1] == 1 else f"{name} {k + 1}")


def _share(found: Any, name: str) -> Any:
    if hasattr(found, "layout"):
        return found.fraction(name, found.level)
    return found.probability(name)


def _payoffs(found: Any) -> Any:
    values = found.reduced["end_payoffs"]
    return values.reshape(found.labels.size, -1).astype(np.float64)


def mean(quantity: str, values: Any, found: Any, of: str = "") -> Number:
    """A mean over runs: by bootstrap where starts or updates are random, of cells as a whole where they are a grid."""
    values = np.asarray(values, np.float64)
    known = values[np.isfinite(values)]
    if not len(known):
        return Number(quantity, of)
    middle = float(known.mean())
    if not found.is_sample:
        return estimated(quantity, bracket(middle, middle, middle, "of these starts"), of)
    rollouts = found.labels.shape[0]
    if hasattr(found, "layout") and rollouts > 1 and len(known) == found.labels.size:
        # rollouts of the same grid are what is independent, not its cells
        known = known.reshape(rollouts, -1).mean(axis=1)
    return estimated(quantity, bootstrap(known, level=found.level), of)
