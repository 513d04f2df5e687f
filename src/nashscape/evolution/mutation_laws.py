"""Where a population is that mutants go on coming to: the stationary law over the numbers of its types."""

from dataclasses import dataclass
from math import comb
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, record
from nashscape.core.calls import public
from nashscape.evolution.finite_population import FinitePopulation, checked_population
from nashscape.evolution.replacements import count_changes
from nashscape.evolution.stationary_laws import log_stationary

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GTH = Source(
    "gth", "Grassmann, Taksar, Heyman: Regenerative Analysis and Steady State Distributions for Markov Chains. "
    "Operations Research 33, 1107–1116, 1985.", "https://doi.org/10.1287/opre.33.5.1107",
)  # fmt: skip

MOST_STATES = 2_000
"""States whose chain is solved without a subtraction: its time grows with the third power."""


@dataclass(frozen=True, eq=False)
class MutationLaw(Result):
    """The share of time that a population with mutation spends at each composition.

    Attributes:
        types: names.
        size: of the population, N.
        states: how many members of each type there are, `[states, types]`.
        masses: of each state the share of time, `[states]`.
        shares: of each type, on average over time, `[types]`.
        process: how members are replaced.
        mutation: how likely a newcomer is of a type by chance.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "mutation law"
    picture: ClassVar[str] = "nashscape.figures.evolution:mutation_law_figure"
    as_table: ClassVar[str] = "nashscape.evolution.evolution_tables:mutation_law_table"
    as_columns: ClassVar[str] = "nashscape.evolution.evolution_tables:columns_of_mutation_law"

    types: tuple[str, ...]
    size: int
    states: Ints
    masses: Floats
    shares: Floats
    process: str
    mutation: float
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """The mean shares, as one line."""
        told = ", ".join(f"{name} {own:.4f}" for name, own in zip(self.types, self.shares, strict=True))
        return f"<MutationLaw of {self.size} members, mutation {self.mutation:g}: {told}>"


@public()
def mutation_law(population: FinitePopulation) -> MutationLaw:
    """The share of time that a population with mutation spends at each composition, exactly.

    From every composition one member after the other is replaced. The law of that chain is computed without a
    subtraction, so that states in which it hardly ever is have their small shares right.

    Args:
        population: with a mutation above 0.

    Raises:
        InputError: without mutation, where the start decides which type is left (`takeovers` says how likely), and with
            more than 2,000 compositions.

    Example:
        >>> from nashscape.evolution import finite_population, mutation_law
        >>> law = mutation_law(finite_population([[1, 1], [1, 1]], 3, mutation=0.1))
        >>> (56 * law.masses).round(9).tolist()
        [19.0, 9.0, 9.0, 19.0]

    Source: Grassmann, Taksar and Heyman (1985) for the computation.
    """
    population = checked_population(population, "a mutation law")
    if population.mutation == 0:
        raise InputError(
            "without mutation a population ends with one type for good, which depends on the start; ask for takeovers, "
            "or set mutation above 0"
        )
    n, types = population.size, len(population.types)
    if comb(n + types - 1, types - 1) > MOST_STATES:
        raise InputError(f"{n} members of {types} types have {comb(n + types - 1, types - 1):,} compositions; at most "
                         f"{MOST_STATES:,} are solved: take fewer, draw mean_shares, or take rare mutants, "
                         "takeovers(…).rare")  # fmt: skip
    states = compositions(n, types)
    with np.errstate(divide="ignore"):
        masses = np.exp(log_stationary(np.log(rates(population, states))))
    return MutationLaw(
        types=population.types,
        size=n,
        states=states,
        masses=masses,
        shares=masses @ states / n,
        process=population.process,
        mutation=population.mutation,
        status=Status.COMPLETE,
        provenance=record("mutation law", {"population": population}, sources=[GTH]),
    )


def compositions(n: int, types: int) -> Ints:
    """All ways to make n of so many types, `[ways, types]`.

    >>> compositions(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    if types == 1:
        return np.array([[n]], np.int64)
    rest = [compositions(n - first, types - 1) for first in range(n + 1)]
    return np.concatenate([np.insert(own, 0, first, axis=1) for first, own in enumerate(rest)])


def rates(population: FinitePopulation, states: Ints) -> Floats:
    """How likely each state follows each other one, `[states, states]`, without those that stay."""
    chances = count_changes(population, states)
    number = {tuple(own): k for k, own in enumerate(states.tolist())}
    table = np.zeros((len(states), len(states)))
    for k, gone, new in np.argwhere(chances > 0).tolist():
        after = states[k].copy()
        after[gone] -= 1
        after[new] += 1
        table[k, number[tuple(after.tolist())]] = chances[k, gone, new]
    return table
