"""Payoffs that are too large to be computed with are refused before anything is."""

import pytest

from nashscape import InputError, evolution, ranking, tournaments

HUGE = [[1e308, -1e308], [1e308, 0]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: evolution.finite_population(HUGE, 5, process="fermi", intensity=10),
        lambda: evolution.evolve([[1e308, -1e308], [0, 1e308]], [0.4, 0.6]),
        lambda: evolution.evolutionary_stability(HUGE),
        lambda: ranking.alpha_rank(HUGE),
        lambda: ranking.against_nash([[[1e308, -1e308], [0, 1]]]),
        lambda: ranking.best_mixture([[0, 1e308], [-1e308, 0]]),
        lambda: tournaments.tournament(["ALLC", "ALLD"], [[1e308, 0], [1e308, 1e308]], noise=0.1),
    ],
)
def test_huge_payoffs_are_refused_in_one_sentence(ask):
    with pytest.raises(InputError, match=r"must be of size 1e\+100 at most; the entry at .* give them in another unit"):
        ask()
