"""One look at a place of a hurried path: the field there, what it moves, and what the path has seen so far."""

import math
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.dynamics.endings.mean_fields import Moment, direction, nudged, projected
from nashscape.dynamics.setup import Setup
from nashscape.learning import Box
from nashscape.learning.projection import is_box

RISING = 1e-12
"""Log-odds rise when they do so faster than this, per unit of the clock and of the range of payoffs."""

RARE = math.log(0.01)
"""Actions whose log-odds against the most frequent one are below this, and fall, matter little: a step may move them
by `STRIDE` times as much as others."""

STRIDE = 2.0

GONE = -16.0
"""Below this they do not matter at all."""

PURE = 0.82
"""Probability from which on an action counts as the one that is played."""

UNIT = 0.2
"""Where parameters are coordinates, the distance in them that counts as one log-odds."""

APART = 1e-5
"""Of central differences of the field, in parameters."""

MOST = 50
"""Parameters beyond which no Jacobian is made."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Path:
    """What a hurried path from the end of one run has seen up to its present place.

    Attributes:
        theta: the present place, `[d]`.
        before: the place before, `[d]`.
        lower: least strategies of the target in which the run stands, `[Σ a_i]`; minus infinity where it is in none.
        upper: largest ones.
        ending: strategies at the end of the run, `[Σ a_i]`, where the path begins.
        stays: whether every place was in the target.
        pure: whether at every place all play the actions that they played most at first, with at least .82.
        drift: the largest distance of a strategy from `ending`.
        rose: whether any log-odds rose at the first place, in the rows of the target and in all, `[2]`.
        rises: the same at the present place.
        mixed: whether in a row of the target an action that is not rare could still move.
        last: the largest rise of a log-odds in the last step, and the largest movement of one that matters, `[2]`.
    """

    theta: Any
    before: Any
    lower: Any
    upper: Any
    ending: Any
    stays: Any
    pure: Any
    drift: Any
    rose: Any
    rises: Any
    mixed: Any
    last: Any


def example_path(dimension: int, entries: int) -> Path:
    """Shapes of one path's numbers."""

    def real(*shape: int) -> Any:
        return jax.ShapeDtypeStruct(shape, np.float64)

    def flag(*shape: int) -> Any:
        return jax.ShapeDtypeStruct(shape, bool)

    return Path(
        theta=real(dimension), before=real(dimension), lower=real(entries), upper=real(entries), ending=real(entries),
        stays=flag(), pure=flag(), drift=real(), rose=flag(2), rises=flag(2), mixed=flag(), last=real(2),
    )  # fmt: skip


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Found:
    """What one place shows beside the path.

    Attributes:
        pull: the mean field, `[d]`.
        pace: how fast the fastest log-odds that matters moves, per unit of the clock; zero where nothing does.
        jacobian: of the field, `[d, d]`, zero for parameters that a bound holds; `[0, 0]` for many parameters.
        played: the strategies, `[Σ a_i]`.
    """

    pull: Any
    pace: Any
    jacobian: Any
    played: Any


def look(setup: Setup, moment: Moment, first: Any, path: Path) -> tuple[Path, Found]:
    """Take in the present place; `first` where the path begins here."""
    theta, game = path.theta, setup.game
    played = jnp.concatenate([own.ravel() for own in game.strategies(theta)])
    pull, jacobian = _field(setup, moment, theta)
    ending = jnp.where(first, played, path.ending)
    seen = (_odds if game.semantics.domain == "logits" else _coordinates)(setup, moment, path, pull, played)
    after = replace(
        path,
        ending=ending,
        stays=(first | path.stays) & jnp.all((played >= path.lower) & (played <= path.upper)),
        pure=(first | path.pure) & _pure(setup, played, ending),
        drift=jnp.maximum(path.drift, jnp.max(jnp.abs(played - ending))),
        rose=jnp.where(first, seen["rises"], path.rose),
        rises=seen["rises"],
        mixed=seen["mixed"],
        last=jnp.where(first, 0.0, seen["last"]),
    )
    return after, Found(pull, seen["pace"], jacobian, played)


