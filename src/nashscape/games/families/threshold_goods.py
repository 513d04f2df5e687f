"""Public goods that are provided if enough is contributed: by yes or no, and by amounts from a list."""

from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.core.exact_numbers import exact_number, exact_values
from nashscape.games.families.many_players import anonymous
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.anonymous_game import AnonymousGame
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame

Floats = npt.NDArray[np.float64]


@public()
def discrete_public_good(
    players: int = 3,
    threshold: int = 2,
    *,
    benefits: npt.ArrayLike = 2.0,
    costs: npt.ArrayLike = 1.0,
    refund: bool = False,
) -> AnonymousGame:
    """Discrete public good: it is provided if enough players contribute, each its cost (C) or nothing (D).

    If m ≥ threshold players contribute, everyone gets its benefit `v_i`, contributors or not; those who contribute pay
    `c_i`, which with a refund they get back where the good is not provided. With `v_i > c_i` every profile with exactly
    threshold contributors is an equilibrium, in which each of them is pivotal. Without a refund, or with two missing,
    so is that nobody contributes, if the threshold is two or more.

    Args:
        players: n.
        threshold: how many contributors it takes, from 1 to n.
        benefits: `v_i`, a number or one per player, above its cost.
        costs: `c_i`, a number or one per player, above 0.
        refund: whether contributions are returned if there are too few.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> from nashscape.games import pure_equilibria
        >>> [one.name for one in pure_equilibria(discrete_public_good(costs=[1.0, 1.5, 0.5]))]
        ['CCD', 'CDC', 'DCC', 'DDD']

    Source: Palfrey, Rosenthal (1984).
    """
    n = positive_integer(players, "players", at_least=2)
    need = positive_integer(threshold, "threshold")
    if need > n:
        raise InputError(f"threshold must be at most the number of players, {n}; got {need}")
    v = one_or_each(benefits, "benefits", n)
    c = one_or_each(costs, "costs", n)
    if (c <= 0).any() or (v <= c).any():
        raise InputError(f"costs must be above 0 and below benefits; got {c.tolist()} and {v.tolist()}")
    others = np.arange(n)
    enough = others + 1 >= need
    giving = np.where(enough, (v - c)[:, None], 0.0 if refund else -c[:, None])
    keeping = np.where(others >= need, v[:, None], 0.0)
    return anonymous(np.stack([giving, keeping], axis=1), actions="CD", name="discrete_public_good")


@public()
def provision_point(
    values: npt.ArrayLike = (3, 3),
    threshold: Any = 4,
    contributions: npt.ArrayLike | None = None,
    *,
    refund: bool = True,
) -> DenseGame:
    """Provision point: players give amounts from a list, and a public good is provided if they reach its cost.

    `u_i = v_i − x_i` if `Σ_j x_j ≥ T`, else 0 with a refund and `−x_i` without. Every profile with `Σ_j x_j = T` and
    `x_i ≤ v_i` is an equilibrium, in which whoever gives something is pivotal. Profiles from which nobody alone would
    make up for what is missing are others: with a refund many, without one that nobody gives anything. Payoffs are
    exact.

    Args:
        values: `v_i`, what the good is worth to each of n players, not below 0; numbers, fractions or texts.
        threshold: `T`, above 0.
        contributions: that can be made, not below 0, in rising order, the same for all; by default 0, 1, … up to the
            largest value.
        refund: whether contributions are returned if they are not enough.

    Raises:
        InputError: for numbers outside these limits, and too many payoffs.

    Example:
        >>> from nashscape.games import pure_equilibria
        >>> [one.name for one in pure_equilibria(provision_point(refund=False))]
        ['00', '13', '22', '31']

    Source: Bagnoli, Lipman (1989); Palfrey, Rosenthal (1984) for contributions with and without a refund.
    """
    worth, need = exact_values(values, "values"), exact_number(threshold, "threshold")
    if len(worth) < 2 or min(worth) < 0 or need <= 0:
        raise InputError(f"values are not below 0, of two players or more, and the threshold above; got {values!r}")
    given = range(int(max(worth)) + 1) if contributions is None else contributions
    grid = exact_values(given, "contributions")
    if grid[0] < 0 or any(a >= b for a, b in pairwise(grid)):
        raise InputError(f"contributions are not below 0 and rise; got {[float(own) for own in grid]}")
    n = len(worth)
    shape = action_counts([len(grid)] * n)
    payoffs = np.empty((n, *shape), dtype=object)
    for profile in product(*map(range, shape)):
        gifts = [grid[a] for a in profile]
        provided = sum(gifts) >= need
        for i, gift in enumerate(gifts):
            payoffs[(i, *profile)] = worth[i] - gift if provided else Fraction(0) if refund else -gift
    return dense(payoffs, actions=[[f"{float(own):g}" for own in grid]] * n, name="provision_point")
