"""Moves one after the other: a round in which later players see what earlier ones did."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.environments.institutions.flattening import bounds_of_flat, flat
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, is_discrete, reals
from nashscape.games.naming import player_index
from nashscape.games.offers import needs


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Turns:
    """Where a round of moves in turn is.

    Attributes:
        inner: the state of the environment.
        seen: what players saw of it before the round.
        done: the actions of the round so far.
        turn: how many have moved.
    """

    inner: Any
    seen: tuple[jax.Array, ...]
    done: jax.Array
    turn: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class InTurn:
    """An environment whose players move one after the other in every round; made by `in_turn`.

    Attributes:
        environment: what is played.
        order: who moves first, second, and so on.
    """

    environment: Any
    order: tuple[int, ...] = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def name(self) -> str:
        """The name of the environment."""
        return f"{self.environment.name} in turn"

    @property
    def players(self) -> tuple[str, ...]:
        """Those of the environment."""
        return tuple(self.environment.players)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """Those of the environment; who waits has its first action alone, which counts for nothing."""
        spaces: tuple[Space, ...] = self.environment.action_spaces
        return spaces

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What was seen before the round, whose turn it is, and what was done in the round so far."""
        actions: Any = self.action_spaces
        more = len(self.order) + sum(own.n for own in actions)
        ends = [bounds_of_flat(own, more, 0.0, 1.0) for own in self.environment.observation_spaces]
        return tuple(reals(len(low), low, high) for low, high in ends)

    @property
    def discount(self) -> Any:
        """That of the environment, spread evenly over the moves of a round."""
        return self.environment.discount ** (1.0 / len(self.order))

    @property
    def horizon(self) -> int | None:
        """Moves."""
        inner = self.environment.horizon
        return None if inner is None else inner * len(self.order)

    def reset(self, key: jax.Array) -> tuple[Turns, tuple[jax.Array, ...]]:
        """The first one is to move."""
        inner, seen = self.environment.reset(key)
        state = Turns(inner, seen, jnp.zeros(len(self.order), jnp.int32), jnp.int32(0))
        return state, self._looks(state)

    def step(self, key: jax.Array, state: Turns, actions: tuple[jax.Array, ...]) -> Step:
        """A move; the last one of a round plays it, and only then players are paid."""
        n = len(self.order)
        mover = jnp.asarray(self.order)[state.turn]
        done = jnp.where(jnp.arange(n) == mover, jnp.stack(actions), state.done).astype(jnp.int32)
        last = state.turn == n - 1
        kind = jax.eval_shape(self.environment.step, key, state.inner, actions)

        def wait(key: jax.Array, state: Turns, done: jax.Array) -> Step:
            """Nothing is played, paid or measured."""
            nothing = jax.tree.map(lambda own: jnp.zeros(own.shape, own.dtype), kind)
            return replace(nothing, state=state.inner, observations=state.seen)

        def play(key: jax.Array, state: Turns, done: jax.Array) -> Step:
            return self.environment.step(key, state.inner, tuple(done[i] for i in range(n)))

        played = lax.cond(last, play, wait, key, state, done)
        after = Turns(played.state, played.observations, jnp.where(last, 0, done), (state.turn + 1) % n)
        return replace(played, state=after, observations=self._looks(after))

    def legal(self, state: Turns) -> tuple[jax.Array, ...]:
        """Of who moves what the environment allows; of the others their first action."""
        mover = jnp.asarray(self.order)[state.turn]
        masks = []
        for i, (own, space) in enumerate(zip(self.environment.legal(state.inner), self.action_spaces, strict=True)):
            free = jnp.ones(space.n, bool) if own is None else own  # type: ignore[union-attr]
            masks.append(jnp.where(mover == i, free, jnp.arange(space.n) == 0))  # type: ignore[union-attr]
        return tuple(masks)

    def exact(self) -> None:
        """None: strategies of the environment's game do not see the moves of the round."""
        return

    def _looks(self, state: Turns) -> tuple[jax.Array, ...]:
        n = len(self.order)
        place = jnp.asarray([self.order.index(i) for i in range(n)])
        moved = place < state.turn
        shown = [jax.nn.one_hot(state.turn, n)]
        for i, space in enumerate(self.action_spaces):
            shown.append(jax.nn.one_hot(state.done[i], space.n) * moved[i])  # type: ignore[union-attr]
        added = jnp.concatenate(shown)
        spaces = self.environment.observation_spaces
        seen = [flat(own, space) for own, space in zip(state.seen, spaces, strict=True)]
        return tuple(jnp.concatenate([own, added.astype(own.dtype)]) for own in seen)


@public()
def in_turn(environment: Any, order: Any = None) -> InTurn:
    """An environment whose players move one after the other, later ones seeing what earlier ones did in the round.

    Nothing else changes: the round is played when all have moved. With it simultaneous contributions become sequential
    ones. It stands outside institutions: `in_turn(governed(…))`.

    Args:
        environment: any whose players have finitely many actions.
        order: who moves first, second, and so on, by name or number; by default the players' order.

    Raises:
        InputError: for players who choose points, and an order that does not hold every player once.

    Example:
        >>> from nashscape import environments, games
        >>> sequential = in_turn(environments.of_game(games.stag_hunt()), order=["player 2", "player 1"])
        >>> sequential.horizon, sequential.order
        (2, (1, 0))
    """
    needs(environment, "plays", to="be played in turn")
    if not all(map(is_discrete, environment.action_spaces)):
        raise InputError(f"players of {environment.name} choose points; moves in turn are of finitely many actions")
    n = len(environment.players)
    given = tuple(range(n)) if order is None else tuple(player_index(environment, own) for own in order)
    if sorted(given) != list(range(n)):
        raise InputError(f"an order holds each of the {n} players once; got {order!r}")
    return InTurn(environment, given)
