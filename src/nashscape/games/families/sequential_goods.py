"""Public goods in extensive form: players contribute one after the other, and see what was given before."""

from fractions import Fraction
from typing import Any

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number
from nashscape.core.sizes import check_size
from nashscape.games.forms.trees.building import TreeNode, decision, ending, extensive_game
from nashscape.games.forms.trees.construct import BYTES, NODES
from nashscape.games.forms.trees.tree_game import TreeGame


@public()
def sequential_public_goods(
    players: int = 3, steps: int = 4, *, multiplier: Any = "9/5", bonus: Any = 0, penalty: Any = 0, threshold: Any = 0,
    linear: Any = "3/5", quadratic: Any = "2/5",
) -> TreeGame:  # fmt: skip
    """A sequential public goods game: each gives a part a of what it has, from 0 to 1, knowing what was given before.

    `u_i = −c(a_i) + γ a_i Σ_{j<i} a_j + (ρ/n) Σ_j a_j − P [Σ_j a_j < B]`, with `c(a) = linear · a + quadratic · a²`:
    the cost, a bonus γ on what comes after others, an equal share of ρ times all, and a penalty P for everybody if less
    than B comes together. Without bonus and penalty, and with a cost that
    curves, nothing is given if and only if `ρ/n ≤ c'(0)`, in the continuum.

    Args:
        players: how many, n.
        steps: parts are multiples of one over it.
        multiplier: ρ.
        bonus: γ.
        penalty: P.
        threshold: B, in units of the largest contribution.
        linear: the marginal cost of the first part.
        quadratic: half of what the marginal cost rises by, not below 0.

    Raises:
        InputError: for other numbers, and trees of more than two million nodes.

    Example:
        >>> from nashscape import theory
        >>> game = sequential_public_goods(bonus="3/2", penalty="3/2", threshold="5/2")
        >>> theory.subgame_perfect(game).outcomes
        (('0.5 1 1',),)

    Source: a reconstruction from descriptions of Liang et al. (2025), arXiv 2508.02076, whose formula may be another.
    """
    n, parts = positive_integer(players, "players", at_least=2), positive_integer(steps, "steps")
    rho, gamma, fine, needed, first, rise = (
        exact_number(x, name)
        for x, name in ((multiplier, "multiplier"), (bonus, "bonus"), (penalty, "penalty"), (threshold, "threshold"),
                        (linear, "linear"), (quadratic, "quadratic"))
    )  # fmt: skip
    if min(rho, gamma, fine, rise) < 0:
        raise InputError("multiplier, bonus, penalty and the quadratic cost are not below 0")
    nodes = 2.0 * (parts + 1) ** min(n, 300)
    check_size("nodes", nodes, BYTES, lambda most: "take fewer players or steps", most=NODES)
    given = [Fraction(k, parts) for k in range(parts + 1)]

    def giving(before: tuple[Fraction, ...]) -> TreeNode:
        if len(before) < n:
            return decision(len(before), {f"{float(a):g}": giving((*before, a)) for a in given})
        shared = rho / n * sum(before) - fine * (sum(before) < needed)
        return ending(*(shared - first * a - rise * a**2 + gamma * a * sum(before[:i]) for i, a in enumerate(before)))

    return extensive_game(giving(()), players=n, name="sequential_public_goods")
