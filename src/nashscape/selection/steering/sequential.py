"""Intervals of a success probability that hold at every number of trials at once, so that one may stop at any time."""

import math

from scipy.optimize import brentq
from scipy.special import betaln, xlog1py, xlogy

from nashscape.core import Estimate, finite_number
from nashscape.core.statistics.estimates import checked_counts

PRIOR = 0.5
"""Both weights of the Beta mixture, Jeffreys' choice."""


def evidence_against(probability: float, successes: int, trials: int) -> float:
    """The logarithm of the mixture likelihood ratio against a success probability p:

        log M_n(p) = log B(S + ½, n − S + ½)/B(½, ½) − S log p − (n − S) log(1 − p)

    where S of n independent trials succeeded. If p is true, M_n is a martingale of mean one and never negative, so that
    it *ever* reaches 1/α with probability at most α (Ville), at whatever trial one looks or stops.

    Args:
        probability: p, from 0 to 1.
        successes: S.
        trials: n; 0 is allowed.

    Example:
        >>> round(evidence_against(0.5, 9, 10), 3), evidence_against(0.5, 0, 0)
        (2.251, 0.0)

    Source: Robbins (1970); Ville (1939).
    """
    failures = trials - successes
    mixed = betaln(PRIOR + successes, PRIOR + failures) - betaln(PRIOR, PRIOR)
    return float(mixed - xlogy(successes, probability) - xlog1py(failures, -probability))


def confidence_sequence(successes: int, trials: int, level: float = 0.95) -> Estimate:
    """The success probabilities that are not refuted, `{p : M_n(p) < 1/(1 − level)}`.

    With probability at least `level` the true one lies in these intervals for *all* n at once: it may be decided after
    every trial whether to go on. An interval for one n that was fixed before is shorter.

    Args:
        successes: S.
        trials: n, at least 1.
        level: confidence level.

    Raises:
        InputError: for impossible counts.

    Example:
        >>> print(confidence_sequence(30, 100))
        0.3000 [0.1657, 0.4628] (valid at any stopping time 95 %, n = 100)

    Source: Robbins (1970); Howard, Ramdas, McAuliffe, Sekhon (2021).
    """
    successes, trials, level = checked_counts(successes, trials, level)
    enough, share = -math.log1p(-level), successes / trials

    def short(p: float) -> float:
        # zero and one are refuted without end by one success or failure; the root finder needs a number
        return min(evidence_against(p, successes, trials), 1e300) - enough

    low = 0.0 if successes == 0 else float(brentq(short, 0.0, share, xtol=1e-14))
    high = 1.0 if successes == trials else float(brentq(short, share, 1.0, xtol=1e-14))
    return Estimate(share, low, high, level, "valid at any stopping time", successes, trials)


def decided(wanted: float, successes: int, trials: int, error: float) -> bool | None:
    """Whether a success probability is at least `wanted`, or below it; None while that is open.

    The answer is wrong with probability at most `error`, at whatever number of trials it is given.

    >>> decided(0.5, 60, 64, 0.05), decided(0.5, 33, 64, 0.05)
    (True, None)

    Raises:
        InputError: unless 0 < wanted < 1 and 0 < error < 1.
    """
    finite_number(wanted, "wanted", low=0.0, high=1.0, low_open=True, high_open=True)
    finite_number(error, "error", low=0.0, high=1.0, low_open=True, high_open=True)
    if not trials or evidence_against(wanted, successes, trials) < -math.log(error):
        return None
    return successes > wanted * trials
