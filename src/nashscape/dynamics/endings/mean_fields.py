"""The mean field of a rule: where its updates push on average, beside what holds parameters back."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.dynamics.pushes import Memory, first_memory, pushed
from nashscape.dynamics.setup import Setup
from nashscape.learning import Oracle, StepKey, exact
from nashscape.learning.projection import is_box

TURNS = 64
"""Updates at one place after which a rule that remembers has forgotten how it got there."""

NUDGE = 1e-6
"""Of the size of parameters: how far a projection other than that onto a box is asked to move."""

LEAST = 1e-300


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Moment:
    """When the field is looked at.

    Attributes:
        step: number of updates made, at which schedules of coefficients are taken.
        size: the outer step size there.
        scale: the range of payoffs, in which what counts as zero is measured.
    """

    step: Any
    size: Any
    scale: Any


def free_of_noise(setup: Setup) -> Setup:
    """The setup whose updates are the expected ones, without reducers."""
    estimator = setup.estimator if setup.estimator.exact else exact().for_game(setup.game)
    return dataclasses.replace(setup, estimator=estimator, reducers=())


def direction(setup: Setup, moment: Moment, theta: jax.Array) -> jax.Array:
    """What the rule, or an optimiser after it, adds to parameters, `[d]`, once nothing but this place is remembered."""
    memory = remembered(setup, moment, theta)
    return pushed(setup.rule, setup.optimiser, oracle_at(setup, moment, theta), memory, moment.step)[1]


def remembered(setup: Setup, moment: Moment, theta: jax.Array) -> Memory:
    """What the rule and an optimiser remember after a long time at one place."""
    memory = first_memory(setup.rule, setup.optimiser, theta)
    if not jax.tree.leaves(memory):
        return memory
    oracle = oracle_at(setup, moment, theta)

    def turn(_: Any, kept: Memory) -> Memory:
        return pushed(setup.rule, setup.optimiser, oracle, kept, moment.step)[2]

    turns = TURNS if setup.optimiser is None else max(TURNS, setup.optimiser.turns)
    kept: Memory = lax.fori_loop(0, turns, turn, memory)
    return kept


def oracle_at(setup: Setup, moment: Moment, theta: jax.Array) -> Oracle:
    """What the rule is asked with."""
    key = StepKey(*(jnp.uint32(0) for _ in range(4)))
    return Oracle(setup.game, setup.estimator, theta, key, jnp.asarray(moment.size, theta.dtype), setup.rule.needs)


def held(box: Any, theta: jax.Array, pushed: jax.Array) -> jax.Array:
    """Which parameters lie on a bound of a box and are pushed outwards, `[d]`."""
    return ((theta >= box.high) & (pushed > 0)) | ((theta <= box.low) & (pushed < 0))


def projected(projection: Any, theta: jax.Array, pushed: jax.Array) -> jax.Array:
    """The direction that is left of a push by what keeps parameters where they may be."""
    if is_box(projection):
        return jnp.where(held(projection, theta, pushed), 0.0, pushed)
    # the derivative of the projection along the push, which exists on both sides of every edge
    return (projection.project(nudged(theta, pushed)) - theta) / _nudge(theta, pushed)


def nudged(theta: jax.Array, pushed: jax.Array) -> jax.Array:
    """A place so little along a push that a projection meets no edge but those that the parameters lie on."""
    return theta + _nudge(theta, pushed) * pushed


def _nudge(theta: jax.Array, pushed: jax.Array) -> jax.Array:
    return NUDGE * (1.0 + jnp.max(jnp.abs(theta))) / jnp.maximum(jnp.max(jnp.abs(pushed)), LEAST)


def moved(projection: Any, theta: jax.Array, change: jax.Array) -> jax.Array:
    """The parameters after a change, kept where they may be."""
    if is_box(projection):
        return jnp.clip(theta + change, projection.low, projection.high)
    return projection.project(theta + change)
