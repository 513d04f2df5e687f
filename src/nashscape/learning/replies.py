"""Best replies and fictitious play: players who answer what the others did, at once or on the average of all rounds.

Strategies are beliefs: what a player is thought to play, the weighted mean of its replies so far. With weight 1 only
the last reply counts, which is best-reply dynamics; with `1/(t + 2)` all rounds count alike, the start as one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, choice, citations, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.asking import ACTION_PAYOFFS, BEST_RESPONSES, PARAMETERS, STRATEGIES
from nashscape.learning.oracle import Oracle
from nashscape.learning.schedules import as_schedule, power, within
from nashscape.learning.stateless import StatelessRule
from nashscape.semantics import ParametricGame

ORDERS = ("simultaneous", "sequential")
TIES = ("first", "equal", "stay")

LEAST = 1e-26
"""Probabilities below this are raised to it, where a strategy without an action would need an infinite logit."""

ROUNDING = 16.0
"""Actions whose payoffs differ by less than so many units of rounding are equally good."""

FEW = 16
"""Of more actions in all rows the first best one is looked up, which cannot be written out entry by entry."""


@dataclass(frozen=True, repr=False)
class Replies(StatelessRule):
    """Strategies move to replies, `σ_i ← σ_i + w_t (r_i − σ_i)`. Made by `best_replies` and `fictitious_play`.

    Attributes:
        name: what tables and figures call it.
        weight: `w_t`, the weight of the reply of round t in the mean, a schedule with values in [0, 1]; None for 1, so
            that there is no mean.
        temperature: of logit replies, in payoff units; 0 for best replies.
        order: "simultaneous", all reply to the same strategies; or "sequential", each to what those before it have
            just become.
        ties: which of several best actions is the reply.
        points: whether strategies are points of a game with continuous actions.
    """

    name: str = "best_replies"
    weight: Any = None
    temperature: Any = 0.0
    order: str = "simultaneous"
    ties: str = "stay"
    points: bool = field(default=False, repr=False)

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"temperature": 1})
    of_any_size: ClassVar[frozenset[str]] = frozenset({"temperature"})
    uses_step_size: ClassVar[bool] = False
    has_flow: ClassVar[bool] = False  # a round is a round, whatever the step size

    @property
    def needs(self) -> frozenset[str]:
        """What single actions pay, or best responses that a game over points knows; and strategies."""
        return frozenset({"base", STRATEGIES, PARAMETERS, BEST_RESPONSES if self.points else ACTION_PAYOFFS})

    @property
    def follows_payoffs(self) -> bool:
        """A strict equilibrium is its own reply, but for a temperature."""
        return float(self.temperature) == 0.0

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        if self.weight is None:
            return (citations.POTENTIAL_GAMES,)
        return (
            citations.FICTITIOUS_PLAY,
            citations.FICTITIOUS_PLAY_ZERO_SUM,
            citations.FICTITIOUS_PLAY_CIRCLES,
            citations.FICTITIOUS_PLAY_PROPERTY,
        )

    def for_game(self, game: ParametricGame) -> "Replies":
        """Only for games that say what single actions pay, or know best responses.

        Raises:
            InputError: for a temperature in games over points, and where players choose costs beside strategies.
        """
        if game.semantics.costs_vary:
            raise InputError(f"{self.name} chooses strategies, which leave open what costs players of {game.name} have")
        points = game.semantics.domain == "points"
        if points and float(self.temperature) != 0.0:
            raise InputError(
                f"logit replies are of single actions, and players of {game.name} choose points: leave temperature out"
            )
        return replace(self, points=points)

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """The way to the strategies after the round, divided by the step size, so that a whole step arrives there."""
        weight = 1.0 if self.weight is None else self.weight(step)
        before = oracle.strategies(oracle.theta)
        now, seen = list(before), before
        for player, own in enumerate(before):
            seen = tuple(now) if self.order == "sequential" else before
            reply = jnp.asarray(self._reply(oracle, seen, player), own.dtype)
            now[player] = own + jnp.asarray(weight, own.dtype) * (reply - own)
        after = tuple(now) if self.points else tuple(jnp.maximum(own, LEAST) for own in now)
        change = oracle.parameters(after) - oracle.theta
        size = jnp.asarray(oracle.step_size, change.dtype)
        return jnp.where(size > 0, change / jnp.where(size > 0, size, 1), 0)

    def _reply(self, oracle: Oracle, seen: tuple[jax.Array, ...], player: int) -> jax.Array:
        if self.points:
            return oracle.best_responses(seen)[player]
        values, legal = oracle.action_payoffs(seen)[player], oracle.legal[player]
        # what a row does not have is worse than all that it has
        values = values if legal.all() else jnp.where(legal, values, jnp.min(values) - jnp.ptp(values) - 1.0)
        best = best_actions(values, seen[player], self.ties)
        warm = jnp.asarray(self.temperature, values.dtype)
        logit = jax.nn.softmax(values / jnp.where(warm > 0, warm, 1), axis=-1, where=legal)
        return jnp.where(warm > 0, logit, best)


jax.tree_util.register_dataclass(
    Replies, data_fields=["weight", "temperature"], meta_fields=["order", "ties", "points"], drop_fields=["name"]
)


def best_actions(values: jax.Array, played: jax.Array, ties: str) -> jax.Array:
    """A best reply in each row of the values `[…, a]` of actions, against which `played` was played.

    >>> values, played = jnp.asarray([2.0, 1.0, 2.0]), jnp.asarray([0.2, 0.0, 0.8])
    >>> [best_actions(values, played, ties).tolist() for ties in TIES]
    [[1.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]]
    """
    size = jnp.max(jnp.abs(values), axis=-1, keepdims=True)
    slack = ROUNDING * float(np.finfo(values.dtype).eps) * size
    best = jnp.where(values >= jnp.max(values, axis=-1, keepdims=True) - slack, 1.0, 0.0).astype(values.dtype)
    if ties == "equal":
        return best / jnp.sum(best, axis=-1, keepdims=True)
    if ties == "stay":
        most = jnp.where(played >= jnp.max(played, axis=-1, keepdims=True), 1.0, 0.0)
        best = best * (1.0 + most)
    places = np.arange(values.shape[-1])
    if values.size > FEW:
        return (places == jnp.argmax(best, axis=-1)[..., None]).astype(values.dtype)
    # action a is taken where no other is better, and none before it as good: in pairs, so that it needs no sorting
    worse = best[..., :, None] > best[..., None, :]
    later = (best[..., :, None] == best[..., None, :]) & (places[:, None] < places[None, :])
    beaten = jnp.max(jnp.where(worse | later, 1.0, 0.0), axis=-2)
    return (1.0 - beaten).astype(values.dtype)


@public()
def best_replies(*, order: str = "simultaneous", ties: str = "stay") -> Replies:
    """Best-reply dynamics: in every round each player plays a best reply to what the others played in the one before.

    `σ_i ← b_i(σ_-i)`, pure. It comes to rest at pure equilibria, and circles where it meets none. In turn, and
    with pure replies, each raises the potential of a game that has one, so that rounds end at a pure equilibrium. The
    step size plays no part.
    A reply to logits is as pure as their box allows; with `semantics.simplex` it is pure. In a game over points replies
    are the best responses that the game knows, as in `theory.reply_path`, which follows one run with delays and errors.

    Args:
        order: "simultaneous", or "sequential", in which each replies to what those before it have just done.
        ties: the reply among several best actions: "stay", the one that was played, and else the first; "first"; or
            "equal", all of them alike.

    Raises:
        InputError: for an unknown order or rule for ties; from a run with a game that does not say what single actions
            pay.

    Example:
        >>> from nashscape import games, parametric, semantics, simulate
        >>> hunt = parametric(games.stag_hunt(), semantics.simplex((2, 2)))
        >>> [simulate(hunt, best_replies(order=order), [0.9, 0.1], steps=5).outcome for order in ORDERS]
        ['cycling', 'DD']

    Source: Cournot (1838); Monderer, Shapley (1996) for games with a potential.
    """
    return Replies(
        name="best_replies",
        order=choice(order, "order", ORDERS),
        ties=choice(ties, "ties", TIES),
    )


@public()
def fictitious_play(
    *, weight: Any = None, temperature: float = 0.0, order: str = "simultaneous", ties: str = "first"
) -> Replies:
    """Fictitious play: every player replies best to the mean of all that the others have done.

    `σ_i ← σ_i + w_t (b_i(σ_-i) − σ_i)`, where the strategies are these means, the beliefs. Of several others each is
    believed to play its own mean, independently: the product of the means, not how often joint actions were played.
    Beliefs come to equilibria in games with a potential, and in games of two players that are zero-sum or, but for ties
    of payoffs, have two actions each; in Shapley's game, and in Jordan's of three players with two actions each, they
    circle for ever, more and more slowly. With a temperature τ replies are `softmax(u_i(·, σ_-i)/τ)`, and rest is a
    logit equilibrium. The step size plays no part.

    Args:
        weight: `w_t`, of the newest reply in the mean, a number in [0, 1] or a schedule of the step t; by default
            `1/(t + 2)`, all rounds alike, with the start as one of them. A number forgets: rounds fade in equal ratios.
        temperature: τ, in payoff units; 0 for best replies.
        order: "simultaneous", or "sequential", in which each replies to beliefs that hold what those before it have
            just done.
        ties: the reply among several best actions: "first"; "equal", all of them alike; or "stay", the likeliest in
            the belief.

    Raises:
        InputError: for a weight outside [0, 1], a negative temperature, an unknown order or rule for ties; from a run
            with a game that does not say what single actions pay.

    Example:
        >>> from nashscape import games, parametric, semantics, simulate
        >>> pennies = parametric(games.matching_pennies(), semantics.simplex((2, 2)))
        >>> run = simulate(pennies, fictitious_play(), [0.9, 0.2], steps=2000)
        >>> bool(abs(run.strategies[0][-1] - 0.5).max() < 0.02)
        True

    Source: Brown (1951); Robinson (1951); Miyasawa (1961); Shapley (1964); Jordan (1993); Monderer, Shapley (1996);
    Fudenberg, Kreps (1993) for logit replies.
    """
    given = power(1.0, offset=2.0) if weight is None else as_schedule(weight, "weight")
    return Replies(
        name="fictitious_play",
        weight=within(given, "weight", low=0.0, high=1.0),
        temperature=finite_number(temperature, "temperature", low=0.0),
        order=choice(order, "order", ORDERS),
        ties=choice(ties, "ties", TIES),
    )
