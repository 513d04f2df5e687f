"""Generations: the discrete replicator, a map of its own and no steps of the flow."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, Status, distribution, positive_integer, record
from nashscape.core.calls import public
from nashscape.evolution.basin_results import Evolution
from nashscape.evolution.population_games import PopulationGame, as_population_game, checked_shares

Floats = npt.NDArray[np.float64]

DISCRETE = Source(
    "discrete_replicator", "Hofbauer, Sigmund: Evolutionary Games and Population Dynamics. Cambridge University Press, "
    "1998.", "https://doi.org/10.1017/CBO9781139173179",
)  # fmt: skip


@public()
def generations(game: Any, start: Any, *, steps: int = 100) -> Evolution:
    """The discrete replicator: in the next generation a type has the share `x_i (A x)_i / xᵀ A x`.

    Payoffs are numbers of offspring, none negative. A constant added to all of them is not harmless as it is for the
    flow: it slows the map down, and can make a rest point attract that does not without it (`multipliers`). A factor
    is harmless.

    Args:
        game: a `population_game`, or its payoffs, at least 0.
        start: shares of the types, or a mapping from their names to them.
        steps: how many generations.

    Raises:
        InputError: for negative payoffs, and where nobody has offspring.

    Example:
        >>> generations([[1, 5], [2, 3]], [0.1, 0.9], steps=1).shares[1] * 307
        array([ 46., 261.])
        >>> generations([[11, 15], [12, 13]], [0.1, 0.9], steps=1).shares[1] * 1307      # every payoff + 10
        array([ 146., 1161.])

    Source: Hofbauer and Sigmund (1998), section 7.1.
    """
    game = _with_offspring(game)
    x = distribution(start, "start", len(game.types), of=game.types)
    if x.ndim != 1:
        raise InputError(f"one start is followed; got shape {x.shape}")
    path = [x]
    for _ in range(positive_integer(steps, "steps")):
        path.append(next_generation(game, path[-1]))
    shares = np.array(path)
    stays = bool(np.abs(shares[-1] - shares[-2]).max() <= 1e-15)
    return Evolution(
        types=game.types,
        dynamic="generations",
        noise=None,
        times=np.arange(len(shares), dtype=float),
        shares=shares,
        mean_fitness=game.mean_fitness(shares),
        ending="the last generation is as the one before" if stays else "still changing",
        rest=None,
        shift_invariant=False,
        status=Status.COMPLETE,
        provenance=record("evolution", {"game": game, "dynamic": "generations", "start": x, "steps": len(shares) - 1},
                          sources=[DISCRETE]),
    )  # fmt: skip


def next_generation(game: PopulationGame, shares: Floats) -> Floats:
    """Shares after one generation.

    Raises:
        InputError: where nobody has offspring.
    """
    born = shares * game.fitness(shares)
    if not born.sum() > 0:
        raise InputError(
            "nobody has offspring, as all who are there have a fitness of 0; add a constant to the payoffs"
        )
    made: Floats = born / born.sum()
    return made


@public()
def multipliers(game: Any, shares: npt.ArrayLike) -> npt.NDArray[np.complex128]:
    """By what a small distance from a rest point of `generations` is multiplied in each, the largest first.

    Eigenvalues of the derivative of the map along the simplex. Below 1 in size, all of them, the point attracts.

    Args:
        game: a `population_game`, or its payoffs, at least 0.
        shares: a rest point of the map.

    Raises:
        InputError: for negative payoffs, and shares that the map moves.

    Example:
        >>> multipliers([[1, 5], [2, 3]], [2 / 3, 1 / 3]).real.round(6), round(5 / 7, 6)
        (array([0.714286]), 0.714286)

    Source: Hofbauer and Sigmund (1998), section 7.1.
    """
    game = _with_offspring(game)
    x = checked_shares(shares, len(game.types))
    if x.ndim != 1 or np.abs(next_generation(game, x) - x).max() > 1e-9:
        raise InputError(f"multipliers are those of a rest point; one generation moves {np.asarray(shares).tolist()}")
    fitness, mean = game.fitness(x), float(game.mean_fitness(x))
    slopes = (game.payoffs + game.payoffs.T) @ x
    own = (np.diag(fitness) + x[:, None] * game.payoffs) / mean - np.outer(x * fitness, slopes) / mean**2
    # the last share is what the others leave
    along = own[:-1, :-1] - own[:-1, -1:]
    values = np.linalg.eigvals(along).astype(complex)
    made: npt.NDArray[np.complex128] = values[np.argsort(-np.abs(values))]
    return made


def _with_offspring(game: Any) -> PopulationGame:
    found = as_population_game(game)
    if found.payoffs.min() < 0:
        raise InputError(
            f"payoffs of generations are numbers of offspring and cannot be negative; got {found.payoffs.min():g}. A "
            "constant added to all changes this map; mean_dynamic is the flow, which it does not change"
        )
    return found
