"""Games with continuous actions: every player chooses a point, and payoffs are a function JAX can differentiate."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game

Points = tuple[jax.Array, ...]
"""One point per player, of shapes `[d_i]`."""


class NamedPoint(NamedTuple):
    """A point that a game has a name for: runs are watched for it where nobody names targets."""

    name: str
    point: tuple[tuple[float, ...], ...]
    radius: float


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class DifferentiableGame:
    """A game in which player i chooses a point `x_i ∈ R^{d_i}` and gets `u_i(x_1, …, x_n)`. Made by `differentiable`.

    Functions are part of a compiled program, coefficients and bounds are arguments of it: games of one function with
    other coefficients share a program.

    Attributes:
        payoffs: `payoffs(points, coefficients) -> [n]`, traceable by JAX; points have the shapes `[d_i]`.
        coefficients: numbers that the functions use, as arrays in any pytree.
        sizes: the number of coordinates `d_i` of each player.
        bounds: least and largest value of every coordinate, two arrays `[Σ d_i]`, infinite where there is none; or
            None where all coordinates may be anywhere.
        constraints: a set for each player, such as `games.simplex_set(3)`, that the point lies in; None where bounds
            are all. Then bounds are those of the sets.
        best_responses: `best_responses(points, coefficients)`, one best point per player against the others' points.
        known_regrets: `known_regrets(points, coefficients) -> [n]`, what each player could gain at most.
        payoff_range: the unit of tolerances, in payoff units. Such payoffs often have no largest and least value.
        name: of the game.
        players: names.
        named_points: points that are targets where nobody names any.
    """

    payoffs: Callable[[Points, Any], jax.Array]
    coefficients: Any
    sizes: tuple[int, ...]
    bounds: tuple[Any, Any] | None
    best_responses: Callable[[Points, Any], Sequence[jax.Array]] | None
    known_regrets: Callable[[Points, Any], jax.Array] | None
    payoff_range: float
    name: str
    players: tuple[str, ...]
    constraints: tuple[Any, ...] | None = None
    named_points: tuple[NamedPoint, ...] = ()

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "points"})

    @property
    def n_players(self) -> int:
        """The number of players."""
        return len(self.sizes)

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A strategy is a point, one number per coordinate."""
        return tuple((size,) for size in self.sizes)

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff u_i(x) of every player, shape [n].

        `strategies` holds n points of shapes `[d_i]`; they are not held against the bounds.

        >>> from nashscape import games
        >>> games.tandem().expected_payoffs([[0.5], [0.25]]).tolist()   # −(x+y)² + 2x, −(x+y)² + 2y
        [0.4375, -0.0625]
        """
        points, coefficients = self._as_arrays(strategies)
        return jnp.asarray(self.payoffs(points, coefficients))

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each player could gain at most by moving to another point within the bounds, shape [n].

        NaN where that is not known: for a game made with neither best responses nor regrets.

        >>> from nashscape import games
        >>> games.tandem().regrets([[0.5], [0.25]]).tolist()   # the best answer is to move to x + y = 1
        [0.0625, 0.0625]
        """
        points, coefficients = self._as_arrays(strategies)
        if self.known_regrets is not None:
            return jnp.asarray(self.known_regrets(points, coefficients))
        now = jnp.asarray(self.payoffs(points, coefficients))
        if self.best_responses is None:
            return jnp.full_like(now, jnp.nan)
        best = tuple(jnp.asarray(point) for point in self.best_responses(points, coefficients))
        gains = [
            self.payoffs((*points[:i], best[i], *points[i + 1 :]), coefficients)[i] - now[i] for i in range(len(points))
        ]
        return jnp.stack(gains)

    def _as_arrays(self, strategies: Strategies) -> tuple[Points, Any]:
        return tuple(jnp.asarray(point) for point in strategies), jax.tree.map(jnp.asarray, self.coefficients)

    def probe(self) -> tuple[npt.NDArray[np.float64], ...]:
        """A point per player where it may be: near the middle of two bounds, one from a single bound, else ½."""
        ends = np.cumsum(self.sizes)[:-1]
        if self.bounds is None:
            return tuple(np.full(size, 0.5) for size in self.sizes)
        middle = tuple(np.split(self._middle(), ends))
        if self.constraints is None:
            return middle
        with jax.enable_x64(True):
            sets = zip(self.constraints, middle, strict=True)
            return tuple(np.asarray(own.project(jnp.asarray(point))) for own, point in sets)

    def _middle(self) -> npt.NDArray[np.float64]:
        assert self.bounds is not None
        low, high = (np.asarray(end, dtype=np.float64) for end in self.bounds)
        one_sided = np.where(np.isfinite(low), low + 1.0, np.where(np.isfinite(high), high - 1.0, 0.5))
        both = np.isfinite(low) & np.isfinite(high)
        middle = np.where(both, low, 0.0) / 2 + np.where(both, high, 0.0) / 2
        return np.where(both, middle, one_sided)

    def to_dict(self) -> dict[str, Any]:
        """What the game is made of; its functions are written as their names."""
        made = {
            "name": self.name,
            "players": list(self.players),
            "payoffs": self.payoffs,
            "coefficients": self.coefficients,
            "sizes": list(self.sizes),
            "bounds": self.bounds,
            "payoff_range": self.payoff_range,
            "best_responses": self.best_responses,
            "known_regrets": self.known_regrets,
        }
        made |= {} if self.constraints is None else {"constraints": self.constraints}
        return made | ({"named_points": [one._asdict() for one in self.named_points]} if self.named_points else {})

    def __repr__(self) -> str:
        """Name and sizes, as one line."""
        size = "×".join(map(str, self.sizes))
        limits = "within bounds" if self.constraints is None else "within sets"
        where = "anywhere" if self.bounds is None else limits
        return f"<DifferentiableGame {self.name}: {self.n_players} players, points of {size} coordinates, {where}>"


register_game(
    DifferentiableGame,
    numbers=["coefficients", "bounds", "constraints"],
    structure=["payoffs", "sizes", "best_responses", "known_regrets"],
    names={"payoff_range": 1.0, "name": "", "players": (), "named_points": ()},
)


def _function_name(function: Any) -> str:
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"
