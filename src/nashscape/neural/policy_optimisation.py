"""Policies that are raised by what was better than expected: PPO, A2C and REINFORCE are rows of one mechanism."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self

import jax
import jax.numpy as jnp

from nashscape.core import InputError, citations
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.games.offers import needs as check_needs
from nashscape.learning.asking import PLAYS, POLICIES
from nashscape.learning.oracle import Oracle
from nashscape.learning.plays.advantages import gae
from nashscape.learning.plays.randomness import MINIBATCHES, key_of
from nashscape.learning.plays.records import Plays
from nashscape.learning.plays.reward_scaling import nothing_tracked, scale_of, tracked
from nashscape.learning.rules import Rule, State
from nashscape.learning.term_rules import COEFFICIENTS
from nashscape.learning.terms import Terms, player_slices
from nashscape.neural.critics import CriticPlan, Critics, critics_of
from nashscape.neural.epochs import Learned, Teaching
from nashscape.neural.minibatches import Lesson
from nashscape.neural.optimising import first_moments
from nashscape.neural.training_state import TOLD, Training, key_of_start
from nashscape.semantics import ParametricGame

OF_TERMS: Mapping[str, citations.Source] = MappingProxyType(
    {"own": citations.META_MAPG, "peer": citations.LOLA, "lookahead": citations.LOOKAHEAD}
)
SOURCES: Mapping[str, tuple[citations.Source, ...]] = MappingProxyType(
    {
        "ppo": (citations.PPO, citations.GENERALISED_ADVANTAGES),
        "mappo": (citations.MAPPO, citations.PPO, citations.GENERALISED_ADVANTAGES),
        "a2c": (citations.ACTOR_CRITIC, citations.GENERALISED_ADVANTAGES),
        "reinforce": (citations.POLICY_GRADIENT,),
    }
)
"""What is cited for corrections, and for rows of the mechanism."""


@dataclass(frozen=True, repr=False)
class PolicyOptimisation(Rule):
    """A rule for policies that play: epochs of minibatches of the rounds of an update. Made by `ppo` and its like.

    Attributes:
        learning_rate: of policies, a schedule of the update, counted from 0; all minibatches of one have the same.
        critic_learning_rate: of critics.
        trace: λ of the advantages.
        clip: ε of the ratios; None for no clipping.
        value_clip: ε of values, in the unit of scaled rewards; None for none.
        entropy: coefficient of the entropy, a schedule.
        max_norm: longest gradient of one player, or one critic; None for any.
        inner_lr: `η` of the corrections.
        own: coefficient of own-learning, a schedule, or None where it is not used.
        peer: coefficient of peer-learning.
        lookahead: coefficient of look-ahead.
        critics: which critics there are to be.
        epochs: how often every round is learnt from.
        minibatches: into how many parts the rounds are dealt out.
        normalise: whether advantages are normalised in every minibatch, for each player.
        optimiser: "adam", "rmsprop" or "sgd".
        scaling: which scale rewards have, and how many episodes are played side by side; None for raw rewards.
        kind: which row of the mechanism it is, whatever its name: "ppo", "mappo", "a2c" or "reinforce".
        made: the critics, once the game is known.
        sizes: how many weights each player has, once the game is known.
    """

    learning_rate: Any
    critic_learning_rate: Any
    trace: Any
    clip: Any
    value_clip: Any
    entropy: Any
    max_norm: Any
    inner_lr: Any
    own: Any
    peer: Any
    lookahead: Any
    critics: CriticPlan
    epochs: int
    minibatches: int
    normalise: bool
    optimiser: str
    scaling: tuple[str, int] | None
    name: str = "policy_optimisation"
    kind: str = "ppo"
    made: Critics | None = None
    sizes: tuple[int, ...] = ()

    has_flow: ClassVar[bool] = False  # an update is epochs of steps, whatever the step size
    uses_step_size: ClassVar[bool] = False

    @property
    def needs(self) -> frozenset[str]:
        """Rounds that were played, the policies, and the corrections that have a coefficient."""
        return frozenset({PLAYS, POLICIES, *self.corrections})

    @property
    def corrections(self) -> tuple[str, ...]:
        """The names of the corrections that are in use."""
        return tuple(name for name in COEFFICIENTS if getattr(self, name) is not None)

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        own = (source for name, source in OF_TERMS.items() if name in self.corrections)
        return (*SOURCES[self.kind], *own)

    def __repr__(self) -> str:
        terms = {
            name: getattr(self, name) for name in (*self.corrections, *(("inner_lr",) if self.corrections else ()))
        }
        return called(
            f"neural.{self.kind}", learning_rate=self.learning_rate, epochs=self.epochs, minibatches=self.minibatches,
            clip=self.clip, trace=self.trace, entropy=self.entropy, critics=self.critics.kind or None, **terms,
        )  # fmt: skip

    def for_game(self, game: ParametricGame) -> "PolicyOptimisation":
        """Only for games that are played round by round; critics are made for what its players see."""
        check_needs(game.game, "plays", to=f"learn by {self.name}")
        return replace(self, made=critics_of(game.game, self.critics), sizes=game.sizes)

    @override
    def rescaled(self, factor: float) -> Self:
        raise InputError(
            f"{self.name} learns with optimisers that keep no scale of payoffs, so that no numbers of it make up for "
            'another unit; let it divide rewards by what they vary, scale_rewards="one", and keep the rule as it is'
        )

    def init(self, theta: jax.Array) -> State:
        """Critics are drawn anew for every start: their random numbers follow from where it is."""
        critics = tuple(own.astype(theta.dtype) for own in self._critics.drawn(key_of_start(theta)))
        n, parts = len(self.sizes), [theta[own] for own in player_slices(self.sizes)]
        return Training(
            critics=critics,
            policy_moments=first_moments(self.optimiser, parts),
            critic_moments=first_moments(self.optimiser, critics),
            rewards=() if self.scaling is None else nothing_tracked(self.scaling[1], n),
            told={name: jnp.zeros(n, theta.dtype) for name in (*TOLD, *self.corrections)},
        )

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """Where the epochs arrive, less where they began, divided by the step size, so that a whole step arrives."""
        terms = oracle.terms()
        rewards, kept = self._scaled(terms.plays, state.rewards, oracle.discount)
        lesson = self.lesson(terms.plays, rewards, state.critics, oracle.discount)
        teaching = Teaching(
            policies=oracle.policies, critics=self._critics, played=oracle.theta,
            corrections=self._corrections(terms, step), numbers=self, entropy=self.entropy(step),
            rates=(self.learning_rate(step), self.critic_learning_rate(step)),
        )  # fmt: skip
        start = Learned(oracle.theta, state.critics, state.policy_moments, state.critic_moments)
        end, told = teaching.epochs(lesson, key_of(oracle.key, MINIBATCHES), start)
        size = jnp.asarray(oracle.step_size, oracle.theta.dtype)
        moved = end.theta - oracle.theta
        after = Training(end.critics, end.policy_moments, end.critic_moments, kept, told)
        return jnp.where(size > 0, moved / jnp.where(size > 0, size, 1), 0), after

    def lesson(self, plays: Plays, rewards: jax.Array, critics: tuple[jax.Array, ...], discount: Any) -> Lesson:
        """Advantages of rounds under the critics that there are, and what these should have said: `A + V`.

        Args:
            plays: the rounds.
            rewards: on the scale that critics learn, `[T, B, n]`.
            critics: their weights.
            discount: γ.

        Raises:
            InputError: where advantages are normalised over single rounds, of which nothing would be left.
        """
        values, after = (self._critics.values(critics, seen) for seen in (plays.observations, plays.after))
        ends = plays.terminated, plays.truncated
        advantages = gae(rewards, values, after, *ends, discount=discount, trace=self.trace)
        if self.normalise and values.shape[0] * values.shape[1] <= self.minibatches:
            raise InputError(
                f"{self.minibatches} minibatches are a round each, whose advantage less its mean is nothing: give "
                "fewer, as minibatches=1, play more rounds, or leave advantages as they are, normalise=False"
            )
        return Lesson(plays, advantages, values, advantages + values)

    def _scaled(self, plays: Plays, before: Any, discount: Any) -> tuple[jax.Array, Any]:
        """Rewards on their scale, the present rounds included, and what was tracked."""
        if self.scaling is None:
            return plays.rewards, before
        per, episodes = self.scaling
        if plays.rewards.shape[1] != episodes:
            raise InputError(
                f"rewards are scaled over {episodes} episodes side by side; {plays.rewards.shape[1]} are played: give "
                "the rule the number that the estimator has, episodes="
            )
        seen = tracked(before, plays.rewards, plays.begins, discount)
        return plays.rewards / scale_of(seen, per), seen

    def _corrections(self, terms: Terms, step: jax.Array) -> dict[str, jax.Array]:
        """Every correction in use, `[d]`, times its coefficient."""
        return {name: self.inner_lr * getattr(self, name)(step) * getattr(terms, name) for name in self.corrections}

    @property
    def _critics(self) -> Critics:
        if self.made is None:
            raise InputError(f"{self.name} has no critics before it knows its game; call for_game(learners) first")
        return self.made


jax.tree_util.register_dataclass(
    PolicyOptimisation,
    data_fields=[
        "learning_rate", "critic_learning_rate", "trace", "clip", "value_clip", "entropy", "max_norm", "inner_lr",
        "own", "peer", "lookahead", "critics", "made",
    ],
    meta_fields=["epochs", "minibatches", "normalise", "optimiser", "scaling", "sizes"],
    drop_fields=["name", "kind"],
)  # fmt: skip
