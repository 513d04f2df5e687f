"""Exact tests: two rules from the same starts, two independent samples, a sample against a stated share."""

from dataclasses import dataclass

from nashscape.core.checks import positive_integer
from nashscape.core.checks import probability as checked_probability
from nashscape.core.statistics.estimates import checked_counts


@dataclass(frozen=True)
class PairedTest:
    """A paired test: its p-value, and the starts on which only the one or only the other succeeded."""

    p_value: float
    first_only: int
    second_only: int
    method: str


def mcnemar(first_only: int, second_only: int) -> PairedTest:
    """The exact two-sided test that two rules succeed equally often from the same starts (McNemar 1947).

    Given the b + c starts on which they differ, the smaller count is Binomial(b + c, 1/2) under equality, so
    p = min(1, 2 P(X ≤ min(b, c))).

    >>> mcnemar(1, 9).p_value
    0.021484375

    Raises `InputError` for negative counts.
    """
    from scipy.special import bdtr

    first_only = positive_integer(first_only, "first only", at_least=0)
    second_only = positive_integer(second_only, "second only", at_least=0)
    p_value = min(1.0, 2 * float(bdtr(min(first_only, second_only), first_only + second_only, 0.5)))
    return PairedTest(p_value, first_only, second_only, "exact McNemar")


def binomial_test(successes: int, trials: int, probability: float) -> float:
    """The exact two-sided p-value of k successes in n independent trials of the stated probability.

    It sums the probabilities of all counts that are no more likely than k.

    >>> round(binomial_test(9, 10, 0.5), 6)
    0.021484

    Raises `InputError` for impossible counts or a probability outside [0, 1].
    """
    from scipy.stats import binomtest

    successes, trials, _ = checked_counts(successes, trials, 0.95)
    return float(binomtest(successes, trials, checked_probability(probability, "probability")).pvalue)


def two_proportion_test(successes_1: int, trials_1: int, successes_2: int, trials_2: int) -> float:
    """The exact two-sided p-value of two independent samples having the same success probability (Fisher).

    >>> round(two_proportion_test(8, 10, 1, 10), 6)
    0.005477

    Raises `InputError` for impossible counts.
    """
    from scipy.stats import fisher_exact

    first, n_first, _ = checked_counts(successes_1, trials_1, 0.95)
    second, n_second, _ = checked_counts(successes_2, trials_2, 0.95)
    return float(fisher_exact([[first, n_first - first], [second, n_second - second]]).pvalue)
