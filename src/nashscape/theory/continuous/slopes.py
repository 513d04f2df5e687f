"""Own gradients of all players in a game over points, their derivatives, and the sets that the points lie in."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import GameLike
from nashscape.games import game as as_game
from nashscape.games.constraint_sets import ConstraintSet, ProductSet
from nashscape.games.offers import needs
from nashscape.tracing.smoothness import Smoothness, smoothness

Floats = npt.NDArray[np.float64]


def points_game(game: "GameLike", to: str) -> Any:
    """The bare game over points that a value stands for.

    Raises:
        InputError: for games of another kind.
    """
    given = as_game(game)
    given = getattr(given, "game", given)
    needs(given, "points", to=to)
    return given


def sets_of(game: Any) -> ProductSet:
    """The set of every player's points; where a game has bounds alone, boxes."""
    given = getattr(game, "constraints", None)
    if given is not None:
        return ProductSet(tuple(given))
    total = sum(game.sizes)
    bounds = (-np.inf, np.inf) if game.bounds is None else game.bounds
    low, high = (np.broadcast_to(np.asarray(end, np.float64), total) for end in bounds)
    cuts = np.cumsum(game.sizes)[:-1]
    boxes = zip(np.split(low, cuts), np.split(high, cuts), strict=True)
    return ProductSet(tuple(ConstraintSet(np.array(own), np.array(top)) for own, top in boxes))


def split(sizes: Sequence[int], x: Any) -> tuple[Any, ...]:
    """A joint point cut into one point per player."""
    ends = np.cumsum(sizes).tolist()
    return tuple(x[end - size : end] for end, size in zip(ends, sizes, strict=True))


def payoffs(game: Any, x: jax.Array) -> jax.Array:
    """Payoffs `[n]` at a joint point `[D]`."""
    return jnp.asarray(game.expected_payoffs(split(game.sizes, x)))


def own_gradients(game: Any, x: jax.Array) -> jax.Array:
    """`F(x) = (∂u_1/∂x_1, …, ∂u_n/∂x_n)`, `[D]`: the field along which simultaneous gradient ascent moves."""
    slopes = jax.jacrev(partial(payoffs, game))(x)
    ends = np.cumsum(game.sizes).tolist()
    return jnp.concatenate(
        [slopes[i, end - size : end] for i, (end, size) in enumerate(zip(ends, game.sizes, strict=True))]
    )


def own_hessians(game: Any, x: jax.Array) -> jax.Array:
    """`∂F/∂x`, `[D, D]`: row blocks are the derivatives of each player's own gradient."""
    return jax.jacfwd(partial(own_gradients, game))(x)


