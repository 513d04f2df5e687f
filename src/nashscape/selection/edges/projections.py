"""Projections of what terms of a rule add onto the direction in which a pure profile becomes likelier."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import finite_array, positive_integer
from nashscape.core.calls import public
from nashscape.dynamics import Setup, make_setup
from nashscape.dynamics.directions import likelier
from nashscape.learning import Oracle, Rule, StepKey, seed_words
from nashscape.learning.rules import has_memory, moved
from nashscape.semantics import Playable

TOTAL = "total"
"""The name of the sum of all terms."""


def notes_of(setup: Setup) -> tuple[str, ...]:
    """What has to be said of looking at the terms of a rule at places, and not along a run."""
    if not has_memory(setup.rule, setup.game.dimension):
        return ()
    return (
        f"{setup.rule.name} remembers earlier updates and is seen as at its first, before it remembers anything: what "
        "it adds later, such as a correction by momentum, is not in these terms; explain follows them along a run",
    )


@functools.partial(jax.jit, static_argnames=("places",))
def projected(setup: Setup, theta: jax.Array, step: Any, places: Any) -> Any:
    """Projections by term `[N]`, by term and player `[N, n]`, and `|d|` `[N]`."""

    def one(theta: jax.Array, number: jax.Array) -> Any:
        oracle = _oracle(setup, theta, number, step)
        parts = _summed(setup.rule.contributions(oracle, setup.rule.init(theta), jnp.asarray(step, jnp.int32)), theta)
        towards = likelier(setup.game, theta, places)
        blocks = oracle.slices
        whole = {name: _along(part, towards) for name, part in parts.items()}
        players = {name: jnp.stack([_along(part[own], towards[own]) for own in blocks]) for name, part in parts.items()}
        return whole, players, jnp.linalg.norm(towards)

    return jax.vmap(one)(theta, jnp.arange(len(theta), dtype=jnp.uint32))


@jax.jit
def contributions(setup: Setup, theta: jax.Array, step: Any) -> dict[str, jax.Array]:
    """What every term adds, and their sum, `[N, d]` each, at parameters `[N, d]`; a rule remembers nothing yet."""

    def one(theta: jax.Array, number: jax.Array) -> dict[str, jax.Array]:
        oracle = _oracle(setup, theta, number, step)
        return _summed(setup.rule.contributions(oracle, setup.rule.init(theta), jnp.asarray(step, jnp.int32)), theta)

    found: dict[str, jax.Array] = jax.vmap(one)(theta, jnp.arange(len(theta), dtype=jnp.uint32))
    return found


@public()
def terms_at(
    game: "Playable", rule: Rule, theta: npt.ArrayLike, *, step: int = 0
) -> dict[str, npt.NDArray[np.float64]]:
    """What every term of a rule adds at given parameters, before the step size, and their sum under "total".

    `term_field` gives the same on a grid of two probabilities, `alignment` along the direction to a target. Exact
    expectations, in single precision; a rule with a memory remembers nothing yet.

    Args:
        game: a game, or a game with a semantics.
        rule: the rule.
        theta: the parameters, `[N, d]`.
        step: the update that it is, for coefficients that change with time.

    Returns:
        By term, `[N, d]`, in the unit of the payoffs per unit of the parameters.

    Raises:
        InputError: for parameters that are no such array of finite numbers.

    Example:
        >>> from nashscape import games, pg
        >>> terms_at(games.stag_hunt(), pg(), [[0.0, 0.0]])["base"].tolist()
        [[-0.125, -0.125]]
    """
    setup = make_setup(game, rule)
    points = finite_array(theta, "theta", shape=(None, setup.game.dimension)).astype(np.float32)
    found = contributions(setup, jnp.asarray(points), positive_integer(step, "step", at_least=0))
    return {name: np.asarray(own, np.float64) for name, own in found.items()}


@functools.partial(jax.jit, static_argnames=("places",))
def projected_along(setup: Setup, path: jax.Array, places: Any) -> dict[str, jax.Array]:
    """Projections by term at every step of one run, `[T]`, for the profiles before its updates, `[T, d]`.

    What the rule remembers is what it remembered in that run.
    """

    def turn(remembered: Any, now: tuple[jax.Array, jax.Array]) -> Any:
        theta, step = now
        oracle = _oracle(setup, theta, jnp.uint32(0), step)
        parts = _summed(setup.rule.contributions(oracle, remembered, step), theta)
        towards = likelier(setup.game, theta, places)
        after = moved(setup.rule, oracle, remembered, step)[1]
        return after, {name: _along(part, towards) for name, part in parts.items()}

    steps = jnp.arange(len(path), dtype=jnp.int32)
    found: dict[str, jax.Array] = jax.lax.scan(turn, setup.rule.init(path[0]), (path, steps))[1]
    return found


def _oracle(setup: Setup, theta: jax.Array, number: jax.Array, step: Any) -> Oracle:
    key = StepKey(*seed_words(0), number, jnp.asarray(step, jnp.uint32))
    size = jnp.asarray(setup.step_size(step), theta.dtype)
    return Oracle(setup.game, setup.estimator, theta, key, size, setup.rule.needs)


def _summed(parts: dict[str, jax.Array], theta: jax.Array) -> dict[str, jax.Array]:
    return {**parts, TOTAL: sum(parts.values(), start=jnp.zeros_like(theta))}


def _along(part: jax.Array, towards: jax.Array) -> jax.Array:
    """`⟨c, d⟩/|d|`, NaN where there is no direction."""
    length = jnp.sqrt(jnp.sum(jnp.square(towards)))
    pointing = (length > 0) & jnp.isfinite(length)
    unit = jnp.where(pointing, towards / jnp.where(pointing, length, 1.0), jnp.nan)
    return jnp.sum(part * unit)
