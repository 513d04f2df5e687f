"""Games with known payoffs as environments: what can be computed exactly is played round by round, in JAX."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.environments.game_rounds import bounds_of
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, is_discrete, reals
from nashscape.environments.tree_environment import TreeEnvironment, of_tree
from nashscape.environments.views import views_of
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.offers import (
    check_offers,
    has_points,
    has_semantics,
    has_tree,
    in_normal_form,
    is_chain,
    needs,
    payoff_array,
)
from nashscape.games.protocol import Game, GameLike


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Round:
    """Where an episode of a game is.

    Attributes:
        state: the number of the state.
        played: rounds that were played.
    """

    state: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class GameEnvironment:
    """A game that is played in rounds. Made by `of_game`.

    Payoffs, moves and views are arguments of compiled programs; games of one shape share a program.

    Attributes:
        game: what is played, without a semantics.
        views: what every player sees in each state, `[S, m_i]`.
        choices: what every player may do, without names.
        limit: rounds after which an episode is cut off; None for none.
        clock: whether players see the share of rounds that were played.
    """

    game: Any
    views: tuple[Any, ...]
    choices: tuple[Space, ...] = field(metadata={"static": True})
    limit: int | None = field(metadata={"static": True})
    clock: bool = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})
    certain: ClassVar[bool] = True
    """Nothing of what is paid is drawn."""

    @property
    def name(self) -> str:
        """The name of the game."""
        return str(self.game.name)

    @property
    def players(self) -> tuple[str, ...]:
        """The names of the players; within a compiled program, which knows no names, their numbers."""
        return tuple(self.game.players) or tuple(f"player {i + 1}" for i in range(len(self.views)))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """The numbers that every player sees of the state, and of the clock."""
        return tuple(reals(own.shape[1] + self.clock) for own in self.views)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """The actions of the game, or its points within their bounds."""
        names = getattr(self.game, "actions", ())
        if not names:
            return self.choices
        return tuple(discrete(len(own), tuple(own)) for own in names)

    @property
    def discount(self) -> Any:
        """γ; 1 for a one-shot game."""
        return self.game.discount if is_chain(self.game) else 1.0

    @property
    def horizon(self) -> int:
        """The rounds of an episode."""
        return min(own for own in (self._end, self.limit) if own is not None)

    @property
    def _end(self) -> int | None:
        """Rounds after which the game itself is over."""
        return self.game.horizon if is_chain(self.game) else 1

    def reset(self, key: jax.Array) -> tuple[Round, tuple[jax.Array, ...]]:
        """A first state, drawn, and what is seen of it."""
        state = jnp.int32(0)
        if is_chain(self.game):
            state = _drawn(key, jnp.asarray(self.game.initial))
        now = Round(state, jnp.int32(0))
        return now, self._seen(now)

    def step(self, key: jax.Array, state: Round, actions: tuple[jax.Array, ...]) -> Step:
        """A round: players are paid in the state they are in, and the game moves on."""
        played = state.played + 1
        now = Round(self._moved(key, state.state, actions), played)
        over = jnp.asarray(False) if self._end is None else played >= self._end
        cut = jnp.asarray(False) if self.limit is None else ~over & (played >= self.limit)
        measures = {"state": state.state} if is_chain(self.game) else {}
        return Step(now, self._seen(now), self._paid(state.state, actions), over, cut, measures)

    def legal(self, state: Round) -> tuple[None, ...]:
        """All actions are legal always."""
        return (None,) * len(self.views)

    def exact(self) -> Game | None:
        """The game, whose rows are seen as `views` says; None with a clock, which its strategies do not see.

        It is worth what whole games pay: an episode that is cut off lacks what would have come after.
        """
        return None if self.clock else self.game

    def _seen(self, now: Round) -> tuple[jax.Array, ...]:
        seen = tuple(jnp.asarray(own)[now.state] for own in self.views)
        if not self.clock:
            return seen
        most: Any = self.horizon
        return tuple(jnp.append(own, (now.played / most).astype(own.dtype)) for own in seen)

    def _moved(self, key: jax.Array, state: jax.Array, actions: tuple[jax.Array, ...]) -> jax.Array:
        if not is_chain(self.game):
            return state
        if self.game.successors is None:
            return _drawn(key, jnp.asarray(self.game.transitions)[(state, *actions)])
        known = jnp.asarray(np.array(self.game.successors, np.int32))
        return known.reshape(known.shape[0], *self.game.shape)[(state, *actions)]

    def _paid(self, state: jax.Array, actions: tuple[jax.Array, ...]) -> jax.Array:
        if is_chain(self.game):
            payoffs = jnp.asarray(self.game.payoffs)
            return payoffs[(slice(None), 0 if payoffs.shape[1] == 1 else state, *actions)]
        table = payoff_array(self.game)
        if table is not None:
            return jnp.asarray(table)[(slice(None), *actions)]
        chosen = tuple(
            jax.nn.one_hot(own, space.n) if is_discrete(space) else own  # type: ignore[union-attr]
            for own, space in zip(actions, self.choices, strict=True)
        )
        sets = getattr(self.game, "constraints", None)
        if sets is not None:
            # spaces know bounds alone; what is played is the nearest point that may be
            chosen = tuple(own.project(point) for own, point in zip(sets, chosen, strict=True))
        return jnp.asarray(self.game.expected_payoffs(chosen))


@public()
def of_game(
    game: GameLike, *, limit: int | None = None, clock: bool = False, seen: Sequence[npt.ArrayLike] | None = None
) -> GameEnvironment | TreeEnvironment:
    """A game as an environment that JAX can trace: the exact game and the game that is played are the same.

    A one-shot game is one round, after which it is over. A Markov game, and so a repeated one, is over (terminated)
    after its `horizon`; one without a horizon never is, and needs a `limit`, at which episodes are cut off
    (truncated). Under policies that see the state, the mean of `Σ_t γ^t r_t` over whole games is what
    `game.expected_payoffs` says; cut off after T rounds, what is missing weighs `γ^T`.

    Policies of games here are stationary: they do not know the round, also where the game has a horizon. `clock=True`
    shows it to them as a last number, the share of rounds that were played; then there are more policies than the
    exact game has strategies, and `exact()` is None.

    A game in extensive form is played one move a round. Who is to move sees which of its information sets it is in, and
    may do what there is to do there; the others see zeros and have one legal action, which counts for nothing. All that
    a play pays is paid when it is over.

    Args:
        game: in normal form, a Markov game, with continuous actions, or in extensive form; with a semantics or without.
        limit: rounds after which an episode is cut off.
        clock: whether observations end with the share of rounds that were played.
        seen: for every player what is seen in each state, or information set, `[S, m_i]`; by default what
            `semantics.policy_network` sees: the last round where states are known by it, and otherwise which state it
            is. In a one-shot game there is nothing to be seen, the number 1.

    Raises:
        InputError: for a game that is not played in rounds, one without end and without a limit, and what is seen of
            other states than there are.

    Example:
        >>> from nashscape import games
        >>> env = of_game(games.iterated_prisoners_dilemma())
        >>> state, seen = env.reset(jax.random.key(0))
        >>> after = env.step(jax.random.key(1), state, (jnp.int32(0), jnp.int32(1)))
        >>> after.rewards.tolist(), after.observations[1].tolist()     # itself defected, the other cooperated
        ([0.0, 5.0], [0.0, -1.0, 1.0])
    """
    given = as_game(game)
    bare: Any = given.game if has_semantics(given) else given
    check_offers(bare)
    cut = None if limit is None else positive_integer(limit, "limit")
    if has_tree(bare):
        if cut is not None or clock:
            raise InputError(f"plays of {bare.name} end, and say what players know; leave out limit and clock")
        return of_tree(bare, seen)
    if not (is_chain(bare) or in_normal_form(bare) or has_points(bare)):
        needs(bare, "chain", to="play round by round")
    if not is_chain(bare) and cut is not None and cut > 1:
        raise InputError(
            f"{bare.name} is over after one round, so that limit={cut} cuts nothing off; "
            f"games.repeated({bare.name}, horizon={cut}) plays it {cut} times"
        )
    if is_chain(bare) and bare.horizon is None and cut is None:
        raise InputError(
            f"{bare.name} never ends; say after how many rounds episodes are cut off, as in limit=200: what is left "
            f"out weighs discount^limit, {float(bare.discount) ** 200:.2g} there"
        )
    choices = (
        tuple(reals(size, *bounds_of(bare, i)) for i, size in enumerate(bare.sizes))
        if has_points(bare)
        else tuple(discrete(len(own)) for own in bare.actions)
    )
    return GameEnvironment(bare, views_of(bare, seen), choices, cut, bool(clock))


def _drawn(key: jax.Array, chances: jax.Array) -> jax.Array:
    """A number from 0 on, drawn with these probabilities; what has none never comes."""
    return jax.random.categorical(key, jnp.log(chances)).astype(jnp.int32)
