"""How much better a round went than was expected: advantages, and what was earned from a round on.

An episode ends in two ways. After what is *terminated* nothing is earned, so what follows counts for nothing. What is
*truncated* would have gone on, so what its last observation is worth counts. No round learns from another episode.
"""

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core.calls import public


@public()
def gae(
    rewards: jax.Array,
    values: jax.Array,
    values_after: jax.Array,
    terminated: jax.Array,
    truncated: jax.Array,
    *,
    discount: float | jax.Array,
    trace: float | jax.Array,
) -> jax.Array:
    """Generalised advantage estimates of T rounds of B episodes side by side.

        δ_t = r_t + γ V(o′_t) (1 − terminated_t) − V(o_t)
        A_t = δ_t + γ λ (1 − ended_t) A_{t+1},      A_T = 0,      ended = terminated or truncated

    All of what is called t belongs to one and the same round: `terminated_t` says whether the game was over *after*
    that round. With λ = 0 they are the errors δ; with λ = 1 they are what was earned to the end of the episode, or to
    the last round and what is expected from there on, less V.

    Args:
        rewards: what was paid in a round, `[T, B]`, or `[T, B, n]` of all players at once; in payoff units.
        values: V of what was seen before the round, of the same shape.
        values_after: V of what was seen after it, before a new episode began.
        terminated: whether the game was over after the round, `[T, B]`.
        truncated: whether the episode was cut off after it though the game goes on, `[T, B]`.
        discount: γ.
        trace: λ, from 0 to 1.

    Returns:
        Advantages, of the shape of the rewards.

    Example:
        >>> columns = [[1, 2, 4, 8], [0.5, 1, 2, 4], [1, 2, 4, 3], [0, 1, 0, 0], [0, 0, 0, 0]]
        >>> r, v, after, terminated, truncated = (jnp.array(own)[:, None] for own in columns)
        >>> gae(r, v, after, terminated == 1, truncated == 1, discount=0.5, trace=0.5)[:, 0].tolist()
        [1.25, 1.0, 5.375, 5.5]

    Source: Schulman et al. (2016), equation 16; time limits: Pardo et al. (2018).
    """
    terminated, truncated = _flags(terminated, truncated)
    goes_on = _like(rewards, ~terminated)
    errors = rewards + discount * goes_on * values_after - values
    return _summed_back(errors, discount * trace * _like(rewards, ~(terminated | truncated)))


@public()
def discounted_returns(
    rewards: jax.Array,
    values_after: jax.Array,
    terminated: jax.Array,
    truncated: jax.Array,
    *,
    discount: float | jax.Array,
) -> jax.Array:
    """What was earned from every round to the end of its episode.

        G_t = r_t                     where the game was over after the round,
              r_t + γ V(o′_t)         where the episode was cut off after it, and in the last round, T − 1,
              r_t + γ G_{t+1}         else

    Args:
        rewards: what was paid in a round, `[T, B]`, or `[T, B, n]` of all players at once; in payoff units.
        values_after: V of what was seen after the round; zeros count what was paid alone.
        terminated: whether the game was over after the round, `[T, B]`.
        truncated: whether the episode was cut off after it, `[T, B]`.
        discount: γ.

    Returns:
        Returns, of the shape of the rewards.

    Example:
        >>> cut, none = jnp.array([[False], [True]]), jnp.zeros((2, 1), bool)
        >>> discounted_returns(jnp.ones((2, 1)), 2 * jnp.ones((2, 1)), none, cut, discount=0.5)[:, 0].tolist()
        [2.0, 2.0]
        >>> discounted_returns(jnp.ones((2, 1)), 2 * jnp.ones((2, 1)), cut, none, discount=0.5)[:, 0].tolist()
        [1.5, 1.0]

    Source: Sutton and Barto (2018), section 3.3; time limits: Pardo et al. (2018).
    """
    terminated, truncated = _flags(terminated, truncated)
    last = (jnp.arange(len(rewards)) == len(rewards) - 1)[:, None]
    leaves = (terminated | truncated) | last
    paid = rewards + discount * _like(rewards, leaves & ~terminated) * values_after
    return _summed_back(paid, discount * _like(rewards, ~leaves))


def _summed_back(amounts: jax.Array, kept: jax.Array) -> jax.Array:
    """`S_t = amount_t + kept_t S_{t+1}` with nothing after the last."""

    def back(later: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        amount, share = now
        total = amount + share * later
        return total, total

    made: jax.Array = lax.scan(back, jnp.zeros_like(amounts[0]), (amounts, kept), reverse=True)[1]
    return made


def _flags(*flags: jax.Array) -> tuple[jax.Array, ...]:
    """Zeros and ones as truth values, of whole numbers `~` makes −1 and −2."""
    return tuple(jnp.asarray(own, bool) for own in flags)


def _like(rewards: jax.Array, flags: jax.Array) -> jax.Array:
    """Flags `[T, B]` as numbers that fit rewards, of one player or of all."""
    numbers = flags.astype(jnp.result_type(rewards, jnp.float32))
    return jnp.broadcast_to(numbers.reshape(numbers.shape + (1,) * (rewards.ndim - numbers.ndim)), rewards.shape)
