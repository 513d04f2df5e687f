"""Runs of populations, many at once, of which only the changes are drawn."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import check_stop, until_stopped
from nashscape.evolution.state_chains import Chain, Draw

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
Made = TypeVar("Made")

MOST_NUMBERS = 1 << 20
"""Numbers in one array of rates: so many runs go on together."""
MOST_TOGETHER = 1_000

OPEN = -1
"""Of a run in which several types were left when it was ended."""


class Ended(NamedTuple):
    """What runs came to.

    Attributes:
        left: the type that was left in each, or `OPEN`.
        early: whether somebody asked to stop; the runs are those of whole blocks then.
    """

    left: Ints
    early: bool


def together(chain: Chain, runs: int) -> int:
    """How many runs go on at once."""
    return max(1, min(runs, MOST_TOGETHER, MOST_NUMBERS // chain.width))


def blocks(
    chain: Chain,
    runs: int,
    seed: int,
    progress: Progress | None,
    one: Callable[[np.random.Generator, int, int], Made],
) -> tuple[list[Made], bool]:
    """What `one` makes of each block of runs, from its own draws, how many runs and the number of the first.

    Where somebody asks to stop, the block under way is left out: runs that end soon do not end alike.
    """
    made: list[Made] = []
    size = together(chain, runs)
    with until_stopped(lambda: not made) as stop:
        for first in range(0, runs, size):
            count = min(size, runs - first)
            made.append(one(np.random.default_rng([seed, first]), count, first))
            if progress is not None:
                progress(first + count, runs)
    return made, stop.early


def ended(chain: Chain, begin: Draw, runs: int, changes: int, seed: int, progress: Progress | None) -> Ended:
    """Which type is left in each of some runs, of so many changes at most."""

    def one(random: np.random.Generator, count: int, first: int) -> Ints:
        left, going, states = np.full(count, OPEN), np.arange(count), begin(random, count)
        for _ in range(changes):
            check_stop()
            last = chain.left(states)
            left[going] = last
            going, states = going[last < 0], states[last < 0]
            if not len(going):
                break
            states, _, stuck = changed(chain, states, random)
            going, states = going[~stuck], states[~stuck]
        left[going] = chain.left(states)
        return left

    made, early = blocks(chain, runs, seed, progress, one)
    return Ended(np.concatenate(made), early)


def changed(chain: Chain, states: Ints, random: np.random.Generator) -> tuple[Ints, Floats, npt.NDArray[np.bool_]]:
    """States after the next change, how likely an update made any, and those in which nothing can change."""
    sums = chain.changes(states).cumsum(1)
    total = sums[:, -1]
    mark = random.random(len(states)) * total
    drawn = np.minimum((sums <= mark[:, None]).sum(1), sums.shape[1] - 1)
    return chain.changed(states, drawn), total, total <= 0
