"""Auctions that have names: values and bids evenly spaced from zero, all values as likely."""

from typing import Any

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number, fraction_text
from nashscape.games.families.auction_game import AuctionGame
from nashscape.games.families.auctions import auction, number_of_payoffs


@public()
def first_price_auction(
    values: int = 3, bids: int = 5, bidders: int = 2, high: Any = 4, reserve: Any = 0
) -> AuctionGame:
    """First-price auction: the highest bid wins and is paid, and bidders know their own value alone.

    Values are `k high/(values − 1)`, all as likely and independent; bids that can be made are `k high/(bids − 1)`. In
    equilibrium everybody bids less than its value, (n − 1)/n of it where values are continuous. Other grids and
    distributions: `games.auction`.

    Args:
        values: how many there are, from 0 to `high`.
        bids: how many can be made, from 0 to `high`.
        bidders: n.
        high: the highest value; a number, a fraction or a text such as "1/3".
        reserve: the least bid that can win.

    Raises:
        InputError: for fewer than two values, bids or bidders, a highest value that is not above zero, and auctions of
            more than 20,000,000 payoffs.

    Example:
        >>> game = first_price_auction()
        >>> game, [own.tolist() for own in game.closed_form]
        (<AuctionGame first_price_auction: 2 players, types×actions 3×5 · 3×5, independent prior>,
        [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]])

    Source: Vickrey (1961); Krishna (2009), section 2.3.
    """
    return _even("first price", values, bids, bidders, high, reserve)


@public()
def second_price_auction(
    values: int = 3, bids: int = 5, bidders: int = 2, high: Any = 4, reserve: Any = 0
) -> AuctionGame:
    """Second-price auction: the highest bid wins and pays the second highest.

    To bid the own value is weakly dominant, and not the only equilibrium: one bids more than any value, the others
    nothing. Arguments and errors are those of `first_price_auction`.

    Example:
        >>> game = second_price_auction()
        >>> game.closed_form[0].tolist()
        [0.0, 2.0, 4.0]

    Source: Vickrey (1961); Krishna (2009), section 2.2.
    """
    return _even("second price", values, bids, bidders, high, reserve)


@public()
def all_pay_auction(values: int = 3, bids: int = 5, bidders: int = 2, high: Any = 4, reserve: Any = 0) -> AuctionGame:
    """All-pay auction: the highest bid wins, and everybody pays its own bid.

    In equilibrium low values bid next to nothing: `(n − 1)/n vⁿ/highⁿ⁻¹` where values are continuous. Arguments and
    errors are those of `first_price_auction`.

    Example:
        >>> game = all_pay_auction()
        >>> game.closed_form[0].tolist()
        [0.0, 0.5, 2.0]

    Source: Krishna (2009), section 3.2.
    """
    return _even("all pay", values, bids, bidders, high, reserve)


def _even(kind: str, values: Any, bids: Any, bidders: Any, high: Any, reserve: Any) -> AuctionGame:
    top = exact_number(high, "high")
    if top <= 0:
        raise InputError(f"high must be above 0; got {fraction_text(top)}")
    counts = [positive_integer(count, name, at_least=2) for count, name in ((values, "values"), (bids, "bids"))]
    n = positive_integer(bidders, "bidders", at_least=2)
    number_of_payoffs(*([count] * n for count in counts))  # before lists of any length are written out
    worth, offers = ([k * top / (count - 1) for k in range(count)] for count in counts)
    name = f"{kind.replace(' ', '_')}_auction"
    return auction(kind, values=worth, bids=offers, bidders=n, reserve=reserve, name=name)
