"""Differentiable games from functions, and points as people write them: checked before anything is compiled."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.differentiable_game import DifferentiableGame, NamedPoint, Points
from nashscape.games.points_in_sets import misses
from nashscape.games.protocol import Game
from nashscape.games.sets_of_points import check_set

Floats = npt.NDArray[np.float64]
SLACK = 1e-9  # what a best response may seem to lose by rounding, as a share of the payoffs


@public()
def differentiable(
    payoffs: Callable[[Points, Any], jax.Array],
    sizes: Sequence[int],
    *,
    coefficients: Any = (),
    bounds: tuple[Any, Any] | None = None,
    constraints: Any = None,
    best_responses: Callable[[Points, Any], Sequence[jax.Array]] | None = None,
    regrets: Callable[[Points, Any], jax.Array] | None = None,
    payoff_range: float = 1.0,
    players: Sequence[str] | None = None,
    probe: Sequence[Any] | None = None,
    named_points: Sequence[tuple[str, Sequence[Sequence[float]], float]] = (),
    name: str = "differentiable_game",
) -> DifferentiableGame:
    """A game with continuous actions from a function `payoffs(points, coefficients) -> [n]` that JAX can trace.

    Args:
        payoffs: gets one point per player, arrays `[d_i]`, and the coefficients as arrays. Define it once: every new
            function, a lambda in a loop say, is compiled again, while other coefficients are not.
        sizes: coordinates `(d_1, …, d_n)` of at least two players.
        coefficients: numbers for the functions, in any pytree. Single numbers become floating point arrays.
        bounds: `(low, high)` of the actions: each a number for all, or an entry per player that is a number or d_i
            numbers; infinite where there is no bound.
        constraints: in place of bounds, the set that each player's point lies in, such as `games.simplex_set(3)`: one
            for every player, or one for all.
        best_responses: gets the same and gives a best point per player, from which regrets follow.
        regrets: gets the same and gives what each player could gain at most, `[n]`; NaN where it is not known. Without
            either all regrets are NaN, and a resting point counts as stationary, not as an equilibrium.
        payoff_range: the unit of tolerances, in payoff units.
        players: names, "player 1", … by default.
        probe: points at which the function is tried out; by default within the bounds.
        named_points: (name, a point per player, radius) of points that are targets where nobody names any.
        name: of the game.

    Raises:
        InputError: for a function that cannot be traced, gives no payoff per player, or whose payoffs or gradients
            are not finite at the probe; for best responses that lose; for sizes or bounds that do not fit.

    Example:
        >>> def effort(points, gain):
        ...     x, y = points
        ...     return jnp.stack([gain * x[0] * y[0] - x[0] ** 2, gain * x[0] * y[0] - y[0] ** 2])
        >>> differentiable(effort, (1, 1), coefficients=1.5, bounds=(0, 1), name="effort")
        <DifferentiableGame effort: 2 players, points of 1×1 coordinates, within bounds>
    """
    lengths = check_sizes(sizes)
    people = tuple(f"player {i + 1}" for i in range(len(lengths))) if players is None else tuple(players)
    if len(people) != len(lengths) or len(set(people)) != len(lengths):
        raise InputError(f"the game needs {len(lengths)} different player names; got {people}")
    if best_responses is not None and regrets is not None:
        raise InputError("give best_responses or regrets, not both: regrets follow from best responses")
    for function, what in ((payoffs, "payoffs"), (best_responses, "best_responses"), (regrets, "regrets")):
        _check_function(function, what)
    sets = check_constraints(constraints, lengths, bounds)
    ends = check_bounds(bounds, lengths) if sets is None else bounds_of(sets)
    game = DifferentiableGame(
        payoffs=payoffs,
        coefficients=_as_numbers(coefficients),
        sizes=lengths,
        bounds=ends,
        best_responses=best_responses,
        known_regrets=regrets,
        payoff_range=finite_number(payoff_range, "payoff_range", low=0.0, low_open=True),
        name=name,
        players=people,
        constraints=sets,
        named_points=tuple(_named(*one, lengths) for one in named_points),
    )
    _check_payoffs(game, game.probe() if probe is None else point_profile(game, probe))
    return game


def _named(name: str, point: Sequence[Sequence[float]], radius: float, sizes: Sequence[int]) -> NamedPoint:
    if [len(own) for own in point] != list(sizes):
        raise InputError(f"the point named {name!r} needs {sizes} coordinates; got {point!r}")
    near = finite_number(radius, f"the radius of {name!r}", low=0.0, low_open=True)
    return NamedPoint(name, tuple(tuple(map(float, own)) for own in point), near)


@public()
def point_profile(game: Game, points: Sequence[Any]) -> tuple[Floats, ...]:
    """One point per player as float64 arrays of shape [d_i]; a number will do where d_i is one.

    >>> from nashscape import games
    >>> games.point_profile(games.tandem(), [0.5, [0.25]])
    (array([0.5]), array([0.25]))

    Raises `InputError` for a wrong number of points or coordinates, and for points that are not finite or beyond
    the bounds of the game.
    """
    entries = list(points) if hasattr(points, "__iter__") and not isinstance(points, str) else []
    if len(entries) != len(game.players):
        raise InputError(f"{game.name} needs {len(game.players)} points, one per player; got {points!r}")
    found = []
    for entry, player, shape in zip(entries, game.players, game.strategy_shapes, strict=True):
        alone = np.ndim(entry) == 0 and shape == (1,)
        found.append(finite_array([entry] if alone else entry, f"the point of {player}", shape=shape))
    bounds = getattr(game, "bounds", None)
    if bounds is not None:
        flat = np.concatenate(found)
        if (flat < np.asarray(bounds[0])).any() or (flat > np.asarray(bounds[1])).any():
            raise InputError(f"points must lie within the bounds of {game.name}; got {points!r}")
    for own, player, region in zip(found, game.players, getattr(game, "constraints", None) or (), strict=False):
        if own not in region:
            missed = misses(region, own[None])[0]
            raise InputError(f"the point of {player} must lie in its set; {own.tolist()} misses it by {missed:.4g}")
    return tuple(found)


def check_sizes(sizes: Any) -> tuple[int, ...]:
    """The numbers of coordinates of at least two players."""
    if not isinstance(sizes, Sequence) or isinstance(sizes, str) or len(sizes) < 2:
        raise InputError(f"expected the coordinates of at least two players, such as (1, 2); got {sizes!r}")
    return tuple(positive_integer(size, "number of coordinates") for size in sizes)


def check_bounds(bounds: Any, sizes: Sequence[int]) -> tuple[Floats, Floats] | None:
    """Least and largest value of every coordinate, `[Σ d_i]` each, or None where there are none."""
    if bounds is None:
        return None
    if not isinstance(bounds, Sequence) or len(bounds) != 2:
        raise InputError(f"bounds are a pair (low, high), such as (0, float('inf')); got {bounds!r}")
    low, high = (_coordinates(end, sizes, what) for end, what in zip(bounds, ("low", "high"), strict=True))
    if not (low < high).all():
        raise InputError(f"every low bound must be below the high one; got {low.tolist()} and {high.tolist()}")
    return low, high


def check_constraints(constraints: Any, sizes: Sequence[int], bounds: Any = None) -> tuple[Any, ...] | None:
    """A set for every player, or None where there are none."""
    if constraints is None:
        return None
    if bounds is not None:
        raise InputError("give bounds or constraints, not both: a set has bounds of its own")
    given = tuple(constraints) if isinstance(constraints, list | tuple) else (constraints,) * len(sizes)
    if len(given) != len(sizes):
        raise InputError(f"constraints are a set for each of {len(sizes)} players, or one for all; got {len(given)}")
    for player, (one, size) in enumerate(zip(given, sizes, strict=True), start=1):
        check_set(one)
        if one.size != size:
            raise InputError(f"player {player} chooses {size} coordinates; its set is of points of {one.size}")
    return given


def bounds_of(sets: Sequence[Any]) -> tuple[Floats, Floats]:
    """The bounds of all coordinates, `[Σ d_i]` each."""
    low, high = zip(*(own.bounds for own in sets), strict=True)
    return np.concatenate(low), np.concatenate(high)


def _coordinates(value: Any, sizes: Sequence[int], what: str) -> Floats:
    """A number for all, an entry per player, or a flat array, as one number per coordinate."""
    total = sum(sizes)
    try:
        if isinstance(value, np.ndarray) and value.shape == (total,):
            flat = value.astype(np.float64)
        else:
            each = value if isinstance(value, list | tuple | np.ndarray) else [value] * len(sizes)
            parts = zip(each, sizes, strict=True)
            flat = np.concatenate([np.broadcast_to(np.asarray(own, np.float64), (size,)) for own, size in parts])
    except (TypeError, ValueError):
        flat = np.full(total, np.nan)
    if np.isnan(flat).any():
        raise InputError(f"the {what} bound must be a number, or a number or {list(sizes)} numbers per player")
    return flat


def _as_numbers(coefficients: Any) -> Any:
    def number(leaf: Any) -> Any:
        try:
            array = np.asarray(leaf)
        except (TypeError, ValueError):
            array = np.asarray("?")
        if array.dtype.kind not in "biuf":
            raise InputError(f"coefficients must be numbers in lists, tuples and dicts; got {leaf!r}")
        # a Python 3 is the number 3.0; an array of whole numbers may be meant as indices
        return array.astype(np.float64) if array.ndim == 0 or array.dtype.kind == "f" else array

    return jax.tree.map(number, coefficients)


def _check_function(function: Any, what: str) -> None:
    if function is None and what != "payoffs":
        return
    if not callable(function):
        raise InputError(f"{what} must be a function of (points, coefficients); got {function!r}")
    try:
        hash(function)
    except TypeError as error:
        raise InputError(f"{what} must be hashable, as functions are; got a {type(function).__name__}") from error
    try:
        inspect.signature(function).bind((), ())
    except TypeError as error:
        raise InputError(
            f"{what} is called as {what}(points, coefficients), with () where there are no coefficients: {error}"
        ) from error
    except ValueError:  # of a function in C that says nothing
        return


def _check_payoffs(game: DifferentiableGame, points: Sequence[Floats]) -> None:
    """Trace the functions, and try out payoffs, gradients and best responses at one point."""
    shapes = [jax.ShapeDtypeStruct((size,), jnp.float32) for size in game.sizes]
    made = _traced(game, game.expected_payoffs, shapes, "payoffs")
    n = game.n_players
    if made.shape != (n,) or not jnp.issubdtype(made.dtype, jnp.floating):
        raise InputError(
            f"the payoffs of {game.name} must be {n} real numbers, one per player, as in jnp.stack([u_1, …, u_{n}]); "
            f"got shape {made.shape} of {made.dtype}"
        )
    regrets = _traced(game, game.regrets, shapes, "best responses or regrets")
    if regrets.shape != (n,):
        raise InputError(f"the regrets of {game.name} must have shape ({n},); got {regrets.shape}")
    with jax.enable_x64(True):
        values, slopes, losses = (jax.tree.map(np.asarray, part) for part in _tried_out(game, tuple(points)))
    where = [point.tolist() for point in points]
    if not all(np.isfinite(part).all() for part in (values, *slopes)):
        raise InputError(
            f"the payoffs of {game.name} or their gradients are not finite at {where}: {values.tolist()}; "
            "give bounds or a probe where they are"
        )
    if (losses < -SLACK * (1.0 + np.abs(values))).any():
        raise InputError(f"regrets cannot be negative; at {where} those of {game.name} are {losses.tolist()}")


@jax.jit
def _tried_out(game: DifferentiableGame, points: Points) -> tuple[jax.Array, Any, jax.Array]:
    """Payoffs, their gradients and regrets, compiled once for games of the same functions and sizes."""
    return game.expected_payoffs(points), jax.jacrev(game.expected_payoffs)(points), game.regrets(points)


def _traced(game: DifferentiableGame, function: Callable[..., Any], shapes: Sequence[Any], what: str) -> Any:
    try:
        return jax.eval_shape(function, shapes)
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        raise InputError(
            f"the {what} of {game.name} cannot be traced by JAX for points of shapes {game.strategy_shapes} "
            f"({type(error).__name__}: {reason}); use jax.numpy, and jnp.where in place of if"
        ) from error
