"""Which type is left of a population: by equations where it is small, by runs where it is large."""

from math import log10
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.options import option
from nashscape.core.options.values import check_values
from nashscape.evolution.absorption import MOST_STATES, MOST_UPDATES, absorbed
from nashscape.evolution.fixation_results import Fixation
from nashscape.evolution.mutation_laws import GTH
from nashscape.evolution.sampled_chains import Progress, ended
from nashscape.evolution.state_chains import Chain, Start, chain_of, start_of
from nashscape.evolution.takeovers import MORAN
from nashscape.evolution.weak_selection import ALLEN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@public()
def fixation(
    population: Any,
    start: Any,
    *,
    runs: int | None = None,
    changes: int = 1_000_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Fixation:
    """How likely each type is the only one left in the end, from one start, of a population without mutation.

    Without `runs` the equations of all states are solved, of which there may be 8,192: 13 nodes of two types, or 126
    members of three who all meet. Nothing is subtracted for it, so that small chances have all their digits; those that
    floating-point numbers cannot hold, all below 10⁻¹⁴⁰, are told as 0. With `runs` so many populations are followed,
    of which only the changes are drawn, as updates that change nothing do not decide who is left.

    Args:
        population: a `finite_population` without mutation, or a `graph_population`.
        start: how many members are of each type, as `{"C": 1, "D": 99}`, on a graph at nodes drawn evenly; or, on a
            graph, the type of each node.
        runs: how many are drawn; by default none.
        changes: of members in a run at most. What has not ended by then is open, and widens intervals.
        seed: of the draws.
        progress: called with (runs done, runs in all).

    Raises:
        InputError: for mutation, a start that does not fit, a negative fitness, and where in some state all who could
            have offspring have a fitness of 0; without `runs` for too many states, and where several types stay for
            more than 10¹⁵⁰ updates.

    Example:
        >>> from nashscape.evolution import finite_population, graph_population
        >>> donation = [[3, -1], [4, 0]]
        >>> ring = graph_population(donation, "ring:9", types="CD", intensity=0.1)
        >>> fixation(ring, {"C": 1, "D": 8})
        <Fixation of 9 members: C 0.1274, D 0.8726>
        >>> three = finite_population([[1, 2, 0], [0, 1, 2], [2, 0, 1]], 300, types="ABC")
        >>> fixation(three, {"A": 100, "B": 100, "C": 100}, runs=40).runs
        40

    Source: Nowak et al. (2004); Allen et al. (2017) on graphs; Grassmann, Taksar and Heyman (1985) for the computation.
    """
    chain = chain_of(population)
    if getattr(population, "mutation", 0.0) > 0:
        raise InputError(
            f"with a mutation of {population.mutation:g} no type is ever left for good; ask for mutation_law or "
            "mean_shares, or set mutation=0"
        )
    begun = start_of(population, start)
    asked = {"population": population, "start": begun.counts if begun.nodes is None else begun.nodes}
    if runs is None:
        probabilities, wins, status = _exact(chain, begun, population), np.zeros(chain.types, np.int64), None
    else:
        count, most = positive_integer(runs, "runs"), positive_integer(changes, "changes")
        drawn = positive_integer(seed, "seed", at_least=0)
        check_values({"progress": option("progress")}, {"progress": progress})
        left, early = ended(chain, begun.draw, count, most, drawn, progress)
        wins = np.bincount(left[left >= 0], minlength=chain.types)
        probabilities, status = wins / len(left), Status.INTERRUPTED if early else None
        asked |= {"runs": count, "changes": most}
    return Fixation(
        types=population.types,
        size=population.size,
        start=begun.counts,
        probabilities=probabilities,
        neutral=_neutral(population, begun),
        runs=0 if runs is None else len(left),
        wins=wins,
        process=population.process,
        status=status or (Status.UNRESOLVED if runs is not None and wins.sum() < len(left) else Status.COMPLETE),
        provenance=record("fixation", asked, seed=None if runs is None else seed, sources=[MORAN, ALLEN, GTH]),
    )


def _exact(chain: Chain, start: Start, population: Any) -> Floats:
    """By the equations; over all placements of the members where they are not placed."""
    if chain.states > MOST_STATES:
        raise InputError(
            f"{population.size} members have {chain.states:,} states; the equations of at most {MOST_STATES:,} are "
            "solved: draw runs, as runs=1000"
        )
    states, number = chain.every()
    # types that are not there never come
    near = np.flatnonzero(~chain.counts(states)[:, start.counts == 0].any(1))
    place = np.zeros(len(states), np.int64)
    place[near] = np.arange(len(near))
    states = states[near]
    found = absorbed(chain, states, lambda given: place[number(given)])
    here = (chain.counts(states) == start.counts if start.nodes is None else states == start.nodes).all(1)
    if (found.chances[here, -1] > 0).any() or not (found.updates[here] < MOST_UPDATES).all():
        raise InputError(
            f"several types stay for more than 10^{log10(MOST_UPDATES):.0f} updates, or changes are less likely than "
            "any floating-point number: take a smaller intensity, runs=1000, which says how many of them end at all, "
            "or, of two types who all meet, takeovers, which is solved in logarithms"
        )
    made: Floats = found.chances[here, :-1].mean(0)
    return made


def _neutral(population: Any, start: Start) -> Floats:
    if start.nodes is None:
        return np.asarray(start.counts / population.size)
    return np.asarray(np.bincount(start.nodes, weights=population.values, minlength=len(population.types)), float)
