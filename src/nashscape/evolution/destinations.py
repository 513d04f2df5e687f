"""Where a large population goes: from everywhere, and from one place."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, Status, distribution, positive_integer, record
from nashscape.core.calls import public
from nashscape.evolution.basin_results import Evolution, EvolutionaryBasins
from nashscape.evolution.motions import motion
from nashscape.evolution.mutation_laws import compositions
from nashscape.evolution.population_games import as_population_game
from nashscape.evolution.rest_labels import ending_of, labels_of
from nashscape.evolution.rest_points import rest_points

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GRIDS = {2: 400, 3: 40}
"""Cells along an edge, of so many types."""
MOST_STARTS = 10**5
SANDHOLM = Source(
    "population_games", "Sandholm: Population Games and Evolutionary Dynamics. MIT Press, 2010.", "",
)  # fmt: skip


@public()
def evolutionary_basins(
    game: Any,
    dynamic: str = "replicator",
    *,
    noise: float | None = None,
    grid: int | None = None,
    n: int | None = None,
    seed: int = 0,
    time: float | None = None,
) -> EvolutionaryBasins:
    """Where a mean dynamic takes a large population, from a grid of starts over the simplex or from drawn ones.

    A start goes to a rest point if after the time it is within 0.001 of it, in every share, or 0.01 of BNN, and all
    starts tried at that distance, among the types that are there, come twice as near in as long a time. Otherwise that
    is open: on a cycle, at a rest point that does not attract or is not isolated, or not there yet. These are
    observations, and no proof.

    Args:
        game: a `population_game`, its payoffs, or a game of two players who are alike; at most 8 types.
        dynamic: of `mean_dynamic`.
        noise: of the two with a logit, in payoff units.
        grid: cells along an edge; by default 400 of two types and 40 of three.
        n: starts drawn evenly from the simplex in place of a grid; by default 1000 of more types.
        seed: of the draws.
        time: how long; by default 200 over the range of payoffs, of BNN 1000, or 50 revisions of each member.

    Raises:
        InputError: for input that does not fit, before anything is followed.

    Example:
        >>> from nashscape.evolution import population_game
        >>> stag_hunt = population_game([[4, 0], [3, 2]], types=["stag", "hare"])
        >>> print(evolutionary_basins(stag_hunt).share("stag"))
        0.3325 [0.3300, 0.3350] (boundary cells)

    Source: Sandholm (2010).
    """
    game = as_population_game(game)
    moving = motion(game, dynamic, noise, time)
    size, starts = _starts(len(game.types), grid, n, seed)
    points, continuum = rest_points(moving)
    ends = moving.after(starts)
    labels = labels_of(moving, starts, ends, points)
    drawn = {"grid": size} if size else {"n": len(starts), "seed": seed}
    return EvolutionaryBasins(
        types=game.types,
        dynamic=moving.dynamic,
        noise=moving.noise,
        time=moving.time,
        grid=size,
        starts=starts,
        velocities=moving.velocity(starts),
        ends=ends,
        labels=labels,
        rest_points=points,
        continuum=continuum,
        cells=_cells(size, labels, starts.shape[1], len(points)),
        status=Status.COMPLETE,
        provenance=record("evolutionary basins", {**moving.asked, **drawn}, sources=[SANDHOLM]),
    )


def _starts(types: int, grid: Any, n: Any, seed: Any) -> tuple[int, Floats]:
    """How many cells an edge has, 0 of drawn starts, and the starts."""
    if grid is not None and n is not None:
        raise InputError("give grid, or n drawn starts, and not both")
    if grid is None and (n is not None or types not in GRIDS):
        count = positive_integer(1000 if n is None else n, "n")
        draws = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
        return 0, draws.dirichlet(np.ones(types), _few(count))
    size = positive_integer(GRIDS.get(types) if grid is None else grid, "grid", at_least=2)
    _few(size ** (types - 1) // max(1, types - 1))
    return size, (compositions(size - 1, types) + 1 / types) / size


def _few(count: int) -> int:
    if count > MOST_STARTS:
        raise InputError(f"at most {MOST_STARTS} starts are followed; got {count}: take fewer cells, or n drawn ones")
    return count


def _cells(size: int, labels: Ints, types: int, points: int) -> Ints:
    """Of every label how many starts of a grid have no neighbour of another, and how many have it or a neighbour has.

    A start counts half a cell at least, so that what is finer than the grid is not said to be nowhere.
    """
    counts = np.zeros((points + 1, 2), np.int64)
    if not size:
        return counts
    places = compositions(size - 1, types)
    number = np.full((size + 2,) * types, -1)
    number[tuple((places + 1).T)] = np.arange(len(places))
    beside = [
        number[tuple((places + 1 + np.eye(types, dtype=int)[a] - np.eye(types, dtype=int)[b]).T)]
        for a in range(types) for b in range(types) if a != b
    ]  # fmt: skip
    for k in range(points + 1):
        own = labels == (k if k < points else -1)
        others = [np.where(row >= 0, own[row], own) for row in beside]
        inside, around = np.logical_and.reduce([own, *others]), np.logical_or.reduce([own, *others])
        counts[k] = min(int(inside.sum()), len(own) - 1), max(int(around.sum()), 1)
    return counts


@public()
def evolve(
    game: Any,
    start: Any,
    dynamic: str = "replicator",
    *,
    noise: float | None = None,
    time: float | None = None,
    samples: int = 200,
) -> Evolution:
    """Follow a mean dynamic of a large population from one start, and say where it goes.

    A start that is a rest point stays, whatever that is: every pure state is one of the replicator, most of them no
    equilibria. It is called so, and not where the population "converges" to.

    Args:
        game: a `population_game`, its payoffs, or a game of two players who are alike; at most 8 types.
        start: shares of the types, or a mapping from their names to them.
        dynamic: of `mean_dynamic`.
        noise: of the two with a logit, in payoff units.
        time: how long; by default as in `evolutionary_basins`.
        samples: at how many times it is looked at, after the start.

    Raises:
        InputError: for input that does not fit.

    Example:
        >>> from nashscape.evolution import population_game
        >>> dilemma = population_game([[3, 0], [5, 1]], types=["C", "D"])
        >>> evolve(dilemma, [1, 0])
        <Evolution by replicator over 40: stays at C (rest point, not Nash)>
        >>> evolve(dilemma, [1 - 1e-6, 1e-6])
        <Evolution by replicator over 40: goes to D (rest point, ESS)>

    Source: Sandholm (2010).
    """
    game = as_population_game(game)
    if np.ndim(start) > 1:
        raise InputError(f"one start is followed; got shape {np.shape(start)}: of many evolutionary_basins says it")
    x = distribution(start, "start", len(game.types), of=game.types)
    moving = motion(game, dynamic, noise, time)
    count = positive_integer(samples, "samples")
    points, _ = rest_points(moving)
    path = [x]
    for _ in range(count):
        path.append(moving.after(path[-1][None], moving.time / count)[0])
    shares = np.array(path)
    found, ending = ending_of(moving, shares, points)
    return Evolution(
        types=game.types,
        dynamic=moving.dynamic,
        noise=moving.noise,
        times=np.linspace(0.0, moving.time, count + 1),
        shares=shares,
        mean_fitness=game.mean_fitness(shares),
        ending=ending,
        rest=found,
        shift_invariant=True,
        status=Status.COMPLETE,
        provenance=record("evolution", {**moving.asked, "start": x, "samples": count}, sources=[SANDHOLM]),
    )
