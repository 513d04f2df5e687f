"""Competitive gradient descent: every step is the equilibrium of a local game."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import numpy as np

from nashscape.core import citations
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.stateless import StatelessRule, inner_step
from nashscape.tracing.linear_systems import solve


@dataclass(frozen=True, repr=False)
class CompetitiveGradient(StatelessRule):
    """`(I − η N)⁻¹ v` with N the blocks of Dv between players. Made by `cgd`."""

    name: str = "cgd"

    needs: ClassVar[frozenset[str]] = frozenset({"base", "jacobian"})
    inner_lr: Any = None

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"inner_lr": -1})

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """Schäfer and Anandkumar; Ma et al. for more than two players."""
        return (citations.CGD, citations.POLYMATRIX_CGD)

    @override
    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        terms = oracle.terms()
        rate = oracle.step_size if self.inner_lr is None else self.inner_lr
        player = np.repeat(np.arange(len(terms.sizes)), terms.sizes)
        between = np.not_equal.outer(player, player).astype(terms.base.dtype)
        identity = np.eye(len(player), dtype=terms.base.dtype)
        return solve(identity - rate * (between * terms.jacobian), terms.base)


jax.tree_util.register_dataclass(CompetitiveGradient, data_fields=["inner_lr"], meta_fields=[], drop_fields=["name"])


@public()
def cgd(*, inner_lr: float | None = None) -> CompetitiveGradient:
    """Competitive gradient descent, here ascent: every step is the equilibrium of the game's bilinear approximation.

    With `D_ij = ∂v_i/∂θ_j` the step has `x_i = argmax_x ⟨v_i, x⟩ + Σ_{j≠i} ⟨x, D_ij x_j⟩ − |x|²/2η` for all players at
    once, so `x/η = (I − η N)⁻¹ v`, with N the blocks of Dv between different players. For two players that is
    `(I − η² D_12 D_21)⁻¹ (v_1 + η D_12 v_2)` for the first. In zero-sum games the inverse always exists; where it does
    not, the local game has no equilibrium, and the direction is not finite.

    Args:
        inner_lr: `η`; None for the outer step size, as published. In a flow, whose step size is zero, that is policy
            gradient.

    Raises:
        InputError: for a negative inner step.

    Example:
        >>> cgd(inner_lr=0.2)
        cgd(inner_lr=0.2)

    Source: Schäfer and Anandkumar (2019); Ma, Letcher, Schäfer, Shi and Anandkumar (2021) for n players.
    """
    return CompetitiveGradient(inner_lr=inner_step(inner_lr, or_outer=True))
