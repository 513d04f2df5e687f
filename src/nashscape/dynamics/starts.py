"""Where runs start: grids, distributions, given points."""

import abc
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.randomness import threefry
from nashscape.core.reprs import called
from nashscape.core.sizes import check_size
from nashscape.dynamics.admission import admitted, by_strategy
from nashscape.games import mixed_profile, point_profile
from nashscape.games.points_in_sets import numbers
from nashscape.games.profiles import legal_actions
from nashscape.games.sets_of_points import box_set, product_set
from nashscape.learning import check_seed
from nashscape.semantics import ParametricGame
from nashscape.semantics.inverses import parameters_for
from nashscape.semantics.semantics import has_forms

Floats = npt.NDArray[np.float64]
if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = [
    "Distribution",
    "Grid",
    "Points",
    "Profiles",
    "Starts",
    "UniformStrategies",
    "cell_grid",
    "endpoint_grid",
    "normal",
    "parameters",
    "strategies",
    "uniform",
    "uniform_strategies",
    "weights",
]


STREAM = 1
"""Keeps the random numbers of starts apart from those of updates under the same seed."""

MOST_CELLS = 2**22
"""Starts of a grid at most: of more players with so many cells each, runs would go on for days."""

LANES = 128
"""Strategies drawn at random are turned into parameters in multiples of this many."""


class Starts(abc.ABC):
    """A source of starting parameters. The start with a given index is the same in whatever order it is asked for."""

    of_parameters: ClassVar[bool] = False
    """Whether they are parameters whatever is played with them."""

    @abc.abstractmethod
    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """Starting parameters of shape `[len(indices), d]`."""

    @property
    def size(self) -> int | None:
        """How many starts there are; None for a distribution, which has any number."""
        return None

    @property
    def layout(self) -> "Grid | None":
        """The grid that the starts fill; None where they fill none."""
        return None


@public()
def enclosed(game: ParametricGame) -> bool:
    """Whether the points of a game lie between two bounds in every coordinate, so that they can be drawn uniformly."""
    bounds = getattr(game.semantics, "bounds", None)
    return bounds is not None and bool(np.isfinite(np.asarray(bounds, dtype=np.float64)).all())


@public()
def is_starts(value: Any) -> "TypeIs[Starts]":
    """Whether a value is a source of starts."""
    return isinstance(value, Starts)  # class: the base that all starts derive from


@public()
def check_starts(starts: Any) -> Starts:
    """The starts themselves, or an error that says what was given instead."""
    if not is_starts(starts):
        raise InputError(f"expected starts such as starts.normal(std=1.35); got {starts!r}")
    return starts


@public()
def check_distribution(starts: Any, what: str) -> Starts:
    """Starts of which there are any number, or an error that says what needs them."""
    if not is_starts(starts) or starts.size is not None:
        raise InputError(f"{what} a distribution of starts, such as starts.uniform(low=-3, high=3); got {starts!r}")
    return starts


@dataclass(frozen=True, repr=False)
class Distribution(Starts):
    """Independent draws of every parameter. Made by `normal` and `uniform`."""

    kind: str
    first: float
    second: float

    of_parameters: ClassVar[bool] = True

    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """Draws by index: start k gets the same numbers whatever else is drawn."""
        unit = uniforms(indices, game.dimension, seed)
        if self.kind == "uniform":
            return admitted(game, self.first + (self.second - self.first) * unit)
        from scipy.special import ndtri

        return admitted(game, np.asarray(self.first + self.second * ndtri(unit)))

    def to_dict(self) -> dict[str, Any]:
        """Kind and numbers."""
        names = ("mean", "std") if self.kind == "normal" else ("low", "high")
        return {"kind": self.kind, names[0]: self.first, names[1]: self.second}

    def __repr__(self) -> str:
        return (
            called("starts.normal", mean=self.first, std=self.second)
            if self.kind == "normal"
            else called("starts.uniform", low=self.first, high=self.second)
        )


@dataclass(frozen=True, eq=False, repr=False)
class Points(Starts):
    """Given points, one per row. Made by `parameters`."""

    points: Floats

    of_parameters: ClassVar[bool] = True

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.points)

    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """The points with these indices."""
        if self.points.shape[1] != game.dimension:
            raise InputError(f"starts have {self.points.shape[1]} parameters; {game.name} needs {game.dimension}")
        return admitted(game, self.points[indices])

    def to_dict(self) -> dict[str, Any]:
        """The points themselves."""
        return {"kind": "parameters", "points": self.points}

    def __repr__(self) -> str:
        return called("starts.parameters", self.points)


@dataclass(frozen=True, eq=False, repr=False)
class Profiles(Starts):
    """Given strategy profiles. Made by `strategies`."""

    profiles: tuple[Any, ...]

    @property
    def size(self) -> int:
        """The number of profiles."""
        return len(self.profiles)

    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """The parameters of the profiles with these indices."""
        wanted, places = np.unique(indices, return_inverse=True)
        return np.stack([strategies_to_parameters(game, self.profiles[k]) for k in wanted])[places]

    def to_dict(self) -> dict[str, Any]:
        """The profiles themselves."""
        return {"kind": "strategies", "profiles": list(self.profiles)}

    def __repr__(self) -> str:
        return called("starts.strategies", list(self.profiles))


