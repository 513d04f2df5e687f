"""At which weight of what neighbours get restraint is no prisoner's dilemma any more: closed form and bisection."""

from fractions import Fraction

from nashscape.core.brackets import Bracket
from nashscape.core.graphs import adjacency
from nashscape.core.searching import axis_of, search
from nashscape.systems.networked_commons.restraint_games import PLAYERS, episode, mixed_diagram

MOST = 4.0
"""The largest weight that is searched."""


def least_weight(rate: int, graph: str) -> Fraction | None:
    """The least α at which restraining pays more than taking beside some number k of others who restrain, in fractions.

    Beside k others who restrain a restrainer gets R_k and a taker T_k; on average `d k/(n−1)` of d neighbours restrain,
    who get R_k beside a restrainer and `R_{k−1}` beside a taker, and the other neighbours `T_{k+1}` and T_k. So

        α* = min_k (T_k − R_k) / (d [k/(n−1) (R_k − R_{k−1}) + (1 − k/(n−1)) (T_{k+1} − T_k)])

    over k for which the denominator is positive; None where there is none. That is of restrainers who see the stock
    alone, so that nobody's place on the graph matters to what is taken.
    """
    degree, found = int(adjacency(f"{graph}:{PLAYERS}")[0].sum()), []
    own = [[_paid(rate, k, taker=taker) for k in range(PLAYERS)] for taker in (False, True)]
    for k in range(PLAYERS):
        among = Fraction(k, PLAYERS - 1)
        more = among * (own[0][k] - own[0][k - 1]) if k else Fraction(0)
        rest = (1 - among) * (own[1][k + 1] - own[1][k]) if k < PLAYERS - 1 else Fraction(0)
        if more + rest > 0:
            found.append((own[1][k] - own[0][k]) / (degree * (more + rest)))
    return min(found, default=None)


def _paid(rate: int, restrainers: int, *, taker: bool) -> Fraction:
    """What the first player takes beside so many others who restrain."""
    others = [False] * restrainers + [True] * (PLAYERS - 1 - restrainers)
    return episode(rate, (taker, *others)).totals[0]


def searched_weight(rate: int, graph: str, fine: float) -> tuple[Bracket, ...]:
    """From where on restraining pays more beside some number of others in the mixed games, by bisection of the weight.

    It is the bisection of `steer`, which itself runs games and rules, and no players of environments.

    Args:
        rate: Δ, in thousandths.
        graph: "ring" or "complete".
        fine: how wide brackets may be.
    """

    def pays(weight: float) -> bool:
        return 1 in mixed_diagram(rate, "stock", graph, weight).gains

    return search(pays, axis_of(0.0, MOST, 5, fine)).brackets


def agree(brackets: tuple[Bracket, ...], weight: Fraction | None) -> bool:
    """Whether a search found one rise, around the weight; or none where there is no weight."""
    if weight is None:
        return not brackets
    return len(brackets) == 1 and brackets[0].rises and brackets[0].low <= weight <= brackets[0].high