def _field(setup: Setup, moment: Moment, theta: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The field at a place, and its Jacobian on the parameters that nothing holds."""
    box, d = setup.projection, theta.shape[0]
    if d > MOST:
        return projected(box, theta, direction(setup, moment, theta)), jnp.zeros((0, 0), theta.dtype)
    # central differences: one program whatever the rule, where derivatives of third order take long to compile
    shifts = jnp.asarray(np.concatenate([np.zeros((1, d)), APART * np.eye(d), -APART * np.eye(d)]), theta.dtype)
    pushed = jax.vmap(lambda shift: direction(setup, moment, theta + shift))(shifts)
    pull = projected(box, theta, pushed[0])
    slopes = (pushed[1 : d + 1] - pushed[d + 1 :]).T / (2.0 * APART)
    if is_box(box):
        free = jnp.where(_on_bound(box, theta) & (pull == 0.0), 0.0, 1.0)
        return pull, slopes * free[:, None] * free[None, :]
    ways = jax.jacfwd(box.project)(nudged(theta, pushed[0]))
    return pull, ways @ slopes @ ways


def _on_bound(box: Box, theta: jax.Array) -> jax.Array:
    return (theta >= box.high) | (theta <= box.low)


def _odds(setup: Setup, moment: Moment, path: Path, pull: jax.Array, played: jax.Array) -> dict[str, jax.Array]:
    """Movements in log-odds against the most frequent action of each row, under semantics of logits."""
    semantics = setup.game.semantics
    free = jnp.ones_like(pull)
    if is_box(setup.projection):
        free = jnp.where(_on_bound(setup.projection, path.theta) & (pull == 0.0), 0.0, 1.0)
    # all free parameters in different measure, so that what they do to a log-odds does not cancel
    tilted = free * jnp.asarray(1.0 + 0.1 * np.sqrt(np.arange(free.shape[0])), free.dtype)
    weights, speeds = jax.jvp(semantics.log_weights, (path.theta,), (pull,))
    _, reach = jax.jvp(semantics.log_weights, (path.theta,), (tilted,))
    rows = [_row(moment, *own) for own in zip(weights, semantics.log_weights(path.before), speeds, reach, strict=True)]
    bound = _bound_rows(setup, path.lower)
    here = [jnp.any(row["up"] & wanted) for row, wanted in zip(rows, bound, strict=False)]
    mixed = [jnp.any(row["loose"] & wanted) for row, wanted in zip(rows, bound, strict=False)]
    return {
        "pace": _most([row["pace"] for row in rows]),
        "rises": jnp.stack([jnp.stack(here).any(), jnp.stack([jnp.any(row["up"]) for row in rows]).any()]),
        "mixed": jnp.stack(mixed).any(),
        "last": jnp.stack([_most([row["rise"] for row in rows]), _most([row["move"] for row in rows])]),
    }


def _row(moment: Moment, log: jax.Array, before: jax.Array, speed: jax.Array, reach: jax.Array) -> dict[str, jax.Array]:
    """What the log-weights `[…, a]` of one player do."""
    there = log > -jnp.inf
    odds, velocity = _against(log, log), _against(log, speed)
    up = velocity > RISING * moment.scale
    counts = up | (odds >= RARE)
    change = _against(before, jnp.where(there, log - jnp.where(there, before, 0.0), 0.0))
    return {
        "up": up,
        "pace": jnp.max(jnp.abs(velocity) * jnp.where(counts, 1.0, jnp.where(odds >= GONE, 1.0 / STRIDE, 0.0))),
        "loose": (odds >= RARE) & (odds < 0.0) & (_against(log, reach) != 0.0),
        "rise": jnp.max(change),
        "move": jnp.max(jnp.where(counts, jnp.abs(change), 0.0)),
    }


def _against(log: jax.Array, value: jax.Array) -> jax.Array:
    """Values against that of the most frequent action of the row; zero for actions that are never taken."""
    top = log >= jnp.max(log, axis=-1, keepdims=True)
    most = jnp.max(jnp.where(top, value, -jnp.inf), axis=-1, keepdims=True)
    return jnp.where(log > -jnp.inf, value - most, 0.0)


def _most(values: list[jax.Array]) -> jax.Array:
    return jnp.max(jnp.stack(values))


def _coordinates(setup: Setup, moment: Moment, path: Path, pull: jax.Array, played: jax.Array) -> dict[str, jax.Array]:
    """Movements in units of coordinates, where parameters are points or probabilities."""
    speed = jnp.max(jnp.abs(pull)) / UNIT
    rises = speed > RISING * moment.scale
    move = jnp.max(jnp.abs(path.theta - path.before)) / UNIT
    mixed = jnp.ones((), bool)
    if setup.game.semantics.domain == "simplex":
        least = math.exp(RARE)
        rows = zip(_by_player(setup, played), _bound_rows(setup, path.lower), strict=True)
        loose = [(own >= least) & (own < jnp.max(own, axis=-1, keepdims=True)) & bound for own, bound in rows]
        mixed = jnp.stack([jnp.any(own) for own in loose]).any()
    return {
        "pace": jnp.where(rises, speed, 0.0),
        "rises": jnp.stack([rises, rises]),
        "mixed": mixed,
        "last": jnp.stack([move, move]),
    }


def _pure(setup: Setup, played: jax.Array, ending: jax.Array) -> jax.Array:
    """Whether all play what they played most at the end of the run, with at least .82."""
    if setup.game.semantics.domain == "points":
        return jnp.zeros((), bool)
    kept = [
        jnp.min(jnp.max(jnp.where(start >= jnp.max(start, axis=-1, keepdims=True), own, 0.0), axis=-1)) >= PURE
        for own, start in zip(_by_player(setup, played), _by_player(setup, ending), strict=True)
    ]
    return jnp.stack(kept).all()


def _by_player(setup: Setup, flat: jax.Array) -> list[jax.Array]:
    """Numbers `[Σ a_i]`, one for each entry of the strategies, as one array per player."""
    shapes = setup.game.game.strategy_shapes
    ends = np.cumsum([math.prod(shape) for shape in shapes]).tolist()
    return [flat[end - math.prod(shape) : end].reshape(shape) for end, shape in zip(ends, shapes, strict=True)]


def _bound_rows(setup: Setup, lower: jax.Array) -> list[jax.Array]:
    """For every player the rows that the target of the run binds, `[…, 1]`."""
    return [jnp.any(own > 0.0, axis=-1, keepdims=True) for own in _by_player(setup, lower)]
