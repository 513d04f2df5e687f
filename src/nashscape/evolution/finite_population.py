"""A finite population that plays one game in pairs, and how its members are replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number, positive_integer, probability
from nashscape.core.calls import public
from nashscape.core.checks import moderate
from nashscape.evolution.type_names import type_names

Floats = npt.NDArray[np.float64]

PROCESSES = ("moran", "fermi")
FITNESS = ("payoff", "linear", "exponential")
MUTANTS = ("other", "any")


@dataclass(frozen=True, eq=False)
class FinitePopulation:
    """So many members, each of one type, who meet everybody else; made by `finite_population`.

    Attributes:
        payoffs: of the type of the row against that of the column, `[types, types]`.
        types: names.
        size: how many members, N.
        process: "moran", or "fermi", imitation by comparing payoffs.
        fitness: of the Moran process, what becomes of a mean payoff.
        intensity: how much payoffs count.
        mutation: how likely an offspring, or who would imitate, is of a type by chance.
        mutants: by chance means any "other" type, or "any" type, its own among them.
    """

    payoffs: Floats
    types: tuple[str, ...]
    size: int
    process: str
    fitness: str
    intensity: float
    mutation: float
    mutants: str

    def mean_payoffs(self, counts: npt.ArrayLike) -> Floats:
        """What a member of each type gets on average of all others, itself excluded, `[…, types]`.

        `(Σ_j n_j A_ij − A_ii)/(N − 1)`; of types that are not there what a member would get in place of nobody.
        """
        met = np.asarray(counts, float) @ self.payoffs.T - np.diag(self.payoffs)
        made: Floats = met / (self.size - 1)
        return made

    def log_fitness(self, counts: npt.ArrayLike) -> Floats:
        """The logarithms of the fitness of each type, `[…, types]`; −∞ for a fitness of 0.

        Raises:
            InputError: for a negative fitness of a type that is there.
        """
        fitness = self.fitness or "exponential"
        return log_fitness(self.mean_payoffs(counts), np.asarray(counts) > 0, fitness, self.intensity)

    def to_dict(self) -> dict[str, Any]:
        """What it is, for questions."""
        return dict(vars(self))


def log_fitness(payoffs: Floats, there: npt.ArrayLike, fitness: str, intensity: float) -> Floats:
    """The logarithms of what becomes of mean payoffs; −∞ for a fitness of 0.

    Raises:
        InputError: for a negative fitness of who is there.
    """
    if fitness == "exponential":
        return intensity * payoffs
    plain = payoffs if fitness == "payoff" else 1.0 - intensity + intensity * payoffs
    told = plain[np.broadcast_to(there, plain.shape)]
    if (told < -1e-12).any():
        what = "payoffs" if fitness == "payoff" else f"1 − {intensity:g} + {intensity:g} × payoffs"
        raise InputError(
            f"fitness is a chance to have offspring and cannot be negative; {what} go down to "
            f"{told.min():g}: add a constant, or take fitness='exponential'"
        )
    with np.errstate(divide="ignore"):
        made: Floats = np.log(np.maximum(plain, 0.0))
    return made


def square_payoffs(payoffs: npt.ArrayLike) -> Floats:
    """Payoffs of two types or more, `[types, types]`.

    Raises:
        InputError: for another shape, and what is not finite.
    """
    table = moderate(finite_array(payoffs, "payoffs", ndim=2), "payoffs")
    if table.shape[0] != table.shape[1] or len(table) < 2:
        raise InputError(f"payoffs need a row and a column for each of two types or more; got shape {table.shape}")
    return table


def checked_population(population: Any, what: str) -> "FinitePopulation":
    """What evolves, or one error for what does not.

    Raises:
        InputError: for what has no fitness.
    """
    if not hasattr(population, "mean_payoffs"):
        graph = "; for one on a graph ask for fixation" if hasattr(population, "weights") else ""
        raise InputError(f"{what} is asked of a finite_population; got {type(population).__name__}{graph}")
    found: FinitePopulation = population
    return found


@public()
def finite_population(
    payoffs: npt.ArrayLike,
    size: int,
    *,
    types: Sequence[str] | None = None,
    process: Literal["moran", "fermi"] = "moran",
    fitness: Literal["payoff", "linear", "exponential"] = "payoff",
    intensity: float = 1.0,
    mutation: float = 0.0,
    mutants: Literal["other", "any"] = "other",
) -> FinitePopulation:
    """N members who each meet all others, and are replaced one by one.

    "moran": one is born of a parent drawn by fitness and takes the place of one drawn evenly. Fitness is the mean
    payoff π itself ("payoff"), `1 − w + w π` ("linear"), or `e^(w π)` ("exponential"), w the intensity. "fermi": one
    drawn evenly compares itself with another, and imitates it with probability `1/(1 + e^(−w (π_other − π_own)))`. With
    the probability of `mutation` the newcomer is of a type by chance.

    Args:
        payoffs: `[types, types]`, of the row against the column.
        size: N, at least 2.
        types: names; by default A, B, ….
        process: how members are replaced.
        fitness: of the Moran process; usually "payoff", where that of a `graph_population` is usually "exponential".
        intensity: w, at least 0; of "linear" at most 1.
        mutation: from 0 to 1.
        mutants: whether a mutant is of another type ("other"), or of any with the same chance ("any"): then a mutation
            of 1/5 between two types is what 1/10 is otherwise.

    Raises:
        InputError: for payoffs that are not square, fewer than two types, and numbers out of their range.

    Example:
        >>> population = finite_population([[3, 0], [5, 1]], 12, types=["C", "D"])
        >>> population.mean_payoffs([9, 3]).round(4).tolist()
        [2.1818, 4.2727]
    """
    table = square_payoffs(payoffs)
    process, fitness = choice(process, "process", PROCESSES), choice(fitness, "fitness", FITNESS)  # type: ignore[assignment]
    most = 1.0 if process == "moran" and fitness == "linear" else None
    return FinitePopulation(
        payoffs=table,
        types=type_names(types, len(table)),
        size=positive_integer(size, "size", at_least=2),
        process=process,
        fitness=fitness if process == "moran" else "",
        intensity=finite_number(intensity, "intensity", low=0.0, high=most),
        mutation=probability(mutation, "mutation"),
        mutants=choice(mutants, "mutants", MUTANTS),
    )
