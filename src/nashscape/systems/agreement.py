"""Published figures beside ours: how each is tested, and when two agree.

There is one standard. Where chance had a part, a figure is tested: its p-value is the chance of a difference at least
as large if both are of the same experiment. The tests of a card are one family, judged together by `judged`: the chance
that one or more of them reject something true is `ERROR` at most (Holm). Every figure is measured once, with a number
of runs that is fixed beforehand; who wants to look again takes another seed for all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from nashscape.core import Estimate, InputError, binomial_test, two_proportion_test, wilson
from nashscape.core.statistics.several_tests import holm

ERROR = 0.05
"""The chance, at most, that one or more of the tests of a card reject what is true."""

CLOSED_FORM, STATEMENT = "closed form", "statement"

ALIKE, SHOWN = "alike", "shown"
"""What a test says. ALIKE: published and ours agree unless it rejects. SHOWN: a statement holds only where it rejects
the opposite."""


@dataclass(frozen=True)
class Row:
    """One published figure and ours.

    Attributes:
        table: which table it belongs to.
        label: what was measured.
        published: the published value.
        ours: our value.
        low: lower end of our interval, the value itself where it is exact.
        high: upper end.
        rule: what had to hold.
        agrees: whether it did; of a test before the family is judged, whether it does by itself.
        p_value: how likely a difference at least as large is by chance, where there is a test; else None.
        runs: runs behind our value; None where it is exact.
        published_interval: the interval of the published value, where it is a count.
        source: "published"; "closed form" for values computed from the closed form of the expected update; "statement"
            for what is said without a table of figures.
        claim: id of the claim of the system's card that it is about.
        test: "alike" or "shown", see there; empty where chance had no part.
        corrected: the p-value corrected for all tests of the family; None before it is judged.
    """

    table: str
    label: str
    published: float
    ours: float
    low: float
    high: float
    rule: str
    agrees: bool
    p_value: float | None = None
    runs: int | None = None
    published_interval: tuple[float, float] | None = None
    source: str = "published"
    claim: str = ""
    test: str = ""
    corrected: float | None = None


def judged(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows with verdicts of which one or more are wrong by chance with probability `ERROR` at most, by Holm's method.

    Those without a test are as they were.

    >>> [row.agrees for row in judged(counts("t", name, (20, 100), wilson(310, 1000)) for name in "abc")]
    [True, True, True]
    """
    every = tuple(rows)
    p_values = [np.nan if row.p_value is None else row.p_value for row in every]
    return tuple(
        replace(row, corrected=float(p), agrees=_holds(row.test, p)) if row.test else row
        for row, p in zip(every, holm(p_values), strict=True)
    )


def by_test(row: Row, test: str, p_value: float) -> Row:
    """A row with a test, judged by itself as long as nothing else is known."""
    return replace(row, test=test, p_value=float(p_value), agrees=_holds(test, p_value))


def _holds(test: str, p_value: float) -> bool:
    return bool((p_value <= ERROR) == (test == SHOWN))


@dataclass(frozen=True)
class Spread:
    """How single experiments of ours came out, which are independent: their mean, standard deviation and number."""

    mean: float
    deviation: float
    count: int

    def middle(self, size: int = 1) -> tuple[float, float]:
        """The ends between which the mean of so many more lies with probability .95, as Student says."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.count - 1, 0.975)) * self.error(size)
        return self.mean - half, self.mean + half

    def error(self, size: int = 1) -> float:
        """The standard error of the mean of so many more against ours."""
        return self.deviation * float(np.sqrt(1 / size + 1 / self.count))

    def p_value(self, value: float, size: int = 1, unit: float = 0.0) -> float:
        """How likely the mean of so many more is at least as far away as a value, by Student's t.

        Args:
            value: the value.
            size: how many more.
            unit: between two possible values, half of which counts for being alike (Yates).
        """
        from scipy.special import stdtr

        away, error = max(abs(value - self.mean) - unit / 2, 0.0), self.error(size)
        if error == 0:
            return float(away == 0)
        return float(2 * stdtr(self.count - 1, -away / error))


def to_the_digit(table: str, label: str, published: str, ours: float) -> Row:
    """An exact figure: equal in every digit that was published.

    >>> to_the_digit("map", "pg", "0.2744", 0.27438).agrees
    True
    """
    digits = len(published.partition(".")[2])
    agrees = f"{ours:.{digits}f}" == published
    return Row(table, label, float(published), ours, ours, ours, "every digit", agrees, source=CLOSED_FORM)


def within(table: str, label: str, published: str, ours: Estimate, tolerance: float) -> Row:
    """A share without noise over random starts: tested against the nearest share within the tolerance.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: the figure, as text.
        ours: successes of our starts.
        tolerance: in the unit of the figure: how well it is known.
    """
    successes, trials = counted(ours)
    away = float(np.clip(ours.value - float(published), -tolerance, tolerance))
    rule = f"within {tolerance:g}, but for chance: exact binomial test"
    row = Row(table, label, float(published), ours.value, ours.low, ours.high, rule, True, runs=trials,
              source=CLOSED_FORM)  # fmt: skip
    return by_test(row, ALIKE, binomial_test(successes, trials, float(np.clip(float(published) + away, 0.0, 1.0))))


def counts(table: str, label: str, published: tuple[int, int], ours: Estimate) -> Row:
    """Successes of a number of runs, published and ours: Fisher's exact test.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: successes and runs as published.
        ours: successes of our runs.
    """
    theirs, (successes, trials) = wilson(*published), counted(ours)
    row = Row(
        table, label, theirs.value, ours.value, ours.low, ours.high, "Fisher's exact test", True, runs=trials,
        published_interval=(theirs.low, theirs.high),
    )  # fmt: skip
    return by_test(row, ALIKE, two_proportion_test(*published, successes, trials))


def mean_of(
    table: str, label: str, published: float, ours: Spread, what: str, *, size: int = 1, unit: float = 0.0
) -> Row:
    """A published mean of one or several experiments, among means of as many of ours: Student's t.

    The interval of the row is that in which .95 of such means lie; noise of our own mean is part of it.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: the published mean.
        ours: how single experiments came out.
        what: what it is a mean of, in words.
        size: how many experiments are behind the published mean.
        unit: between two values that the published one can have, where it is a count.
    """
    row = Row(table, label, published, ours.mean, *ours.middle(size), f"Student's t among {what}", True,
              runs=ours.count)  # fmt: skip
    return by_test(row, ALIKE, ours.p_value(published, size, unit))


def counted(ours: Estimate) -> tuple[int, int]:
    """Successes and trials of an estimate.

    Raises:
        InputError: where it is none of a count.
    """
    if ours.successes is None or ours.trials is None:
        raise InputError(f"a test of counts takes successes of trials; {ours} has none")
    return ours.successes, ours.trials
