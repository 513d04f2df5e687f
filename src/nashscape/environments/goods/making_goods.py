"""`threshold_goods`: public goods over time, with and without refunds, and dangers that all can give against."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.core.exact_numbers import exact_values
from nashscape.environments.commons.regenerations import written
from nashscape.environments.goods.threshold_pot import ThresholdGoods

MOST_UNITS = 2**31 - 1
"""Whole numbers are those of 32 bits."""


@public()
def threshold_goods(
    players: int = 3,
    *,
    values: npt.ArrayLike = 6.0,
    threshold: float = 6.0,
    contributions: Sequence[float] = (0, 1, 2),
    rounds: int = 3,
    refund: float = 0.0,
    spared: float = 0.0,
    discount: float = 1.0,
    name: str = "threshold_goods",
) -> ThresholdGoods:
    """A public good over time: players give round by round, and it is provided if they reach a threshold at the end.

    In every round each gives an amount from a list, `x_i`, all at the same time, and pays it. After the last round,
    `X_i` being what each has given in all,

        u_i = −X_i + v_i            if Σ_j X_j ≥ T,
        u_i = −X_i + v_i or ρ X_i   else: the former with chance q, for all or for nobody.

    `refund=0` is a good without a refund, `refund=1` one with: who gave gets it back. All see what each has given so
    far and the share of rounds that were played. In one round it is `games.provision_point`; over many, gifts can wait
    for those of others, so that goods are completed which nobody would pay for at once.

    `measures` tell what each has `given` in the round, `[n]`, the `total` so far, and at the end whether the good is
    `provided`.

    Args:
        players: n, at least two.
        values: `v_i`, what the good is worth, a number or one per player, not below 0.
        threshold: T, above 0.
        contributions: that can be made in a round, not below 0, rising, two or more.
        rounds: of an episode.
        refund: ρ, from 0 to 1.
        spared: q, from 0 to 1.
        discount: γ.
        name: of the environment.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> goods = threshold_goods(2, values=[3, 2], threshold=4, rounds=2)
        >>> goods.exact()
        <MarkovGame threshold_goods: 2 players, 3×3 actions, 11 states, 2 rounds, discount 1>

    Source: Bagnoli and Lipman (1989) for thresholds and refunds; Marx and Matthews (2000) for contributions over time.
    """
    n = positive_integer(players, "players", at_least=2)
    worth = one_or_each(values, "values", n)
    if (worth < 0).any():
        raise InputError(f"values are not below 0; got {worth.tolist()}")
    needed = written(finite_number(threshold, "threshold", low=0.0, low_open=True))
    grid = [written(float(own)) for own in exact_values(list(contributions), "contributions")]
    if len(grid) < 2 or grid[0] < 0 or any(a >= b for a, b in pairwise(grid)):
        raise InputError(f"contributions are two or more, not below 0, and rise; got {[float(own) for own in grid]}")
    count = positive_integer(rounds, "rounds")
    unit = _common([needed, *grid])
    if max(needed, n * count * grid[-1]) / unit > MOST_UNITS:
        raise InputError(
            f"amounts are multiples of {float(unit):g}, of which there were too many; take coarser amounts"
        )
    return ThresholdGoods(
        worth, np.float64(unit), np.array([int(own / unit) for own in grid], np.int64), np.int64(needed / unit),
        np.float64(finite_number(refund, "refund", low=0.0, high=1.0)),
        np.float64(finite_number(spared, "spared", low=0.0, high=1.0)),
        np.float64(finite_number(discount, "discount", low=0.0, high=1.0)),
        count, str(name), tuple(f"{float(own):g}" for own in grid),
    )  # fmt: skip


@public()
def collective_risk(loss: float = 0.9, *, players: int = 6, rounds: int = 10, **options: Any) -> ThresholdGoods:
    """The collective-risk dilemma: a group has to give 120 of its 240 euros, or all may lose what they have kept.

    Each of six has 40, and gives 0, 2 or 4 in each of ten rounds. If they reach 120 in all, each keeps what it has not
    given; if not, all lose that with the chance `loss`. What is paid is what is kept in the end, less the 40 at first:
    everybody's gifts are paid as they are made, and the last round pays 40 to who keeps the rest, or its gifts to who
    loses it.

    Args:
        loss: the chance; the published ones are .9, .5 and .1. It is drawn once for all.
        players: n; the threshold is 20 for each.
        rounds: in each of which up to a tenth of the 40 can be given, in ten rounds.
        **options: of `threshold_goods`, such as `threshold` and `contributions`.

    Example:
        >>> group = collective_risk(0.5)
        >>> group.action_spaces[0].names, int(group.threshold) * float(group.unit), float(group.spared)
        (('0', '2', '4'), 120.0, 0.5)

    Source: Milinski, Sommerfeld, Krambeck, Reed, Marotzke, PNAS 105, 2008.
    """
    n = positive_integer(players, "players", at_least=2)
    chance = finite_number(loss, "loss", low=0.0, high=1.0)
    given: dict[str, Any] = {
        "values": 40.0, "threshold": 20.0 * n, "contributions": (0, 2, 4), "refund": 1.0, "spared": 1.0 - chance,
        "name": "collective_risk",
    }  # fmt: skip
    return threshold_goods(n, rounds=rounds, **given | options)


def _common(amounts: Sequence[Fraction]) -> Fraction:
    """The largest amount of which all are multiples."""
    below = lcm(*(own.denominator for own in amounts))
    return Fraction(gcd(*(int(own * below) for own in amounts)), below)
