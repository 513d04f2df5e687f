"""Rules that train policies, by name: PPO, PPO with central critics, A2C and REINFORCE."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nashscape.core.calls import public
from nashscape.neural.policy_optimisation import PolicyOptimisation
from nashscape.neural.rule_making import policy_rule


@public()
def ppo(
    *,
    learning_rate: Any = 3e-4,
    critic_learning_rate: Any = None,
    epochs: int = 4,
    minibatches: int = 4,
    clip: float | None = 0.2,
    trace: float = 0.95,
    entropy: Any = 0.0,
    normalise: bool = True,
    max_norm: float | None = 0.5,
    value_clip: float | None = None,
    critics: str | Sequence[Any] | None = "own",
    critic_hidden: Sequence[int] = (64, 64),
    optimiser: str = "adam",
    scale_rewards: str | None = None,
    episodes: int | None = None,
    own: Any = None,
    peer: Any = None,
    lookahead: Any = None,
    inner_lr: float = 0.0,
) -> PolicyOptimisation:
    """Proximal policy optimisation of every player by itself, with or without terms that look at the others.

    The rounds of an update are learnt from in `epochs` of `minibatches`. In each, player i climbs
    `mean min(ρ A_i, clip(ρ, 1−ε, 1+ε) A_i) + c mean H_i`, where ρ is `π_i(a_i | o_i; θ_i)` over what it was when
    played, with generalised advantages `A_i` of its own rewards, and H_i the entropy of its policy. To this gradient
    `η (c_own · own + c_peer · peer + c_lookahead · lookahead)` is added, taken at the weights that played; then it is
    shortened to `max_norm`, each player's by itself, and the player's optimiser makes a step of it. Players that
    remember learn from whole episodes side by side, others from single rounds in random order. States are not weighted
    by `γ^t`, as usual.

    Payoffs that are reported are raw, whatever scale players learn on. Corrections come in payoff units, the policy
    gradient after `normalise` has none: `told` gives how long they are in comparison.

    Args:
        learning_rate: a number, or a schedule of the update counted from 0.
        critic_learning_rate: of critics; as of policies by default. Policies and critics share no weights, so that
            there is no coefficient between their losses.
        epochs: how often every round is learnt from.
        minibatches: parts of the rounds, B·T of them, or B episodes of players who remember.
        clip: ε; None for no clipping.
        trace: λ of the advantages, from 0 to 1.
        entropy: c, a number or a schedule.
        normalise: whether advantages are normalised over a minibatch, for each player.
        max_norm: the longest gradient of a player, and of a critic; None for any.
        value_clip: ε of the clipped value loss, in the unit of the rewards that critics see; None, the plain loss, by
            default, since with it the unit of payoffs changes what is learnt.
        critics: "own", a network for each player that sees what it sees; "shared", the same one for all; "central",
            one for each that sees what all see; None; or modules of one's own, one for each player, which give one
            number.
        critic_hidden: units of the hidden layers of critics, tanh.
        optimiser: "adam" with 1e-5 below the root, "rmsprop" or "sgd".
        scale_rewards: None for raw rewards; "each" divides them by the running deviation of every player's discounted
            sums, "one" by a common one. Rewards are never centred.
        episodes: how many are played side by side; needed with `scale_rewards`.
        own: coefficient of own-learning, a number or a schedule; None where it is not used.
        peer: coefficient of peer-learning.
        lookahead: coefficient of look-ahead.
        inner_lr: `η`, the step that players are assumed to take while learning.

    Raises:
        InputError: for numbers out of their ranges, unknown words, a correction without an `inner_lr`, and scaled
            rewards of an unknown number of episodes.

    Example:
        >>> ppo(epochs=2, peer=1.5, inner_lr=0.5).needs == {"plays", "policies", "peer"}
        True

    Source: Schulman et al. (2017); without sharing weights, as de Witt et al. (2020).
    """
    return policy_rule("ppo", locals())


@public()
def mappo(
    *,
    learning_rate: Any = 3e-4,
    critic_learning_rate: Any = None,
    epochs: int = 4,
    minibatches: int = 4,
    clip: float | None = 0.2,
    trace: float = 0.95,
    entropy: Any = 0.0,
    normalise: bool = True,
    max_norm: float | None = 0.5,
    critic_hidden: Sequence[int] = (64, 64),
    scale_rewards: str | None = None,
    episodes: int | None = None,
) -> PolicyOptimisation:
    """PPO with central critics: every player's own value function, of what all players see. Policies see their own.

    Args:
        learning_rate: as of `ppo`, as all that follows.
        critic_learning_rate: of critics.
        epochs: how often every round is learnt from.
        minibatches: parts of the rounds.
        clip: ε; None for no clipping.
        trace: λ of the advantages.
        entropy: coefficient of the entropy.
        normalise: whether advantages are normalised.
        max_norm: the longest gradient of a player, and of a critic.
        critic_hidden: units of the hidden layers of critics.
        scale_rewards: None, "each" or "one".
        episodes: how many are played side by side.

    Raises:
        InputError: as `ppo`.

    Example:
        >>> mappo().critics.kind
        'central'

    Source: Yu et al. (2022).
    """
    return policy_rule("mappo", {**locals(), "critics": "central"})


@public()
def a2c(
    *,
    learning_rate: Any = 7e-4,
    critic_learning_rate: Any = None,
    trace: float = 1.0,
    entropy: Any = 0.01,
    normalise: bool = False,
    max_norm: float | None = 0.5,
    critics: str | Sequence[Any] | None = "own",
    critic_hidden: Sequence[int] = (64, 64),
    optimiser: str = "rmsprop",
    scale_rewards: str | None = None,
    episodes: int | None = None,
    own: Any = None,
    peer: Any = None,
    lookahead: Any = None,
    inner_lr: float = 0.0,
) -> PolicyOptimisation:
    """Advantage actor-critic: one step per update along `mean A_i ∇ log π_i` and the gradient of the entropy.

    It is `ppo` with one epoch of one minibatch and no clipping, under which the gradients of the two are the same.

    Args:
        learning_rate: as of `ppo`, as all that follows.
        critic_learning_rate: of critics.
        trace: λ of the advantages; 1 for what was earned to the end of the rounds, less V.
        entropy: coefficient of the entropy.
        normalise: whether advantages are normalised.
        max_norm: the longest gradient of a player, and of a critic.
        critics: which critics there are.
        critic_hidden: units of their hidden layers.
        optimiser: "rmsprop", "adam" or "sgd".
        scale_rewards: None, "each" or "one".
        episodes: how many are played side by side.
        own: coefficient of own-learning.
        peer: coefficient of peer-learning.
        lookahead: coefficient of look-ahead.
        inner_lr: `η`.

    Raises:
        InputError: as `ppo`.

    Example:
        >>> rule = a2c()
        >>> rule.epochs, rule.minibatches, rule.clip
        (1, 1, None)

    Source: Mnih et al. (2016), played synchronously.
    """
    return policy_rule("a2c", {**ONE_STEP, **locals()})


@public()
def reinforce(
    *,
    learning_rate: Any = 1e-2,
    critic_learning_rate: Any = None,
    critics: str | Sequence[Any] | None = None,
    critic_hidden: Sequence[int] = (64, 64),
    optimiser: str = "sgd",
) -> PolicyOptimisation:
    """REINFORCE: one step per update along `mean (G − V) ∇ log π_i`, G what was earned to the end of the episode.

    It is `a2c` with λ = 1, no entropy and no limit. Where rounds stop within an episode, or it is truncated, G ends
    with V of what is seen then: with no critics that is zero, so let them hold whole episodes.

    Args:
        learning_rate: a number, or a schedule of the update counted from 0.
        critic_learning_rate: of critics, as of policies by default.
        critics: V, as of `ppo`, the baseline; None for none.
        critic_hidden: units of their hidden layers.
        optimiser: "sgd", "adam" or "rmsprop".

    Raises:
        InputError: as `ppo`.

    Example:
        >>> rule = reinforce()
        >>> rule.epochs, rule.minibatches, rule.clip, rule.critics.kind
        (1, 1, None, '')

    Source: Williams (1992).
    """
    plain = {"trace": 1.0, "entropy": 0.0, "normalise": False, "max_norm": None, "scale_rewards": None}
    return policy_rule("reinforce", {**ONE_STEP, **plain, **locals()})


ONE_STEP: Mapping[str, Any] = MappingProxyType({"epochs": 1, "minibatches": 1, "clip": None})
"""One step of an update, from all of its rounds."""
