"""A common pool as an environment: a stock that n players take from in every round, and that grows back."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.environments.commons import exact_pools
from nashscape.environments.commons.rationings import rationed
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals
from nashscape.games.protocol import Game

ORDERS = ("take first", "regenerate first", "test last")
"""What comes first in a round; see `common_pool`."""

NOTHING = 1e-6
"""Parts of the capacity: sums of shares of all that there was, in single precision, may miss it by less."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Pool:
    """Where an episode of a common pool is; amounts in units of the pool.

    Attributes:
        stock: what is there.
        taken: what each player took in the last round, `[n]`.
        totals: what each has taken in all, `[n]`.
        played: rounds that were played.
    """

    stock: jax.Array
    taken: jax.Array
    totals: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class CommonPool:
    """A stock that players take from. Made by `common_pool`.

    Amounts are counted in units; of a stock of real numbers the unit is 1.

    Attributes:
        unit: what a unit is, which is what it pays.
        capacity: K, the most that there can be, in units.
        initial: what there is at first, in units.
        demands: what may be demanded, `[k]`, in units, rising.
        collapse: below which the pool has collapsed, in units; it has at 0 in any case.
        regrowth: how it grows back.
        discount: γ.
        size: n.
        rounds: of an episode.
        order: of taking, growing back, and testing for collapse.
        rationing: how demands are met that exceed the stock.
        clock: whether players see the share of rounds that were played; then the game is over after them.
        totals: whether players see what they have taken in all.
        seen: for each player the others whose last takings it sees; None where nobody's are seen.
        whole: whether stocks are whole numbers of units.
        name: of the pool.
        levels: names of the demands.
    """

    unit: Any
    capacity: Any
    initial: Any
    demands: Any
    collapse: Any
    regrowth: Any
    discount: Any
    size: int = field(metadata={"static": True})
    rounds: int = field(metadata={"static": True})
    order: str = field(metadata={"static": True})
    rationing: str = field(metadata={"static": True})
    clock: bool = field(metadata={"static": True})
    totals: bool = field(metadata={"static": True})
    seen: tuple[tuple[int, ...], ...] | None = field(metadata={"static": True})
    whole: bool = field(metadata={"static": True})
    name: str = field(metadata={"static": True})
    levels: tuple[str, ...] = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def players(self) -> tuple[str, ...]:
        """The names of the players."""
        return tuple(f"player {i + 1}" for i in range(self.size))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """In parts of the capacity the stock, and where they are seen the own total and last takings; the clock."""
        return (reals(1 + self.totals + self.clock + self._width, 0.0),) * self.size

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """What may be demanded."""
        return (discrete(len(self.levels), self.levels),) * self.size

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode."""
        return self.rounds

    @property
    def amounts(self) -> tuple[tuple[float, ...], ...]:
        """What every demand of each player amounts to: what a quota looks at."""
        each = tuple((np.asarray(self.demands, float) * float(self.unit)).tolist())
        return (each,) * self.size

    def reset(self, key: jax.Array) -> tuple[Pool, tuple[jax.Array, ...]]:
        """The stock as it is at first; nobody has taken anything."""
        none = jnp.zeros(self.size, self._kind)
        state = Pool(jnp.asarray(self.initial, self._kind), none, none, jnp.int32(0))
        return state, self._seen(state)

    def step(self, key: jax.Array, state: Pool, actions: tuple[jax.Array, ...]) -> Step:
        """A round: players take, the stock grows back, and it is tested for collapse, in the order of the pool."""
        demanded = jnp.asarray(self.demands, self._kind)[jnp.stack(actions)]
        before = self.grown(state.stock) if self.order == "regenerate first" else state.stock
        taken = rationed(self.rationing, key, before, demanded)
        left = self.left(before, jnp.sum(taken, dtype=taken.dtype))
        after = left if self.order == "regenerate first" else self.grown(left)
        fallen = self.fallen(after if self.order == "test last" else left)
        if self.order == "take first":
            after = jnp.where(fallen, left, after)
        now = Pool(after, taken, state.totals + taken, state.played + 1)
        ended = ~fallen & (now.played >= self.rounds)
        no = jnp.asarray(False)
        over, cut = (fallen | ended, no) if self.clock else (fallen, ended)
        amounts = self.amount(taken)
        measures = {"taken": amounts, "demanded": self.amount(demanded), "stock": self.amount(now.stock),
                    "collapsed": fallen}  # fmt: skip
        return Step(now, self._seen(now), amounts, over, cut, measures)

    def legal(self, state: Pool) -> tuple[None, ...]:
        """All demands are legal always."""
        return (None,) * self.size

    def grown(self, stock: jax.Array) -> jax.Array:
        """The stock after it has grown back, in units."""
        return self.regrowth.after(stock, jnp.asarray(self.capacity, stock.dtype))

    def left(self, before: jax.Array, taken: Any) -> jax.Array:
        """What is left of a stock; of real numbers nothing where it cannot be told from rounding."""
        rest = jnp.maximum(before - taken, 0)
        return rest if self.whole else jnp.where(rest < NOTHING * self.capacity, 0, rest).astype(rest.dtype)

    def fallen(self, stock: jax.Array) -> jax.Array:
        """Whether the pool has collapsed with such a stock."""
        return (stock < jnp.asarray(self.collapse, stock.dtype)) | (stock <= 0)

    def amount(self, units: jax.Array) -> jax.Array:
        """Units as an amount, a real number."""
        return units.astype(float) * jnp.asarray(self.unit, jnp.result_type(float))

    @property
    def views(self) -> tuple[jax.Array, ...] | None:
        """What each player sees in every state of `exact`, `[S, m]`; None where that is None."""
        listed = exact_pools.listed(self)
        if listed is None:
            return None
        stocks = jnp.asarray([own.stock for own in listed], self._kind)
        played = jnp.asarray([own.played for own in listed], jnp.int32)
        none = jnp.zeros((len(listed), self.size), self._kind)
        return jax.vmap(self._seen)(Pool(stocks, none, none, played))

    @property
    def ended(self) -> npt.NDArray[np.bool_] | None:
        """In which states of `exact` it is all over, `[S]`; None where that is None."""
        listed = exact_pools.listed(self)
        return None if listed is None else np.array([own.over for own in listed])

    def exact(self) -> Game | None:
        """The game over all stocks that can come about, and rounds where players see them.

        None for a stock of real numbers, where players see takings, without a clock and without a discount, and where
        states and demands are too many.
        """
        return exact_pools.markov_game(self)

    @property
    def _kind(self) -> Any:
        return jnp.int32 if self.whole else jnp.result_type(float)

    @property
    def _width(self) -> int:
        """How many last takings are seen: the own, and as many others' as the player who sees most."""
        return 0 if self.seen is None else 1 + max(map(len, self.seen))

    def _seen(self, state: Pool) -> tuple[jax.Array, ...]:
        whole = jnp.asarray(self.capacity, jnp.result_type(float))
        parts = [jnp.full((self.size, 1), state.stock / whole)]
        if self.totals:
            parts.append((state.totals / whole)[:, None])
        if self.clock:
            parts.append(jnp.full((self.size, 1), state.played / self.rounds))
        if self.seen is not None:
            rows = [[i, *own, *[self.size] * (self._width - 1 - len(own))] for i, own in enumerate(self.seen)]
            parts.append(jnp.append(state.taken / whole, 0.0)[np.array(rows)])
        return tuple(jnp.concatenate([part.astype(jnp.result_type(float)) for part in parts], axis=1))
