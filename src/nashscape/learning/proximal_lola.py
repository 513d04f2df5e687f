"""POLA: opponent-learning awareness that does not depend on how strategies are parametrised.

Every player moves to the strategy that is best for it once the others have answered, not too far from its present one:

    σ_i' = argmax_{σ_i'}  J_i(σ_i', σ_-i'(σ_i')) − β_out D(σ_i ‖ σ_i')          the outer proximal step
    σ_j' ≈ argmax_{σ_j'}  J_j(σ_i', σ_j', …) − β_in D(σ_j ‖ σ_j')   for j ≠ i      the others' inner steps

with `D` the Kullback–Leibler divergence, for policies the mean over all states. The objectives are those of the
paper; of the two directions of the divergence, both of which the authors' code offers, this is from old to new. What
differs is where they are optimised. The paper takes gradient steps on the parameters, so that its practical form
depends on them again until the steps have converged. Here both loops run on one set of coordinates, the logits of the
strategies, and only the result is translated into parameters: two semantics that can express the same strategies give
the same strategies after every update, converged or not. Nor are there networks, rollouts, or an estimate of the
objectives: payoffs are exact, and the mean over states is over *all* states with equal weights, where the paper's
sampled form takes the states that were visited.

A step on logits z with anchor σ, over S states (1 in a one-shot game), is the gradient of the objective with
an almost-natural metric, `z ← z + ρ · 2/(σ + σ') · (S/β) ∂(J − β D)/∂z`. Where it starts, at `σ' = σ`, this is ρ times
the natural gradient step `S ∂J/∂σ /β`, which the proximal point approaches as β grows; further away the penalty's
share is `−2 tanh((log σ' − log σ)/2)`, which cannot overshoot. The others' steps are differentiated through.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, citations, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.learning.asking import LOG_STRATEGIES, PARAMETERS, PAYOFFS
from nashscape.learning.oracle import Oracle
from nashscape.learning.stateless import StatelessRule
from nashscape.semantics import ParametricGame

Logits = tuple[jax.Array, ...]
Payoffs = Callable[[tuple[jax.Array, ...]], jax.Array]

LOWEST = -60.0
"""Log probabilities below this are raised to it: a strategy without an action would never take it up again."""


@dataclass(frozen=True, repr=False)
class Pola(StatelessRule):
    """Proximal LOLA. Made by `pola`.

    Attributes:
        name: what tables and figures call it.
        outer_penalty: `β_out`, in payoff units.
        inner_penalty: `β_in`, in payoff units.
        rate: `ρ`, the share of a natural gradient step that every step of either loop takes.
        outer_steps: `K`, how many steps approach the proximal point.
        inner_steps: `L`, how many steps the others are assumed to take; part of the compiled program.
    """

    name: str = "pola"
    outer_penalty: Any = 20.0
    inner_penalty: Any = 5.0
    rate: Any = 0.5
    outer_steps: Any = 20
    inner_steps: int = 3

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"outer_penalty": 1, "inner_penalty": 1})
    uses_step_size: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset({"base", PAYOFFS, LOG_STRATEGIES, PARAMETERS})
    has_flow: ClassVar[bool] = False  # it arrives at its proximal point whatever the step size

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """Zhao et al., and LOLA, which it carries on."""
        return (citations.POLA, citations.LOLA)

    def for_game(self, game: ParametricGame) -> "Pola":
        """Only for games whose strategies are probabilities."""
        if game.semantics.domain == "points":
            raise InputError(f"POLA penalises changes of probabilities; the strategies of {game.name} are points")
        if game.semantics.costs_vary:
            raise InputError(f"POLA chooses strategies, which leave open what costs players of {game.name} choose")
        return self

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """The way to the proximal point, divided by the step size, so that a whole step arrives there."""
        anchors = tuple(jnp.maximum(logs, LOWEST) for logs in oracle.log_strategies(oracle.theta))
        proposal = self.proposal(oracle.payoffs, anchors)
        change = oracle.parameters(tuple(map(jax.nn.softmax, proposal))) - oracle.theta
        size = jnp.asarray(oracle.step_size, change.dtype)
        return jnp.where(size > 0, change / jnp.where(size > 0, size, 1), 0)

    def proposal(self, payoffs: Payoffs, anchors: Logits) -> Logits:
        """The logits of every player's strategy after K outer steps, each taken on its own from the present ones."""
        return tuple(self._outer(payoffs, anchors, player) for player in range(len(anchors)))

    def objective(self, payoffs: Payoffs, anchors: Logits, player: int, own: jax.Array) -> jax.Array:
        """What a player raises in the outer loop, in payoff units: its payoff after the others' L inner steps, less
        the penalty.

        Args:
            payoffs: from one strategy per player to their payoffs, `[n]`.
            anchors: log probabilities of the present strategies.
            player: whose objective.
            own: logits of the strategy that the player proposes.
        """
        profile = self._answers(payoffs, anchors, player, own)
        return payoffs(tuple(map(jax.nn.softmax, profile)))[player] - self.outer_penalty * divergence(
            anchors[player], own
        )

    def _outer(self, payoffs: Payoffs, anchors: Logits, player: int) -> jax.Array:
        def objective(own: jax.Array) -> jax.Array:
            return self.objective(payoffs, anchors, player, own)

        def turn(_: Any, own: jax.Array) -> jax.Array:
            return _step(own, jax.grad(objective)(own), anchors[player], self.outer_penalty, self.rate)

        return lax.fori_loop(0, self.outer_steps, turn, anchors[player])

    def _answers(self, payoffs: Payoffs, anchors: Logits, player: int, own: jax.Array) -> Logits:
        """All logits once the others have made their L simultaneous inner steps against the player's proposal."""
        profile = [*anchors[:player], own, *anchors[player + 1 :]]
        others = [j for j in range(len(anchors)) if j != player]

        def penalised(logits: jax.Array, j: int, now: list[jax.Array]) -> jax.Array:
            strategies = tuple(map(jax.nn.softmax, [*now[:j], logits, *now[j + 1 :]]))
            return payoffs(strategies)[j] - self.inner_penalty * divergence(anchors[j], logits)

        for _ in range(self.inner_steps):
            now = list(profile)
            for j in others:
                slope = jax.grad(penalised)(now[j], j, now)
                profile[j] = _step(now[j], slope, anchors[j], self.inner_penalty, self.rate)
        return tuple(profile)


