"""Q-learning, expected SARSA and double Q-learning: values that follow what was paid, one round after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, choice, citations, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.games.offers import needs as check_needs
from nashscape.learning.asking import PLAYS, POLICIES
from nashscape.learning.oracle import Oracle
from nashscape.learning.plays.collecting import evaluate_policies
from nashscape.learning.plays.records import Plays
from nashscape.learning.rules import Rule, State
from nashscape.learning.schedules import as_schedule
from nashscape.neural.played_values import PlayedValues, check_values, chosen, masked
from nashscape.neural.value_decomposition import ValueLearning
from nashscape.semantics import ParametricGame

TARGETS = ("max", "expected", "double")
"""What is to come: the best value; the mean under what is played; the value of what seems best to the other weights."""


@dataclass(frozen=True, repr=False)
class QLearning(Rule):
    """Every player learns values of its own actions by itself. Made by `q_learning`.

    Attributes:
        learning_rate: α, a schedule of the update.
        exploration: which share of their exploration players have left, a schedule; None where it stays.
        target_rate: which share of the way the target values go after a round.
        target: "max", "expected" or "double".
        tabular: whether values lie in tables, once the game is known.
        players: n, once the game is known.
    """

    learning_rate: Any
    exploration: Any
    target_rate: Any
    target: str
    tabular: bool = False
    players: int = 0
    name: str = "q_learning"

    needs: ClassVar[frozenset[str]] = frozenset({PLAYS, POLICIES})
    has_flow: ClassVar[bool] = False  # an update is one step for every round, whatever the step size
    uses_step_size: ClassVar[bool] = False

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (SOURCES[self.target],)

    def __repr__(self) -> str:
        return called(
            "neural.q_learning", learning_rate=self.learning_rate, exploration=self.exploration, target=self.target,
            target_rate=self.target_rate,
        )  # fmt: skip

    def for_game(self, game: ParametricGame) -> "QLearning":
        """Only for players who play by values, act on what they see alone, and do not read each other."""
        check_needs(game.game, "plays", to=f"learn by {self.name}")
        check_values(game, self.name)
        players: Any = game.semantics
        if players.reads_others:
            raise InputError(f"{self.name} is for players who do not read each other's weights; leave coupling out")
        if self.exploration is not None and not players.scheduled:
            raise InputError(
                "the rule changes how much is explored, and these players keep it: let it be a weight of theirs, as in "
                "neural.soft_values(players, temperature=1.0, scheduled=True), or leave exploration out"
            )
        return replace(self, tabular=bool(getattr(players.inner, "tabular", False)), players=len(players.heads))

    @override
    def rescaled(self, factor: float) -> Self:
        raise InputError(
            f"values that {self.name} learns are in payoff units, as is the temperature of players: in another unit "
            "give the players another temperature and start, and keep the rule as it is"
        )

    def init(self, theta: jax.Array) -> State:
        """Target values are those of the players."""
        return ValueLearning(theta, (), {"value_loss": jnp.zeros(self.players, theta.dtype)})

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """Where the rounds lead, less where they began, divided by the step size, so that a whole step arrives."""
        plays, players = oracle.terms().plays, oracle.policies
        weights, shares = players.parts(oracle.theta)
        rate = jnp.asarray(self.learning_rate(step), weights.dtype)

        def learn(now: tuple[jax.Array, jax.Array], rounds: Plays) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            weights, target = now
            moved, loss = self.direction(players, weights, target, shares, rounds, oracle.discount)
            weights = weights + rate * moved
            # so written, the rate 1 leaves no rounding
            return (weights, (1 - self.target_rate) * target + self.target_rate * weights), loss

        each = jax.tree.map(lambda own: own[:, None], replace(plays, measures={}))
        start = (weights, players.parts(state.target)[0])
        (weights, target), losses = lax.scan(learn, start, each)
        if self.exploration is not None:
            shares = (self.exploration(step + 1),) * len(shares)
        size, moved = jnp.asarray(oracle.step_size, weights.dtype), players.whole(weights, shares) - oracle.theta
        after = ValueLearning(players.whole(target, shares), (), {"value_loss": jnp.mean(losses, axis=0)})
        return jnp.where(size > 0, moved / jnp.where(size > 0, size, 1), 0), after

    def direction(
        self, players: PlayedValues, weights: jax.Array, target: jax.Array, shares: Any, plays: Plays, discount: Any
    ) -> tuple[jax.Array, jax.Array]:
        """`mean δ ∇Q`, and of every player the mean of δ², `[n]`, of one round of B episodes.

        In a table the mean is over the episodes that were in the row and took the action, with weights of networks over
        all episodes.

        Args:
            players: who play by values.
            weights: of the values, `[d′]`.
            target: weights of what is to come.
            shares: of the exploration of every player.
            plays: one round, `[1, B, …]`.
            discount: γ.
        """

        def values(weights: jax.Array) -> jax.Array:
            return jnp.stack(chosen(evaluate_policies(players.inner, weights, plays).numbers, plays.actions))

        said, pull = jax.vjp(values, weights)
        errors = self.targets(players, weights, target, shares, plays, discount) - said
        (moved,) = pull(errors)
        count = jnp.maximum(pull(jnp.ones_like(said))[0], 1) if self.tabular else said.shape[-1]
        return moved / count, jnp.mean(errors**2, axis=(1, 2))

    def targets(
        self, players: PlayedValues, weights: jax.Array, target: jax.Array, shares: Any, plays: Plays, discount: Any
    ) -> jax.Array:
        """`r_i + γ Q̄_i(o′_i, ·)`, `[n, 1, B]`, without what follows where the game is over."""
        later = replace(plays, observations=plays.after)
        worth = evaluate_policies(players.inner, target, later).numbers
        here = evaluate_policies(players.inner, weights, later).numbers if self.target != "max" else worth
        legal = plays.legal_after
        follows = jnp.stack([self._follows(players, *own) for own in zip(worth, here, shares, legal, strict=True)])
        rewards = jnp.moveaxis(plays.rewards, -1, 0).astype(weights.dtype)
        return rewards + jnp.asarray(discount, weights.dtype) * ~plays.terminated * follows

    def _follows(
        self, players: PlayedValues, worth: jax.Array, here: jax.Array, share: Any, legal: jax.Array | None
    ) -> jax.Array:
        """What one player's next situation is worth, `[1, B]`, by target values and the present ones `[1, B, a]`."""
        if self.target == "max":
            return jnp.max(masked(worth, legal), axis=-1)
        if self.target == "double":
            best = jnp.argmax(masked(here, legal), axis=-1)[..., None]
            return jnp.take_along_axis(worth, best, axis=-1)[..., 0]
        logits = jax.vmap(jax.vmap(lambda own: players.explored(own, share)))(here)
        return jnp.sum(jax.nn.softmax(masked(logits, legal), axis=-1) * worth, axis=-1)


