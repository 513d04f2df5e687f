"""The natural gradient, which follows changes of strategy and not of parameters."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError, citations
from nashscape.core.calls import public
from nashscape.learning.asking import LOG_STRATEGIES, STRATEGIES
from nashscape.learning.oracle import Oracle
from nashscape.learning.rules import Rule
from nashscape.learning.stateless import StatelessRule
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import has_forms, who_reads


@dataclass(frozen=True, repr=False)
class NaturalGradient(StatelessRule):
    """`F_i⁺ base_i` for every player. Made by `natural_gradient`."""

    name: str = "natural_gradient"
    needs: ClassVar[frozenset[str]] = frozenset({"base", STRATEGIES, LOG_STRATEGIES})

    @property
    def follows_payoffs(self) -> bool:
        """Always: it is the replicator's direction."""
        return True

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """Amari; Kakade; Taylor and Jonker for the replicator."""
        return (citations.NATURAL_GRADIENT, citations.NATURAL_POLICY_GRADIENT, citations.REPLICATOR)

    def for_game(self, game: ParametricGame) -> Rule:
        """Needs mixed strategies that depend on a player's own logits alone."""
        check_one_shot(game)
        check_independent(game)
        return self

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """See `StatelessRule`; closed forms for sigmoids and softmaxes, a pseudo-inverse otherwise."""
        base, forms = oracle.terms().base, oracle.forms
        if forms is None:
            return _by_pseudo_inverse(oracle, base)
        strategies = oracle.strategies(oracle.theta)
        closed = {"sigmoid": _of_sigmoid, "softmax": _of_softmax}
        parts = [
            closed[form](base[own], strategy)
            for form, own, strategy in zip(forms, oracle.slices, strategies, strict=True)
        ]
        return jnp.concatenate(parts)


jax.tree_util.register_dataclass(NaturalGradient, data_fields=[], meta_fields=[], drop_fields=["name"])


def _of_sigmoid(base: jax.Array, strategy: jax.Array) -> jax.Array:
    """`F = s(1 − s)`."""
    return _quotient(base, jnp.prod(strategy, keepdims=True))


def _of_softmax(base: jax.Array, strategy: jax.Array) -> jax.Array:
    """`F = diag(σ) − σσᵀ`, whose pseudo-inverse times base, the sum of which is zero, is `base/σ` less its mean."""
    moved = _quotient(base, strategy)
    return moved - jnp.mean(moved)


def _quotient(base: jax.Array, information: jax.Array) -> jax.Array:
    # Where a probability has become zero in floating point so has base, and nothing is known of that action. The least
    # normal number bounds it, so that quotients of denormal numbers, which have lost their digits, stay out.
    known = information > np.finfo(information.dtype).tiny
    return jnp.where(known, base / jnp.where(known, information, 1.0), 0.0)


def _by_pseudo_inverse(oracle: Oracle, base: jax.Array) -> jax.Array:
    """`F = MᵀM` with `M[a, k] = √σ(a) ∂log σ(a)/∂θ_k`, so `F⁺ = M⁺ M⁺ᵀ`.

    Of M the pseudo-inverse loses only actions of probability `ε²`, about 1e-14 in single precision; of F those of `ε`.
    """
    scores, values = jax.jacfwd(oracle.log_strategies)(oracle.theta), oracle.log_strategies(oracle.theta)
    parts = []
    for score, log, own in zip(scores, values, oracle.slices, strict=True):
        inverse = jnp.linalg.pinv(jnp.exp(log / 2)[:, None] * score[:, own])
        exact = lax.Precision.HIGHEST
        parts.append(jnp.einsum("ka,la,l->k", inverse, inverse, base[own], precision=exact))
    return jnp.concatenate(parts)


def check_one_shot(game: ParametricGame) -> None:
    """Refuse strategies that are not one distribution per player, and parameters that are not logits."""
    if game.semantics.domain != "logits":
        raise InputError(
            f"natural_gradient needs strategies given by logits; the parameters of {game.name} are "
            f"{game.semantics.domain}: use pg()"
        )
    if any(len(shape) != 1 for shape in game.game.strategy_shapes):
        raise InputError(
            f"natural_gradient is for one-shot games; the strategies of {game.name} are policies over states, for "
            "which the Fisher information needs weights of the states: use pg()"
        )


def check_independent(game: ParametricGame) -> None:
    """Refuse strategies that depend on the parameters of others, found out at a few profiles."""
    if has_forms(game.semantics):
        return
    reader = who_reads(game.semantics)
    if reader is not None:
        raise InputError(
            f"natural_gradient needs independent strategies, but that of player {reader} in {game.name} depends on "
            "the parameters of others: use pg(), or an independent semantics"
        )


@public()
def natural_gradient() -> NaturalGradient:
    """The natural gradient: base through the inverse of a player's own Fisher information, `F_i⁺ base_i`.

    `F_i = Σ_a σ_i(a) ∇log σ_i(a) ∇log σ_i(a)ᵀ`. With sigmoids and softmaxes it is the replicator equation,

        sigmoid:  θ_i moves at u_i(1, σ_-i) − u_i(2, σ_-i)
        softmax:  θ_i[a] moves at u_i(a, σ_-i) less the mean over actions,

    at full speed where an action is rare and policy gradient stands still. An action whose probability has become
    zero in floating point counts as paying the average. Other independent semantics use the pseudo-inverse. For
    policies over states the information of a policy needs weights of the states (Kakade 2001), which depend on the
    others' policies too: refused.

    Raises:
        InputError: from a run with policies over states, points or probabilities as parameters, or strategies that
            depend on the parameters of others.

    Example:
        >>> from nashscape import games, simulate
        >>> run = simulate(games.stag_hunt(), natural_gradient(), start=[0.7, 0.7], steps=1, step_size=1.0)
        >>> round(float(run.theta[1, 0] - run.theta[0, 0]), 6)   # A(p) = (S − P) + c p = −2 + 3 · 0.7
        0.1

    Source: Amari (1998); Kakade (2001); Taylor and Jonker (1978) for the replicator equation.
    """
    return NaturalGradient()
