"""What fits into memory: asked before anything is allocated."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.machine import memory
from nashscape.dynamics.case import Case
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.reduction import results

SHARE = 0.5
"""Of the machine's memory that runs may take."""

COPIES = 4
"""So often every number of a run is held at the same time, at most: as the devices give it, put together, taken apart
and as a result."""


def numbered(case: Case, runs: int, instead: Callable[[int], str]) -> npt.NDArray[np.int64]:
    """Numbers of so many runs of a case, `[runs]`.

    Args:
        case: what is run.
        runs: how many there are to be.
        instead: says what would fit, from the number of runs that would.

    Raises:
        InputError: where they would take more than half of the memory of this machine.
    """
    each, room = bytes_of_run(case), SHARE * memory()
    if runs * each > room:
        wanted, there = (f"{size / 2**30:,.1f} GiB" for size in (runs * each, room))
        raise InputError(
            f"{runs:,} runs need about {wanted} of memory, and half of what this machine has is {there}: "
            f"{instead(int(room / each))}"
        )
    return np.arange(runs, dtype=np.int64)


def bytes_of_run(case: Case) -> int:
    """About how many bytes a run takes, with all copies, and its label."""
    game = case.game
    entries = sum(map(math.prod, game.game.strategy_shapes))
    reduced = 0
    if not is_hosted(case.rule) and case.setup.reducers:
        along = tuple(reducer.for_run(case.steps) for reducer in case.setup.reducers)
        reduced = sum(math.prod(one.shape) for one in results(along, game, case.precision))
    numbers = game.dimension + 2 * entries + 8 + reduced
    return COPIES * numbers * np.dtype(case.precision).itemsize + 64
