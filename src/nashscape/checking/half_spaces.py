"""Sets `W y ≥ m` and the boxes that hold what of them lies in a box, by exact numbers."""

from collections.abc import Sequence
from fractions import Fraction
from math import inf, nextafter

from nashscape.checking.covers import Ends
from nashscape.checking.problems import Problem

Rows = Sequence[tuple[Sequence[int], Fraction]]


def spans(problem: Problem) -> list[tuple[list[int], Fraction]]:
    """`|y_a − y_b| ≤ high − low` for the logits of a softmax, and the same for y_a itself, whose last is zero."""
    rows = []
    for a, k in enumerate(problem.followed):
        for b, m in enumerate(problem.followed):
            if problem.last[k] is not None and problem.last[k] == problem.last[m] and b != a:
                row = [0] * len(problem.followed)
                row[a], row[b] = 1, -1
                rows.append((row, problem.low - problem.high))
    return rows


def contracted(rows: Rows, low: Ends, high: Ends) -> tuple[Ends, Ends] | None:
    """A box that holds all points of a box with `W y ≥ m`, or None where there are none; by exact numbers."""
    bottom, top = list(low), list(high)
    for row, least in rows:
        places = [j for j, w in enumerate(row) if w]
        # nothing to cut off where even the least is enough; a mistake of rounding here only leaves the box larger
        if sum(row[j] * (bottom[j] if row[j] > 0 else top[j]) for j in places) >= least:
            continue
        most = [row[j] * Fraction(top[j] if row[j] > 0 else bottom[j]) for j in places]
        slack = sum(most, Fraction(0)) - least
        if slack < 0:
            return None
        for j, own in zip(places, most, strict=True):
            # the share of this place may lie below its most by the slack
            end = (own - slack) / row[j]
            if row[j] > 0 and end > bottom[j]:
                bottom[j] = rounded(end, -inf)
            elif row[j] < 0 and end < top[j]:
                top[j] = rounded(end, inf)
    return tuple(bottom), tuple(top)


def rounded(value: Fraction, way: float) -> float:
    """The double itself, or the next one on the way."""
    near = float(value)
    return near if Fraction(near) == value else nextafter(near, way)
