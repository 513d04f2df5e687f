"""Statements without a table of figures: what was said beside what is computed, as rows."""

from collections.abc import Sequence

import numpy as np

from nashscape.core import Estimate, bracket
from nashscape.systems.agreement import STATEMENT, Row


def holds(claim: str, label: str, cases: bool | Sequence[bool], rule: str) -> Row:
    """A statement about one case or several, published as true of every one: the share of which it is true.

    >>> row = holds("gain", "more peers enter", [True, True, False], "true of all games")
    >>> row.published, round(row.ours, 3), row.agrees
    (1.0, 0.667, False)
    """
    every = np.atleast_1d(np.asarray(cases, bool))
    share = float(every.mean()) if every.size else float("nan")
    return Row(claim, label, 1.0, share, share, share, f"{rule} ({every.size})", bool(every.size and every.all()),
               source=STATEMENT, claim=claim)  # fmt: skip


def near(claim: str, label: str, published: float, ours: float, tolerance: float, what: str = "within") -> Row:
    """A number that is known: no further from ours than the tolerance, in the unit of the number.

    >>> near("threshold", "both alike", 2 / 3, 0.6667, 1e-3).agrees
    True
    """
    agrees = abs(ours - published) <= tolerance
    return Row(claim, label, published, ours, ours, ours, f"{what} {tolerance:g}", bool(agrees), source=STATEMENT,
               claim=claim)  # fmt: skip


def above(claim: str, label: str, bound: float, ours: Estimate) -> Row:
    """A statement that a number is larger than a bound: its whole interval lies above.

    >>> from nashscape.core import wilson
    >>> above("gain", "more often than not", 0.5, wilson(60, 100)).agrees
    True
    """
    rule = f"the whole interval above {bound:g}"
    return Row(claim, label, bound, ours.value, ours.low, ours.high, rule, ours.low > bound, runs=ours.trials,
               source=STATEMENT, claim=claim)  # fmt: skip


def exactly(value: float) -> Estimate:
    """A number that is proved or computed, without noise, for `above` and `below`."""
    return bracket(value, value, value, "computed")


def below(claim: str, label: str, bound: float, ours: Estimate) -> Row:
    """A statement that a number is smaller than a bound: its whole interval lies below."""
    rule = f"the whole interval below {bound:g}"
    return Row(claim, label, bound, ours.value, ours.low, ours.high, rule, ours.high < bound, runs=ours.trials,
               source=STATEMENT, claim=claim)  # fmt: skip
