"""Bargaining by demands: each gets what it asks for if there is enough for all."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number, exact_values
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame


@public()
def nash_demand(pie: Any = 4, outside: npt.ArrayLike = (0, 0), *, step: Any = 1, spread: int = 0) -> DenseGame:
    """Nash's demand game: players ask for shares of a pie, and get them if the pie is large enough.

    `u_i = x_i` if `Σ_j x_j ≤ pie`, else the outside option `d_i`. Demands are 0, step, 2 step, … up to the pie. Every
    division of the whole pie that gives each at least its outside option is an equilibrium, and strict where it gives
    more; there are others, in which all ask for so much that nobody alone can make room. With a spread k the pie is
    uncertain, `pie + j step` for each j from −k to k as likely: then divisions far from `bargaining_solution` are no
    equilibria any more, which is Nash's reason for it.

    Args:
        pie: its size, a multiple of the step.
        outside: `d_i`, what each gets when they do not agree, not below 0; numbers, fractions or texts. As many as
            there are players, with a sum below the pie.
        step: by which demands differ.
        spread: k, by how many steps the pie may be larger or smaller.

    Raises:
        InputError: for a pie that is no multiple of the step, outside options that leave nothing, and too many payoffs.

    Example:
        >>> from nashscape.games import pure_equilibria
        >>> [one.name for one in pure_equilibria(nash_demand(4, (1, 0)))]
        ['13', '22', '31', '40', '43', '44']
        >>> [one.name for one in pure_equilibria(nash_demand(20, (4, 0), spread=4))]       # 12 and 8 less the risk
        ['10/8', '11/7', '12/6']

    Source: Nash (1953).
    """
    whole, unit = exact_number(pie, "the pie"), exact_number(step, "step")
    kept = _outside(whole, outside)
    n, k = len(kept), positive_integer(spread, "spread", at_least=0)
    if unit <= 0 or whole % unit:
        raise InputError(f"the pie must be a multiple of the step, which is above 0; got {pie!r} and {step!r}")
    demands = [unit * j for j in range(int(whole / unit) + 1)]
    shape = action_counts([len(demands)] * n)
    sizes = [whole + unit * j for j in range(-k, k + 1)]
    fits = [Fraction(sum(unit * total <= size for size in sizes), len(sizes)) for total in range(n * len(demands))]
    payoffs = np.empty((n, *shape), dtype=object)
    for profile in product(*map(range, shape)):
        agreed = fits[sum(profile)]
        for i, a in enumerate(profile):
            payoffs[(i, *profile)] = agreed * demands[a] + (1 - agreed) * kept[i]
    return dense(payoffs, actions=[[f"{float(own):g}" for own in demands]] * n, name="nash_demand")


@public()
def bargaining_solution(
    pie: Any = 10, outside: npt.ArrayLike = (0, 0), *, weights: npt.ArrayLike | None = None
) -> tuple[Fraction, ...]:
    """The Nash bargaining solution of a pie: `x_i = d_i + w_i (pie − Σ_j d_j) / Σ_j w_j`.

    It is the division with the largest `Π_i (x_i − d_i)^{w_i}`.

    Args:
        pie: what is divided.
        outside: `d_i`, what each gets when they do not agree, not below 0, with a sum below the pie.
        weights: `w_i`, the bargaining power of each, above 0; the same for all by default.

    Raises:
        InputError: for outside options that leave nothing, and weights that do not fit.

    >>> [str(share) for share in bargaining_solution(10, (2, 0, 1))]
    ['13/3', '7/3', '10/3']

    Source: Nash (1950); Harsanyi, Selten (1972) for weights.
    """
    whole = exact_number(pie, "the pie")
    kept = _outside(whole, outside)
    power = [Fraction(1)] * len(kept) if weights is None else exact_values(weights, "weights")
    if len(power) != len(kept) or min(power) <= 0:
        raise InputError(f"weights are above 0, one for each of {len(kept)} players; got {weights!r}")
    left = whole - sum(kept)
    return tuple(own + w * left / sum(power) for own, w in zip(kept, power, strict=True))


def _outside(pie: Fraction, outside: npt.ArrayLike) -> list[Fraction]:
    kept = exact_values(outside, "outside options")
    if len(kept) < 2 or min(kept) < 0:
        raise InputError(f"outside options are not below 0, one for each of two players or more; got {outside!r}")
    if sum(kept) >= pie:
        raise InputError(f"outside options leave nothing to bargain for: their sum is {sum(kept)}, and the pie {pie}")
    return kept
