"""Working together: teams that share what they make, investments that can be held up, and joint ventures."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number, exact_values
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame

OUTPUTS = ("sum", "least")


def shares_of(shares: Any, n: int) -> list[Fraction]:
    """What parts all get, equal by default; exact, not below 0, and one in all."""
    parts = [Fraction(1, n)] * n if shares is None else exact_values(shares, "shares")
    if len(parts) != n or min(parts) < 0 or sum(parts) != 1:
        raise InputError(f"shares are {n} numbers from 0 on that sum to one exactly, as '1/3' does; got {shares!r}")
    return parts


def each_of(given: Any, name: str, n: int, *, low: int = 0) -> list[Fraction]:
    """One number for all of n players, or one each, exact and not below `low`."""
    alone = isinstance(given, str) or np.ndim(given) == 0
    found = [exact_number(given, name)] * n if alone else exact_values(given, name)
    if len(found) != n or min(found) < low:
        raise InputError(f"{name} is a number from {low} on, or one for each of {n} players; got {given!r}")
    return found


@public()
def partnership(
    players: int = 2,
    efforts: npt.ArrayLike = (0, 1, 2),
    *,
    productivity: Any = 2,
    costs: Any = 1,
    shares: Sequence[Any] | None = None,
    output: str = "sum",
    target: Any = None,
) -> DenseGame:
    """A partnership, or team production: each chooses an effort, and all share what they make together.

        u_i = s_i y − c_i e_i² / 2,   y = p Σ_j e_j  or  p n min_j e_j

    Nobody can see whose effort it was. As long as all that is made is shared, `Σ_i s_i = 1`, each counts a part of what
    its effort adds: with the sum it is best to choose e_i near `s_i p / c_i`, where `p / c_i` would be best for all.
    With a `target` nothing is shared unless y reaches it, and what is made is lost: then the efforts that just reach it
    are an equilibrium, if each gets at least its cost, since everybody is pivotal. Efforts from an interval, and loyal
    members, are in `team_production`. Payoffs are exact.

    Args:
        players: n, at least two.
        efforts: e, that can be chosen, not below 0, rising; the same for all.
        productivity: p, above 0.
        costs: `c_i`, a number or one per player, not below 0.
        shares: `s_i`, which sum to one; equal by default.
        output: "sum", or "least" where the least effort counts for all.
        target: which what is made has to reach; None for none.

    Raises:
        InputError: for numbers outside these limits, and too many payoffs.

    Example:
        >>> from nashscape.games import pure_equilibria
        >>> [one.name for one in pure_equilibria(partnership())]            # 22 would be best for both
        ['11']
        >>> [one.name for one in pure_equilibria(partnership(target=8))]    # where less than 8 is lost
        ['00', '22']

    Source: Holmström (1982), Moral hazard in teams.
    """
    n = positive_integer(players, "players", at_least=2)
    grid = _rising(efforts, "efforts")
    worth, rule = exact_number(productivity, "productivity"), choice(output, "output", OUTPUTS)
    if worth <= 0:
        raise InputError(f"productivity is above 0; got {float(worth):g}")
    weights, parts = each_of(costs, "costs", n), shares_of(shares, n)
    needed = None if target is None else exact_number(target, "target")
    shape = action_counts([len(grid)] * n)
    payoffs = np.empty((n, *shape), dtype=object)
    for profile in product(*map(range, shape)):
        chosen = [grid[a] for a in profile]
        made = worth * (sum(chosen) if rule == "sum" else n * min(chosen))
        if needed is not None and made < needed:
            made = Fraction(0)
        for i, effort in enumerate(chosen):
            payoffs[(i, *profile)] = parts[i] * made - weights[i] * effort**2 / 2
    return dense(payoffs, actions=[[f"{float(own):g}" for own in grid]] * n, name="partnership")


@public()
def hold_up(
    values: Sequence[npt.ArrayLike] = ((0, 4, 6), (0, 4, 6)),
    costs: Sequence[npt.ArrayLike] = ((0, 1, "5/2"), (0, 1, "5/2")),
    *,
    power: Any = "1/2",
    kept: Any = 0,
) -> DenseGame:
    """Investment and hold-up: two invest in a trade whose terms are only bargained for when investments are made.

        u_i = o_i + β_i (v_1 + v_2 − o_1 − o_2) − c_i,   o_i = λ_i v_i

    What is invested cannot be contracted on, so that `v_i(a_i)` is divided after `c_i(a_i)` is sunk: each gets what it
    would have without the other, o_i, and its part of what the trade adds, by the Nash bargaining solution. It counts
    `λ_i + β_i (1 − λ_i)` of what its investment is worth, and invests too little. Who owns the assets it works with
    keeps more of its investment without the other (λ), and invests more. Payoffs are exact.

    Args:
        values: `v_i`, what the investments of both are worth, a list each: an entry for each level.
        costs: `c_i`, what they cost, lists of the same lengths.
        power: `β_1`, the first one's bargaining power, from 0 to 1; `β_2` is the rest.
        kept: `λ`, the part of its own investment's worth that each has without the other, from 0 to 1; one or two.

    Raises:
        InputError: for numbers outside these limits, and lists that do not fit.

    Example:
        >>> from nashscape.games import pure_equilibria
        >>> [one.name for one in pure_equilibria(hold_up())]                    # the second step costs 3/2 and adds 2
        ['11']
        >>> [one.name for one in pure_equilibria(hold_up(kept=["3/5", 0]))]     # the first one owns what it works with
        ['21']

    Source: Grossman and Hart (1986), The costs and benefits of ownership; Hart and Moore (1990).
    """
    if len(values) != 2 or len(costs) != 2:
        raise InputError(f"two invest; got values of {len(values)} and costs of {len(costs)}")
    worth = [exact_values(own, "values") for own in values]
    spent = [exact_values(own, "costs") for own in costs]
    if any(len(a) != len(b) or min(b) < 0 for a, b in zip(worth, spent, strict=True)):
        raise InputError(f"every investment has a value and a cost from 0 on; got {values!r} and {costs!r}")
    first, part = exact_number(power, "power"), each_of(kept, "kept", 2)
    if not 0 <= first <= 1 or max(part) > 1:
        raise InputError(f"power and kept are from 0 to 1; got {power!r} and {kept!r}")
    shape = action_counts([len(own) for own in worth])
    payoffs = np.empty((2, *shape), dtype=object)
    for profile in product(*map(range, shape)):
        made = [own[a] for own, a in zip(worth, profile, strict=True)]
        alone = [own * x for own, x in zip(part, made, strict=True)]
        for i, strong in enumerate((first, 1 - first)):
            payoffs[(i, *profile)] = alone[i] + strong * (sum(made) - sum(alone)) - spent[i][profile[i]]
    return dense(payoffs, actions=[list(map(str, range(k))) for k in shape], name="hold_up")


def _rising(given: Any, name: str) -> list[Fraction]:
    found = exact_values(given, name)
    if found[0] < 0 or any(a >= b for a, b in pairwise(found)):
        raise InputError(f"{name} are not below 0 and rise; got {[float(own) for own in found]}")
    return found
