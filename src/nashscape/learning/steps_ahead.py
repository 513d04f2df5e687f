"""Rules that look at other parameters than the present ones, or differentiate through learning itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import citations, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.stateless import StatelessRule, inner_step


@dataclass(frozen=True, repr=False)
class Extragradient(StatelessRule):
    """`v(θ + γ v(θ))`. Made by `extragradient`."""

    name: str = "extragradient"
    inner_lr: Any = None

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"inner_lr": -1})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.EXTRAGRADIENT,)

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """See `StatelessRule`; sampled terms at the second place come from a batch of their own."""
        rate = oracle.step_size if self.inner_lr is None else self.inner_lr
        place = oracle.theta + rate * oracle.terms().base
        return oracle.terms(place, question=1).base


@dataclass(frozen=True, repr=False)
class ExactLola(StatelessRule):
    """`∇_i J_i(θ_i, θ_-i + η v_-i(θ))`. Made by `exact_lola`."""

    name: str = "exact_lola"
    inner_lr: Any = 0.0

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"inner_lr": -1})
    needs: ClassVar[frozenset[str]] = frozenset({"base", "jacobian", "utilities"})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.LOLA,)

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """The chain rule, `∇_i J_i + η Σ_{j≠i} (∂v_j/∂θ_i)ᵀ ∇_j J_i`, with the gradients where the others have moved.

        Nothing but a gradient per player is needed besides the Jacobian that all rules have.
        """
        terms, parts = oracle.terms(), []
        for i, own in enumerate(oracle.slices):
            others = np.ones(len(terms.base), bool)
            others[own] = False
            change = jnp.where(others, self.inner_lr * terms.base, 0)
            gradient = jax.grad(lambda theta, i=i: oracle.utilities(theta)[i])(oracle.theta + change)
            shaped = self.inner_lr * _through(jnp.where(others, gradient, 0), terms.jacobian)
            parts.append((gradient + shaped)[own])
        return jnp.concatenate(parts)


@dataclass(frozen=True, repr=False)
class UnrolledMetaMapg(StatelessRule):
    """`∇_i J_i(φ^L(θ))`. Made by `unrolled_meta_mapg`."""

    name: str = "unrolled_meta_mapg"
    inner_lr: Any = 0.0
    steps_ahead: int = 1

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"inner_lr": -1})
    needs: ClassVar[frozenset[str]] = frozenset({"base", "jacobian", "utilities"})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.META_MAPG,)

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """The chain rule from the last step to the first: `G ← G + η G Dv(φ^l)`, with `G[i, k] = ∂J_i/∂φ_k` at `φ^L`.

        So a step costs one Jacobian and one product of n rows with it, for all players together.
        """
        place, jacobians = oracle.theta, []
        for _ in range(self.steps_ahead):
            terms = oracle.terms(place)
            place = place + self.inner_lr * terms.base
            jacobians.append(terms.jacobian)
        gradients = jax.jacrev(oracle.utilities)(place)
        for jacobian in reversed(jacobians):
            gradients = gradients + self.inner_lr * _through(gradients, jacobian)
        return jnp.concatenate([gradients[i, own] for i, own in enumerate(oracle.slices)])


jax.tree_util.register_dataclass(Extragradient, data_fields=["inner_lr"], meta_fields=[], drop_fields=["name"])
jax.tree_util.register_dataclass(ExactLola, data_fields=["inner_lr"], meta_fields=[], drop_fields=["name"])
jax.tree_util.register_dataclass(
    UnrolledMetaMapg, data_fields=["inner_lr"], meta_fields=["steps_ahead"], drop_fields=["name"]
)


def _through(gradients: jax.Array, jacobian: jax.Array) -> jax.Array:
    """Derivatives with respect to the parameters before a step, of shape `[…, d]`, from those after it."""
    return jnp.matmul(gradients, jacobian, precision=lax.Precision.HIGHEST)


@public()
def extragradient(*, inner_lr: float | None = None) -> Extragradient:
    """The extragradient method: the gradient where the gradient leads, `v(θ + γ v(θ))`.

    The place looked at is not projected on the box. In a flow, whose step size is zero, None makes it policy gradient.

    Args:
        inner_lr: `γ`; None for the outer step size, as published.

    Raises:
        InputError: for a negative inner step.

    Example:
        >>> from nashscape import games, simulate
        >>> run = simulate(games.matching_pennies(), extragradient(), start=[0.6, 0.6], steps=400, step_size=1.0)
        >>> [round(float(own[-1][0]), 2) for own in run.strategies]   # where policy gradient spirals out
        [0.5, 0.5]

    Source: Korpelevich (1976).
    """
    return Extragradient(inner_lr=inner_step(inner_lr, or_outer=True))


@public()
def exact_lola(*, inner_lr: float = 0.55) -> ExactLola:
    """LOLA before its Taylor expansion: every player differentiates through the others' one gradient step.

    `∇_i [J_i(θ_i, θ_-i + η v_-i(θ))]`, the total derivative with respect to `θ_i`, where `v_j = ∇_j J_j`. To first
    order in η it is `base + lookahead + peer`, which is `lola()`.

    Args:
        inner_lr: `η`, the step that the others are assumed to take.

    Raises:
        InputError: for a negative inner step; from a run with sampled terms, which cannot be differentiated through.

    Example:
        >>> exact_lola(inner_lr=0.3)
        exact_lola(inner_lr=0.3)

    Source: Foerster et al. (2018), before their Taylor expansion.
    """
    return ExactLola(inner_lr=inner_step(inner_lr))


@public()
def unrolled_meta_mapg(*, steps_ahead: int = 1, inner_lr: float = 0.55) -> UnrolledMetaMapg:
    """Meta-MAPG with true derivatives: every player differentiates through L steps that all of them take.

    `∇_i J_i(φ^L)` with `φ^0 = θ` and `φ^{l+1} = φ^l + η v(φ^l)`, the total derivative with respect to `θ_i`. For L = 1
    it is `base + 2·own + lookahead + peer` to first order in η: not `meta_mapg()`, which has coefficients of its own.
    Time, memory and the length of the program grow in proportion to L.

    Args:
        steps_ahead: `L`, at least one; part of the compiled program.
        inner_lr: `η`.

    Raises:
        InputError: for fewer steps than one or a negative inner step; from a run with sampled terms.

    Example:
        >>> unrolled_meta_mapg(steps_ahead=3).steps_ahead
        3

    Source: Kim et al. (2021), with the expectations taken exactly.
    """
    return UnrolledMetaMapg(inner_lr=inner_step(inner_lr), steps_ahead=positive_integer(steps_ahead, "steps_ahead"))
