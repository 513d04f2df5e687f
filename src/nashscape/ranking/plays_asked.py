"""What `response_graph` is asked: payoffs and their bounds, or a function that plays, checked at the door."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.ranking.alpha_ranks import MOST_PROFILES
from nashscape.ranking.looks import Ints
from nashscape.ranking.spending import Draw

Floats = npt.NDArray[np.float64]


def payoff_bounds(bounds: Any) -> tuple[float, float]:
    """The least and the largest payoff that are possible."""
    low, high = finite_array(bounds, "bounds", shape=(2,))
    if not low < high:
        raise InputError(f"bounds are the least and the largest payoff, [low, high]; got {low:g} and {high:g}")
    return float(low), float(high)


def payoff_table(game: Any, low: float, high: float) -> Floats:
    """Payoffs `[players, *actions]` within the bounds."""
    table = finite_array(getattr(game, "payoffs", game), "payoffs")
    if table.ndim < 2 or len(table) != table.ndim - 1:
        raise InputError(f"payoffs are [players, *actions], or a function that plays; got shape {table.shape}")
    if table.size and (table.min() < low or table.max() > high):
        raise InputError(
            f"payoffs go from {table.min():g} to {table.max():g}, beyond the bounds {low:g} and {high:g}; give bounds"
        )
    _sized(table.shape[1:])
    return table


def counts_named(names: Any) -> tuple[int, ...]:
    """How many strategies each player has, by their names."""
    if not hasattr(names, "__len__") or not len(names) or not all(hasattr(own, "__len__") for own in names):
        raise InputError(f"a function that plays needs names of strategies, a list for each player; got {names!r}")
    return _sized(tuple(len(own) for own in names))


def tolerated(tolerance: Any, low: float, high: float) -> float:
    """A tolerance, as a part of the range of payoffs."""
    return finite_number(tolerance, "tolerance", low=0.0, high=high - low, high_open=True) / (high - low)


def _sized(counts: tuple[int, ...]) -> tuple[int, ...]:
    if not 2 <= prod(counts) <= MOST_PROFILES:
        raise InputError(f"there must be from 2 to {MOST_PROFILES:,} profiles; there are {prod(counts):,}")
    return counts


def drawn_by(
    play: Callable[..., Any],
    actions: tuple[int, ...],
    bounds: tuple[float, float],
    ends: bool,
    random: np.random.Generator,
) -> Draw:
    """Plays by a function of the user's, checked."""
    low, high = bounds

    def draw(going: Ints, chosen: Ints, counts: Ints) -> Floats:
        profile, count = tuple(int(k) for k in np.unravel_index(int(chosen[0]), actions)), int(counts[0])
        paid = finite_array(play(profile, count, random), f"what play({profile}, {count}, random) gives",
                            shape=(count, len(actions)))  # fmt: skip
        if paid.min() < low or paid.max() > high:
            raise InputError(
                f"play{profile} paid {paid.min():g} to {paid.max():g}, beyond the bounds {low:g} and {high:g}"
            )
        if ends and not np.isin(paid, bounds).all():
            raise InputError(f"clopper-pearson takes payoffs {low:g} and {high:g} alone; take bound='hoeffding'")
        return np.asarray(((paid - low) / (high - low)).sum(0)[None])

    return draw
