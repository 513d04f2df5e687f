"""Players with common payoffs who learn one value as the sum of values of their own actions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import choice, citations, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.games.offers import needs as check_needs
from nashscape.learning.asking import PLAYS, POLICIES
from nashscape.learning.oracle import Oracle
from nashscape.learning.plays.collecting import evaluate_policies
from nashscape.learning.plays.randomness import MINIBATCHES, key_of
from nashscape.learning.plays.records import Plays
from nashscape.learning.rules import Rule, State
from nashscape.learning.schedules import as_schedule
from nashscape.learning.terms import player_slices
from nashscape.neural.epochs import in_epochs
from nashscape.neural.minibatches import Lesson
from nashscape.neural.optimising import DIRECTIONS, Moments, directions, first_moments
from nashscape.neural.played_values import PlayedValues, check_all_legal, check_values, chosen
from nashscape.semantics import ParametricGame


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ValueLearning:
    """What rules that learn values remember from one update to the next.

    Attributes:
        target: weights of what says what is to come, `[d]`; they follow those of the players.
        moments: what the optimiser of every player remembers; () without one.
        told: of the last update `value_loss`, the mean squared error, in squared payoff units; of players who learn by
            themselves for each, `[n]`.
    """

    target: jax.Array
    moments: Moments
    told: Mapping[str, jax.Array]


@dataclass(frozen=True, repr=False)
class ValueDecomposition(Rule):
    """Q-learning of a sum of the players' own values. Made by `vdn`.

    Attributes:
        learning_rate: a schedule of the update.
        target_rate: which share of the way the target networks go in an update.
        max_norm: longest gradient of one player; None for any.
        epochs: how often every round is learnt from.
        minibatches: into how many parts the rounds are dealt out.
        optimiser: "adam", "rmsprop" or "sgd".
        sizes: how many weights each player has, once the game is known.
    """

    learning_rate: Any
    target_rate: Any
    max_norm: Any
    epochs: int
    minibatches: int
    optimiser: str
    sizes: tuple[int, ...] = ()
    name: str = "vdn"

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"temperature": 1})
    needs: ClassVar[frozenset[str]] = frozenset({PLAYS, POLICIES})
    has_flow: ClassVar[bool] = False  # an update is epochs of steps, whatever the step size
    uses_step_size: ClassVar[bool] = False

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.VALUE_DECOMPOSITION,)

    def __repr__(self) -> str:
        return called(
            "neural.vdn", learning_rate=self.learning_rate, epochs=self.epochs,
            minibatches=self.minibatches, target_rate=self.target_rate,
        )  # fmt: skip

    def for_game(self, game: ParametricGame) -> "ValueDecomposition":
        """Only for players who play by values, and act on what they see alone."""
        check_needs(game.game, "plays", to=f"learn by {self.name}")
        check_values(game, self.name)
        return replace(self, sizes=game.sizes)

    def init(self, theta: jax.Array) -> State:
        """The target networks are where the players are."""
        moments = first_moments(self.optimiser, [theta[own] for own in player_slices(self.sizes)])
        return ValueLearning(theta, moments, {"value_loss": jnp.zeros((), theta.dtype)})

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """Where the epochs arrive, less where they began, divided by the step size, so that a whole step arrives."""
        plays, policies, parts = oracle.terms().plays, oracle.policies, player_slices(self.sizes)
        check_all_legal(plays, self.name)
        targets = self.targets(policies, state.target, plays, oracle.discount)
        rate = jnp.asarray(self.learning_rate(step), oracle.theta.dtype)

        def learn(now: tuple[jax.Array, Moments], lesson: Lesson) -> tuple[tuple[jax.Array, Moments], Any]:
            theta, moments = now
            loss, slope = jax.value_and_grad(self.loss, argnums=1)(
                policies, theta, lesson.plays, lesson.targets[..., 0]
            )
            down, moments = directions(self.optimiser, self.max_norm, [slope[own] for own in parts], moments)
            return (theta - rate * jnp.concatenate(down), moments), {"value_loss": loss}

        lesson = Lesson(plays, *(targets[..., None],) * 3)
        start, key = (oracle.theta, state.moments), key_of(oracle.key, MINIBATCHES)
        (theta, moments), told = in_epochs(learn, lesson, key, start, self.epochs, self.minibatches)
        size, moved = jnp.asarray(oracle.step_size, theta.dtype), theta - oracle.theta
        target = state.target + self.target_rate * (theta - state.target)
        after = ValueLearning(target, moments, told)
        return jnp.where(size > 0, moved / jnp.where(size > 0, size, 1), 0), after

    def targets(self, policies: PlayedValues, theta: jax.Array, plays: Plays, discount: Any) -> jax.Array:
        """`r_t + γ Σ_i max_a Q_i(o′_i, a)`, `[T, B]`, without what follows where the game is over."""
        after = evaluate_policies(
            policies.inner, policies.parts(theta)[0], replace(plays, observations=plays.after)
        ).numbers
        best = sum(jnp.max(own, axis=-1) for own in after)
        return jnp.mean(plays.rewards, axis=-1) + discount * ~plays.terminated * best

    def loss(self, policies: PlayedValues, theta: jax.Array, plays: Plays, targets: jax.Array) -> jax.Array:
        """`mean (Σ_i Q_i(o_i, a_i) − y)²`."""
        numbers = evaluate_policies(policies.inner, policies.parts(theta)[0], plays).numbers
        return jnp.mean((sum(chosen(numbers, plays.actions)) - targets) ** 2)


jax.tree_util.register_dataclass(
    ValueDecomposition,
    data_fields=["learning_rate", "target_rate", "max_norm"],
    meta_fields=["epochs", "minibatches", "optimiser", "sizes"],
    drop_fields=["name"],
)


@public()
def vdn(
    *,
    learning_rate: Any = 3e-3,
    target_rate: float = 0.05,
    epochs: int = 4,
    minibatches: int = 4,
    max_norm: float | None = 10.0,
    optimiser: str = "adam",
) -> ValueDecomposition:
    """Value decomposition of players with common payoffs: `Q(o, a) = Σ_i Q_i(o_i, a_i)`, learnt together.

        y = r + γ Σ_i max_a Q̄_i(o′_i, a),     loss = mean (Σ_i Q_i(o_i, a_i) − y)²

    Players play the softmax of their values over a temperature, see `soft_values`: so the weights of the value networks
    are what decides behaviour, and all else, as the target networks Q̄, is remembered by the rule. r is the mean of
    what the players are paid. It learns from the rounds that were just played, and keeps no others.

    A sum cannot say that an action is good only if the others choose theirs to fit: where it matters, players may
    settle on what is good on average.

    Args:
        learning_rate: a number, or a schedule of the update counted from 0.
        target_rate: which share of the way to the present weights the target networks go after an update, from 0 to 1.
        epochs: how often every round is learnt from.
        minibatches: into how many parts the rounds are dealt out.
        max_norm: longest gradient of one player; None for any.
        optimiser: "adam", "rmsprop" or "sgd".

    Raises:
        InputError: for numbers out of their ranges; from a run with players who do not play by values, or who
            remember.

    Example:
        >>> vdn(epochs=1, minibatches=1)
        neural.vdn(learning_rate=0.003, epochs=1, minibatches=1, target_rate=0.05)

    Source: Sunehag et al. (2018), with softmax in place of ε-greedy exploration and without a replay buffer.
    """
    return ValueDecomposition(
        learning_rate=as_schedule(learning_rate, "learning_rate"),
        target_rate=finite_number(target_rate, "target_rate", low=0.0, high=1.0),
        max_norm=None if max_norm is None else finite_number(max_norm, "max_norm", low=0.0, low_open=True),
        epochs=positive_integer(epochs, "epochs"),
        minibatches=positive_integer(minibatches, "minibatches"),
        optimiser=choice(optimiser, "optimiser", tuple(DIRECTIONS)),
    )
