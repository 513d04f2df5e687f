"""How many members are of each type, on average over time, of populations too large for `mutation_law`."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.interrupts import check_stop
from nashscape.core.options import option
from nashscape.core.options.values import check_values
from nashscape.evolution.finite_population import FinitePopulation, checked_population
from nashscape.evolution.fixation_results import MeanShares
from nashscape.evolution.sampled_chains import Progress, blocks, changed
from nashscape.evolution.state_chains import Chain, chain_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@public()
def mean_shares(
    population: FinitePopulation,
    *,
    runs: int = 60,
    changes: int = 20_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> MeanShares:
    """The mean shares of the types of a population with mutation, by runs, where `mutation_law` has too many states.

    Runs begin with all members of one type, of each type in turn, and their second halves count. Intervals reach from
    the runs of the one start to those of the other. Where these clearly differ, the start was not forgotten, and the
    result is unresolved: take more changes. Of three types or more, a mixture that lasts for very long, and that runs
    from single types never come near, is not seen by this.

    Args:
        population: with a mutation above 0.
        runs: how many, two for each type at least.
        changes: of members in each run.
        seed: of the draws.
        progress: called with (runs done, runs in all).

    Raises:
        InputError: without mutation, and for numbers that are too small.

    Example:
        >>> from nashscape.evolution import finite_population
        >>> cycle = [[2, 3, 1], [1, 2, 3], [3, 1, 2]]
        >>> found = mean_shares(finite_population(cycle, 100, mutation=0.1), runs=12, changes=2000)
        >>> found.of("A").contains(1 / 3)
        True

    Source: the chain is that of `mutation_law`; each state counts for as long as it is expected to last.
    """
    population = checked_population(population, "mean shares")
    if population.mutation == 0:
        raise InputError(
            "without mutation a population ends with one type for good, which depends on the start; ask for fixation, "
            "or set mutation above 0"
        )
    chain = chain_of(population)
    count = positive_integer(runs, "runs", at_least=2 * chain.types)
    most = positive_integer(changes, "changes", at_least=10)
    drawn = positive_integer(seed, "seed", at_least=0)
    check_values({"progress": option("progress")}, {"progress": progress})

    def one(random: np.random.Generator, here: int, first: int) -> Floats:
        begin = population.size * np.eye(chain.types, dtype=np.int64)[(first + np.arange(here)) % chain.types]
        return _averages(chain, begin, most, random) / population.size

    made, early = blocks(chain, count, drawn, progress, one)
    found = MeanShares(
        types=population.types,
        size=population.size,
        means=np.concatenate(made),
        process=population.process,
        mutation=population.mutation,
        changes=most,
        status=Status.INTERRUPTED if early else Status.COMPLETE,
        provenance=record("mean shares", {"population": population, "runs": count, "changes": most}, seed=drawn),
    )
    return found if early or found.forgotten else replace(found, status=Status.UNRESOLVED)


def _averages(chain: Chain, states: Ints, changes: int, random: np.random.Generator) -> Floats:
    """Of each run the mean number of members of each type over the second half of its changes."""
    sums, time = np.zeros(states.shape), np.zeros((len(states), 1))
    for k in range(changes):
        check_stop()
        after, total, _ = changed(chain, states, random)
        if 2 * k >= changes:
            lasts = 1.0 / total[:, None]
            sums += lasts * states
            time += lasts
        states = after
    return sums / time
