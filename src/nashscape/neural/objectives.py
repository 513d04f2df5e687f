"""What all players' policies raise, and what all critics lower, over one minibatch: each has only its own part."""

import jax
import jax.numpy as jnp

from nashscape.learning.plays.collecting import evaluate_policies
from nashscape.learning.plays.records import Plays
from nashscape.neural.critics import Critics
from nashscape.neural.losses import approximate_kl, clip_fraction, normalised, surrogate, value_loss
from nashscape.neural.minibatches import Lesson
from nashscape.semantics.acting import Acting

Told = dict[str, jax.Array]


def log_ratios(
    policies: Acting, theta: jax.Array, played: jax.Array, plays: Plays
) -> tuple[list[jax.Array], list[jax.Array]]:
    """Of every player `log ρ_i` and the entropy of its policy, `[T, B]`; both move with its own weights alone.

    Where players do not read each other ρ_i is the ratio of the probabilities of what i drew. Where they do, what i's
    weights are moves what others do: ρ_i is the ratio of the probabilities of what *all* drew, with the weights of the
    others as they were when the rounds were played.

    Args:
        policies: of all players.
        theta: weights now, `[d]`.
        played: weights under which the rounds were played, `[d]`.
        plays: the rounds.
    """
    if not policies.reads_others:
        now = evaluate_policies(policies, theta, plays)
        return [own - before for own, before in zip(now.log_probs, plays.log_probs, strict=True)], list(now.entropies)
    ratios, entropies = [], []
    for i, part in enumerate(policies.slices):
        now = evaluate_policies(policies, jax.lax.stop_gradient(played).at[part].set(theta[part]), plays)
        apart = [own - before for own, before in zip(now.log_probs, plays.log_probs, strict=True)]
        ratios.append(sum(apart[1:], start=apart[0]))
        entropies.append(now.entropies[i])
    return ratios, entropies


def policy_objective(
    policies: Acting,
    theta: jax.Array,
    played: jax.Array,
    lesson: Lesson,
    *,
    clip: jax.Array | None,
    entropy: jax.Array,
    normalise: bool,
) -> tuple[jax.Array, Told]:
    """The sum of every player's surrogate and entropy, whose gradient is for every player that of its own.

    Args:
        policies: of all players.
        theta: weights now, `[d]`.
        played: weights under which the rounds were played, `[d]`.
        lesson: the rounds, and the advantages of all players.
        clip: ε of the ratios; None for no clipping.
        entropy: the coefficient of the entropy.
        normalise: whether advantages are normalised.

    Returns:
        The sum, and `kl`, `clip_fraction` and `entropy` of every player, `[n]`.
    """
    ratios, entropies = log_ratios(policies, theta, played, lesson.plays)
    total, told = jnp.zeros((), theta.dtype), []
    for i, (ratio, spread) in enumerate(zip(ratios, entropies, strict=True)):
        advantages = lesson.advantages[..., i]
        gain = surrogate(ratio, normalised(advantages) if normalise else advantages, clip)
        total += gain + entropy * jnp.mean(spread)
        told.append((approximate_kl(ratio), clip_fraction(ratio, clip), jnp.mean(spread)))
    kl, clipped, spreads = (jnp.stack(own) for own in zip(*told, strict=True))
    return total, {"kl": kl, "clip_fraction": clipped, "entropy": spreads}


def critic_loss(
    critics: Critics, weights: tuple[jax.Array, ...], lesson: Lesson, clip: jax.Array | None
) -> tuple[jax.Array, jax.Array]:
    """The sum of every player's value loss, their mean where they share a critic, and each of them, `[n]`."""
    values = critics.values(weights, lesson.plays.observations)
    each = jnp.stack(
        [
            value_loss(values[..., i], lesson.targets[..., i], lesson.values[..., i], clip)
            for i in range(values.shape[-1])
        ]
    )
    return (jnp.mean(each) if critics.kind == "shared" else jnp.sum(each)), each
