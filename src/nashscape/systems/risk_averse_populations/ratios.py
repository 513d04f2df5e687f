"""How many times as large one mean is as another, of pairs of measurements: Fieller's interval, and its test."""

import numpy as np
import numpy.typing as npt

from nashscape.systems.agreement import SHOWN, STATEMENT, Row, by_test

Floats = npt.NDArray[np.float64]


def fieller(first: Floats, second: Floats, level: float = 0.95) -> tuple[float, float]:
    """Ends of the interval of `mean(first) / mean(second)` of pairs that are not negative.

    It holds every ratio ρ ≥ 0 which Student's test of `first − ρ second` having the mean 0 does not reject; there is
    no upper end where the second mean may be 0.

    >>> low, high = fieller(np.array([2.0, 4.0, 3.0, 3.0]), np.array([1.0, 2.0, 1.0, 2.0]))
    >>> round(low, 2), round(high, 2)
    (1.35, 3.85)
    """
    from scipy.special import stdtrit

    (a, b), n = (float(first.mean()), float(second.mean())), len(first)
    if not b:
        return np.inf, np.inf
    if first.std() == second.std() == 0:
        return a / b, a / b
    (aa, ab), (_, bb) = np.cov(first, second) * float(stdtrit(n - 1, (1 + level) / 2)) ** 2 / n
    square, middle, rest = b**2 - bb, a * b - ab, a**2 - aa  # square ρ² − 2 middle ρ + rest ≤ 0
    root = float(np.sqrt(max(middle**2 - square * rest, 0.0)))
    if square > 0:
        return float(max((middle - root) / square, 0.0)), float((middle + root) / square)
    # no ratio is too large; one may be too small
    return float(rest / (middle + root)) if rest > 0 else 0.0, np.inf


def ratio_above(claim: str, label: str, bound: float, first: Floats, second: Floats) -> Row:
    """A statement that one mean is more than `bound` times another: Student's t of `first − bound · second`, one-sided.

    >>> row = ratio_above("crashes", "of four", 1.0, np.array([2.0, 4.0, 3.0, 3.0]), np.array([1.0, 2.0, 1.0, 2.0]))
    >>> row.ours, row.agrees
    (2.0, True)
    """
    from scipy.special import stdtr

    low, high = fieller(first, second)
    apart, n = first - bound * second, len(first)
    ours = float(first.mean() / second.mean()) if second.mean() else np.inf
    row = Row(claim, label, bound, ours, low, high, f"shown to be above {bound:g}", False, runs=n, source=STATEMENT,
              claim=claim)  # fmt: skip
    error = float(apart.std(ddof=1) / np.sqrt(n))
    if error == 0:
        return by_test(row, SHOWN, float(apart.mean() <= 0))
    return by_test(row, SHOWN, float(stdtr(n - 1, -apart.mean() / error)))
