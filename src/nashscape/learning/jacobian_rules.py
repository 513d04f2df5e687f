"""Rules made from the field `v` of all players' gradients and its Jacobian `Dv[k, l] = ∂v_k/∂θ_l`.

All were published for players who descend losses, with field `ξ = −v` and Jacobian `−Dv`. Products with an even number
of these factors keep their sign here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError, citations
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.schedules import as_schedule, within
from nashscape.learning.stateless import StatelessRule
from nashscape.learning.terms import Terms
from nashscape.tracing.linear_systems import solve


def _times(matrix: jax.Array, vector: jax.Array) -> jax.Array:
    return jnp.einsum("kl,l->k", matrix, vector, precision=lax.Precision.HIGHEST)


JACOBIAN = frozenset({"base", "jacobian"})


@dataclass(frozen=True, repr=False)
class Consensus(StatelessRule):
    """`v − γ (Dv)ᵀ v`. Made by `consensus`."""

    name: str = "consensus"

    needs: ClassVar[frozenset[str]] = JACOBIAN
    strength: Any = None

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"strength": -1})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.CONSENSUS,)

    @override
    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        terms = oracle.terms()
        return terms.base - self.strength(step) * _times(terms.jacobian.T, terms.base)


@dataclass(frozen=True, repr=False)
class SymplecticGradientAdjustment(StatelessRule):
    """`v − λ Aᵀ v` with A the antisymmetric part of Dv. Made by `sga`."""

    name: str = "sga"

    needs: ClassVar[frozenset[str]] = JACOBIAN
    strength: Any = None
    align: bool = True
    epsilon: Any = None

    # ⟨v, h⟩ and ⟨Aᵀv, h⟩, with h = (Dv)ᵀ v, are of the third and the fourth power
    units: ClassVar[Mapping[str, int]] = MappingProxyType({"strength": -1, "epsilon": 7})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.SGA,)

    @override
    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        terms = oracle.terms()
        adjustment = _times((terms.jacobian - terms.jacobian.T).T, terms.base) / 2
        return terms.base - self.strength(step) * self.sign(terms, adjustment, step) * adjustment

    def sign(self, terms: Terms, adjustment: jax.Array, step: jax.Array) -> Any:
        """The sign of λ: such that the adjustment pulls towards stable fixed points and away from unstable ones."""
        if not self.align:
            return 1.0
        consensus = _times(terms.jacobian.T, terms.base)  # ∇ |v|²/2
        product = jnp.sum(terms.base * consensus) * jnp.sum(adjustment * consensus) / terms.base.shape[0]
        return jnp.where(self.epsilon(step) - product >= 0, 1.0, -1.0).astype(terms.base.dtype)


@dataclass(frozen=True, repr=False)
class LocalSymplecticSurgery(StatelessRule):
    """`½ [v + Dvᵀ (DvᵀDv + ρ I)⁻¹ Dvᵀ v]`. Made by `local_symplectic_surgery`."""

    name: str = "local_symplectic_surgery"

    needs: ClassVar[frozenset[str]] = JACOBIAN
    regularisation: Any = None

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"regularisation": 2})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.LOCAL_SYMPLECTIC_SURGERY,)

    @override
    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        terms = oracle.terms()
        v, jacobian = terms.base, terms.jacobian
        square = jnp.einsum("kl,km->lm", jacobian, jacobian, precision=lax.Precision.HIGHEST)
        # Near zeros of v, where ρ vanishes, DvᵀDv alone may be singular (softmaxes have a null direction): what
        # rounding leaves of it stays invertible with a floor of its own size, and Dvᵀ removes the null direction again.
        rounding = np.finfo(v.dtype)
        floor = rounding.eps * jnp.trace(square) + rounding.tiny
        added = -self.regularisation(step) * jnp.expm1(-jnp.sum(v * v)) + floor
        solution = solve(square + added * np.eye(len(v), dtype=v.dtype), _times(jacobian.T, v), definite=True)
        return (v + _times(jacobian.T, solution)) / 2


jax.tree_util.register_dataclass(Consensus, data_fields=["strength"], meta_fields=[], drop_fields=["name"])
jax.tree_util.register_dataclass(
    SymplecticGradientAdjustment,
    data_fields=["strength", "epsilon"],
    meta_fields=["align"],
    drop_fields=["name"],
)
jax.tree_util.register_dataclass(
    LocalSymplecticSurgery, data_fields=["regularisation"], meta_fields=[], drop_fields=["name"]
)


@public()
def consensus(*, strength: Any = 1.0) -> Consensus:
    """Consensus optimisation: besides ascending, all players lower `|v|²/2` together, `v − γ (Dv)ᵀ v`.

    It draws to every zero of v, unstable ones and those that are no equilibria included.

    Args:
        strength: `γ`, a number or a schedule.

    Raises:
        InputError: for a strength that is not finite.

    Example:
        >>> from nashscape import games, simulate
        >>> run = simulate(games.matching_pennies(), consensus(), start=[0.6, 0.6], steps=400, step_size=1.0)
        >>> [round(float(own[-1][0]), 2) for own in run.strategies]   # where policy gradient spirals out
        [0.5, 0.5]

    Source: Mescheder, Nowozin and Geiger (2017).
    """
    return Consensus(strength=as_schedule(strength, "strength"))


@public()
def sga(*, strength: Any = 1.0, align: bool = True, epsilon: Any = 0.1) -> SymplecticGradientAdjustment:
    """Symplectic gradient adjustment: `v − λ Aᵀ v`, with `A = (Dv − Dvᵀ)/2`.

    With `h = (Dv)ᵀ v`, the gradient of `|v|²/2`, alignment gives λ the sign of `ε − ⟨v, h⟩⟨Aᵀv, h⟩/d`; without it λ is
    the strength itself. In two-player zero-sum games without own curvature, `Aᵀ = Dvᵀ`, and it is consensus.

    Args:
        strength: `|λ|`, a number or a schedule.
        align: whether λ takes the sign of the alignment criterion.
        epsilon: `ε`, positive to prefer the adjustment where the criterion is weak; a number or a schedule.

    Raises:
        InputError: for coefficients that are not finite, or `align` other than True or False.

    Example:
        >>> sga(strength=0.5, align=False).align
        False

    Source: Balduzzi et al. (2018), algorithm 1; Letcher et al. (2019), Differentiable Game Mechanics.
    """
    if not isinstance(align, int) or align not in (0, 1):  # 0 and 1 are what the command line can say
        raise InputError(f"align must be True or False; got {align!r}")
    return SymplecticGradientAdjustment(
        strength=as_schedule(strength, "strength"), align=bool(align), epsilon=as_schedule(epsilon, "epsilon")
    )


@public()
def local_symplectic_surgery(*, regularisation: Any = 1e-4) -> LocalSymplecticSurgery:
    """Local symplectic surgery: at zeros of v its linear part is the symmetric part of Dv alone.

    `½ [v + Dvᵀ (DvᵀDv + ρ I)⁻¹ Dvᵀ v]` with `ρ = ξ (1 − exp(−|v|²))`, which vanishes at zeros of v only. In two-player
    zero-sum games its attracting hyperbolic fixed points are the strict local equilibria, without rotation about
    them. This is the ideal field of the paper: the solve is done in full at every step, without a second timescale.
    In `exp(−|v|²)` payoffs have the unit 1, and no coefficient makes up for it: only with `regularisation=0`, or where
    |v| is far above 1, does the rule take the same path in a game with all payoffs times a number.

    Args:
        regularisation: `ξ`, at least 0, a number or a schedule.

    Raises:
        InputError: for a regularisation that is negative or not finite.

    Example:
        >>> local_symplectic_surgery().name
        'local_symplectic_surgery'

    Source: Mazumdar, Jordan and Sastry (2019), On Finding Local Nash Equilibria (and Only Local Nash Equilibria).
    """
    name = "regularisation"
    return LocalSymplecticSurgery(regularisation=within(as_schedule(regularisation, name), name, low=0.0))
