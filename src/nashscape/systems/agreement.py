"""Published figures beside ours: when two agree."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, binomial_test, bootstrap, two_proportion_test, wilson

MEANS = 4000
"""Means that are resampled."""

TIMES_MORE = 10
"""A figure that does not agree is measured again with this many times the runs."""


CLOSED_FORM, STATEMENT = "closed form", "statement"


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
        agrees: whether it did.
        p_value: how likely a difference at least as large is by chance, where there is a test; else None.
        runs: runs behind our value; None where it is exact.
        published_interval: the interval of the published value, where it is a count.
        source: "published"; "closed form" for values computed from the closed form of the expected update; "statement"
            for what is said without a table of figures.
        claim: id of the claim of the system's card that it is about.
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


def to_the_digit(table: str, label: str, published: str, ours: float) -> Row:
    """An exact figure: equal in every digit that was published.

    >>> to_the_digit("map", "pg", "0.2744", 0.27438).agrees
    True
    """
    digits = len(published.partition(".")[2])
    agrees = f"{ours:.{digits}f}" == published
    return Row(table, label, float(published), ours, ours, ours, "every digit", agrees, source=CLOSED_FORM)


def within(
    table: str, label: str, published: str, measure: Callable[[int], Estimate], runs: int, tolerance: float
) -> Row:
    """A figure measured with little noise: no further away than the tolerance.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: the figure, as text.
        measure: gives our estimate from a number of runs.
        runs: how many to begin with; ten times as many are made where it is further away.
        tolerance: in the unit of the figure.
    """
    for starts in (runs, TIMES_MORE * runs):
        ours = measure(starts)
        agrees = abs(ours.value - float(published)) <= tolerance
        if agrees:
            break
    rule = f"within {tolerance:g}"
    return Row(
        table,
        label,
        float(published),
        ours.value,
        ours.low,
        ours.high,
        rule,
        agrees,
        runs=ours.trials,
        source=CLOSED_FORM,
    )


def counts(
    table: str,
    label: str,
    published: tuple[int, int],
    measure: Callable[[int], Estimate],
    runs: int,
    exact: float | None = None,
) -> Row:
    """Successes of a number of runs: the 95 % intervals overlap.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: successes and runs as published.
        measure: gives our estimate from a number of runs.
        runs: how many to begin with; ten times as many are made when the intervals do not overlap.
        exact: the probability without noise, against which the published count is then tested exactly.
    """
    theirs = wilson(*published)
    ours = measure(runs)
    if not ours.overlaps(theirs):
        ours = measure(TIMES_MORE * runs)
    if exact is not None:
        p_value: float | None = binomial_test(*published, exact)
    elif ours.successes is not None and ours.trials is not None:
        p_value = two_proportion_test(*published, ours.successes, ours.trials)
    else:
        p_value = None
    return Row(
        table=table,
        label=label,
        published=theirs.value,
        ours=ours.value,
        low=ours.low,
        high=ours.high,
        rule="95 % intervals overlap",
        agrees=ours.overlaps(theirs),
        p_value=p_value,
        runs=ours.trials,
        published_interval=(theirs.low, theirs.high),
    )


def map_share(
    table: str,
    label: str,
    published: tuple[int, int],
    measure: Callable[[int], npt.NDArray[np.float64]],
    runs: int,
) -> Row:
    """Cells of one published map: the 95 % intervals of the shares overlap.

    Most cells of a map are certain, so the number of its cells varies much less than a binomial count: the p-value is
    the place of the published number among those of single maps.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: cells of the outcome and cells in all, as published.
        measure: gives the cells of the outcome in each of a number of maps.
        runs: how many maps to begin with; ten times as many are made when the intervals do not overlap.
    """
    theirs = wilson(*published)
    for maps in (runs, TIMES_MORE * runs):
        cells = measure(maps)
        ours = bootstrap(cells / published[1])
        if ours.overlaps(theirs):
            break
    return Row(
        table=table,
        label=label,
        published=theirs.value,
        ours=ours.value,
        low=ours.low,
        high=ours.high,
        rule="95 % intervals overlap",
        agrees=ours.overlaps(theirs),
        p_value=_place(float(published[0]), cells),
        runs=maps,
        published_interval=(theirs.low, theirs.high),
    )


def _place(value: float, values: npt.NDArray[np.float64]) -> float:
    """Twice the share of values at least as far out as this one on its side, itself counted."""
    below, above = int((values <= value).sum()), int((values >= value).sum())
    return min(1.0, 2.0 * (min(below, above) + 1) / (len(values) + 1))


def resampled(
    table: str,
    label: str,
    published: float,
    measure: Callable[[int], npt.NDArray[np.float64]],
    runs: int,
    size: int,
) -> Row:
    """The mean of one published experiment: inside the middle 95 % of means of as many of our runs, by bootstrap.

    Our own mean is one of a number of runs too: these means are moved by normal noise of its standard error.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: the published mean.
        measure: gives the value of each of a number of runs.
        runs: how many to begin with; ten times as many are made when the value falls outside.
        size: runs behind the published mean.
    """
    generator = np.random.default_rng(0)
    for count in (runs, TIMES_MORE * runs):
        values = measure(count)
        means = values[generator.integers(0, count, (MEANS, size))].mean(axis=1)
        means += values.std(ddof=1) / np.sqrt(count) * generator.normal(size=MEANS)
        low, high = (float(end) for end in np.quantile(means, [0.025, 0.975]))
        if low <= published <= high:
            break
    return Row(
        table=table,
        label=label,
        published=published,
        ours=float(values.mean()),
        low=low,
        high=high,
        rule=f"in the middle 95 % of means of {size}",
        agrees=low <= published <= high,
        p_value=_place(published, means),
        runs=count,
    )


def repeats(
    table: str,
    label: str,
    published: float,
    measure: Callable[[int], npt.NDArray[np.float64]],
    runs: int,
    per_run: str,
) -> Row:
    """A statistic of one published experiment: inside the middle 95 % of ours over many such experiments.

    Args:
        table: which table the figure belongs to.
        label: what was measured.
        published: the published value.
        measure: gives the statistic of each of a number of experiments of the published size.
        runs: how many experiments to begin with; ten times as many are made when the value falls outside.
        per_run: what one experiment is.
    """
    row = _repeats(table, label, published, measure(runs), per_run)
    return row if row.agrees else _repeats(table, label, published, measure(TIMES_MORE * runs), per_run)


def _repeats(table: str, label: str, published: float, values: npt.NDArray[np.float64], per_run: str) -> Row:
    low, high = (float(end) for end in np.quantile(values, [0.025, 0.975]))
    agrees = low <= published <= high
    rule = f"in the middle 95 % of {per_run}"
    return Row(
        table, label, published, float(values.mean()), low, high, rule, agrees, _place(published, values), len(values)
    )
