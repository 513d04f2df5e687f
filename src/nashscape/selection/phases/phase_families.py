"""The games of a phase diagram, and where runs in them start."""

import functools
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
from nashscape.games.exchange.converters import stands_for_a_game
from nashscape.learning import Rule, check_rule, pg
from nashscape.learning.dial import Dial, Learning
from nashscape.learning.dials import dial_of, usual_rule
from nashscape.selection.edges.diagonals import alike
from nashscape.selection.phases.phase_forms import ClosedForms, closed_forms, column_of
from nashscape.semantics import ParametricGame, parametric
from nashscape.theory import SymmetricThresholds

Floats = npt.NDArray[np.float64]

REACH = 3.0
"""Grids and diagonals of starts go so far from zero, in parameters."""

MOST_STARTS = 1_000_000


@dataclass(frozen=True)
class Family:
    """Games and rules over C values of one number and, where there are some, V values of another; see `family_of`.

    Cell k has value `k // V` of the first number and `k % V` of the second.
    """

    make: Callable[..., Learning]
    couplings: Floats
    values: Floats | None
    first: str
    parameter: str
    dials: tuple[Dial, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """`(C,)` or `(C, V)`."""
        return (len(self.couplings),) if self.values is None else (len(self.couplings), len(self.values))

    @property
    def count(self) -> int:
        """The number of cells."""
        return int(np.prod(self.shape))

    def member(self, k: int) -> Learning:
        """The game and the rule of one cell, made anew."""
        axes = [self.couplings] if self.values is None else [self.couplings, self.values]
        return self.make(*(float(axis[at]) for axis, at in zip(axes, np.unravel_index(k, self.shape), strict=True)))

    def game(self, k: int) -> ParametricGame:
        """The game of one cell."""
        game: ParametricGame = self.member(k).game
        return game


def family_of(
    given: Any, dial: Any, couplings: npt.ArrayLike, values: npt.ArrayLike | None, rule: Rule | None, parameter: Any
) -> Family:
    """The family of games and rules, its axes checked.

    Raises:
        InputError: for axes that are empty or name a number twice, as many dials as there are no axes, and a function
            that does not take what they hold.
    """
    learned = None if rule is None else check_rule(rule)
    if not stands_for_a_game(given):
        named = "value" if parameter is None else parameter
        axes = _axes("couplings", couplings, values, named)
        if dial is not None:
            raise InputError("a function of the numbers says itself what varies; give dials with one game")
        _check_function(given, 1 if values is None else 2)
        rule = pg() if learned is None else learned
        return Family(_by_function(given, rule, ("coupling", named)), *axes, "coupling", named)
    try:
        learners = parametric(given)
    except InputError as error:
        raise InputError(f"a family is a game and its dials, or a function that makes a game: {error}") from error
    dials = _dials(dial, values)
    named = dials[-1].name if parameter is None else parameter
    axes = _axes("couplings" if dials[0].name == "coupling" else dials[0].name, couplings, values, named)
    usual = next((one for one in map(usual_rule, dials) if not one.follows_payoffs), pg())
    base = Learning(learners, usual if learned is None else learned)

    def make(*at: float) -> Learning:
        turns = sorted(zip(dials, at, strict=True), key=lambda pair: pair[0].place)
        return functools.reduce(lambda made, own: own[0](made, own[1]), turns, base)

    return Family(make, *axes, dials[0].name, named, dials)


def _dials(dial: Any, values: Any) -> tuple[Dial, ...]:
    several = dial if isinstance(dial, list | tuple) else ("coupling" if dial is None else dial,)
    wanted = 1 if values is None else 2
    if len(several) != wanted:
        raise InputError(
            f"there must be as many dials as axes of values; got {len(several)} dial{'s' * (len(several) > 1)} and "
            f'{wanted} ax{"es" if wanted > 1 else "is"}: phase_diagram(game, couplings, dial=("coupling", "peer"), '
            "values=…)"
        )
    return tuple(map(dial_of, several))


def _axes(first: str, couplings: npt.ArrayLike, values: npt.ArrayLike | None, named: Any) -> tuple[Floats, Any]:
    return _axis(couplings, first), None if values is None else _axis(values, f"values of {named}")


def _by_function(function: Callable[..., Any], rule: Rule, names: tuple[str, ...]) -> Callable[..., Learning]:
    def make(*at: float) -> Learning:
        try:
            return Learning(parametric(function(*at)), rule)
        except InputError as error:
            where = ", ".join(f"{name} = {value:g}" for name, value in zip(names, at, strict=False))
            raise InputError(f"at {where}: {error}") from error

    return make


def _check_function(function: Any, axes: int) -> None:
    wanted = "a family is a game and its dials, or a function that makes a game with a semantics from a coupling" + (
        " and a value" if axes > 1 else ""
    )
    example = "such as lambda kappa, T: open_source(games.prisoners_dilemma(T=T), kappa)"
    if not callable(function):
        raise InputError(f"{wanted}, {example}; got {function!r}")
    try:
        inspect.signature(function).bind(*(0.0,) * axes)
    except TypeError as error:
        raise InputError(f"{wanted}, {example}; it cannot be called so: {error}") from error


def _axis(given: npt.ArrayLike, what: str) -> Floats:
    numbers = finite_array(given, what, ndim=1)
    if not len(numbers) or len(np.unique(numbers)) < len(numbers):
        raise InputError(f"{what} must be one or more different numbers; got {numbers.tolist()}")
    return numbers


class Watched:
    """The games of a family in their order, and what is noted of them as they pass."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self.alike = True
        self._columns: list[SymmetricThresholds | None] = []

    def played(self) -> Iterator[tuple[ParametricGame, Rule]]:
        """One game after the other, each with its rule."""
        columns, rule = self._family.count // len(self._family.couplings), None
        for k in range(self._family.count):
            made = self._family.member(k)
            game: ParametricGame = made.game
            # what is known in closed form is of one rule, so that it says nothing where the rule is what varies
            alone = made.rule is rule if k else True
            rule = made.rule
            column = column_of(game, float(self._family.couplings[k // columns])) if alone else None
            self.alike = self.alike and alike(game)
            if k < columns:
                self._columns.append(column)
            elif column != self._columns[k % columns]:
                # the payoffs change with the coupling too: there is no threshold to speak of
                self._columns[k % columns] = None
            yield game, made.rule

    def closed(self) -> ClosedForms | None:
        """Closed forms, where there are some for every column."""
        columns = [column for column in self._columns if column is not None and self._family.first == "coupling"]
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
    where = usual_starts("phase_diagram", game) if starts is None else starts
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
