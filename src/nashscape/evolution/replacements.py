"""How likely each member of a population is replaced by each type: of members who all meet, and of those on a graph."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError

if TYPE_CHECKING:
    from nashscape.evolution.finite_population import FinitePopulation
    from nashscape.evolution.graph_populations import GraphPopulation

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NOBODY = "all who could have offspring have a fitness of 0 in some state; add a constant to the payoffs"


def count_changes(population: "FinitePopulation", counts: Ints) -> Floats:
    """From compositions `[S, types]` the chances that the next update makes one of the row one of the column.

    Returns:
        `[S, types, types]`, zero on the diagonal.
    """
    newcomers = _of_moran if population.process == "moran" else _of_fermi
    chances = counts[:, :, None] / population.size * newcomers(population, counts)
    made: Floats = np.where(np.eye(counts.shape[1], dtype=bool), 0.0, chances)
    return made


def _mutated(population: "FinitePopulation", chances: Floats, own: Floats) -> Floats:
    """The types of newcomers after mutation: `chances` before it, and `own`, what mutates."""
    types = len(population.types)
    among_any, among_others = np.full((types, types), 1.0 / types), (1.0 - np.eye(types)) / (types - 1)
    drawn = among_any if population.mutants == "any" else among_others
    made: Floats = (1.0 - population.mutation) * chances + population.mutation * own @ drawn
    return made


def _of_moran(population: "FinitePopulation", counts: Ints) -> Floats:
    """Of every type that goes the types that come: an offspring, whoever goes."""
    logs = np.where(counts > 0, population.log_fitness(counts), -np.inf)
    most = logs.max(-1, keepdims=True)
    if np.isneginf(most).any():
        raise InputError(NOBODY)
    weights = counts * np.exp(logs - most)
    parents = weights / weights.sum(-1, keepdims=True)
    return _mutated(population, parents, parents)[:, None, :]


def _of_fermi(population: "FinitePopulation", counts: Ints) -> Floats:
    """Of every type that looks the types that it becomes."""
    payoffs, own = population.mean_payoffs(counts), np.eye(counts.shape[1])
    imitates = imitation(population.intensity * (payoffs[:, None, :] - payoffs[:, :, None]))
    met = (counts[:, None, :] - own) / (population.size - 1)
    moves = np.where(own > 0, 0.0, np.maximum(met, 0.0) * imitates)
    moves += own * (1.0 - moves.sum(-1, keepdims=True))
    return _mutated(population, moves, own)


def imitation(gains: Floats) -> Floats:
    """How likely a member imitates another of whom the payoff, times the intensity, is so much larger.

    >>> imitation(np.array([0.0, np.log(3.0)])).round(6).tolist()
    [0.5, 0.75]
    """
    from scipy.special import expit

    made: Floats = expit(gains)
    return made


def node_changes(population: "GraphPopulation", states: Ints) -> Floats:
    """From types of all nodes `[S, n]` the chances that the next update makes each node each type.

    Returns:
        `[S, n, types]`, zero for the type that a node has.
    """
    around = population.around
    beside = states[:, around.nodes]
    payoffs = (around.shares * population.payoffs[states[:, :, None], beside]).sum(-1)
    chances = {"death_birth": _death_birth, "birth_death": _birth_death, "fermi": _pairwise}[population.process](
        population, payoffs
    )
    made = np.stack([(chances * (beside == t)).sum(-1) for t in range(len(population.types))], -1)
    np.put_along_axis(made, states[:, :, None], 0.0, -1)
    return made


def _death_birth(population: "GraphPopulation", payoffs: Floats) -> Floats:
    """That a node goes and each of its neighbours has its place, `[S, n, neighbours]`."""
    around = population.around
    with np.errstate(divide="ignore"):
        logs = population.log_fitness(payoffs)[:, around.nodes] + np.log(around.shares)
    most = logs.max(-1, keepdims=True)
    if np.isneginf(most).any():
        raise InputError(NOBODY)
    weights = np.exp(logs - most)
    made: Floats = weights / weights.sum(-1, keepdims=True) / len(around.nodes)
    return made


def _birth_death(population: "GraphPopulation", payoffs: Floats) -> Floats:
    """That each neighbour of a node has an offspring which takes its place."""
    logs = population.log_fitness(payoffs)
    most = logs.max(-1, keepdims=True)
    if np.isneginf(most).any():
        raise InputError(NOBODY)
    weights = np.exp(logs - most)
    parents = weights / weights.sum(-1, keepdims=True)
    made: Floats = parents[:, population.around.nodes] * population.around.back
    return made


def _pairwise(population: "GraphPopulation", payoffs: Floats) -> Floats:
    """That a node looks at each of its neighbours and imitates it."""
    around = population.around
    gains = population.intensity * (payoffs[:, around.nodes] - payoffs[:, :, None])
    made: Floats = around.shares / len(around.nodes) * imitation(gains)
    return made