jax.tree_util.register_dataclass(
    Pola,
    data_fields=["outer_penalty", "inner_penalty", "rate", "outer_steps"],
    meta_fields=["inner_steps"],
    drop_fields=["name"],
)


def divergence(before: jax.Array, after: jax.Array) -> jax.Array:
    """The Kullback–Leibler divergence `D(σ ‖ σ')`, the mean over states, of strategies given by logits.

    >>> half, quarter = jnp.log(jnp.array([0.5, 0.5])), jnp.log(jnp.array([0.25, 0.75]))
    >>> float(divergence(half, quarter))   # log(2/√3)
    0.1438...
    """
    old, new = jax.nn.log_softmax(before), jax.nn.log_softmax(after)
    return jnp.sum(jnp.exp(old) * (old - new)) / _states(before)


def _states(logits: jax.Array) -> int:
    return logits.size // logits.shape[-1]


def _step(logits: jax.Array, slope: jax.Array, anchor: jax.Array, penalty: Any, rate: Any) -> jax.Array:
    """One step up, see the top of the module; logits come out as log probabilities."""
    spread = jax.nn.softmax(anchor) + jax.nn.softmax(logits)
    ahead = logits + rate * 2.0 * _states(logits) / penalty * slope / spread
    return jnp.maximum(jax.nn.log_softmax(ahead), LOWEST)


@public()
def pola(
    *,
    outer_penalty: float = 20.0,
    inner_penalty: float = 5.0,
    outer_steps: int = 20,
    inner_steps: int = 3,
    rate: float = 0.5,
) -> Pola:
    """POLA, proximal LOLA: the same strategies after every update, however they are parametrised.

    `σ_i' = argmax J_i(σ_i', σ_-i'(σ_i')) − β_out D(σ_i ‖ σ_i')`, where the others answer a proposal with L proximal
    steps of their own, of penalty `β_in`, which are differentiated through. The outer step size plays no part: the
    direction is divided by it, and how far a player moves is said by the penalties alone. Any number of players;
    exact terms only. See the module for what is as in the paper and what is not.

    Parameters come from the strategies, `semantics.parameters(σ')`: those of a softmax with mean zero. Where the
    strategies of a player depend on the parameters of others, the players are taken to choose strategies.

    Args:
        outer_penalty: `β_out`, in payoff units; the larger, the smaller the steps.
        inner_penalty: `β_in`, in payoff units; the smaller, the further the others are assumed to learn.
        outer_steps: `K`, steps towards the proximal point.
        inner_steps: `L`, steps of the others.
        rate: `ρ` in (0, 1], the share of a natural gradient step taken by each. Lower it, and raise the numbers of
            steps, where penalties are small against the payoffs.

    Raises:
        InputError: for penalties that are not above 0, a rate outside (0, 1], or fewer than one step.

    Example:
        >>> sorted(pola(outer_penalty=30.0).needs)
        ['base', 'log_strategies', 'parameters', 'payoffs']

    Source: Zhao, Lu, Grosse and Foerster (2022).
    """
    return Pola(
        outer_penalty=finite_number(outer_penalty, "outer_penalty", low=0.0, low_open=True),
        inner_penalty=finite_number(inner_penalty, "inner_penalty", low=0.0, low_open=True),
        rate=finite_number(rate, "rate", low=0.0, high=1.0, low_open=True),
        outer_steps=positive_integer(outer_steps, "outer_steps"),
        inner_steps=positive_integer(inner_steps, "inner_steps", at_least=0),
    )
