"""The difference of two success rates from the same starts, with an interval that never covers less than its level."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.statistics.estimates import Estimate
from nashscape.core.statistics.lattice_sums import likely, power

Floats = npt.NDArray[np.float64]
NUISANCE = 0.1
"""Share of the error that is spent on how often pairs differ at all."""

HALVINGS, FINE = 26, 256
"""Ends are found to a part in 2²⁶ of the range; where a bound is needed, to a part in 256 of their distance."""


def paired_difference(first: npt.ArrayLike, second: npt.ArrayLike, level: float = 0.95) -> Estimate:
    """The difference of two success rates from the same starts, with an exact interval.

    `first` and `second` are boolean arrays of shape [n]: entry k says whether start k succeeded. Of B pairs the first
    alone succeeded, of C the second alone. The difference δ of the rates is possible if for some probability ψ that a
    pair differs, in its own one-sided Clopper–Pearson interval of a tenth of the error, neither `P(B − C ≥ b − c)` nor
    `P(B − C ≤ b − c)` is below half of what is left of the error; the interval holds all such δ. For pairs that are
    independent and alike it covers δ at least at its level, whatever ψ is: tails are bounded over whole ranges of ψ by
    those of the pair of rates that is worst in either, not looked up on a grid.

    Pairs of unlike starts, such as those of a map, differ less from their mean than pairs that are alike; there it
    covers more.

    >>> print(paired_difference([True] * 40 + [False] * 60, [True] * 30 + [False] * 70))
    0.1000 [0.0050, 0.1843] (exact paired 95 %, n = 100)

    Raises `InputError` unless both are boolean and of the same length, one at least.

    Source: Berger and Boos (1994) for the bound over a nuisance parameter.
    """
    ours, theirs = np.asarray(first), np.asarray(second)
    if ours.dtype != np.bool_ or theirs.dtype != np.bool_ or ours.ndim != 1 or ours.shape != theirs.shape:
        raise InputError(
            "a paired difference needs two boolean arrays of the same length; "
            f"got {ours.dtype} {ours.shape} and {theirs.dtype} {theirs.shape}"
        )
    n = positive_integer(ours.size, "number of pairs")
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    gained, lost = int(np.sum(ours & ~theirs)), int(np.sum(theirs & ~ours))
    low, high = difference_interval(gained, lost, n, level)
    return Estimate((gained - lost) / n, low, high, level, "exact paired", trials=n)


def difference_interval(gained: int, lost: int, pairs: int, level: float) -> tuple[float, float]:
    """The ends of the interval of `paired_difference` from the numbers of pairs that differ either way."""
    from scipy.special import betaincinv

    error = 1.0 - level
    differing, tail = gained + lost, (1.0 - NUISANCE) * error / 2
    most = 1.0
    if differing < pairs:
        most = float(betaincinv(differing + 1, pairs - differing, 1.0 - NUISANCE * error))
    value = (gained - lost) / pairs
    high = _last(gained - lost, pairs, value, most, tail)
    low = -_last(lost - gained, pairs, -value, most, tail)
    return low, high


def _last(net: int, pairs: int, value: float, most: float, tail: float) -> float:
    """A difference above `value` that is refuted, with all beyond it, and is hardly larger than need be."""
    inside, outside = value, most
    for _ in range(HALVINGS):  # the tail is largest where most pairs differ, or nearly so
        middle = (inside + outside) / 2
        refuted = _below(net, pairs, middle, np.array([most]))[0] < tail
        inside, outside = (inside, middle) if refuted else (middle, outside)
    step = 0.0
    while outside + step < most and not _refuted(net, pairs, outside + step, most, tail):
        step = max(2 * step, (outside - value) / FINE)
    return min(outside + step, most)


def _refuted(net: int, pairs: int, difference: float, most: float, tail: float) -> bool:
    """Whether `P(D ≤ net)` is below `tail` for every discordance ψ from |δ| to `most`.

    The derivative of `P(D ≤ net)` by ψ is `n/2 (P(D′ = net + 1) − P(D′ = net))`, D′ the same sum with one pair less. Up
    to `ψ = (1 + δ²)/2` the polynomial of a pair has real roots, D′ is a sum of Bernoulli variables but for a shift, and
    its mode is less than one from its mean (Darroch 1964). So the tail rises with ψ where `net + 2 ≤ (n − 1) δ`, and
    its largest value is at the end.
    """
    if net + 2 > (pairs - 1) * difference:
        return _refuted_in_parts(net, pairs, difference, (abs(difference), most), tail)
    calm = min(most, (1 + difference**2) / 2)
    if _below(net, pairs, difference, np.array([calm]))[0] >= tail:
        return False
    return calm == most or _refuted_in_parts(net, pairs, difference, (calm, most), tail)


def _refuted_in_parts(net: int, pairs: int, difference: float, between: tuple[float, float], tail: float) -> bool:
    """The same by halving: over a range of ψ the tail is no larger than with the gains of its lower end, `(ψ + δ)/2`,
    and the losses of its upper end, `(ψ − δ)/2`, since D rises (in distribution) with gains and falls with losses."""
    ranges = np.array([between])
    # down to a small part of the standard deviation; what is then still open counts as possible
    for _ in range(6 + math.ceil(math.log2(pairs) / 2)):
        half = (ranges[:, 1] - ranges[:, 0]) / 2
        middle = ranges.mean(axis=1)
        open_ones = _below(net, pairs, difference - half, middle) >= tail
        if not open_ones.any():
            return True
        if (_below(net, pairs, difference, middle) >= tail).any():
            return False
        ranges, middle = ranges[open_ones], middle[open_ones]
        ranges = np.concatenate([np.c_[ranges[:, 0], middle], np.c_[middle, ranges[:, 1]]])
    return False


def _below(net: int, pairs: int, difference: Any, discordance: Floats) -> Floats:
    """`P(D ≤ net)` for sums D of pairs that are 1 with probability (ψ + δ)/2, −1 with (ψ − δ)/2, else 0."""
    gains, losses = np.maximum((discordance + difference) / 2, 0.0), (discordance - difference) / 2
    means, variances = pairs * (gains - losses), pairs * (gains + losses)
    stretch = likely(-pairs, pairs, means, variances, 2.0)
    if not stretch.first <= net < stretch.last:
        return np.full(len(gains), float(net >= stretch.last))
    turn = np.exp(1j * stretch.frequencies)
    g, c = gains[:, None], losses[:, None]
    law = stretch.masses(power(1.0 - g - c + g * turn + c * np.conj(turn), pairs))
    return np.asarray(law[:, : net - stretch.first + 1].sum(axis=1))
