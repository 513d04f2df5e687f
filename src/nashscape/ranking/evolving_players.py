"""The ranking of players by how much of the time evolution with rare mutants spends at each: α-rank of matches."""

from math import inf

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number, positive_integer
from nashscape.ranking.alpha_ranks import ALPHA_RANK, alpha_rank
from nashscape.ranking.lotteries import by_draws
from nashscape.ranking.matches import Matches
from nashscape.ranking.ranking_results import Scored

Floats = npt.NDArray[np.float64]

DIGITS = 4
"""Of shares of points: on what two shares are that differ by less no mass hangs."""


def by_alpha_rank(
    found: Matches, level: float, *, intensity: float = inf, population: int = 50, resamples: int = 200, seed: int = 0
) -> Scored:
    """How much of the time a population is of each player's kind, where mutants are rare: α-rank of shares of points.

    A mutant takes over the faster the more it gets of residents than they of it. Players who beat each other in a
    circle share what they have; whoever is beaten by one of them and beats none has nothing in the limit. Players who
    have not met get halves of each other. Players meet the other kind alone, `selection="resident"` of `alpha_rank`, of
    which the default is "whole". Intervals as of maximal lotteries.

    Args:
        found: matches.
        level: share of the drawn results that intervals hold.
        intensity: α, how much gains count; by default infinite.
        population: m, how many individuals.
        resamples: how often results are drawn anew.
        seed: of these.
    """
    alpha = inf if str(intensity) == "inf" else finite_number(intensity, "intensity", low=0.0)
    m = positive_integer(population, "population", at_least=2)

    def masses(shares: Floats) -> Floats:
        return alpha_rank(shares, intensity=alpha, population=m, selection="resident").masses

    return by_draws(found, level, resamples, seed, _shares, masses, "mass", ALPHA_RANK)


def _shares(points: Floats) -> Floats:
    played = points + points.T
    made: Floats = np.where(played > 0, points / np.maximum(played, 0.5), 0.5).round(DIGITS)
    return made
