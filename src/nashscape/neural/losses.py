"""What policies and critics are trained on: surrogates, squared errors, and what is told of an update.

Arrays are of one player, of any one shape: a number for every round. Means are over all of them.
"""

import jax
import jax.numpy as jnp

from nashscape.core.calls import public

ROUNDING = 1e-5
"""A deviation below this share of the root of the mean square is rounding: what was normalised is constant."""

Number = float | jax.Array


@public()
def surrogate(log_ratio: jax.Array, advantages: jax.Array, clip: Number | None = None) -> jax.Array:
    """What raises a policy: `mean min(ρ A, clip(ρ, 1−ε, 1+ε) A)`, or `mean ρ A` where nothing is clipped.

    Where `ρ = 1` its gradient is that of `mean(A log π)`, the plain policy gradient.

    Args:
        log_ratio: `log ρ`, the log-probability of what was drawn less what it was when it was drawn.
        advantages: A; they are not differentiated.
        clip: ε, None for no clipping.

    Returns:
        One number, in the unit of the advantages.

    Example:
        >>> import jax.numpy as jnp
        >>> float(surrogate(jnp.log(jnp.array([1.5, 0.5])), jnp.array([2.0, 2.0]), clip=0.25))  # (1.25 + .5) · 2 / 2
        1.75

    Source: Schulman et al. (2017), equation 7.
    """
    ratio, advantages = jnp.exp(log_ratio), jax.lax.stop_gradient(advantages)
    raised = ratio * advantages
    if clip is not None:
        raised = jnp.minimum(raised, jnp.clip(ratio, 1.0 - clip, 1.0 + clip) * advantages)
    return jnp.mean(raised)


@public()
def value_loss(
    values: jax.Array, targets: jax.Array, before: jax.Array | None = None, clip: Number | None = None
) -> jax.Array:
    """The mean of squared errors of a critic, each the larger one with and without clipping where that is asked for.

        u = (V − R)²,    c = (V_before + clip(V − V_before, −ε, ε) − R)²,    loss = mean u, or mean max(u, c)

    Clipping never lowers the loss. It takes away the gradient where a value has moved farther towards its target than
    ε, *in payoff units*: whoever multiplies payoffs has to multiply ε too.

    Args:
        values: V, what the critic says.
        targets: R; they are not differentiated.
        before: what it said when the rounds were played; needed with `clip`.
        clip: ε, in payoff units; None for plain squared errors.

    Returns:
        One number, in squared payoff units.

    Example:
        >>> import jax.numpy as jnp
        >>> one = jnp.ones(1)
        >>> float(value_loss(one, 2 * one)), round(float(value_loss(one, 2 * one, 0 * one, clip=0.2)), 6)
        (1.0, 3.24)

    Source: the clipped form is that of OpenAI Baselines, ppo2.
    """
    targets = jax.lax.stop_gradient(targets)
    errors = (values - targets) ** 2
    if clip is None or before is None:
        return jnp.mean(errors)
    before = jax.lax.stop_gradient(before)
    clipped = before + jnp.clip(values - before, -clip, clip)
    return jnp.mean(jnp.maximum(errors, (clipped - targets) ** 2))


@public()
def normalised(advantages: jax.Array) -> jax.Array:
    """Advantages less their mean, over their standard deviation; zeros where they are all the same, NaN where one is.

    No small number is added to the deviation: payoffs times a power of two give the same bits.

    Args:
        advantages: of one player in one minibatch, in payoff units.

    Returns:
        Numbers without a unit.

    Example:
        >>> import jax.numpy as jnp
        >>> normalised(jnp.array([1.0, 3.0])).tolist(), normalised(jnp.array([0.1, 0.1, 0.1])).tolist()
        ([-1.0, 1.0], [0.0, 0.0, 0.0])
    """
    apart = advantages - jnp.mean(advantages)
    square = jnp.mean(apart**2)
    # what is no number is not alike: it must reach the weights, whose run has diverged then
    alike = square <= ROUNDING**2 * jnp.mean(advantages**2)
    return jnp.where(alike, 0.0, apart / jnp.sqrt(jnp.where(alike, 1.0, square)))


@public()
def approximate_kl(log_ratio: jax.Array) -> jax.Array:
    """How far a policy has moved, in nats: `mean(ρ − 1 − log ρ)`.

    Over what the policy before drew, its expectation is the Kullback–Leibler divergence from that to the one now; no
    entry is negative.

    Example:
        >>> import jax.numpy as jnp
        >>> float(approximate_kl(jnp.zeros(3))), round(float(approximate_kl(jnp.log(jnp.array([2.0])))), 4)
        (0.0, 0.3069)

    Source: Schulman, "Approximating KL divergence" (2020), the estimator k3.
    """
    return jnp.mean(jnp.expm1(log_ratio) - log_ratio)


@public()
def clip_fraction(log_ratio: jax.Array, clip: Number | None) -> jax.Array:
    """The share of rounds whose ratio ρ lies outside of `[1 − ε, 1 + ε]`; none where nothing is clipped.

    Example:
        >>> import jax.numpy as jnp
        >>> float(clip_fraction(jnp.log(jnp.array([1.0, 1.1, 0.7, 1.3])), 0.2))
        0.5
    """
    if clip is None:
        return jnp.zeros((), log_ratio.dtype)
    return jnp.mean((jnp.abs(jnp.expm1(log_ratio)) > clip).astype(log_ratio.dtype))
