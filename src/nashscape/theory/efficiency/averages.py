"""The price that learners pay on average: from where runs end, with an interval."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bounded_mean, bracket
from nashscape.theory.efficiency.objectives import price_of
from nashscape.theory.efficiency.results import PriceOfAnarchy

Floats = npt.NDArray[np.float64]


def average_price(found: PriceOfAnarchy, runs: Any) -> Estimate:
    """See `PriceOfAnarchy.average`."""
    if not all(hasattr(runs, name) for name in ("outcomes", "reached", "targets", "game", "question")):
        raise InputError(
            f"an average is taken over what entry_probability or basin_map gave; got {type(runs).__name__}"
        )
    if runs.game != found.game:
        raise InputError(f"these are runs of {runs.game}, and prices of {found.game}")
    if not _same_payoffs(found, runs.question):
        raise InputError(
            f"these are runs of a game with the same name, {runs.game}, and other payoffs or actions, or written in "
            "another form: give price_of_anarchy the game that was run"
        )
    places = {name: found.profile(name) for name in runs.outcomes() if name in runs.targets}
    known = {name: float(found.by_profile[at]) for name, at in places.items() if at is not None}
    if not known:
        raise InputError("no run ended at a target that is a pure profile; name such targets")
    mean = _of_shares(found, runs, known) if hasattr(runs, "fractions") else _of_runs(found, runs, known)
    return _as_price(mean, float(found.optimum), found.sense)


def _same_payoffs(found: PriceOfAnarchy, question: Any) -> bool:
    """Whether runs are of the game whose prices were found.

    It is, where both are described alike, compact forms among them; or where payoffs are the same doubles, which are
    what is learned, whether one of the games has them as fractions too.
    """
    if question.parts["game"].data == found.question.parts["game"].data:
        return True
    theirs, actions = question["game"].get("payoffs"), question.get("actions")
    same_names = [list(own) for own in actions or ()] == [list(own) for own in found.form.actions]
    return same_names and theirs is not None and np.array_equal(np.asarray(theirs), found.form.payoffs)


def _of_runs(found: PriceOfAnarchy, runs: Any, known: Mapping[str, float]) -> Estimate:
    """The mean of independent runs: those that ended elsewhere may count for as little or as much as any profile."""
    least, most = float(found.by_profile.min()), float(found.by_profile.max())
    values = np.full(np.shape(runs.labels), np.nan)
    for name, value in known.items():
        values[runs.reached(name)] = value
    middle = float(np.nanmean(values))
    low, high = (np.where(np.isnan(values), end, values).ravel() for end in (least, most))
    if least == most or not runs.is_sample:
        return bracket(float(low.mean()), middle, float(high.mean()), "mean of these starts")
    ends = [bounded_mean(own, least, most, runs.level) for own in (low, high)]
    return Estimate(middle, ends[0].low, ends[1].high, runs.level, "betting", trials=values.size)


def _of_shares(found: PriceOfAnarchy, runs: Any, known: Mapping[str, float]) -> Estimate:
    """The mean over a map, whose shares lie in their brackets and sum to one."""
    shares = runs.fractions()
    ends = float(found.by_profile.min()), float(found.by_profile.max())
    counted = sum(shares[name].value for name in known)
    middle = sum(shares[name].value * value for name, value in known.items()) / counted
    low, high = (_filled(shares, {name: known.get(name, end) for name in shares}, sign)
                 for end, sign in zip(ends, (1, -1), strict=True))  # fmt: skip
    return bracket(min(low, middle), middle, max(high, middle), "mean over a map")


def _filled(shares: Mapping[str, Estimate], values: Mapping[str, float], sign: int) -> float:
    """The least mean, or with −1 the largest, that shares within their brackets can have."""
    left = 1.0 - sum(own.low for own in shares.values())
    mean = sum(own.low * values[name] for name, own in shares.items())
    for name in sorted(shares, key=lambda own: sign * values[own]):
        more = min(left, shares[name].high - shares[name].low)
        mean, left = mean + more * values[name], left - more
    return mean


def _as_price(mean: Estimate, optimum: float, sense: str) -> Estimate:
    """The mean beside the optimum; of welfare the larger mean is the smaller price."""

    def price(value: float) -> float:
        return price_of(sense, value, optimum)

    low, high = sorted(map(price, (mean.low, mean.high)))
    return Estimate(price(mean.value), max(low, 1.0), high, mean.level, mean.method, trials=mean.trials)
