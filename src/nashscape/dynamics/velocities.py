"""The flow of a rule as a velocity, and steps along it that run like any other rule.

The flow of a rule is `θ̇ = direction of the rule at θ`, the limit of its updates as the step size goes to zero.
Coefficients that are schedules are taken at the time t as their step. On a box it is the *projected* flow: where a
parameter lies on a bound and its velocity points outwards, that velocity is zero.

Many starts follow a flow by Runge–Kutta steps of constant size, written as a rule (`flow_steps`), so that they run in
the compiled program of all maps: entry by entry, chunk by chunk, with the same labels, first hits and watch for
cycles, and the same bits however they are cut. An adaptive solver under `vmap` needs far fewer steps: on two-action
replicator flows it took a third of the time (`benchmarks/replicator_map.py`), but it would be a second program
without any of that, and it goes on until the slowest start has ended. With a step of 0.2 over the range of payoffs
the logits of settling flows are right to 1e-9, as by the adaptive solver at that tolerance. On closed orbits the
error grows with time (replicator flow of Matching Pennies: 1e-8 after time 20, 1e-7 after time 80); half the step
divides it by 32 at least. Single precision loses about 1e-6 for policy gradient and 1e-4 for logits that run away,
and saves little time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from nashscape.core import InputError, citations
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.solvers import solvers
from nashscape.learning import Box, Estimator, Oracle, Rule, StepKey, check_rule, exact
from nashscape.learning.asking import UTILITIES
from nashscape.learning.projection import is_box
from nashscape.learning.rules import has_memory, moved
from nashscape.learning.stateless import StatelessRule
from nashscape.semantics import ParametricGame


class Tableau(NamedTuple):
    """An explicit Runge–Kutta method: weights of slopes for every stage, its share of the step, and for the sum."""

    stages: tuple[tuple[float, ...], ...]
    shares: tuple[float, ...]
    weights: tuple[float, ...]


@cache
def tsitouras() -> Tableau:
    """The pair of Tsitouras (2011), order five; its last stage, which only estimates the error, is left out."""
    found = solvers()[0].Tsit5.tableau
    return Tableau(
        stages=((), *(tuple(map(float, row)) for row in found.a_lower[:-1])),
        shares=(0.0, *map(float, found.c[:-1])),
        weights=tuple(map(float, found.b_sol[:-1])),
    )


@jax.jit
def velocity(game: ParametricGame, rule: Rule, estimator: Estimator, box: Box, time: Any, theta: jax.Array) -> Any:
    """`θ̇` of the projected flow, `[d]`; points beyond the box, where a solver may try, count as on its bound."""
    key = StepKey(*(jnp.uint32(0) for _ in range(4)))
    return velocity_asked(Oracle(game, estimator, theta, key, 0.0, rule.needs), rule, box, time, theta)


@jax.jit
def velocity_asked(oracle: Oracle, rule: Rule, box: Box, time: Any, theta: jax.Array) -> jax.Array:
    """The same of a rule on whose behalf another asks.

    Compiled as one function so that whoever asks for it many times traces it once.
    """
    inside = jnp.clip(theta, box.low, box.high)
    # the step size of a flow is zero: rules that look ahead by one outer step look ahead by nothing
    oracle = oracle.on_behalf(rule.needs, theta=inside, step_size=jnp.zeros((), theta.dtype))
    direction, _ = moved(rule, oracle, rule.init(inside), time)
    outwards = ((theta >= box.high) & (direction > 0)) | ((theta <= box.low) & (direction < 0))
    return jnp.where(outwards, 0.0, direction)


def check_flow(
    game: ParametricGame, rule: Any, estimator: Any = None, projection: Any = None, optimiser: Any = None
) -> Rule:
    """The rule made ready for the players of a game, or an error that says why it has no flow here.

    Raises:
        InputError: for anything that is not a rule, a rule with memory, a sampled estimator, an optimiser, or a set
            other than a box.
    """
    ready = check_rule(rule).for_game(game)
    if not ready.has_flow:
        raise InputError(f"rule {rule.name} moves as far whatever the step size, so it has no flow; use basin_map")
    if estimator is not None and not getattr(estimator, "exact", False):
        raise InputError(f"a flow has no noise, so it needs exact terms; got {estimator!r}: leave the estimator out")
    if optimiser is not None:
        raise InputError("a flow has no steps for an optimiser to stand before; leave it out, or use simulate")
    if projection is not None and not is_box(projection):
        raise InputError(f"a flow is kept in a box such as box(8.0), or unbounded(); got {projection!r}")
    if has_memory(ready, game.dimension):
        raise InputError(f"rule {rule.name} remembers earlier steps, and a flow has no steps; use simulate instead")
    return ready


@dataclass(frozen=True)
class FlowSteps(StatelessRule):
    """Steps of order five along the flow of a rule, whose length is the outer step size. Made by `flow_steps`."""

    rule: Rule
    box: Box = field(default_factory=lambda: Box(-jnp.inf, jnp.inf))
    name: str = "flow"
    uses_step_size: ClassVar[bool] = False  # but for accuracy

    @property
    def needs(self) -> frozenset[str]:
        """What the rule does, and utilities, which sampled estimators, that have no flow, do not give."""
        return self.rule.needs | {"base", UTILITIES}

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return self.rule.sources

    def direction(self, oracle: Oracle, step: Any) -> jax.Array:
        """The mean velocity over the time from `step · h` to `(step + 1) · h`."""
        size = jnp.asarray(oracle.step_size, oracle.theta.dtype)
        slopes: list[jax.Array] = []
        method = tsitouras()
        for weights, share in zip(method.stages, method.shares, strict=True):
            time = (jnp.asarray(step, size.dtype) + share) * size
            point = oracle.theta + size * _sum(weights, slopes, oracle.theta)
            slopes.append(velocity_asked(oracle, self.rule, self.box, time, point))
        return _sum(method.weights, slopes, oracle.theta)

    def contributions(self, oracle: Oracle, state: Any, step: Any) -> dict[str, jax.Array]:
        """The mean velocity, under the name "velocity"."""
        return {"velocity": self.direction(oracle, step)}

    @override
    def for_game(self, game: ParametricGame) -> "FlowSteps":
        return FlowSteps(self.rule.for_game(game), self.box, self.name)


def _sum(weights: Sequence[float], slopes: Sequence[jax.Array], like: jax.Array) -> jax.Array:
    return sum((w * slope for w, slope in zip(weights, slopes, strict=True)), start=jnp.zeros_like(like))


jax.tree_util.register_dataclass(FlowSteps, data_fields=["rule", "box"], meta_fields=[], drop_fields=["name"])


@public()
def flow_steps(game: ParametricGame, rule: Rule, *, projection: Box) -> FlowSteps:
    """The rule whose updates of constant step size h follow the flow of another rule, with an error of order h⁵.

    Where a parameter meets a bound of the box within a step the error of that step is of order h².

    Args:
        game: the game that it will be run on.
        rule: a rule without memory.
        projection: the box of the flow; give the same one to the run.

    Raises:
        InputError: see `check_flow`.

    Example:
        >>> from nashscape import games, pg, simulate, box
        >>> from nashscape.semantics import parametric
        >>> learners = parametric(games.stag_hunt())
        >>> rule = flow_steps(learners, pg(), projection=box(8.0))
        >>> simulate(learners, rule, [0.7, 0.7], steps=100, step_size=0.5, targets=["CC", "DD"]).outcome
        'CC'

    Source: Tsitouras (2011), Runge–Kutta pairs of order 5(4).
    """
    check_flow(game, rule, exact(), projection)
    return FlowSteps(rule, projection, f"{rule.name} flow")
