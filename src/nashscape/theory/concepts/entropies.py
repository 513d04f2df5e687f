"""The distribution of the largest entropy among those that satisfy homogeneous inequalities."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEPS = 500
CLOSE = 1e-13
"""The largest slope of a price that may move, with inequalities in units of their largest entry."""

ACTIVE = 1e-8
"""A price below this that would fall further stays where it is."""

DAMPED = 1e-12
"""Share of the largest curvature that is added to all, since prices need not be unique."""

HALVINGS = 40
DECREASE = 1e-4


def entropy(joint: Floats) -> float:
    """`−Σ μ(s) ln μ(s)`, in nats.

    >>> round(entropy(np.array([[0.5, 0.0], [0.0, 0.5]])), 4)
    0.6931
    """
    positive = joint[joint > 0.0]
    return float(-(positive * np.log(positive)).sum())


def largest_entropy(rows: Floats) -> tuple[Floats, float]:
    """The distribution with `Cμ ≥ 0` of the largest entropy, by its dual, and how far its entropy may be off.

    `μ(s) ∝ exp Σ_k y_k C_ks` for the prices y ≥ 0 at which `log Σ_s exp Σ_k y_k C_ks` is least: Newton steps on the
    prices that are free, with those at zero held there. Every y bounds the entropy of all such distributions from
    above, so that what the bound is more than that of μ tells how far μ may be off.

    Args:
        rows: C, `[k, m]`; some distribution that is positive everywhere must satisfy them, so that prices are finite.

    Returns:
        μ, `[m]`, and the gap, in nats; what is left of the inequalities is for the caller to see.

    Example:
        >>> found, gap = largest_entropy(np.array([[-2.0, 1.0]]))
        >>> found.round(6).tolist(), bool(gap < 1e-9)
        ([0.333333, 0.666667], True)

    Source: Ortiz, Schapire, Kakade (2007) for correlated equilibria; Bertsekas (1982) for the steps.
    """
    largest = np.abs(rows).max(axis=1, initial=0.0, keepdims=True)
    scaled: Floats = rows / np.where(largest > 0.0, largest, 1.0)
    prices: Floats = np.zeros(len(rows))
    value, joint = _dual(scaled, prices)
    for _ in range(STEPS):
        slope = scaled @ joint
        free = ~((prices <= ACTIVE) & (slope > 0.0))
        if not free.any() or np.abs(slope[free]).max() < CLOSE:
            break
        towards = np.zeros_like(prices)
        towards[free] = _newton(scaled[free], joint, slope[free])
        length = 1.0
        for _ in range(HALVINGS):
            ahead: Floats = np.maximum(prices + length * towards, 0.0)
            new, made = _dual(scaled, ahead)
            if new <= value + DECREASE * float(slope @ (ahead - prices)):
                break
            length /= 2
        else:
            break
        prices, value, joint = ahead, new, made
    return joint, max(0.0, float(prices @ (scaled @ joint)))


def _dual(rows: Floats, prices: Floats) -> tuple[float, Floats]:
    """The bound that prices give, and the distribution that belongs to them."""
    exponents = prices @ rows
    top = float(exponents.max())
    weights = np.exp(exponents - top)
    total = float(weights.sum())
    return top + float(np.log(total)), weights / total


def _newton(rows: Floats, joint: Floats, slope: Floats) -> Floats:
    weighted = rows * joint
    curvature = weighted @ rows.T - np.outer(slope, slope)
    size = float(np.trace(curvature)) or 1.0
    damped = curvature + DAMPED * size * np.eye(len(slope))
    return np.asarray(-np.linalg.solve(damped, slope), dtype=np.float64)
