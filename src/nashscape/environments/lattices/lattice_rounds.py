"""One round of a lattice dilemma, for all players at once: what they are paid, what they see, which row that is."""

import jax
import jax.numpy as jnp


def beside(neighbours: jax.Array, actions: jax.Array) -> tuple[jax.Array, jax.Array]:
    """What all neighbours did, `[N, d]`, and whether they are there; nobody counts as the first action."""
    there = neighbours < len(actions)
    return jnp.where(there, actions[jnp.where(there, neighbours, 0)], 0), there


def paid(payoffs: jax.Array, shares: jax.Array, neighbours: jax.Array, actions: jax.Array) -> jax.Array:
    """What every player is paid: `w_i Σ_j A[a_i, a_j]` over its neighbours j, `[N]`.

    Args:
        payoffs: A, of the action of the row against that of the column, `[k, k]`.
        shares: w, what each game counts for each player, `[N]`.
        neighbours: of every player, `[N, d]`; N for nobody.
        actions: what all do, `[N]`.
    """
    others, there = beside(neighbours, actions)
    total = jnp.zeros(len(actions), payoffs.dtype)
    # how many neighbours do each thing, times what that pays: no look into a table for every pair
    for theirs in range(len(payoffs)):
        many = (there & (others == theirs)).sum(axis=1)
        for own in range(len(payoffs)):
            total = total + jnp.where(actions == own, many * payoffs[own, theirs], 0.0)
    return shares * total


def rows_of(count: int, neighbours: jax.Array, actions: jax.Array) -> jax.Array:
    """The number of what every player sees, `[N]`, from 0 to `k^(d+1) − 1`.

    Its digits, to the base k, are its own last action and then those of its neighbours; nobody has the digit 0.
    """
    others, _ = beside(neighbours, actions)
    number = actions
    for j in range(neighbours.shape[1]):
        number = number * count + others[:, j]
    return number


def seen(count: int, neighbours: jax.Array, actions: jax.Array) -> jax.Array:
    """What every player sees, `[N, (d + 1) · m]`: itself, then its neighbours, and zeros for nobody.

    Of two actions the first is 1 and the second −1, m = 1; more of them are flags, m = k.
    """
    others, there = beside(neighbours, actions)
    every = jnp.concatenate([actions[:, None], others], axis=1)
    shown = (1 - 2 * every)[..., None] if count == 2 else every[..., None] == jnp.arange(count)
    visible = jnp.concatenate([jnp.ones_like(there[:, :1]), there], axis=1)[..., None]
    return jnp.where(visible, shown, 0).astype(float).reshape(len(actions), -1)