@jax.jit
def _all(game: Any, x: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    return payoffs(game, x), own_gradients(game, x), own_hessians(game, x)


_many_gradients = jax.jit(jax.vmap(own_gradients, in_axes=(None, 0)))


def looked_at(game: Any, x: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Payoffs `[n]`, own gradients `[D]` and their derivatives `[D, D]` at a point, in double precision."""
    with jax.enable_x64(True):
        found = _all(game, jnp.asarray(np.asarray(x, np.float64)))
        values, slopes, bends = (np.asarray(part, np.float64) for part in found)
    return values, slopes, bends


def gradients_at(game: Any, points: npt.ArrayLike) -> Floats:
    """Own gradients at many points, `[N, D]`."""
    with jax.enable_x64(True):
        return np.asarray(_many_gradients(game, jnp.asarray(np.asarray(points, np.float64))))


def nearest(region: Any, point: npt.ArrayLike) -> Floats:
    """The nearest point of a set, in double precision."""
    with jax.enable_x64(True):
        return np.asarray(region.project(jnp.asarray(np.asarray(point, np.float64))))


def joint(game: Any, point: Sequence[Any]) -> Floats:
    """A point per player as one vector `[D]`.

    Raises:
        InputError: for points that do not fit the game.
    """
    from nashscape.games import point_profile

    return np.concatenate(point_profile(game, point))


def roughest(game: Any) -> Smoothness:
    """How smooth payoffs are in the joint point, by the roughest operation in them.

    What is told of gains rests on derivatives, so that a rule of differentiation that payoffs bring along is not
    trusted, other than those of JAX's own functions.
    """
    point = jax.ShapeDtypeStruct((sum(game.sizes),), jnp.float64)
    with jax.enable_x64(True):
        if _brings_rules(jax.make_jaxpr(payoffs)(game, point).jaxpr):
            return Smoothness.FOREIGN
        return smoothness(payoffs, game, point, argument=1)


def _brings_rules(jaxpr: Any) -> bool:
    """Whether some operation has a rule of differentiation (`jax.custom_jvp`) that is not one of JAX's own."""
    for eqn in jaxpr.eqns:
        inner = [getattr(own, "jaxpr", own) for own in jax.tree.leaves(list(eqn.params.values()))]
        programs: list[Any] = [own for own in inner if hasattr(own, "eqns")]
        if eqn.primitive.name == "custom_jvp_call":
            written_in = programs[0].debug_info.func_filename if programs else None
            if written_in is None or not Path(written_in).is_relative_to(Path(jax.__file__).parent):
                return True
        if any(map(_brings_rules, programs)):
            return True
    return False


def affine(game: Any) -> tuple[Floats, Floats] | None:
    """`(J, b)` where own gradients are `F(x) = Jx + b` for all x, so that the game is quadratic in each own point.

    Found in the traced program: payoffs are made of smooth operations alone, and no second derivative of F depends on
    x. The derivative of a kink or a jump is a number on either side, which by itself would say the same.
    """
    size = sum(game.sizes)
    with jax.enable_x64(True):
        if roughest(game) is not Smoothness.SMOOTH:
            return None
        traced = jax.make_jaxpr(partial(own_hessians, game))(jax.ShapeDtypeStruct((size,), jnp.float64)).jaxpr
        if _depends(traced, {traced.invars[0]}):
            return None
    _, slopes, bends = looked_at(game, np.zeros(size))
    if not (np.isfinite(slopes).all() and np.isfinite(bends).all()):
        raise InputError(f"own gradients of {game.name} are not finite at 0; they are {slopes.tolist()}")
    return bends, slopes


def quadratic_players(game: Any) -> frozenset[int]:
    """Those whose payoff is quadratic in the own point, whatever the others choose, as the traced program shows.

    Payoffs are made of smooth operations alone, and the second derivative in the own point does not depend on it.
    """
    points = [jax.ShapeDtypeStruct((size,), jnp.float64) for size in game.sizes]
    with jax.enable_x64(True):
        smooth = roughest(game) is Smoothness.SMOOTH
        return frozenset(i for i in range(len(points)) if smooth and _is_quadratic(game, points, i))


def _is_quadratic(game: Any, points: Sequence[Any], player: int) -> bool:
    alone = _of_player(game, points, player)

    def paid(own: jax.Array, others: Sequence[jax.Array]) -> jax.Array:
        return alone((*others[:player], own, *others[player + 1 :]))

    traced = jax.make_jaxpr(jax.jacfwd(jax.jacrev(paid)))(points[player], points).jaxpr
    return not _depends(traced, {traced.invars[0]})


def _of_player(game: Any, points: Sequence[Any], player: int) -> Callable[[Any], jax.Array]:
    """The payoff of one player: where payoffs are stacked at the end, without the programs of the others'."""

    def paid(joint: Any) -> jax.Array:
        return jnp.asarray(game.expected_payoffs(joint))

    closed = jax.make_jaxpr(paid)(tuple(points))
    inner, last = closed.jaxpr, closed.jaxpr.eqns[-1] if closed.jaxpr.eqns else None
    if last is None or last.primitive.name != "stack" or last.outvars[0] is not inner.outvars[0]:
        return lambda joint: paid(joint)[player]
    own = inner.replace(outvars=[last.invars[player]])
    return lambda joint: jnp.asarray(jax.core.eval_jaxpr(own, closed.consts, *joint)[0])


def _depends(jaxpr: Any, reached: set[Any]) -> bool:
    """Whether an output of a traced program depends on some of its inputs, as far as its text says."""
    for eqn in jaxpr.eqns:
        if any(not hasattr(atom, "val") and atom in reached for atom in eqn.invars):
            inner = eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr")
            inner = getattr(inner, "jaxpr", inner)
            if inner is not None and eqn.primitive.name in ("jit", "pjit", "closed_call", "custom_jvp_call"):
                into = {
                    own
                    for own, atom in zip(inner.invars, eqn.invars, strict=True)
                    if not hasattr(atom, "val") and atom in reached
                }
                live = _live(inner, into)
                reached.update(
                    out
                    for out, own in zip(eqn.outvars, inner.outvars, strict=True)
                    if not hasattr(own, "val") and own in live
                )
            else:
                reached.update(eqn.outvars)
    return any(not hasattr(out, "val") and out in reached for out in jaxpr.outvars)


def _live(jaxpr: Any, reached: set[Any]) -> set[Any]:
    _depends(jaxpr, reached)
    return reached