SOURCES: Mapping[str, citations.Source] = MappingProxyType(
    {
        "max": citations.Q_LEARNING,
        "expected": citations.EXPECTED_SARSA,
        "double": citations.DOUBLE_Q_LEARNING,
    }
)
"""What is cited for each target."""

jax.tree_util.register_dataclass(
    QLearning,
    data_fields=["learning_rate", "exploration", "target_rate"],
    meta_fields=["target", "tabular", "players"],
    drop_fields=["name"],
)


@public()
def q_learning(
    *, learning_rate: Any = 0.1, exploration: Any = None, target: str = "max", target_rate: float = 1.0
) -> QLearning:
    """Independent Q-learning: every player learns what its own actions are worth, whatever the others do.

        Q_i(o_i, a_i) ← Q_i(o_i, a_i) + α (y_i − Q_i(o_i, a_i)),    y_i = r_i + γ max_a Q̄_i(o′_i, a)

    The rounds of an update are learnt from in the order in which they were played, one step of all players for each;
    behaviour changes after all of them. Nothing follows a round after which the game is over (terminated); an episode
    that is cut off (truncated) would have gone on, and what its last observation is worth counts. With several episodes
    side by side a step is a batch: in a table `Q(o, a)` moves by α times the mean of its errors in the episodes that
    were there, as often as they are. Of networks all weights move along the mean over episodes, `α mean δ ∇Q`.

    Args:
        learning_rate: α, a number from 0 on, or a schedule of the update counted from 0.
        exploration: a schedule of the update, which begins with 1: the share of their temperature or ε that is left to
            players who were made with `scheduled=True`. None: it stays.
        target: what follows is worth the "max" over actions; its mean under what is played now, "expected" (expected
            SARSA); or the target's value of the action that the present values say is best, "double".
        target_rate: which share of the way to the present values the target values Q̄ go after every round; with 1 they
            are the present ones.

    Raises:
        InputError: for numbers out of their ranges, and "double" with targets that are the present values; from a run
            with players who do not play by values, who remember, or who read each other.

    Example:
        >>> q_learning(target="expected")
        neural.q_learning(learning_rate=0.1, exploration=None, target='expected', target_rate=1)

    Source: Watkins and Dayan (1992); van Seijen et al. (2009) for expected SARSA; van Hasselt, Guez and Silver (2016)
    for double Q-learning, with targets that follow the present values in place of copies now and then.
    """
    target = choice(target, "target", TARGETS)
    follows = finite_number(target_rate, "target_rate", low=0.0, low_open=True, high=1.0)
    if target == "double" and follows == 1.0:
        raise InputError(
            'target="double" takes other values than the present ones; with target_rate=1 they are the same: give a '
            "smaller one, as in target_rate=0.05"
        )
    explores = None if exploration is None else as_schedule(exploration, "exploration")
    if explores is not None and float(explores(0)) != 1.0:
        raise InputError(
            f"exploration is a share that begins with 1; got {float(explores(0)):g} at update 0: give the players as "
            "much temperature, or ε, as they begin with"
        )
    return QLearning(as_schedule(learning_rate, "learning_rate"), explores, follows, target)
