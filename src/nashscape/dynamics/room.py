"""How many runs fit into memory."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from nashscape.core.sizes import check_size
from nashscape.dynamics.case import Case
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.reduction import results

COPIES = 4
"""So often every number of a run is held at the same time, at most: as the devices give it, put together, taken apart
and as a result."""


def numbered(
    case: Case, runs: int, instead: Callable[[int], str], *, beside: int = 1, most: int | None = None
) -> npt.NDArray[np.int64]:
    """Numbers of so many runs of a case, `[runs]`.

    Args:
        case: what is run.
        runs: how many there are to be.
        instead: says what would fit, from the number of runs that would.
        beside: how many such cases are run at the same time.
        most: how many runs there may be at all.

    Raises:
        InputError: where they would take more than half of the memory of this machine, or are too many.
    """
    check_size("runs", runs, beside * bytes_of_run(case), instead, most=most)
    return np.arange(runs, dtype=np.int64)


def a_grid(players: int, rollouts: int = 1) -> Callable[[int], str]:
    """What to say of a grid that does not fit, from the number of runs that would."""
    return lambda most: (
        f"a grid of {int((most / rollouts) ** (1 / players) + 1e-9)} fits; entry_probability takes random starts, as "
        "many as you say"
    )


def bytes_of_run(case: Case) -> int:
    """About how many bytes a run takes, with all copies, and its label."""
    game = case.game
    entries = 0 if case.only_plays else sum(map(math.prod, game.game.strategy_shapes))
    reduced = 0
    if not is_hosted(case.rule) and case.setup.reducers:
        along = tuple(reducer.for_run(case.steps) for reducer in case.setup.reducers)
        reduced = sum(math.prod(one.shape) for one in results(along, game, case.precision))
    numbers = game.dimension + 2 * entries + 8 + reduced
    return COPIES * numbers * np.dtype(case.precision).itemsize + 64
