"""Congestion games: what a resource costs depends on how many use it."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_array
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame

COSTS = ("increasing", "any")


@public()
def congestion(
    costs: npt.ArrayLike,
    choices: "Sequence[Sequence[Sequence[int]]] | None" = None,
    *,
    players: int | None = None,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    name: str = "congestion",
) -> DenseGame:
    """A congestion game: every action is a set of resources, and each costs more or less the more players use it.

    `u_i(a) = −Σ_{r ∈ a_i} c_r(ℓ_r(a))` with `ℓ_r(a)` the number of players who use r. It is an exact potential game,
    with Rosenthal's potential `−Σ_r Σ_{k ≤ ℓ_r} c_r(k)`.

    Args:
        costs: `c_r(k)`, of resource r when k players use it, k from 1 to n: shape [resources, n]; numbers, fractions or
            texts such as "1/3".
        choices: for every player its actions, each a list of resources by number; by default every player uses one
            resource of its choice.
        players: how many there are, where `choices` does not say.
        actions: names, as in `dense`; by default the numbers of the resources, such as "0+2".
        name: of the game.

    Raises:
        InputError: for costs that are not finite or not given for every load, and resources that there are not.

    Example:
        >>> print(congestion([[1, 3], [2, 2]], players=2).table())
                0       1
        0  -3, -3  -1, -2
        1  -2, -1  -2, -2

    Source: Rosenthal (1973).
    """
    rounded, exact = exact_array(costs, "costs", ndim=2)
    table: npt.NDArray[Any] = rounded if exact is None else exact
    resources, loads = table.shape
    used = _choices(choices, players if players is not None else loads, resources)
    n = len(used)
    if players not in (None, n):
        raise InputError(f"choices are given for {n} players, and players={players}")
    if loads < n:
        raise InputError(f"costs must be given for every load from 1 to {n}, a column each; got {loads} columns")
    names = actions or [["+".join(map(str, own)) or "none" for own in each] for each in used]
    return dense(_payoffs(table, used), actions=names, name=name)


def _choices(given: Any, players: int, resources: int) -> list[list[list[int]]]:
    """For every player its actions as sorted lists of resources."""
    if given is None:
        n = positive_integer(players, "number of players", at_least=2)
        return [[[r] for r in range(resources)] for _ in range(n)]
    try:
        used = [[sorted({positive_integer(r, "resource", at_least=0) for r in own}) for own in each] for each in given]
    except TypeError as error:
        raise InputError(
            "choices are, for every player, its actions, each a list of resources by number, such as "
            "[[[0], [1, 2]], [[0], [2]]]"
        ) from error
    action_counts([len(each) for each in used])
    most = max((r for each in used for own in each for r in own), default=0)
    if most >= resources:
        raise InputError(f"there is no resource number {most}; they are numbered from 0 to {resources - 1}")
    return used


def _payoffs(costs: npt.NDArray[Any], used: list[list[list[int]]]) -> Objects | npt.NDArray[np.float64]:
    shape = tuple(map(len, used))
    n = len(used)
    # whether player i uses resource r by each of its actions
    uses = [np.array([[r in own for own in each] for r in range(len(costs))]) for each in used]
    payoffs = np.zeros((n, *shape), dtype=costs.dtype)
    for r, own in enumerate(costs):
        load = np.zeros(shape, dtype=int)
        for i in range(n):
            load = load + _along(uses[i][r], i, n)
        # a load of zero costs nobody anything
        cost = own[np.maximum(load, 1) - 1]
        for i in range(n):
            payoffs[i] = payoffs[i] - np.where(_along(uses[i][r], i, n), cost, 0)
    return payoffs


def _along(values: npt.NDArray[Any], player: int, players: int) -> npt.NDArray[Any]:
    return values.reshape([-1 if i == player else 1 for i in range(players)])


@public()
def random_congestion(
    players: int = 3, resources: int = 3, seed: int = 0, *, costs: str = "increasing", size: int = 1
) -> DenseGame:
    """A congestion game with random costs; every player uses some `size` of the resources.

    Costs are whole multiples of 2⁻³², so that sums are exact: with "increasing" each further user adds an independent
    uniform amount from [0, 1) to the cost, with "any" all costs are independent and uniform on [0, 1).

    Args:
        players: how many.
        resources: how many.
        seed: the same seed gives the same game.
        costs: "increasing" or "any".
        size: how many resources an action uses.

    Raises:
        InputError: for fewer than two players, fewer resources than an action uses, and more than ten million payoffs.

    Example:
        >>> random_congestion(players=2, resources=3, size=2, seed=1)
        <DenseGame random_congestion: 2 players, 3×3 actions (0+1 0+2 1+2)>

    Source: Rosenthal (1973).
    """
    n = positive_integer(players, "number of players", at_least=2)
    m = positive_integer(resources, "number of resources")
    some = positive_integer(size, "size of an action")
    kind = choice(costs, "kind of costs", COSTS)
    if some > m:
        raise InputError(f"an action uses {some} resources, and there are {m}")
    action_counts([math.comb(m, some)] * n)
    drawn = np.random.default_rng(positive_integer(seed, "seed", at_least=0)).integers(0, 2**32, (m, n)) * 2.0**-32
    own = [list(each) for each in combinations(range(m), some)]
    table = drawn.cumsum(axis=1) if kind == "increasing" else drawn
    return congestion(table, [own] * n, name="random_congestion")
