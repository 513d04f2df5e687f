"""How likely some mutants of one type take over a population of another."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.evolution.finite_population import FinitePopulation, checked_population
from nashscape.evolution.stationary_laws import log_stationary

Floats = npt.NDArray[np.float64]

MORAN = Source(
    "moran", "Nowak, Sasaki, Taylor, Fudenberg: Emergence of Cooperation and Evolutionary Stability in Finite "
    "Populations. Nature 428, 646–650, 2004.", "https://doi.org/10.1038/nature02414",
)  # fmt: skip
RARE = Source(
    "rare_mutants", "Fudenberg, Imhof: Imitation Processes with Small Mutations. Journal of Economic Theory 131, "
    "251–262, 2006.", "https://doi.org/10.1016/j.jet.2005.04.006",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Takeovers(Result):
    """Of any two types how likely mutants of the one take over from residents of the other.

    Attributes:
        types: names.
        size: of the population.
        start: how many mutants there are at the beginning.
        probabilities: that mutants of the column take over from residents of the row, `[types, types]`; 1 on the
            diagonal.
        neutral: what it would be if types made no difference, start/size.
        rare: the share of time at each type where mutants are rare, and come one at a time; None where some takeover
            cannot happen, so that this depends on the start.
        process: how members are replaced.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "takeovers"
    picture: ClassVar[str] = "nashscape.figures.evolution:takeovers_figure"
    as_table: ClassVar[str] = "nashscape.evolution.evolution_tables:takeovers_table"
    as_columns: ClassVar[str] = "nashscape.evolution.evolution_tables:columns_of_takeovers"

    types: tuple[str, ...]
    size: int
    start: int
    probabilities: Floats
    neutral: float
    rare: Floats | None
    process: str
    status: Status
    provenance: Provenance

    def of(self, mutant: str, resident: str) -> float:
        """How likely mutants of a type take over from residents of another, by names."""
        for name in (mutant, resident):
            if name not in self.types:
                raise InputError(f"no type {name!r}; there are {', '.join(self.types)}")
        return float(self.probabilities[self.types.index(resident), self.types.index(mutant)])

    def __repr__(self) -> str:
        """Those of the first two types, as one line."""
        a, b = self.types[:2]
        told = f"{a} among {b} {self.of(a, b):.4g}, {b} among {a} {self.of(b, a):.4g}"
        more = ", …" if len(self.types) > 2 else ""
        return f"<Takeovers by {self.start} of {self.size}: {told}{more} (neutral {self.neutral:.4g})>"


@public()
def takeovers(population: FinitePopulation, *, start: int = 1) -> Takeovers:
    """The exact probability with which some mutants take over, for any two types of a population without mutation.

    `h_k = Σ_{l<k} Π_{j≤l} γ_j / Σ_{l<N} Π_{j≤l} γ_j`, γ_j how much likelier their number falls than rises where there
    are j mutants; in logarithms, so that no probability is too small. Where they cannot rise from some number,
    nobody takes over from below it.

    Args:
        population: without mutation.
        start: how many mutants there are at the beginning, from 1 to N − 1.

    Raises:
        InputError: for a population with mutation, which nobody takes over for good (`mutation_law` has its law), for
            a fitness that is negative, and where all have none.

    Example:
        >>> from nashscape.evolution import finite_population, takeovers
        >>> takeovers(finite_population([[3, 0], [5, 1]], 12, types="CD"), start=9)
        <Takeovers by 9 of 12: C among D 0.1303, D among C 0.9997 (neutral 0.75)>

    Source: Nowak et al. (2004); Fudenberg and Imhof (2006) for rare mutants.
    """
    population = checked_population(population, "who takes over")
    if population.mutation > 0:
        raise InputError(
            f"with a mutation of {population.mutation:g} no type is ever there for good, so nothing takes over; ask "
            "for mutation_law, the share of time in each state, or set mutation=0"
        )
    n, most = len(population.types), population.size
    start = positive_integer(start, "start")
    if start >= most:
        raise InputError(f"start is a number of mutants among {most} members, at most {most - 1}; got {start}")
    logs = np.zeros((n, n))
    single = np.full((n, n), -np.inf)
    for i, j in itertools.permutations(range(n), 2):
        falls = _falls(population, i, j)
        logs[i, j], single[i, j] = log_takeover(falls, start), log_takeover(falls, 1)
    connected = bool(np.isfinite(single[~np.eye(n, dtype=bool)]).all())
    return Takeovers(
        types=population.types,
        size=most,
        start=start,
        probabilities=np.exp(logs),
        neutral=start / most,
        rare=np.exp(log_stationary(single)) if connected else None,
        process=population.process,
        status=Status.COMPLETE,
        provenance=record("takeovers", {"population": population, "start": start}, sources=[MORAN, RARE]),
    )


def _falls(population: FinitePopulation, resident: int, mutant: int) -> Floats:
    """The logarithms of how much likelier the number of mutants falls than rises, of 1 to N − 1 of them."""
    number = np.arange(1, population.size)
    counts = np.zeros((len(number), len(population.types)), int)
    counts[:, mutant], counts[:, resident] = number, population.size - number
    fitness = population.log_fitness(counts)
    own, other = fitness[:, mutant], fitness[:, resident]
    if (np.isneginf(own) & np.isneginf(other)).any():
        raise InputError("all members have a fitness of 0 at some number of mutants, so that nobody has offspring; add "
                         "a constant to the payoffs")  # fmt: skip
    made: Floats = other - own
    return made


def log_takeover(falls: Floats, start: int) -> float:
    """The logarithm of the probability that so many mutants take over.

    >>> round(float(np.exp(log_takeover(np.log([2.0, 0.5]), 1))), 4)
    0.25
    """
    stuck = np.flatnonzero(np.isposinf(falls))
    first = int(stuck[-1]) + 1 if len(stuck) else 0  # from here, and below, the number cannot rise
    if start <= first:
        return -np.inf
    products = np.concatenate([[0.0], np.cumsum(falls[first:])])
    return float(np.logaddexp.reduce(products[: start - first]) - np.logaddexp.reduce(products))
