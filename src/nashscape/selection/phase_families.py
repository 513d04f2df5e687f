"""The games of a phase diagram, and where runs in them start."""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, positive_integer
from nashscape.core.options import default
from nashscape.dynamics import Starts
from nashscape.dynamics.cells import Cells
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_starts, parameters
from nashscape.selection.diagonals import alike
from nashscape.selection.phase_forms import ClosedForms, closed_forms, column_of
from nashscape.semantics import ParametricGame, parametric
from nashscape.theory import SymmetricThresholds

Floats = npt.NDArray[np.float64]

REACH = 3.0
"""Grids and diagonals of starts go so far from zero, in parameters."""

MOST_STARTS = 1_000_000


@dataclass(frozen=True)
class Family:
    """Games over C couplings and, where there are some, V values of another number; made by `family_of`.

    Cell k has coupling `k // V` and value `k % V`.
    """

    make: Callable[..., Any]
    couplings: Floats
    values: Floats | None
    parameter: str

    @property
    def shape(self) -> tuple[int, ...]:
        """`(C,)` or `(C, V)`."""
        return (len(self.couplings),) if self.values is None else (len(self.couplings), len(self.values))

    @property
    def count(self) -> int:
        """The number of cells."""
        return int(np.prod(self.shape))

    def game(self, k: int) -> ParametricGame:
        """The game of one cell, made anew."""
        at = [float(axis[place]) for axis, place in zip(self._axes, np.unravel_index(k, self.shape), strict=True)]
        try:
            return parametric(self.make(*at))
        except InputError as error:
            names = ("coupling", self.parameter)
            where = ", ".join(f"{name} = {value:g}" for name, value in zip(names, at, strict=False))
            raise InputError(f"at {where}: {error}") from error

    @property
    def _axes(self) -> list[Floats]:
        return [self.couplings] if self.values is None else [self.couplings, self.values]


def family_of(make_game: Any, couplings: npt.ArrayLike, values: npt.ArrayLike | None, parameter: str) -> Family:
    """The family of games, its axes checked.

    Raises:
        InputError: for axes that are empty or name a number twice, and a function that does not take what they hold.
    """
    axes = [_axis(couplings, "couplings")]
    if values is not None:
        axes.append(_axis(values, f"values of {parameter}"))
    wanted = "make_game must make a game with a semantics from a coupling" + (" and a value" if len(axes) > 1 else "")
    example = "such as lambda kappa, T: open_source(games.prisoners_dilemma(T=T), kappa)"
    if not callable(make_game):
        raise InputError(f"{wanted}, {example}; got {make_game!r}")
    try:
        inspect.signature(make_game).bind(*(0.0 for _ in axes))
    except TypeError as error:
        raise InputError(f"{wanted}, {example}; it cannot be called so: {error}") from error
    return Family(make_game, axes[0], axes[1] if len(axes) > 1 else None, parameter)


def _axis(given: npt.ArrayLike, what: str) -> Floats:
    numbers = finite_array(given, what, ndim=1)
    if not len(numbers) or len(np.unique(numbers)) < len(numbers):
        raise InputError(f"{what} must be one or more different numbers; got {numbers.tolist()}")
    return numbers


class Watched:
    """The games of a family in their order, and what is noted of them as they pass."""

    def __init__(self, family: Family) -> None:
        """Nothing has passed yet."""
        self._family = family
        self.alike = True
        self._columns: list[SymmetricThresholds | None] = []

    def games(self) -> Iterator[ParametricGame]:
        """One game after the other."""
        columns = self._family.count // len(self._family.couplings)
        for k in range(self._family.count):
            game = self._family.game(k)
            column = column_of(game, float(self._family.couplings[k // columns]))
            self.alike = self.alike and alike(game)
            if k < columns:
                self._columns.append(column)
            elif column != self._columns[k % columns]:
                # the payoffs change with the coupling too: there is no threshold to speak of
                self._columns[k % columns] = None
            yield game

    def closed(self) -> ClosedForms | None:
        """Closed forms, where there are some for every column."""
        columns = [column for column in self._columns if column is not None]
        return closed_forms(columns, self._family.couplings) if len(columns) == len(self._columns) else None


def starting(game: ParametricGame, starts: Starts | None, n: int | None, grid: int | None) -> tuple[Starts, int]:
    """Where runs start, and how many."""
    if grid is not None:
        if starts is not None or n is not None:
            raise InputError("starts are a grid of parameters (grid) or drawn (starts, n), not both")
        size = positive_integer(grid, "grid", at_least=2)
        if size**game.dimension > MOST_STARTS:
            raise InputError(
                f"a grid of {size} cells for each of {game.dimension} parameters has more than {MOST_STARTS} cells; "
                "use starts and n"
            )
        axes = np.meshgrid(*[centres(size)] * game.dimension, indexing="ij")
        points = parameters(np.stack([axis.ravel() for axis in axes], axis=1))
        return points, points.size
    where = usual_starts("phase_diagram") if starts is None else starts
    check_starts(where)
    count = positive_integer((where.size or default("n", "phase_diagram")) if n is None else n, "n")
    if where.size is not None and count > where.size:
        raise InputError(f"there are only {where.size} starts; got n = {count}")
    return where, count


def centres(size: int) -> Floats:
    """The centres of equal cells between −3 and 3."""
    return np.asarray(REACH * (2.0 * (np.arange(size) + 0.5) / size - 1.0))


def starts_of(where: Starts, family: Family, count: int, seed: int) -> Any:
    """Starting parameters: one array where they do not depend on the game, else a function of the cell."""
    indices = np.arange(count, dtype=np.int64)
    if where.of_parameters:
        return where.parameters(family.game(0), indices, seed)
    return lambda k: where.parameters(family.game(k), indices, seed)


def digest(cells: Cells) -> str:
    """What tells the games of one diagram from those of another that is asked for in the same words."""
    found = hashlib.sha256()
    for leaf in cells.leaves:
        found.update(f"{leaf.dtype.name} {leaf.shape}".encode())
        for own in leaf if leaf.flags.writeable else leaf[:1]:
            found.update(np.ascontiguousarray(own).tobytes())
    return found.hexdigest()[:16]
