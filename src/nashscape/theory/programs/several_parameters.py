"""Where program equilibria can be, for players with several parameters: which points are looked at, and how."""

import itertools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag, null_space

from nashscape.games import names_actions
from nashscape.games.naming import profile_name
from nashscape.learning import pg
from nashscape.learning.fields import Field, field_at
from nashscape.learning.gauges import gauges
from nashscape.semantics import ParametricGame
from nashscape.theory.programs.boundary import signs_of
from nashscape.theory.resting.stationary import MOST_FACES, Resting, Stationary, faces, resting

Floats = npt.NDArray[np.float64]

MOST_CORNERS = 2**10
"""So many are looked at each."""

MOST_NAMED = 64
"""Pure joint actions that are told about also where they are no equilibria."""

ASCENTS, STEPS = 256, 2000
"""Runs of selfish ascent on the box that say on which of too many faces to look, and their steps."""

SAME = 1e-6
"""Points whose strategies are closer than this are one: softmaxes have many parameters for one strategy."""


def candidates(game: ParametricGame, bound: float, *, starts: int, seed: int) -> tuple[list[Stationary], str]:
    """Points at which no player gains by a small step, as far as they are found, and which were looked for, in words.

    A corner at which some step gains is no equilibrium, so that of corners nothing is lost. On faces and inside,
    Newton's method finds points from several starts. Of points with the same strategies the first is kept.

    Args:
        game: a game with a semantics.
        bound: M of the box.
        starts: of Newton's method on every face.
        seed: of the starts.
    """
    field, ends = Field(game, pg()), np.full(game.dimension, bound)
    still = block_diag(*gauges(game))
    on, words = _faces(field, bound, seed)
    rests = resting(field, -ends, ends, on, starts=starts, seed=seed, still=still)
    rests.sort(key=lambda one: -sum(map(abs, one.fixed)))
    return [_described(one, still) for one in _different(field, rests)], words


def _faces(field: Field, bound: float, seed: int) -> tuple[list[tuple[int, ...]], str]:
    """Faces to look at, and which these are, in words."""
    d = field.game.dimension
    if 3**d <= MOST_FACES:
        return faces(d), f"all {2**d} corners, and points that Newton's method finds inside and on all other faces"
    corners = list(itertools.product((-1, 1), repeat=d)) if 2**d <= MOST_CORNERS else []
    some = sorted(_reached(field, bound, seed) - set(corners))
    words = f"all {len(corners):,} corners" if corners else f"not all of {2**d:,} corners"
    return [*corners, (0,) * d, *(face for face in some if any(face))], (
        f"{words}, and points that Newton's method finds inside and on the {len(some)} faces, of {3**d:,}, at which "
        f"{ASCENTS} runs of selfish ascent ended"
    )


def _reached(field: Field, bound: float, seed: int) -> set[tuple[int, ...]]:
    """The faces at which selfish ascent from random starts ends."""
    starts = np.random.default_rng([seed, 1]).uniform(-bound, bound, (ASCENTS, field.game.dimension))
    unit = field.game.game.payoff_range
    with jax.enable_x64(True):
        ended = np.asarray(_climbed(field.game, jnp.asarray(starts), bound, 0.5 / unit))
    return {tuple(int(side) for side in own) for own in np.sign(ended) * (np.abs(ended) >= bound)}


@jax.jit
def _climbed(game: ParametricGame, starts: jax.Array, bound: Any, size: Any) -> jax.Array:
    def one(theta: jax.Array) -> jax.Array:
        def step(_: Any, at: jax.Array) -> jax.Array:
            return jnp.clip(at + size * field_at(game, pg(), at), -bound, bound)

        return jax.lax.fori_loop(0, STEPS, step, theta)

    return jax.vmap(one)(starts)


def _different(field: Field, rests: list[Resting]) -> list[Resting]:
    kept: list[tuple[Resting, Floats]] = []
    for one in rests:
        played = np.concatenate([own.ravel() for own in field.strategies(one.theta)])
        if all(np.abs(played - other).max() > SAME for _, other in kept):
            kept.append((one, played))
    return [one for one, _ in kept]


def _described(one: Resting, still: Floats) -> Stationary:
    """What selfish ascent does near by, in the directions in which strategies change."""
    free = np.array(one.fixed) == 0
    inside = still[free][:, ~np.any(np.abs(still[~free]) > 0, axis=0)]
    basis = np.eye(int(free.sum())) if not inside.size else null_space(inside.T)
    rates = np.linalg.eigvals(basis.T @ one.jacobian[np.ix_(free, free)] @ basis).real
    return Stationary(one.theta, one.fixed, float(rates.max(initial=-np.inf)), one.outwards)


def pure_corners(game: ParametricGame) -> dict[tuple[int, ...], str]:
    """Names of the corners that stand for pure joint actions, by their signs; none where there are too many of them.

    As in `boundary_test`: the parameter of a first action of two is at the upper end, of a softmax that of the action;
    over states an action is the same in all of them.
    """
    played: Any = game.game
    if not names_actions(played) or math.prod(map(len, played.actions)) > MOST_NAMED:
        return {}
    found = {}
    for profile in itertools.product(*(range(len(names)) for names in played.actions)):
        signs = signs_of(game, profile)
        if signs is not None:
            found[tuple(int(side) for side in signs)] = profile_name(played, profile)
    return found
