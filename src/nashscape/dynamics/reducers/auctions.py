"""Reducers of auctions: what the seller gets where a run ends, and whether the good goes to who values it most."""

from dataclasses import dataclass
from typing import Any, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reduction import Reducer, Seen
from nashscape.semantics import ParametricGame


@dataclass(frozen=True)
class OfAuctions(Reducer):
    """Revenue or efficiency of the last profile. Made by `revenue` and `efficiency`."""

    of: str = "revenue"
    name: str = "revenue"

    def for_game(self, game: ParametricGame) -> Self:
        """The same.

        Raises:
            InputError: for a game that is no auction.
        """
        if not hasattr(game.game, self.of):
            raise InputError(f"{self.name} is one of auctions, such as games.auction makes; {game.name} is none")
        return self

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.asarray(getattr(seen.game.game, self.of)(seen.strategies))

    def add(self, carried: Any, seen: Seen) -> Any:
        """That of this profile in place of the one before."""
        return self.init(seen)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)


jax.tree_util.register_dataclass(OfAuctions, data_fields=[], meta_fields=["of"], drop_fields=["name"])


@public()
def revenue() -> OfAuctions:
    """What the seller of an auction gets on average where a run ends, in payoff units.

    Raises `InputError` where runs are made, for a game that is no auction.

    >>> from nashscape import entry_probability, games, pg
    >>> game = games.auction("second price", values=[0, 1], bids=[0, 1])
    >>> found = entry_probability(game, pg(), n=4, steps=10, reducers=[revenue(), efficiency()])
    >>> found.reduced["revenue"].shape, bool((found.reduced["efficiency"] <= 1.00001).all())
    ((4,), True)
    """
    return OfAuctions("revenue", "revenue")


@public()
def efficiency() -> OfAuctions:
    """The expected value of who gets the good, as a share of the expected highest value, where a run ends.

    Raises `InputError` where runs are made, for a game that is no auction.

    >>> efficiency().name
    'efficiency'
    """
    return OfAuctions("efficiency", "efficiency")
