"""How trust and damaged reputations move: trust is built slowly, lost quickly, and limited by what was damaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class TrustState:
    """What players think of each other; the row thinks it of the column.

    Attributes:
        trust: T, from 0 to 1 − R, ones on the diagonal, `[n, n]`.
        damage: R, of reputations, from 0 to 1, zeros on the diagonal, `[n, n]`.
    """

    trust: jax.Array
    damage: jax.Array


def updated(state: TrustState, difference: jax.Array, numbers: Mapping[str, Any]) -> TrustState:
    """Trust and damage after a round in which players did so much more, or less, than was expected of them.

        s_j = tanh(κ difference_j)
        s_j > 0:   T_ij + λ⁺ s_j max(0, 1 − R_ij − T_ij),         (1 − δ) R_ij
        s_j < 0:   T_ij + λ⁻ s_j T_ij (1 + ξ D_ij),               R_ij − μ s_j (1 − R_ij)

    Without a difference trust stays, and damage heals. Trust is kept within `[0, 1 − R_ij]`, damage within [0, 1].

    Args:
        state: before the round.
        difference: what each did beyond what was expected, `[n]`.
        numbers: `slope` κ, `gain` λ⁺, `loss` λ⁻, `amplified` ξ, `harm` μ, `healing` δ, and `dependence` D, `[n, n]`.

    Example:
        >>> numbers = {"slope": 1e3, "gain": 0.25, "loss": 0.5, "amplified": 1.0, "harm": 0.5, "healing": 0.02,
        ...            "dependence": jnp.array([[0.0, 0.5], [0.25, 0.0]])}
        >>> start = TrustState(jnp.array([[1.0, 0.5], [0.5, 1.0]]), jnp.zeros((2, 2)))
        >>> after = updated(start, jnp.array([1.0, -1.0]), numbers)       # the first did more, the second less
        >>> after.trust.tolist(), after.damage.tolist()
        ([[1.0, 0.125], [0.625, 1.0]], [[0.0, 0.5], [0.0, 0.0]])

    Source: V. Pant, E. Yu, arXiv 2605.02063, as in its code.
    """
    trust, damage, signal = state.trust, state.damage, jnp.tanh(numbers["slope"] * difference)
    apart = 1.0 - jnp.eye(len(signal), dtype=trust.dtype)
    up, down = apart * jnp.maximum(signal, 0.0), apart * jnp.minimum(signal, 0.0)
    room = jnp.maximum(0.0, 1.0 - damage - trust)
    amplified = 1.0 + numbers["amplified"] * numbers["dependence"]
    moved = trust + numbers["gain"] * up * room + numbers["loss"] * down * trust * amplified
    healed = jnp.where(signal < 0, damage, (1.0 - numbers["healing"]) * damage)
    harmed = healed - numbers["harm"] * down * (1.0 - damage)
    return TrustState(jnp.clip(moved, 0.0, 1.0 - damage), apart * jnp.clip(harmed, 0.0, 1.0))
