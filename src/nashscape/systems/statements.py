"""Statements without a table of figures: what was said beside what is computed, as rows.

Where chance has a part a statement holds only if its opposite is rejected, in the family of all tests of the card: see
`nashscape.systems.agreement`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nashscape.core import Estimate, bracket, two_proportion_test
from nashscape.systems.agreement import SHOWN, STATEMENT, Row, Spread, by_test, counted


def holds(claim: str, label: str, cases: bool | Sequence[bool], rule: str) -> Row:
    """A statement about one case or several, published as true of every one: the share of which it is true.

    >>> row = holds("gain", "more peers enter", [True, True, False], "true of all games")
    >>> row.published, round(row.ours, 3), row.agrees
    (1.0, 0.667, False)
    """
    every = np.atleast_1d(np.asarray(cases, bool))
    share = float(every.mean()) if every.size else float("nan")
    return _row(claim, label, 1.0, share, f"{rule} ({every.size})", agrees=bool(every.size and every.all()))


def near(claim: str, label: str, published: float, ours: float, tolerance: float) -> Row:
    """A number that is known: no further from ours than the tolerance, in the unit of the number.

    >>> near("threshold", "both alike", 2 / 3, 0.6667, 1e-3).agrees
    True
    """
    rule = f"{published:.6g} ± {tolerance:g}"
    return _row(claim, label, published, ours, rule, agrees=bool(abs(ours - published) <= tolerance))


def between(claim: str, label: str, published: float, ours: Spread, tolerance: float) -> Row:
    """A number of which we have independent measurements: shown to be no further away than the tolerance.

    By two tests of Student's, one on either side; the p-value is the larger one.

    >>> between("slope", "of ten", -1.0, Spread(-1.01, 0.02, 10), 0.1).agrees
    True
    """
    from scipy.special import stdtr

    # measurements that are all the same leave no doubt
    room = (tolerance - abs(ours.mean - published)) * np.sqrt(ours.count) / max(ours.deviation, 1e-12)
    low, high = ours.mean + np.array([-1, 1]) * (ours.mean - ours.middle(ours.count)[0]) / np.sqrt(2)
    rule = f"shown to be {published:.6g} ± {tolerance:g}"
    row = _row(claim, label, published, ours.mean, rule, low=float(low), high=float(high), runs=ours.count)
    return by_test(row, SHOWN, stdtr(ours.count - 1, -room))


def above(claim: str, label: str, bound: float, ours: Estimate, *, looked: int = 1) -> Row:
    """A statement that a number is larger than a bound: of a proved one its whole interval, of a share an exact test.

    Args:
        claim: which claim it is about.
        label: what was measured.
        bound: above which it is to be.
        ours: a bracket, or the share of a count, tested by the tail of the binomial law.
        looked: among how many this was chosen as the largest; the p-value is that many times as large.

    >>> from nashscape.core import wilson
    >>> above("gain", "more often than not", 0.5, wilson(65, 100)).agrees
    True
    """
    row = _row(claim, label, bound, ours.value, f"above {bound:g}", low=ours.low, high=ours.high, runs=ours.trials,
               agrees=ours.low > bound)  # fmt: skip
    if ours.level is None:
        return row
    successes, trials = counted(ours)
    return by_test(row, SHOWN, min(1.0, looked * _at_least(successes, trials, bound)))


def below(claim: str, label: str, bound: float, ours: Estimate) -> Row:
    """A statement that a number is smaller than a bound, as `above`."""
    row = _row(claim, label, bound, ours.value, f"below {bound:g}", low=ours.low, high=ours.high, runs=ours.trials,
               agrees=ours.high < bound)  # fmt: skip
    if ours.level is None:
        return row
    successes, trials = counted(ours)
    return by_test(row, SHOWN, _at_least(trials - successes, trials, 1 - bound))


def mean_above(claim: str, label: str, bound: float, ours: Spread) -> Row:
    """A statement that the mean of independent measurements is larger than a bound: Student's t, and on that side.

    >>> mean_above("sign", "difference of ten", 0.0, Spread(0.3, 0.1, 10)).agrees
    True
    """
    from scipy.special import stdtr

    low, high = ours.mean + np.array([-1, 1]) * (ours.mean - ours.middle(ours.count)[0]) / np.sqrt(2)
    row = _row(claim, label, bound, ours.mean, f"shown to be above {bound:g}", low=float(low), high=float(high),
               runs=ours.count)  # fmt: skip
    if ours.deviation == 0:
        return by_test(row, SHOWN, float(ours.mean <= bound))
    return by_test(row, SHOWN, stdtr(ours.count - 1, (bound - ours.mean) * np.sqrt(ours.count) / ours.deviation))


def more(claim: str, label: str, ours: Estimate, than: Estimate) -> Row:
    """A statement that one share is larger than another of other runs: Fisher's two-sided test, and on that side."""
    row = _row(claim, label, than.value, ours.value, f"more than {than.value:.4g}", low=ours.low, high=ours.high,
               runs=ours.trials)  # fmt: skip
    p_value = two_proportion_test(*counted(ours), *counted(than)) if ours.value > than.value else 1.0
    return by_test(row, SHOWN, p_value)


def exactly(value: float) -> Estimate:
    """A number that is proved or computed, without noise, for `above` and `below`."""
    return bracket(value, value, value, "computed")


def _at_least(successes: int, trials: int, probability: float) -> float:
    """The chance of as many successes or more."""
    from scipy.special import bdtrc

    return float(bdtrc(successes - 1, trials, probability)) if successes else 1.0


def _row(claim: str, label: str, published: float, ours: float, rule: str, *, agrees: bool = False,
         low: float | None = None, high: float | None = None, runs: int | None = None) -> Row:  # fmt: skip
    ends: dict[str, Any] = {"low": ours if low is None else low, "high": ours if high is None else high}
    return Row(
        claim, label, published, ours, rule=rule, agrees=agrees, runs=runs, source=STATEMENT, claim=claim, **ends
    )
