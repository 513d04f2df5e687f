"""Levine's hats: a team wins if each names a black hat of its own stack, which only the other sees."""

import dataclasses
from itertools import product
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]

MOST = 8
"""Hats of the largest stacks: 256 of them, for each of both players."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class HatsGame:
    """Two players see each other's stack of h hats, white or black, and each names a hat of its own. Made by `hats`.

    Both get 1 if both hats are black. A strategy is `[stacks, h]`: for every stack of the other, which hat to name.

    Attributes:
        stacks: the stacks that occur, all as likely, `[S, h]`, 1 for a black hat.
    """

    stacks: Any

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "rows"})
    name: ClassVar[str] = "hats"
    players: ClassVar[tuple[str, ...]] = ("player 1", "player 2")
    payoff_range: ClassVar[float] = 1.0

    @property
    def height(self) -> int:
        """The number of hats h of a stack."""
        return int(self.stacks.shape[1])

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The stacks as texts, such as "wbb", for both players."""
        texts = tuple("".join("wb"[int(hat)] for hat in stack) for stack in np.asarray(self.stacks))
        return (texts, texts)

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Which hat is named, from below, for both players."""
        return (tuple(f"hat {k + 1}" for k in range(self.height)),) * 2

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A mixed choice for every stack of the other."""
        return (tuple(self.stacks.shape),) * 2

    def _black(self, strategies: Strategies) -> tuple[jax.Array, jax.Array]:
        """The chance that each names a black hat, for stacks x of the first and y of the second, `[x, y]` each."""
        own, other = (jnp.asarray(one) for one in strategies)
        stacks = jnp.asarray(self.stacks, own.dtype)
        times = {"precision": lax.Precision.HIGHEST}
        return jnp.matmul(stacks, own.T, **times), jnp.matmul(other, stacks.T, **times)  # type: ignore[arg-type]

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The chance to win, for both, `[2]`.

        >>> game = hats(1)
        >>> game.expected_payoffs([[[1.0], [1.0]], [[1.0], [1.0]]]).tolist()
        [0.25, 0.25]
        """
        first, second = self._black(strategies)
        return jnp.broadcast_to(jnp.mean(first * second), (2,))

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each could gain alone, `[2]`: the best hat for every stack of the other, less what is played."""
        values = self.action_values(strategies)
        best = jnp.stack([jnp.sum(jnp.max(own, axis=1)) for own in values])
        first, second = self._black(strategies)
        return jnp.maximum(best - jnp.mean(first * second), 0.0)

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, jax.Array]:
        """The chance to see a stack and to win by naming a hat of the own one, `[stacks, h]` for both.

        The payoff is the sum over all rows and hats of these values times the chance to name the hat.

        >>> first, _ = hats(1).action_values([[[1.0], [1.0]], [[1.0], [1.0]]])
        >>> first.tolist()    # seeing white the other cannot win; seeing black both win half of the time
        [[0.0], [0.25]]
        """
        first, second = self._black(strategies)
        stacks = jnp.asarray(self.stacks, first.dtype)
        times = {"precision": lax.Precision.HIGHEST}
        # for every stack y of the other: how often hat i is black together with a right guess of the other
        of_first = jnp.matmul(second.T, stacks, **times)  # type: ignore[arg-type]
        of_second = jnp.matmul(first, stacks, **times)  # type: ignore[arg-type]
        return of_first / first.size, of_second / first.size

    def to_dict(self) -> dict[str, Any]:
        """The stacks."""
        return {"name": self.name, "stacks": self.stacks}

    def __repr__(self) -> str:
        """How many stacks of how many hats."""
        return f"<HatsGame: {self.stacks.shape[0]} stacks of {self.height} hats>"


register_game(HatsGame, numbers=["stacks"], names={})


@public()
def hats(height: int, *, constant: bool = True) -> HatsGame:
    """Levine's hats for two players with stacks of h hats.

    Every hat is black or white with probability one half. A team payoff: every profile that nobody improves alone is an
    equilibrium, and there are many that others beat; which of them learners reach is what a map of basins tells.

    Args:
        height: h, from 1 to 8.
        constant: whether stacks of one colour occur; without them it is the game within a block of the strategies that
            go on to the next block when both see one colour.

    Raises:
        InputError: for stacks that are too high, and those of one hat without constant ones.

    Example:
        >>> hats(3), hats(3, constant=False)
        (<HatsGame: 8 stacks of 3 hats>, <HatsGame: 6 stacks of 3 hats>)

    Source: Levine (2010); Buhler, Freiling, Graham, Kariv, Roche, Tiefenbruck, Van Alten, Yeroshkin, arXiv 1407.4711.
    """
    h = positive_integer(height, "height")
    if h > MOST:
        raise InputError(f"stacks of at most {MOST} hats are played; got {h}")
    every = np.array(list(product((0.0, 1.0), repeat=h)))
    kept = every if constant else every[(every.min(axis=1) < every.max(axis=1))]
    if not len(kept):
        raise InputError("stacks of one hat have one colour; give constant=True, or two hats or more")
    return HatsGame(kept)
