"""One large population that plays a game in pairs: every type has a fitness, which is no gradient."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.core.checks import SUM_TOLERANCE, moderate
from nashscape.core.exact_numbers import exact_array, fraction_text, fractions_of
from nashscape.evolution.exact_systems import Matrix
from nashscape.evolution.type_names import type_names

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PopulationGame:
    """A matrix of fitness: what each type gets of meeting each other; made by `population_game`.

    Attributes:
        payoffs: of the type of the row against that of the column, `[types, types]`.
        exact: the same in fractions, row by row.
        types: names.
    """

    payoffs: Floats
    exact: Matrix
    types: tuple[str, ...]

    def fitness(self, shares: npt.ArrayLike) -> Floats:
        """What each type gets on average, `(A x)_i`, `[…, types]`.

        It is linear in the shares, and not the gradient of the mean fitness xᵀAx, which is `(A + Aᵀ) x`.
        """
        made: Floats = np.asarray(shares, float) @ self.payoffs.T
        return made

    def mean_fitness(self, shares: npt.ArrayLike) -> Floats:
        """What all get on average, `xᵀ A x`, `[…]`."""
        made: Floats = (np.asarray(shares, float) * self.fitness(shares)).sum(-1)
        return made

    def to_dict(self) -> dict[str, Any]:
        """What it is, for questions: numbers that are no doubles as texts."""
        same = all(Fraction(a) == b for row, own in zip(self.payoffs.tolist(), self.exact, strict=True)
                   for a, b in zip(row, own, strict=True))  # fmt: skip
        told = self.payoffs if same else [[fraction_text(b) for b in own] for own in self.exact]
        return {"payoffs": told, "types": self.types}


@public()
def population_game(payoffs: Any, *, types: Sequence[str] | None = None) -> PopulationGame:
    """One large population whose members meet each other at random: a type's fitness is `(A x)_i` at shares x.

    Args:
        payoffs: `[types, types]`, of the row against the column; fractions and texts such as "1/3" are taken exactly,
            and a float for the double that it is.
        types: names; by default A, B, ….

    Raises:
        InputError: for payoffs that are not square, fewer than two types, and names that are not as many.

    Example:
        >>> hawks = population_game([[-2, 3], [0, "3/2"]], types=["hawk", "dove"])
        >>> hawks.fitness([0.5, 0.5]).tolist(), float(hawks.mean_fitness([0.5, 0.5]))
        ([0.5, 0.75], 0.625)
    """
    if hasattr(payoffs, "fitness") and hasattr(payoffs, "exact"):
        raise InputError("this is a population_game already")
    table, exact = exact_array(payoffs, "payoffs", ndim=2)
    moderate(table, "payoffs")
    if table.shape[0] != table.shape[1] or len(table) < 2:
        raise InputError(f"payoffs need a row and a column for each of two types or more; got shape {table.shape}")
    rows = fractions_of(table) if exact is None else exact
    return PopulationGame(table, tuple(map(tuple, rows.tolist())), type_names(types, len(table)))


def as_population_game(game: Any) -> PopulationGame:
    """A population game, what `population_game` makes of payoffs, or of a game of two players who are alike.

    Raises:
        InputError: for a game of other players, or a finite population, and for what holds no payoffs.
    """
    if hasattr(game, "fitness") and hasattr(game, "exact"):
        found: PopulationGame = game
        return found
    if hasattr(game, "actions") and np.shape(getattr(game, "payoffs", 0))[:1] == (2,):
        return _of_two_alike(game)
    if hasattr(game, "offers") or hasattr(game, "log_fitness"):
        raise InputError(
            "one large population is a population_game(payoffs), of payoffs [types, types] of the row against the "
            f"column; got {type(game).__name__}: give such payoffs"
        )
    return population_game(game)


def _of_two_alike(game: Any) -> PopulationGame:
    """What two players who are alike play, by pairs from one population, with the names of the first one's actions."""
    table = game.payoffs if game.exact_payoffs is None else game.exact_payoffs
    if table.shape[1] != table.shape[2] or (table[0] != table[1].T).any():
        raise InputError(
            f"members of one population are alike; the players of {game.name} are not: what the one gets where they "
            "change places is not what the other got. Give the payoffs of one, [types, types]"
        )
    return population_game(table[0], types=game.actions[0])


def checked_shares(shares: npt.ArrayLike, types: int, name: str = "shares") -> Floats:
    """Shares of all types, `[…, types]`: not negative, with sum one to within 1e-6, then made exact.

    >>> checked_shares([0.25, 0.75], 2).tolist()
    [0.25, 0.75]
    """
    array = finite_array(shares, name)
    if array.ndim == 0 or array.shape[-1] != types:
        raise InputError(f"{name} need a number for each of {types} types; got shape {array.shape}")
    totals = array.sum(-1, keepdims=True)
    if (array < 0).any() or (np.abs(totals - 1) > SUM_TOLERANCE).any():
        raise InputError(f"{name} must not be negative, and sum to one; got {array.tolist()}")
    made: Floats = array / totals
    return made