@dataclass(frozen=True, repr=False)
class UniformStrategies(Starts):
    """Mixed strategies drawn uniformly from the simplex. Made by `uniform_strategies`."""

    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """Their parameters: exponential spacings, by index, divided by their sum."""
        if game.semantics.domain == "points":
            return self._points(game, indices, seed)
        shapes = game.game.strategy_shapes
        # padded, so that every start takes the vector path of the same program whatever is drawn beside it
        padded = np.pad(indices, (0, -len(indices) % LANES), mode="edge")
        spacings = -np.log(uniforms(padded, sum(map(math.prod, shapes)), seed))
        profiles = [block / block.sum(axis=-1, keepdims=True) for block in by_strategy(game, spacings)]
        return parameters_for(game, profiles)[: len(indices)]

    def _points(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """Points of a game with continuous actions, from the set of each player."""
        sets = getattr(game.semantics, "constraints", None)
        bounds = getattr(game.semantics, "bounds", None)
        if not enclosed(game):
            raise InputError(
                f"{game.name} has no mixed strategies to draw, and no bounds on both sides between which points could "
                "be drawn; use starts.uniform(low, high)"
            )
        region = box_set(*np.asarray(bounds)) if sets is None else product_set(*sets)
        return region.drawn(uniforms(indices, numbers(region), seed))

    def to_dict(self) -> dict[str, Any]:
        """Only the kind: there is nothing to choose."""
        return {"kind": "uniform_strategies"}

    def __repr__(self) -> str:
        return called("starts.uniform_strategies")


@dataclass(frozen=True)
class Grid(Starts):
    """All combinations of the same probabilities of the first action, for players with two actions and a sigmoid.

    Of players who choose a number between two bounds they are its places between these, 0 the low one and 1 the high
    one. Made by `cell_grid` and `endpoint_grid`. Point k has the coordinates `unravel_index(k, (size,) * n)`.
    """

    axis: tuple[float, ...]
    kind: str
    low: float
    high: float
    players: int

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.axis) ** self.players

    @property
    def layout(self) -> "Grid":
        """The grid itself."""
        return self

    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """The parameters of the points with these indices: of independent players their logits."""
        axis = np.asarray(self.axis)
        places = np.stack(np.unravel_index(indices, (len(axis),) * self.players), axis=1)
        if game.semantics.domain == "points":
            low, high = np.asarray(getattr(game.semantics, "bounds", None), dtype=np.float64)
            return low + (high - low) * axis[places]
        if game.semantics.domain == "simplex":
            first = axis[places]
            return admitted(game, np.stack([first, 1.0 - first], axis=2).reshape(len(places), -1))
        if not has_forms(game.semantics):
            first = axis[places.T][..., None]
            whole = np.concatenate([first, 1.0 - first], axis=2)
            shapes = game.game.strategy_shapes
            return parameters_for(
                game, [own.reshape(len(own), *shape) for own, shape in zip(whole, shapes, strict=True)]
            )
        return (np.log(axis) - np.log1p(-axis))[places]

    def to_dict(self) -> dict[str, Any]:
        """Kind, size and limits."""
        return {"kind": self.kind, "grid": len(self.axis), "low": self.low, "high": self.high}


@public()
def cell_grid(players: int, grid: int, *, low: float = 0.05, high: float = 0.95) -> Grid:
    """The centres of `grid` equal cells per player between two probabilities: every cell has the same area.

    >>> [round(p, 3) for p in cell_grid(2, 3, low=0.0, high=1.0).axis]
    [0.167, 0.5, 0.833]
    """
    low, high, grid = _grid_limits(low, high, grid)
    axis = low + (high - low) * (np.arange(grid) + 0.5) / grid
    return Grid(tuple(axis.tolist()), "cells", low, high, players)


@public()
def endpoint_grid(players: int, grid: int, *, low: float = 0.05, high: float = 0.95) -> Grid:
    """`grid` points per player from `low` to `high`, both included, as published maps use.

    The outermost points stand for cells that reach past the region, so shares of such a grid are biased.

    >>> [round(p, 3) for p in endpoint_grid(2, 3).axis]
    [0.05, 0.5, 0.95]
    """
    low, high, grid = _grid_limits(low, high, grid)
    if low <= 0.0 or high >= 1.0:
        raise InputError(f"an endpoint grid must stay inside (0, 1), where logits are finite; got {low:g} to {high:g}")
    return Grid(tuple(np.linspace(low, high, grid).tolist()), "endpoints", low, high, players)


def _grid_limits(low: Any, high: Any, grid: Any) -> tuple[float, float, int]:
    low, high = finite_number(low, "low", low=0.0, high=1.0), finite_number(high, "high", low=0.0, high=1.0)
    if low >= high:
        raise InputError(f"low must be below high; got {low:g} and {high:g}")
    grid = positive_integer(grid, "grid", at_least=2)
    check_size("cells for each player", grid, 64.0, lambda most: f"a grid of {most:,} fits", most=MOST_CELLS)
    return low, high, grid


