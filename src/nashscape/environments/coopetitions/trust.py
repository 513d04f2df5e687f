"""How trust grows, erodes, and is held down by damaged reputations (Pant and Yu, trust and reputation).

`T_ij` is the trust of actor i in actor j, `R_ij` how far the reputation of j is damaged in the eyes of i. Both are from
0 to 1, `[n, n]`; the diagonals, which mean nothing, stay 1 and 0.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class TrustRates:
    """The numbers of trust; all are arguments of a compiled program.

    Attributes:
        growth: `λ⁺`, of trust after an action above the baseline.
        erosion: `λ⁻`, of trust after one below it.
        amplification: `ξ`, how much dependence speeds erosion.
        damage: `μ`, of reputation by an action below the baseline.
        recovery: `δ`, the share of damage that is forgotten in any other step.
        sharpness: `κ`, of the signal.
        highest: most trust there is.
        weight: what damage takes from the ceiling of trust; 1 with `highest` 1 gives `1 − R`.
    """

    growth: Any = 0.1
    erosion: Any = 0.3
    amplification: Any = 0.5
    damage: Any = 0.6
    recovery: Any = 0.03
    sharpness: Any = 1.0
    highest: Any = 1.0
    weight: Any = 1.0


def signals(actions: jax.Array, baselines: jax.Array, sharpness: Any) -> jax.Array:
    """What each action tells of its actor, `s_j = tanh(κ (a_j − b_j))`, `[n]`."""
    return jnp.tanh(sharpness * (actions - baselines))


def ceiling(damage: jax.Array, rates: TrustRates) -> jax.Array:
    """The most trust that a reputation allows, `min(highest, 1 − weight · R)`, of the shape of `damage`."""
    return jnp.minimum(rates.highest, 1 - rates.weight * damage)


def next_trust(
    trust: jax.Array, damage: jax.Array, told: jax.Array, dependence: jax.Array, rates: TrustRates
) -> jax.Array:
    """Trust after signals, `[n, n]`; what limits it is the damage from before them.

        T' = T + λ⁺ s max(0, c − T)  where s > 0,   T + λ⁻ s T (1 + ξ D)  where s < 0,   in [0, c],   c = ceiling(R)

    Args:
        trust: `T`, `[n, n]`.
        damage: `R`, `[n, n]`.
        told: the signal `s_j` of each actor, `[n]`.
        dependence: `D_ij`, of i on j, `[n, n]`.
        rates: see `TrustRates`.
    """
    most = ceiling(damage, rates)
    grown = rates.growth * told * jnp.maximum(0, most - trust)
    eroded = rates.erosion * told * trust * (1 + rates.amplification * dependence)
    # told by its sign and not by a maximum, since a negative signal must never grow trust
    moved = jnp.clip(trust + jnp.where(told > 0, grown, eroded), 0, most)
    return jnp.where(jnp.eye(len(trust), dtype=bool), 1, moved)


def next_damage(damage: jax.Array, told: jax.Array, rates: TrustRates) -> jax.Array:
    """Damage after signals, `[n, n]`.

    R' = R + μ (−s) (1 − R)  where s < 0,   (1 − δ) R  elsewhere,   in [0, 1]
    """
    moved = jnp.where(told < 0, damage - rates.damage * told * (1 - damage), (1 - rates.recovery) * damage)
    return jnp.where(jnp.eye(len(damage), dtype=bool), 0, jnp.clip(moved, 0, 1))


def observed(
    trust: jax.Array,
    damage: jax.Array,
    actions: jax.Array,
    baselines: jax.Array,
    dependence: jax.Array,
    rates: TrustRates,
) -> tuple[jax.Array, jax.Array]:
    """Trust and damage after actions that all have seen, `T'` and `R'`."""
    told = signals(actions, baselines, rates.sharpness)
    return next_trust(trust, damage, told, dependence, rates), next_damage(damage, told, rates)


def trust_weights(trust: jax.Array, damage: jax.Array) -> jax.Array:
    """How far what another gets counts, `min(T, 1 − R)`, `[n, n]`."""
    return jnp.minimum(trust, 1 - damage)
