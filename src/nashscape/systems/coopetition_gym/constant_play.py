"""The best that constant actions reach, by a grid that is made finer around the best, and what sequences add to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.environments import CoopetitionGym
from nashscape.systems.coopetition_gym.playing import CHUNK, anonymous, played

Floats = npt.NDArray[np.float64]

LEVELS = {1: 256, 2: 16, 3: 6}
"""Shares of each group of players on a grid, by the number of groups."""
FINER = 3
"""Times that a grid is laid again around the best, each a quarter as wide."""


@dataclass(frozen=True)
class ConstantPlay:
    """A constant action.

    Attributes:
        shares: of each player's endowment, `[n]`.
        total: what all get together in an episode, undiscounted.
    """

    shares: Floats
    total: float


def groups(env: CoopetitionGym) -> npt.NDArray[np.int64]:
    """The group of each player: those whose numbers are alike, `[n]`."""
    n = len(env.players)
    rows = np.column_stack([env.numbers[name] for name in ("endowment", "baseline", "share")])
    needs = np.sort(np.asarray(env.numbers["dependence"]) + np.eye(n) * -1.0, axis=1)
    made: npt.NDArray[np.int64] = np.unique(np.column_stack([rows, needs]).round(9), axis=0, return_inverse=True)[1]
    return made.ravel()


def best_constant(env: CoopetitionGym, mode: str) -> ConstantPlay:
    """The constant joint action under which all together get most, players of one group doing the same.

    Args:
        env: an environment.
        mode: of rewards.
    """
    each = groups(env)
    count = int(each.max()) + 1
    low, high = np.zeros(count), np.ones(count)
    best = ConstantPlay(np.zeros(len(each)), -np.inf)
    for _ in range(1 + FINER):
        axes = [np.linspace(a, b, LEVELS[count]) for a, b in zip(low, high, strict=True)]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, count)
        # shares at which rules change
        points = np.concatenate([points, np.repeat([[0.3], [0.5], [0.6]], count, axis=1)])[:, each]
        found = total_of(env, points, mode)
        k = int(found.argmax())
        if found[k] > best.total:
            best = ConstantPlay(points[k], float(found[k]))
        middle = np.array([best.shares[each == g][0] for g in range(count)])
        width = (high - low) / 8
        low, high = np.clip(middle - width, 0, 1), np.clip(middle + width, 0, 1)
    return best


def total_of(env: CoopetitionGym, shares: Floats, mode: str) -> Floats:
    """What all get together where everybody always invests the same share, `[B]`."""
    sequences = np.repeat(shares[:, None], env.limit, axis=1)
    made: Floats = np.concatenate([
        played(env, sequences[k : k + CHUNK]).returns(mode).sum(axis=1) for k in range(0, len(shares), CHUNK)
    ])  # fmt: skip
    return made


def best_sequence(env: CoopetitionGym, mode: str, start: Floats, steps: int, rate: float = 0.01) -> Floats:
    """The most that gradient ascent (Adam) on one sequence of actions finds, `[B]`: a bound of the optimum from below.

    Args:
        env: an environment.
        mode: of rewards, whose sum over players and rounds rises.
        start: shares to begin with, `[B, T, n]`.
        steps: of gradient ascent.
        rate: of a step, in shares.
    """
    with jax.enable_x64(True):
        return np.asarray(_ascend(anonymous(env), mode, jnp.asarray(start), steps, rate))


@partial(jax.jit, static_argnums=(1, 3), compiler_options={"xla_backend_optimization_level": 0})
def _ascend(env: CoopetitionGym, mode: str, start: jax.Array, steps: int, rate: float) -> jax.Array:
    worth = jax.vmap(jax.value_and_grad(lambda shares: _total(env, mode, shares)))

    def one(carry: Any, t: jax.Array) -> Any:
        shares, mean, square, best = carry
        value, slope = worth(shares)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        step = mean / (1 - 0.9 ** (t + 1)) / (jnp.sqrt(square / (1 - 0.99 ** (t + 1))) + 1e-9)
        falling = rate * (1 - t / steps)
        return (jnp.clip(shares + falling * step, 0, 1), mean, square, jnp.maximum(best, value)), None

    zeros = jnp.zeros_like(start)
    begin = (start, zeros, zeros, jnp.full(len(start), -jnp.inf))
    return jax.lax.scan(one, begin, jnp.arange(steps))[0][3]


def _total(env: CoopetitionGym, mode: str, shares: jax.Array) -> jax.Array:
    """What all get together in the rounds that are played."""
    key = jax.random.key(0)

    def one(carry: Any, own: jax.Array) -> Any:
        state, live = carry
        after = env.step(key, state, tuple((own * env.numbers["endowment"])[:, None]))
        return (after.state, live & ~after.terminated), after.measures[mode].sum() * live

    paid = jax.lax.scan(one, (env.reset(key)[0], jnp.asarray(True)), shares)[1]
    return paid.sum()


def starts(env: CoopetitionGym, constant: ConstantPlay, levels: Sequence[float] = (0.55, 0.9)) -> Floats:
    """Sequences to begin with: the best constant one, and all at other levels, `[B, T, n]`."""
    own = np.broadcast_to(constant.shares, (env.limit, len(env.players)))
    return np.array([own, *(np.full_like(own, level) for level in levels)])
