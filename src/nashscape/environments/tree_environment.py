"""Games in extensive form as environments: one move a round, in JAX."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals
from nashscape.environments.tree_nodes import CHANCE, OVER, Nodes, longest_ways, nodes_of
from nashscape.environments.views import views_of
from nashscape.games import TreeGame


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Place:
    """Where a play is.

    Attributes:
        node: its number in the tree, never one of chance.
    """

    node: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class TreeEnvironment:
    """A game in extensive form that is played, one move a round. Made by `of_game`.

    Who is to move sees its information set and may do what there is to do there; the others see zeros, and have one
    legal action, the first, which counts for nothing. Chance moves between rounds. What is got on the way is paid with
    the rest, when the play is over.

    Attributes:
        game: what is played.
        nodes: of its tree.
        views: what every player sees in each of its rows, `[R_i, m_i]`.
        choices: what every player may do, without names.
        horizon: rounds of the longest play.
        draws: chance moves one right after the other, at most.
        widest: branches of chance, at most.
    """

    game: Any
    nodes: Nodes
    views: tuple[Any, ...]
    choices: tuple[Space, ...] = field(metadata={"static": True})
    horizon: int = field(metadata={"static": True})
    draws: int = field(metadata={"static": True})
    widest: int = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})
    discount: ClassVar[float] = 1.0

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
        """The numbers that every player sees of its information set."""
        return tuple(reals(own.shape[1]) for own in self.views)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """The actions of the game, one for every column of its strategies."""
        names = self.game.actions
        return tuple(discrete(len(own), tuple(own)) for own in names) if names else self.choices

    def reset(self, key: jax.Array) -> tuple[Place, tuple[jax.Array, ...]]:
        """The first move of a player, after what chance does before it."""
        now = Place(self._after_chance(key, jnp.int32(0)))
        return now, self._seen(now)

    def step(self, key: jax.Array, state: Place, actions: tuple[jax.Array, ...]) -> Step:
        """A move of whose turn it is, and what chance does after it."""
        nodes, node = self.nodes, state.node
        mover, row = jnp.asarray(nodes.mover)[node], jnp.asarray(nodes.row)[node]
        branches = jnp.stack([jnp.asarray(own)[row, a] for own, a in zip(nodes.branch_of, actions, strict=True)])
        moved = self._below(node, branches[jnp.maximum(mover, 0)])
        now = Place(self._after_chance(key, jnp.where(mover >= 0, moved, node)))
        over = jnp.asarray(nodes.mover)[now.node] == OVER
        payoffs = jnp.asarray(self.game.payoffs)
        paid = jnp.where(over, payoffs[:, jnp.asarray(nodes.row)[now.node]], jnp.zeros((), payoffs.dtype))
        return Step(now, self._seen(now), paid, over, jnp.asarray(False))

    def legal(self, state: Place) -> tuple[jax.Array, ...]:
        """What there is to do for whose turn it is, and the first action alone for others."""
        row = jnp.asarray(self.nodes.row)[state.node]
        return tuple(
            jnp.where(self._moves(state, i), jnp.asarray(own)[row], jnp.arange(own.shape[1]) == 0)
            for i, own in enumerate(self.game.legal)
        )

    def exact(self) -> TreeGame:
        """The game, whose rows are seen as `views` says."""
        own: TreeGame = self.game
        return own

    def _moves(self, state: Place, player: int) -> jax.Array:
        return jnp.asarray(self.nodes.mover)[state.node] == player

    def _seen(self, now: Place) -> tuple[jax.Array, ...]:
        row = jnp.asarray(self.nodes.row)[now.node]
        return tuple(
            jnp.where(self._moves(now, i), jnp.asarray(own)[row], jnp.zeros((), jnp.asarray(own).dtype))
            for i, own in enumerate(self.views)
        )

    def _below(self, node: jax.Array, branch: jax.Array) -> jax.Array:
        return jnp.asarray(self.nodes.below)[jnp.asarray(self.nodes.first)[node] + branch]

    def _after_chance(self, key: jax.Array, node: jax.Array) -> jax.Array:
        """The first node from here on at which chance does not move."""
        nodes, places = self.nodes, jnp.arange(self.widest)

        def once(draw: jax.Array, node: jax.Array) -> jax.Array:
            first = jnp.asarray(nodes.first)[node]
            there = places < jnp.asarray(nodes.branches)[node]
            chances = jnp.where(there, jnp.asarray(nodes.chances)[first + places], 0.0)
            branch = jax.random.categorical(jax.random.fold_in(key, draw), jnp.log(chances))
            return jnp.where(jnp.asarray(nodes.mover)[node] == CHANCE, self._below(node, branch), node)

        return jax.lax.fori_loop(0, self.draws, once, node)


def of_tree(game: TreeGame, seen: Any = None) -> TreeEnvironment:
    """A game in extensive form as an environment; see `of_game`."""
    decisions, draws, widest = longest_ways(game)
    choices = tuple(discrete(legal.shape[1]) for legal in game.legal)
    return TreeEnvironment(
        game, nodes_of(game), views_of(game, seen), choices, max(decisions, 1), draws, widest
    )  # fmt: skip
