"""Sealed-bid auctions with private values on a grid: first price, second price, all pay."""

import dataclasses
import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_array, exact_number, fraction_text, fractions_of
from nashscape.games.families.auction_game import AuctionGame
from nashscape.games.families.bidding_functions import KINDS
from nashscape.games.forms.bayesian_construction import MOST_ENTRIES, bayesian_game
from nashscape.games.forms.bayesian_game import BayesianGame

MOST_EXACT = 200_000
"""Payoffs of the largest auctions of which they are kept as fractions."""


@public()
def auction(
    kind: str = "first price",
    *,
    values: Sequence[Any],
    bids: Sequence[Any],
    bidders: int | None = None,
    distributions: Any = None,
    reserve: Any = 0,
    players: Sequence[str] | None = None,
    name: str | None = None,
) -> AuctionGame:
    """A sealed-bid auction of one good among n bidders whose values are private and independent.

    The highest bid that is not below the reserve wins, the lot decides among equals, and payoffs are expected over
    lots: bidder i gets `v_i Pr(i wins) − E[payment]`. Who wins pays its own bid in a first-price auction, the highest
    bid of the others, or the reserve if that is more, in a second-price auction; in an all-pay auction everybody pays
    its own bid, who wins or not.

    Args:
        kind: "first price", "second price" or "all pay".
        values: increasing, one list for all bidders or one each; numbers, fractions or texts such as "1/3".
        bids: that can be made, increasing, one list for all bidders or one each.
        bidders: n; by default as many as lists are given, or 2.
        distributions: probabilities of the values, one list for all bidders or one each; by default all as likely.
        reserve: the least bid that can win.
        players: names, "bidder 1", … by default.
        name: of the game, "first-price auction" by default.

    Raises:
        InputError: for another kind, values or bids that do not increase, probabilities that do not fit, and auctions
            of more than 20,000,000 payoffs.

    Example:
        >>> game = auction(values=[0, "1/2", 1], bids=[0, "1/4", "1/2"])
        >>> game
        <AuctionGame first-price auction: 2 players, types×actions 3×3 · 3×3, independent prior>
        >>> [own.tolist() for own in game.closed_form]
        [[0.0, 0.25, 0.5], [0.0, 0.25, 0.5]]

    Source: Vickrey (1961); Krishna (2009), chapters 2 and 3.
    """
    choice(kind, "kind of auction", KINDS)
    n = _number(bidders, values, bids, distributions)
    worth, offers = (_grids(own, n, what) for own, what in ((values, "values"), (bids, "bids")))
    least = exact_number(reserve, "the reserve")
    counts, shape = [len(own) for own in worth], [len(own) for own in offers]
    exact = number_of_payoffs(counts, shape) <= MOST_EXACT
    chances, paid = _rules(kind, offers if exact else [own.astype(np.float64) for own in offers], least)
    payoffs = []
    for i, own in enumerate(worth):
        axes = [1] * (2 * n)
        axes[i] = len(own)
        amounts = own if exact else own.astype(np.float64)
        payoffs.append(amounts.reshape(axes) * chances[i] - paid[i])
    prior = [np.full(count, Fraction(1, count)) for count in counts]
    if distributions is not None:
        prior = list(distributions) if np.ndim(distributions[0]) else [distributions] * n
    people = [f"bidder {i + 1}" for i in range(n)] if players is None else players
    called = f"{kind.replace(' ', '-')} auction" if name is None else name
    made = bayesian_game(
        payoffs, prior, types=[list(map(_text, own)) for own in worth],
        actions=[list(map(_text, own)) for own in offers], players=people, name=called,
    )  # fmt: skip
    fields = {field.name: getattr(made, field.name) for field in dataclasses.fields(BayesianGame)}
    return AuctionGame(
        **fields,
        revenues=np.asarray(sum(paid), dtype=np.float64),
        surplus=_surplus(worth, made.prior),
        kind=kind,
        values=tuple(own.astype(np.float64) for own in worth),
        bids=tuple(own.astype(np.float64) for own in offers),
        reserve=float(least),
    )


def number_of_payoffs(values: Sequence[int], bids: Sequence[int]) -> int:
    """Of an auction with so many values and bids of each bidder.

    >>> number_of_payoffs([3, 3], [5, 5])
    150

    Raises:
        InputError: for more than 20,000,000.
    """
    size = sum(values) * math.prod(bids)
    if size > MOST_ENTRIES:
        raise InputError(
            f"the auction has {size:,} payoffs; at most {MOST_ENTRIES:,} are taken: take fewer values, bids or bidders"
        )
    return size


def _text(value: Fraction) -> str:
    """A value or a bid as a name, which can have no slash: "0.25", "0.333333"."""
    return f"{float(value):.6g}"


def _number(bidders: int | None, *lists: Any) -> int:
    """How many bidders there are: as said, or as many as there are lists."""
    several = {len(own) for own in lists if own is not None and len(own) and np.ndim(own[0])}
    if bidders is not None:
        several.add(positive_integer(bidders, "bidders", at_least=2))
    if len(several) > 1:
        raise InputError(f"values, bids and distributions are for different numbers of bidders: {sorted(several)}")
    n = several.pop() if several else 2
    if n < 2:
        raise InputError(f"an auction has at least 2 bidders; got {n}")
    return n


def _grids(given: Any, n: int, what: str) -> list[Objects]:
    """An increasing list of fractions for every bidder."""
    lists = list(given) if len(given) and np.ndim(given[0]) else [given] * n
    made = []
    for i, one in enumerate(lists):
        rounded, exact = exact_array(one, f"the {what} of bidder {i + 1}", ndim=1)
        own = fractions_of(rounded) if exact is None else exact
        if not len(own) or any(b <= a for a, b in pairwise(own)):
            raise InputError(f"the {what} of bidder {i + 1} must increase; got {list(map(fraction_text, own))}")
        made.append(own)
    return made


def _rules(kind: str, bids: list[npt.NDArray[Any]], reserve: Fraction) -> tuple[list[Any], list[Any]]:
    """The chance to win and the expected payment of every bidder for all joint bids, `[a_1, …, a_n]` each."""
    n = len(bids)
    whole = np.empty((n, *map(len, bids)), dtype=bids[0].dtype)
    for i, own in enumerate(bids):
        whole[i] = own.reshape([-1 if j == i else 1 for j in range(n)])
    least: Any = reserve if whole.dtype == object else float(reserve)
    good = (whole >= least).astype(bool)
    ranked = np.sort(whole, axis=0)
    wins = good & (whole == ranked[-1]).astype(bool)
    count = np.broadcast_to(np.maximum(wins.sum(axis=0), 1), wins.shape)
    if whole.dtype == object:
        shares = np.frompyfunc(Fraction, 2, 1)(wins.astype(np.int64).astype(object), count.astype(object))
    else:
        shares = wins / count
    if kind == "all pay":
        return list(shares), list(whole)
    price = whole if kind == "first price" else np.maximum(ranked[-2], least)[None]
    return list(shares), list(shares * price)


def _surplus(values: list[Objects], prior: Sequence[Any]) -> float:
    """The expected highest value, nothing where all are negative."""
    points = np.unique(np.concatenate([own.astype(np.float64) for own in values]))
    below = [
        np.array([p[own.astype(np.float64) <= x].sum() for x in points]) for own, p in zip(values, prior, strict=True)
    ]
    chances = np.diff(np.prod(below, axis=0), prepend=0.0)
    return float(np.maximum(points, 0.0) @ chances)
