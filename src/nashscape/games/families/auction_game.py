"""The game of an auction: what the seller gets, who gets the good, and what is known of its equilibrium."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.games.families.bidding_functions import KINDS, bidding_function
from nashscape.games.forms.bayesian_game import BayesianGame
from nashscape.games.naming import row_profile
from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class AuctionGame(BayesianGame):
    """An auction of one good: types are values, actions are bids, the highest bid wins. Made by `auction`.

    Attributes:
        revenues: what the seller gets for every joint bid, expected over lots, `[a_1, …, a_n]`.
        surplus: the expected highest value: what the good is worth where it always goes to whoever values it most.
        kind: "first price", "second price" or "all pay".
        values: the values of each bidder, `[T_i]`.
        bids: the bids of each bidder, `[a_i]`.
        reserve: the least bid that can win.
    """

    revenues: Any = None
    surplus: Any = 1.0
    kind: str = KINDS[0]
    values: tuple[Any, ...] = ()
    bids: tuple[Any, ...] = ()
    reserve: float = 0.0

    def revenue(self, strategies: Strategies) -> jax.Array:
        """What the seller gets on average.

        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2], bids=[1, 2])
        >>> float(game.revenue(game.pure_strategies([["1", "2"]] * 2)))     # 2 where both values are 2, else 1
        1.25
        """
        left = jnp.asarray(self.revenues)
        for own, chances in reversed(list(zip(strategies, self.prior, strict=True))):
            bid = jnp.sum(jnp.asarray(own) * jnp.asarray(chances)[:, None], axis=0)
            left = jnp.tensordot(left, bid, 1, precision=lax.Precision.HIGHEST)
        return left

    def efficiency(self, strategies: Strategies) -> jax.Array:
        """The expected value of who gets the good, as a share of the expected highest value.

        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2], bids=[1, 2])
        >>> float(game.efficiency(game.pure_strategies([["1", "2"]] * 2)))
        1.0
        >>> round(float(game.efficiency(game.pure_strategies([["2", "2"], ["1", "1"]]))), 4)  # the first always wins
        0.8571
        """
        return (jnp.sum(self.expected_payoffs(strategies)) + self.revenue(strategies)) / self.surplus

    def pure_strategies(self, profile: Any) -> tuple[Floats, ...]:
        """Strategies that bid what a profile says: for every bidder a bid for every value, by name or number.

        Raises:
            InputError: when it is not a profile of this auction.
        """
        rows = row_profile(self, profile)
        return tuple(np.eye(k)[list(own)] for own, k in zip(rows, self.shape, strict=True))

    def mean_bids(self, strategies: Strategies) -> tuple[Floats, ...]:
        """The expected bid at every value, `[T_i]` for each bidder."""
        return tuple(np.asarray(own, dtype=np.float64) @ bids for own, bids in zip(strategies, self.bids, strict=True))

    def nearest_bids(self, wanted: Sequence[npt.ArrayLike]) -> tuple[tuple[int, ...], ...]:
        """The numbers of the bids nearest to those wanted at every value, the lower one of two; a profile of rows."""
        made = []
        for own, bids in zip(wanted, self.bids, strict=True):
            away = np.abs(np.asarray(own, dtype=np.float64)[:, None] - bids)
            made.append(tuple(int(k) for k in (away <= away.min(axis=1, keepdims=True) + 1e-12).argmax(axis=1)))
        return tuple(made)

    @property
    def closed_form(self) -> tuple[Floats, ...] | None:
        """Equilibrium bids at the values, `[T_i]` each, were values continuous; None where no formula is known.

        There is one for second-price auctions, and where all values are as likely, evenly spaced from zero, and alike
        for all bidders; in first-price auctions of two the highest values may differ. There is none for a reserve below
        zero or above the highest value. See `bidding_function`.
        """
        if self.kind == "second price":
            return tuple(np.array(own) for own in self.values)
        tops = [float(own[-1]) for own in self.values]
        even = all(_even(own, p) for own, p in zip(self.values, self.prior, strict=True))
        others = len(set(tops)) > 1
        if not even or not 0 <= self.reserve <= min(tops):
            return None
        if others and (len(tops) > 2 or self.kind != "first price" or self.reserve > 0):
            return None
        rivals = tops[::-1] if others else [None] * len(tops)
        return tuple(
            bidding_function(self.kind, own, bidders=len(tops), high=top, rival=rival, reserve=self.reserve)
            for own, top, rival in zip(self.values, tops, rivals, strict=True)
        )

    @property
    def usual_targets(self) -> "list[Any] | None":
        """The bids nearest to `closed_form`, truthful ones in a second-price auction; None where none is known."""
        form = self.closed_form
        return None if form is None else [self.nearest_bids(form)]

    def to_dict(self) -> dict[str, Any]:
        """The auction as plain data."""
        own = {"kind": self.kind, "values": self.values, "bids": self.bids, "reserve": self.reserve}
        return super().to_dict() | own | {"revenues": np.asarray(self.revenues), "surplus": float(self.surplus)}


register_game(
    AuctionGame,
    numbers=["payoffs", "prior", "revenues", "surplus"],
    names={
        "name": "", "players": (), "actions": (), "types": (), "exact_payoffs": None, "exact_prior": None,
        "kind": "", "values": (), "bids": (), "reserve": 0.0,
    },
)  # fmt: skip


def _even(values: Any, prior: Any) -> bool:
    """Whether values are evenly spaced from zero, and as likely."""
    steps = np.diff(values)
    return bool(
        len(values) > 1
        and values[0] == 0
        and np.allclose(steps, steps[0], rtol=1e-9)
        and np.allclose(prior, 1 / len(values), rtol=1e-9)
    )
