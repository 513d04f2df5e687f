"""Games of trust and of divisions in extensive form, in which each sees what was done before."""

from typing import Any

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number
from nashscape.core.sizes import check_size
from nashscape.games.forms.trees.building import TreeNode, decision, ending, extensive_game
from nashscape.games.forms.trees.construct import BYTES, NODES
from nashscape.games.forms.trees.tree_game import TreeGame


@public()
def trust(endowment: int = 4, multiplier: int = 3) -> TreeGame:
    """The trust game: what the investor sends is multiplied, and the trustee returns what it likes.

    The investor keeps `endowment − sent + returned`, the trustee `multiplier · sent − returned`, in whole units. In the
    subgame-perfect equilibrium nothing is returned and, if the multiplier is 1 or more, nothing sent.

    Args:
        endowment: of the investor, in units.
        multiplier: of what is sent.

    Raises:
        InputError: for numbers that are not whole, or below 1.

    Example:
        >>> from nashscape import theory
        >>> theory.subgame_perfect(trust()).outcomes
        (('0',),)

    Source: Berg, Dickhaut, McCabe (1995), Trust, reciprocity, and social history.
    """
    units, factor = positive_integer(endowment, "endowment"), positive_integer(multiplier, "multiplier")

    def answering(sent: int) -> TreeNode:
        made = factor * sent
        if not made:
            return ending(units, 0)
        return decision("trustee", {str(back): ending(units - sent + back, made - back) for back in range(made + 1)})

    branches = {str(sent): answering(sent) for sent in range(units + 1)}
    return extensive_game(decision("investor", branches), players=("investor", "trustee"), name="trust")


@public()
def centipede(rounds: int = 6, larger: Any = 4, smaller: Any = 1, growth: Any = 2) -> TreeGame:
    """The centipede game: two take turns, and whoever takes the larger of two growing piles ends it.

    At turn k, from 0, who takes gets `larger · growth^k` and the other `smaller · growth^k`; if all pass, the first
    to have passed last gets the smaller of the next piles, the other the larger. Where `larger > smaller · growth`,
    to take at once is the only subgame-perfect equilibrium, however much more there is later.

    Args:
        rounds: turns, from 1 to 200.
        larger: pile of the first turn, for who takes.
        smaller: pile of the first turn, for the other.
        growth: of both from turn to turn, above 0.

    Raises:
        InputError: for other numbers.

    Example:
        >>> from nashscape import theory
        >>> theory.subgame_perfect(centipede()).outcomes
        (('take',),)

    Source: Rosenthal (1981); payoffs as in McKelvey and Palfrey (1992), An experimental study of the centipede game.
    """
    n = positive_integer(rounds, "rounds")
    if n > 200:
        raise InputError(f"a centipede has up to 200 turns here; got {n}")
    high, low, factor = (
        exact_number(x, name) for x, name in ((larger, "larger"), (smaller, "smaller"), (growth, "growth"))
    )
    if factor <= 0 or high <= low:
        raise InputError(f"growth is above 0, and the larger pile larger than the smaller; got {growth}, {high}, {low}")

    def piles(turn: int) -> TreeNode:
        took, left = high * factor**turn, low * factor**turn
        return ending(left, took) if turn % 2 else ending(took, left)

    node = piles(n)
    for turn in reversed(range(n)):
        node = decision(turn % 2, {"take": piles(turn), "pass": node})
    return extensive_game(node, name="centipede")


@public()
def ultimatum(pie: int = 10) -> TreeGame:
    """The ultimatum game: one offers a part of a pie of whole units, the other takes it or both get nothing.

    Of a pie of two units or more two outcomes are subgame-perfect: nothing is offered and accepted, and one unit, where
    no unit would be refused.

    Args:
        pie: its units.

    Raises:
        InputError: for pies that are not whole, or below 1.

    Example:
        >>> from nashscape import theory
        >>> theory.subgame_perfect(ultimatum()).outcomes
        (('0 accept',), ('1 accept',))

    Source: Güth, Schmittberger, Schwarze (1982).
    """
    units = positive_integer(pie, "pie")
    branches = {
        str(offer): decision("responder", {"accept": ending(units - offer, offer), "refuse": ending(0, 0)})
        for offer in range(units + 1)
    }
    return extensive_game(decision("proposer", branches), players=("proposer", "responder"), name="ultimatum")


@public()
def alternating_offers(rounds: int = 3, pie: int = 4, discount: Any = "1/2") -> TreeGame:
    """Alternating offers: two divide a pie that is worth less after every refusal, and one offers after the other.

    An offer of k of `pie` units that is accepted after t refusals pays the other `δ^t k` and who offers
    `δ^t (pie − k)`; after the last refusal both get nothing. If the pie could be cut anywhere, the first player would
    get the share `(1 − (−δ)^T) / (1 + δ)` of T rounds in the only subgame-perfect equilibrium, and the first offer
    would be accepted; so it is in one of those here where units are fine enough to make all these offers.

    Args:
        rounds: offers that can be made, T.
        pie: its units.
        discount: δ, above 0 and at most 1.

    Raises:
        InputError: for other numbers, and trees of more than two million nodes.

    Example:
        >>> alternating_offers()
        <TreeGame alternating_offers: 2 players, 51+135 information sets, 280 plays>

    Source: Ståhl (1972); Rubinstein (1982), Perfect equilibrium in a bargaining model.
    """
    count, units, delta = positive_integer(rounds, "rounds"), positive_integer(pie, "pie"), exact_number(discount, "δ")
    if not 0 < delta <= 1:
        raise InputError(f"the discount is above 0 and at most 1; got {delta}")
    nodes = 3.0 * (units + 1) ** min(count, 300)
    check_size("nodes", nodes, BYTES, lambda most: "take fewer rounds or a coarser pie", most=NODES)
    node: TreeNode = ending(0, 0)
    for turn in reversed(range(count)):
        other, worth = 1 - turn % 2, delta**turn
        branches: dict[str, TreeNode] = {}
        for offer in range(units + 1):
            parts = [worth * offer if k == other else worth * (units - offer) for k in range(2)]
            branches[str(offer)] = decision(other, {"accept": ending(*parts), "refuse": node})
        node = decision(1 - other, branches)
    return extensive_game(node, name="alternating_offers")
