"""The coin game: two players collect coins, and whoever takes the other's coin harms the other."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments import coin_states
from nashscape.environments.coin_states import MOVES, MOVES_BY_NAME
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals
from nashscape.games.protocol import Game

COLOURS = ("random", "alternating")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Coins:
    """Where everything is.

    Attributes:
        places: row and column of both players, `[2, 2]`.
        coin: row and column of the coin, `[2]`.
        owner: whose colour it has, 0 or 1.
        played: rounds that were played.
    """

    places: jax.Array
    coin: jax.Array
    owner: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class CoinGame:
    """Two players and a coin on a torus. Made by `coin_game`.

    Attributes:
        penalty: what a player loses when the other takes its coin, in payoff units.
        discount: γ.
        size: of the grid, `size × size` fields.
        limit: rounds after which an episode is cut off.
        colours: how the colour of a new coin is found.
        egocentric: whether players see the grid from where they stand.
    """

    penalty: Any
    discount: Any
    size: int = field(metadata={"static": True})
    limit: int = field(metadata={"static": True})
    colours: str = field(metadata={"static": True})
    egocentric: bool = field(metadata={"static": True})

    name: ClassVar[str] = "coin_game"
    players: ClassVar[tuple[str, ...]] = ("red", "blue")
    offers: ClassVar[frozenset[str]] = frozenset({"plays"})
    certain: ClassVar[bool] = True
    """Nothing of what is paid is drawn."""

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """Four planes of zeros and ones for each player: itself, the other, a coin of its own, one of the other's."""
        return (reals((4, self.size, self.size), 0.0, 1.0),) * 2

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """To move by one field; nobody stays where it is."""
        return (discrete(4, MOVES_BY_NAME),) * 2

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode."""
        return self.limit

    def reset(self, key: jax.Array) -> tuple[Coins, tuple[jax.Array, ...]]:
        """Players on two different fields, drawn, and a coin of a random colour on a third."""
        first, second, third, fourth = jax.random.split(key, 4)
        count = self.size**2
        one = jax.random.randint(first, (), 0, count)
        other = (one + jax.random.randint(second, (), 1, count)) % count
        places = self._field(jnp.stack([one, other]))
        owner = jax.random.bernoulli(third).astype(jnp.int32)
        state = Coins(places, self._free(fourth, places), owner, jnp.int32(0))
        return state, self._seen(state)

    def step(self, key: jax.Array, state: Coins, actions: tuple[jax.Array, ...]) -> Step:
        """Both move, then who stands on the coin takes it, both where both do, and another coin appears."""
        where, colour = jax.random.split(key)
        places = (state.places + jnp.asarray(MOVES, jnp.int32)[jnp.stack(actions)]) % self.size
        takes = (places == state.coin).all(axis=1)
        mine = jnp.arange(2) == state.owner
        robbed = mine & takes[::-1]
        rewards = takes.astype(float) - jnp.asarray(self.penalty, jnp.result_type(float)) * robbed
        owner = 1 - state.owner if self.colours == "alternating" else jax.random.bernoulli(colour).astype(jnp.int32)
        gone = takes.any()
        now = Coins(
            places,
            jnp.where(gone, self._free(where, places), state.coin),
            jnp.where(gone, owner, state.owner),
            state.played + 1,
        )
        measures = {"own_coins": takes & mine, "others_coins": takes & ~mine}
        cut = now.played >= self.limit
        return Step(now, self._seen(now), rewards, jnp.asarray(False), cut, measures)

    def legal(self, state: Coins) -> tuple[None, ...]:
        """All moves are legal always."""
        return (None, None)

    @property
    def views(self) -> tuple[jax.Array, ...] | None:
        """What both players see in every state of `exact`, `[S, 4, size, size]`; None where that is None."""
        listed = coin_states.listed(self.size, self.egocentric)
        if listed is None:
            return None
        cells = jnp.asarray(listed, jnp.int32)
        states = Coins(self._field(cells[:, :2]), self._field(cells[:, 2]), cells[:, 3], jnp.zeros(len(cells), int))
        return jax.vmap(self._seen)(states)

    def exact(self) -> Game | None:
        """The game without end over all states; None where there are more than `coin_states.MOST_STATES`.

        A state is where both players and the coin are, and whose coin it is: 1152 on a grid of 3 × 3. Seen from
        where players stand only places relative to each other matter, which leaves 128.
        """
        return coin_states.markov_game(
            self.size, self.egocentric, self.colours, penalty=float(self.penalty), discount=float(self.discount)
        )

    def _field(self, cells: jax.Array) -> jax.Array:
        """Row and column of fields that are counted row by row."""
        return jnp.stack([cells // self.size, cells % self.size], axis=-1).astype(jnp.int32)

    def _free(self, key: jax.Array, places: jax.Array) -> jax.Array:
        """A field, drawn among those where nobody stands."""
        taken = places[:, 0] * self.size + places[:, 1]
        free = (jnp.arange(self.size**2)[:, None] != taken).all(axis=1)
        return self._field(jax.random.categorical(key, jnp.where(free, 0.0, -jnp.inf)))

    def _seen(self, state: Coins) -> tuple[jax.Array, ...]:
        return tuple(self._planes(state, player) for player in range(2))

    def _planes(self, state: Coins, player: int) -> jax.Array:
        places, coin = state.places, state.coin
        if self.egocentric:
            shift = self.size // 2 - places[player]
            places, coin = (places + shift) % self.size, (coin + shift) % self.size
        shown = jnp.stack([places[player], places[1 - player], coin, coin])
        there = jnp.stack([True, True, state.owner == player, state.owner != player])
        at = jnp.arange(self.size)
        rows, columns = (shown[:, axis, None] == at for axis in range(2))
        return (rows[:, :, None] & columns[:, None, :] & there[:, None, None]).astype(float)


@public()
def coin_game(
    size: int = 3, *, limit: int = 150, discount: float = 0.96, penalty: float = 2.0, colours: str = "random",
    egocentric: bool = False,
) -> CoinGame:  # fmt: skip
    """The coin game: whoever picks up a coin gets 1, and if it has the other's colour, the other loses 2.

    In every round both players move by one field, up, down, left or right, on a grid whose edges are joined. Whoever
    then stands on the coin takes it, of whatever colour. Another coin appears on a field where nobody stands, drawn
    evenly. Players may share a field. The game has no end: episodes are cut off (truncated) after `limit` rounds.

    Publications differ in what they leave to their code; here it is so:

    * Moves come before coins, at the same time for both. If both step on the coin, *both* take it, as in the code of
      LOLA-DiCE: the owner gets 1 − 2, the other 1. In that of LOLA the first player takes it alone.
    * The colour of a coin is drawn evenly, as both papers have it; `colours="alternating"` lets it change with every
      coin, as both codes do.
    * There is one coin. The environment of JaxMARL, `environments.jaxmarl("coin_game")`, has two, one of each colour.
    * Players see themselves first: four planes, itself, the other, a coin of its own, a coin of the other's.
    * Players begin on different fields.

    `measures` tell who took what in a round: `own_coins` and `others_coins`, `[2]` truth values.

    Args:
        size: of the grid, 2 or more (there is a free field for the coin always).
        limit: rounds after which an episode is cut off; 150 in the paper of LOLA.
        discount: γ, below 1.
        penalty: what a player loses when the other takes its coin.
        colours: "random" or "alternating".
        egocentric: whether planes are shifted so that each player sees itself in the middle, at `size // 2`. Policies
            are then the same everywhere on the grid, and `exact` has 128 states in place of 1152.

    Raises:
        InputError: for sizes, numbers and colours that are none.

    Example:
        >>> env = coin_game()
        >>> env.exact(), coin_game(egocentric=True).exact().n_states
        (<MarkovGame coin_game: 2 players, 4×4 actions, 1152 states, for ever, discount 0.96>, 128)

    Source: A. Lerer, A. Peysakhovich, arXiv 1707.01068 (2017); J. Foerster et al., Learning with
    Opponent-Learning Awareness, AAMAS 2018, section 4.
    """
    size, limit = positive_integer(size, "size", at_least=2), positive_integer(limit, "limit")
    discount = finite_number(discount, "discount", low=0.0, high=1.0)
    if discount == 1.0:
        raise InputError("discount must be below 1: the coin game has no end")
    penalty = finite_number(penalty, "penalty", low=0.0)
    if colours not in COLOURS:
        raise InputError(f"colours are {' or '.join(map(repr, COLOURS))}; got {colours!r}")
    return CoinGame(np.float64(penalty), np.float64(discount), size, limit, colours, bool(egocentric))