@public()
def normal(*numbers: float, mean: float = 0.0, std: float = 1.0) -> Distribution:
    """Every parameter independently `N(mean, std²)`.

    Args:
        numbers: none. Both numbers are given by name, for one alone could be either.
        mean: in units of the parameters; by default 0.
        std: standard deviation, above 0, in units of the parameters; by default 1.

    Raises:
        InputError: for numbers without names, and a standard deviation that is not positive.

    >>> normal(std=1.35).to_dict()
    {'kind': 'normal', 'mean': 0.0, 'std': 1.35}
    """
    if numbers:
        meant = f"std={numbers[0]!r}" if len(numbers) == 1 else f"mean={numbers[0]!r}, std={numbers[1]!r}"
        raise InputError(
            f"normal starts take their numbers by name, for {numbers[0]!r} could be the mean or the standard "
            f"deviation: say {meant}" + (f" or mean={numbers[0]!r}" if len(numbers) == 1 else "")
        )
    return Distribution("normal", finite_number(mean, "mean"), finite_number(std, "std", low=0.0, low_open=True))


@public()
def uniform(low: float, high: float) -> Distribution:
    """Every parameter independently uniform on `[low, high]`.

    >>> uniform(low=-3, high=3).to_dict()
    {'kind': 'uniform', 'low': -3.0, 'high': 3.0}
    """
    low, high = finite_number(low, "low"), finite_number(high, "high")
    if low >= high:
        raise InputError(f"low must be below high; got {low:g} and {high:g}")
    return Distribution("uniform", low, high)


@public()
def uniform_strategies() -> UniformStrategies:
    """Every player's mixed strategy independently uniform on the simplex, in every state of a Markov game.

    In a game with continuous actions every player's point independently uniform on its set, or between its bounds.

    The Dirichlet distribution with all weights one, whatever the parameters are: `normal` and `uniform` draw
    parameters, and the strategies of the same draws differ from semantics to semantics.

    >>> uniform_strategies().to_dict()
    {'kind': 'uniform_strategies'}
    """
    return UniformStrategies()


@public()
def weights() -> Starts:
    """Weights of policies, drawn as their networks say, such as orthogonal matrices: for games that are only played.

    >>> weights().to_dict()
    {'kind': 'weights'}
    """
    from nashscape.dynamics.drawn_weights import DrawnWeights

    return DrawnWeights()


@public()
def parameters(points: npt.ArrayLike) -> Points:
    """Given parameter profiles, one per row, of shape `[N, d]`."""
    return Points(finite_array(points, "starting parameters", ndim=2))


@public()
def strategies(points: Sequence[Any]) -> Profiles:
    """Given strategy profiles: for two-action players the probability of the first action, else whole strategies.

    >>> strategies([[0.4, 0.7], [0.5, 0.5]]).size
    2
    """
    if not isinstance(points, Sequence | np.ndarray) or isinstance(points, str):
        raise InputError(f"starts are a list of strategy profiles, as in [[0.4, 0.7], [0.5, 0.5]]; got {points!r}")
    return Profiles(tuple(points))


@public()
def strategies_to_parameters(game: ParametricGame, profile: Any) -> Floats:
    """Parameters under which one strategy profile is played, of shape `[d]`.

    Raises:
        InputError: for a profile that does not fit the game or, where parameters are logits, in which an action has
            probability zero: its logit would be infinite.
    """
    domain = game.semantics.domain
    mixed = point_profile(game.game, profile) if domain == "points" else mixed_profile(game.game, profile)
    legal = legal_actions(game.game)
    if domain == "logits" and any((own[mask] <= 0).any() for own, mask in zip(mixed, legal, strict=True)):
        raise InputError(f"a start must be interior, with every action possible; got {profile!r}: use 0.001, say")
    return parameters_for(game, [own[None] for own in mixed])[0]


@public()
def uniforms(indices: npt.NDArray[np.int64], size: int, seed: int) -> Floats:
    """Uniform numbers strictly inside (0, 1), of shape `[len(indices), size]`, by index and seed."""
    seed = check_seed(seed)
    index = np.asarray(indices, dtype=np.uint64)
    counter = [
        (index & np.uint64(0xFFFFFFFF)).astype(np.uint32)[:, None],
        (index >> np.uint64(32)).astype(np.uint32)[:, None],
        np.arange(size, dtype=np.uint32)[None, :],
        np.zeros((1, 1), dtype=np.uint32),
    ]
    key = [np.uint32(word) for word in (seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF, STREAM, 0)]
    with np.errstate(over="ignore"):
        high, low, _, _ = (np.asarray(word) for word in threefry(counter, key))
    # 53 random bits, and half a unit so that neither 0 nor 1 occurs
    mantissa = (high >> np.uint32(5)).astype(np.float64) * 2.0**26 + (low >> np.uint32(6)).astype(np.float64)
    return (mantissa + 0.5) * 2.0**-53


def __dir__() -> list[str]:
    return __all__
