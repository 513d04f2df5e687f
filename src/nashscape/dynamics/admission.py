"""Which parameters a run may start from."""

import math

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.checks import SUM_TOLERANCE
from nashscape.games.points_in_sets import ROUNDING, misses
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]


def admitted(game: ParametricGame, theta: Floats) -> Floats:
    """Starting parameters `[N, d]`, once it is sure that they are within bounds, or are probabilities.

    Raises:
        InputError: where they are not. Logits may be anything.
    """
    domain, bounds = game.semantics.domain, getattr(game.semantics, "bounds", None)
    if domain == "points" and bounds is not None:
        low, high = (np.asarray(end) for end in bounds)
        if (theta < low).any() or (theta > high).any():
            finite = np.isfinite(low).all() and np.isfinite(high).all()
            raise InputError(
                f"some starts lie beyond the bounds of {game.name}, from {low.tolist()} to {high.tolist()}; draw them "
                f"from within with starts={'starts.uniform_strategies()' if finite else 'starts.uniform(low, high)'}"
            )
    if domain == "points":
        _check_sets(game, theta)
    if domain == "simplex":
        fits = theta.shape[1] == game.dimension and (theta >= 0).all()
        sums = [block.sum(axis=-1) for block in by_strategy(game, theta)] if fits else []
        if not fits or any((abs(total - 1.0) > SUM_TOLERANCE).any() for total in sums):
            raise InputError(
                f"the parameters of {game.name} are probabilities, which these starts are not; use "
                "starts.uniform_strategies() or starts.strategies([…])"
            )
    return theta


def _check_sets(game: ParametricGame, theta: Floats) -> None:
    sets = getattr(game.semantics, "constraints", None) or ()
    for player, own, part in zip(range(len(sets)), sets, game.semantics.slices, strict=False):
        missed = misses(own, theta[:, part])
        if (missed > ROUNDING * (1.0 + np.abs(theta[:, part]).max(initial=0.0))).any():
            raise InputError(
                f"some starts of player {player + 1} of {game.name} lie outside its set, by {missed.max():.4g}; draw "
                "them with starts.uniform_strategies()"
            )


def by_strategy(game: ParametricGame, values: Floats) -> list[Floats]:
    """Rows `[N, Σ]` of one number per entry of the strategies, as one array `[N, …]` per player."""
    shapes = game.game.strategy_shapes
    parts = np.split(values, np.cumsum([math.prod(shape) for shape in shapes])[:-1], axis=1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]
