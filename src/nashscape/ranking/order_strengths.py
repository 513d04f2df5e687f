"""Plackett and Luce's strengths, which explain orders by one number for each player."""

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.statistics.several_tests import HOLM
from nashscape.ranking.choices import choices_of, chosen_bent, fitted_choices
from nashscape.ranking.order_tests import choice_tests, order_fit_test
from nashscape.ranking.pairs import components
from nashscape.ranking.player_orders import Orders
from nashscape.ranking.ranking_results import Scored, ranks_left, takes
from nashscape.ranking.strength_ranks import (
    LARGEST_PRIOR,
    MOST_REFITTED,
    about_fit,
    about_groups,
    about_prior,
    placed,
    surely_above,
    wald_half,
    wald_scores,
)
from nashscape.ranking.strength_tests import wald_tests

Floats = npt.NDArray[np.float64]

PLACKETT = Source(
    "plackett", "Plackett: The Analysis of Permutations. Applied Statistics 24, 193–202, 1975.",
    "https://doi.org/10.2307/2346567",
)  # fmt: skip
HUNTER = Source(
    "hunter", "Hunter: MM Algorithms for Generalized Bradley-Terry Models. Annals of Statistics 32, 384–406, 2004.",
    "https://doi.org/10.1214/aos/1079120141",
)  # fmt: skip

MOST_REFITTED_ENTRIES = 1 << 26
"""Pairs times sets times players up to which every pair is tested by a fit of its own."""


@public()
def order_probability(worths: Sequence[Any], order: Sequence[int]) -> Any:
    """The chance of an order, the best first, by Plackett and Luce: `Π_t w_t / (w_t + all that are left after it)`.

    Of all who are left one is chosen with a chance in proportion to its worth `w = exp(s)`, again and again from the
    best place on. The chances of all orders sum to 1, as those of the reversed model do, which chooses the worst first.

    Args:
        worths: of each player, above 0; `Fraction`s and whole numbers give an exact `Fraction`.
        order: numbers of players, from 0, the best first; of all, or of the first few.

    Returns:
        The chance that the first places are those.

    Raises:
        InputError: for worths that are no positive numbers, and what no order of these players is.

    Example:
        >>> print(order_probability([5, 3, 2], [0, 1, 2]), order_probability([5, 3, 2], [2]))
        3/10 1/5

    Source: Plackett (1975); Luce (1959).
    """
    given = list(worths) if hasattr(worths, "__iter__") else []
    exact = all(hasattr(own, "denominator") and not hasattr(own, "dtype") for own in given)
    left: dict[int, Any] = {}
    for k, own in enumerate(given):
        left[k] = Fraction(own) if exact else finite_number(own, f"the worth of player {k}")
        if not left[k] > 0:
            raise InputError(f"the worth of a player is above 0; that of player {k} is {own}")
    if not left or not isfinite(float(sum(left.values()))):
        raise InputError(f"worths are positive numbers, one for each player, with a finite sum; got {worths!r}")
    places = [int(k) for k in order] if hasattr(order, "__iter__") else []
    if not places or len(set(places)) < len(places) or not set(places) <= set(left):
        raise InputError(f"an order is of different numbers of players from 0 to {len(left) - 1}; got {order!r}")
    chance: Any = Fraction(1) if exact else 1.0
    for k in places:
        chance *= left[k] / sum(left.values())
        del left[k]
    return chance


@takes("orders")
def plackett_luce(found: Orders, level: float, *, prior: float = 0.0, seed: int = 0) -> Scored:
    """The strengths `s` of most likelihood where who comes next is chosen in proportion to `exp(s)`; their mean is 0.

    Of orders: full, of some players, or known from the top alone. Of orders of two it is bradley-terry, and intervals,
    tests of all pairs and groups are as there: half a win is taken from the stronger of a pair and given to the weaker,
    Holm's correction lets all ranks hold together, and of more than 40 players, or very many sets of players, tests
    are Wald's. Where some were never below others, strengths and intervals are those within groups.

    Args:
        found: orders, or matches without ties.
        level: confidence level.
        prior: wins and losses that are added between each two of whom it is known who was above; 0 adds nothing.
        seed: of the seasons that are simulated to see whether strengths explain the orders.
    """
    prior = finite_number(prior, "prior", low=0.0, high=LARGEST_PRIOR)
    seed = positive_integer(seed, "seed", at_least=0)
    own, n = choices_of(found, prior), len(found.players)
    met = found.played > 0
    reaches = found.points + prior * met > 0
    strengths, groups = fitted_choices(own), components(reaches)
    refitted = n <= MOST_REFITTED and len(own.members) * n * n * (n - 1) // 2 <= MOST_REFITTED_ENTRIES
    p_values = (
        choice_tests(own, strengths) if refitted else wald_tests(chosen_bent(own, strengths)[1], strengths, groups)
    )
    best, worst = ranks_left(surely_above(p_values, strengths, level))
    notes = about_prior(prior) + about_groups(found.players, groups, met)
    within, half = np.zeros(n), np.full(n, np.inf)
    for group in groups:
        if len(group) > 1:
            part = among(found, group)
            sets = choices_of(part, prior)
            within[group] = fitted_choices(sets, strengths[group])
            half[group] = wald_half(chosen_bent(sets, within[group])[1], level)
            if len(group) > 2 and not prior:
                notes += about_fit(order_fit_test(part, within[group], seed), "copeland")
    called = "likelihood-ratio" if refitted else "Wald's"
    return Scored(
        scores=wald_scores(within, half, found.entered.sum(0), level),
        best=best,
        worst=worst,
        unit="log of worth",
        ranks=f"{called} tests of all pairs, with Holm's correction, all ranks together",
        notes=notes,
        sources=(PLACKETT, HUNTER, HOLM),
        placed=placed(reaches, within, groups),
    )


def among(found: Orders, group: list[int]) -> Orders:
    """The orders with some of the players alone; where these are a group, what is left explains the likelihood's limit.

    If all of a group are infinitely better than all below it, a choice is of the best group that is there: so within a
    group the places of others do not count.
    """
    number = np.full(len(found.players) + 1, -1)  # the last is that of nobody, −1
    number[group] = np.arange(len(group))
    inside = number[found.field]
    known = (inside >= 0) & (np.arange(inside.shape[1]) < found.placed[:, None])
    order = np.argsort(inside < 0, axis=1, kind="stable")
    field, placed, sizes = np.take_along_axis(inside, order, axis=1), known.sum(1), (inside >= 0).sum(1)
    kept = (sizes > 1) & (placed > 0)
    return Orders(tuple(found.players[k] for k in group), field[kept][:, : max(sizes.max(), 1)], placed[kept])
