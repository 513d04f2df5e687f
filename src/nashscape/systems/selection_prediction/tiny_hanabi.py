"""The six games of the Tiny Hanabi suite: one player acts on its card, the other on its card and on what the first did.

Both are dealt one of C cards, uniformly and with replacement. The first acts, the second sees the action and acts, and
both get `u(c1, c2, a1, a2)`. Published tables go from 0 to 1, 3 or 10; here all go from 0 to 4, as the payoffs of Stag
Hunt do, so that coefficients in payoff units mean the same everywhere.
"""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.games.families.tiny_hanabi import PAYOFFS
from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]

TABLES: Mapping[str, Any] = PAYOFFS
"""Payoffs `[c1, c2, a1, a2]` as published."""

LARGEST = 4.0
"""The largest payoff here."""

OPTIMA: Mapping[str, float] = MappingProxyType({"A": 2.25, "B": 1.0, "C": 2.5, "D": 2.5, "E": 10.0, "F": 7 / 3})
"""The largest expected payoffs, as published."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class TinyHanabi:
    """A game of the suite. Strategies are `[C, A]` of the first player, and `[C·A, A]` of the second.

    Attributes:
        payoffs: `[c1, c2, a1, a2]`, the largest 4.
        name: of the game.
    """

    payoffs: Any
    name: str

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "rows"})
    players: ClassVar[tuple[str, ...]] = ("player 1", "player 2")
    payoff_range: ClassVar[float] = LARGEST

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Cards of the first player; cards and what was seen, as "2a", of the second."""
        cards, actions = self.payoffs.shape[1:3]
        first = tuple(str(c + 1) for c in range(cards))
        return first, tuple(card + "abc"[a] for card in first for a in range(actions))

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Letters, the same for both."""
        return (tuple("abc"[: self.payoffs.shape[2]]),) * 2

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A mixed action for every row."""
        cards, actions = self.payoffs.shape[1:3]
        return (cards, actions), (cards * actions, actions)

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, jax.Array]:
        """What every action of every row adds to the payoff, of the shapes of strategies."""
        first, second = (jnp.asarray(one) for one in strategies)
        paid = jnp.asarray(self.payoffs, first.dtype) / (self.payoffs.shape[0] * self.payoffs.shape[1])
        answers = second.reshape(paid.shape[1:])
        of_first = jnp.einsum("xyab,yab->xa", paid, answers, precision=lax.Precision.HIGHEST)
        of_second = jnp.einsum("xyab,xa->yab", paid, first, precision=lax.Precision.HIGHEST)
        return of_first, of_second.reshape(second.shape)

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """What both get, `[2]`."""
        return jnp.broadcast_to(jnp.sum(self.action_values(strategies)[0] * jnp.asarray(strategies[0])), (2,))

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each could gain alone, `[2]`: the best action of every row, less what is played."""
        best = jnp.stack([jnp.sum(jnp.max(own, axis=1)) for own in self.action_values(strategies)])
        return jnp.maximum(best - self.expected_payoffs(strategies), 0.0)

    def to_dict(self) -> dict[str, Any]:
        """Name and payoffs."""
        return {"name": self.name, "payoffs": self.payoffs}

    def __repr__(self) -> str:
        """Cards and actions."""
        cards, actions = self.payoffs.shape[1:3]
        return f"<TinyHanabi {self.name}: {cards} cards, {actions} actions>"


register_game(TinyHanabi, numbers=["payoffs"], names={"name": "tiny hanabi"})


def tiny_hanabi(letter: str) -> TinyHanabi:
    """A game of the suite by its letter, with payoffs from 0 to 4.

    >>> tiny_hanabi("E")
    <TinyHanabi tiny hanabi E: 2 cards, 3 actions>
    """
    table = np.asarray(TABLES[letter], np.float64)
    return TinyHanabi(LARGEST * table / table.max(), f"tiny hanabi {letter}")


def optimum(letter: str) -> float:
    """The largest expected payoff, where the largest payoff is 4.

    >>> round(optimum("F"), 4)
    3.1111
    """
    return LARGEST * OPTIMA[letter] / float(np.max(TABLES[letter]))
