"""DiCE: objectives whose derivatives of every order are estimates of those of expected payoffs."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError
from nashscape.core.calls import public


@public()
def magic_box(log_probs: jax.Array) -> jax.Array:
    """The operator `□(x) = exp(x − stop_gradient(x))` of DiCE: its value is 1, its derivative `□(x) ∇x`.

    >>> magic_box(jnp.log(0.25)).item(), jax.grad(lambda p: magic_box(jnp.log(p)))(0.25).item()
    (1.0, 4.0)

    Source: Foerster et al. (2018), DiCE: The Infinitely Differentiable Monte Carlo Estimator.
    """
    return jnp.exp(log_probs - lax.stop_gradient(log_probs))


@public()
def dice_objective(
    log_probs: Sequence[jax.Array], rewards: jax.Array, discount: Any = 1.0, baselines: jax.Array | None = None
) -> jax.Array:
    """The DiCE objective of every player, `[n]`: its value is the mean return, its derivatives estimate those of J.

        L_i = mean_b Σ_t γ^t [ □(Σ_{t'≤t} Σ_j log π_j(t')) r_i(t) + (1 − □(Σ_j log π_j(t))) b_i(t) ]

    A payoff depends on what *all* players did up to then, and on nothing later. The baseline changes no expectation,
    neither of the value nor of a derivative, where it does not depend on the actions of its round or later ones;
    nothing is differentiated through it.

    Args:
        log_probs: of what every player drew, `[T, B]` each, of B plays that begin with the first of T rounds;
            functions of the parameters.
        rewards: what was paid for the rounds, `[T, B, n]`, in payoff units; zero where a play is over.
        discount: γ.
        baselines: b, what was expected to come from that round on, discounted to it, `[T, B, n]`; zero where a play
            is over; None for none.

    Raises:
        InputError: for shapes that do not fit.

    Example:
        >>> p = jnp.array([0.25, 0.75])        # of two plays of a round, of which the second is paid
        >>> paid = jnp.array([[[0.0], [1.0]]])
        >>> value = lambda shift: dice_objective([jnp.log(p + shift)[None]], paid)[0]
        >>> value(0.0).item(), round(jax.grad(value)(0.0).item(), 4)    # ½ · 1 / .75
        (0.5, 0.6667)

    Source: Foerster et al. (2018), DiCE, with its baseline of first order.
    """
    joint = _joint(log_probs, rewards, baselines)
    if baselines is not None:
        baselines = lax.stop_gradient(baselines)
    weights = jnp.asarray(discount, joint.dtype) ** jnp.arange(joint.shape[0])
    rounds = magic_box(jnp.cumsum(joint, axis=0))[:, :, None] * rewards
    if baselines is not None:
        rounds = rounds + (1.0 - magic_box(joint))[:, :, None] * baselines
    return jnp.mean(jnp.tensordot(weights, rounds, 1), axis=0)


@public()
def loaded_dice_objective(log_probs: Sequence[jax.Array], advantages: jax.Array, trace: Any = 1.0) -> jax.Array:
    """The Loaded DiCE objective of every player, `[n]`: its value is zero, its derivatives estimate those of J.

        L_i = mean_b Σ_t [ □(W_t) − □(W_t − w_t) ] A_i(t),   w_t = Σ_j log π_j(t),   W_t = λ W_{t−1} + w_t

    What an action is worth is said by any advantage. First derivatives are `mean Σ_t A_i(t) ∇w_t`; in second ones
    `∇w_t ∇w_τᵀ` counts `λ^|t−τ| A_i(max(t, τ))`. With λ = 1 and advantages without bias, all derivatives are without
    bias; smaller λ leaves out part of what distant actions do together, and of its noise.

    Args:
        log_probs: of what every player drew, `[T, B]` each, of B plays that begin with the first of T rounds.
        advantages: `[T, B, n]`, in payoff units, discounted to the beginning of a play: they hold γ^t. Zero where a
            play is over. Nothing is differentiated through them.
        trace: λ, from 0 to 1.

    Raises:
        InputError: for shapes that do not fit.

    Example:
        >>> p, worth = jnp.array([0.25, 0.75]), jnp.array([[[0.0], [1.0]]])
        >>> value = lambda shift: loaded_dice_objective([jnp.log(p + shift)[None]], worth)[0]
        >>> value(0.0).item(), round(jax.grad(value)(0.0).item(), 4)
        (0.0, 0.6667)

    Source: Farquhar, Whiteson and Foerster (2019), Loaded DiCE.
    """
    joint = _joint(log_probs, advantages)
    with_action = along_rounds(joint, trace)
    depends = magic_box(with_action) - magic_box(with_action - joint)
    return jnp.mean(jnp.sum(depends[:, :, None] * lax.stop_gradient(advantages), axis=0), axis=0)


def along_rounds(values: jax.Array, trace: Any) -> jax.Array:
    """Sums over the rounds until now that fade, `Σ_{τ≤t} λ^{t−τ} x_τ`, of `[T, …]`."""
    rounds = jnp.arange(values.shape[0])
    apart = rounds[:, None] - rounds[None, :]
    weights = jnp.where(apart >= 0, jnp.asarray(trace, values.dtype) ** jnp.maximum(apart, 0), 0.0)
    return jnp.tensordot(weights, values, 1, precision=lax.Precision.HIGHEST)


def _joint(log_probs: Sequence[jax.Array], *each: jax.Array | None) -> jax.Array:
    """The log-probability of what all players drew, `[T, B]`."""
    shapes = [jnp.shape(own) for own in log_probs]
    if len(set(shapes)) != 1 or len(shapes[0]) != 2:
        raise InputError(f"log_probs holds an array [T, B] for every player, of one shape; got the shapes {shapes}")
    wanted = (*shapes[0], len(shapes))
    for own in each:
        if own is not None and jnp.shape(own) != wanted:
            raise InputError(f"what goes with every round and player has the shape {wanted}; got {jnp.shape(own)}")
    return sum(log_probs[1:], start=jnp.asarray(log_probs[0]))
