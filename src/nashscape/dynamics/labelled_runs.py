"""Runs from many starts and where they are going."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from nashscape.dynamics.batches import Cost, Staged, completed, run_in_stages
from nashscape.dynamics.endings.accounts import Ended, Labelled, asked_once, labelled, moment_of
from nashscape.dynamics.endings.recurrences import Recurrence
from nashscape.dynamics.endings.settling import Endings, Settling
from nashscape.dynamics.setup import Setup
from nashscape.dynamics.starts import Starts
from nashscape.dynamics.targets import PointTarget, Target


def label_in_stages(
    setup: Setup,
    starts: Starts,
    indices: npt.NDArray[np.int64],
    targets: Sequence[Target | PointTarget],
    *,
    steps: int,
    settling: Settling,
    keys: npt.NDArray[np.int64] | None = None,
    **options: Any,
) -> Staged:
    """Run the starts with these indices and give `(Labelled, Endings, Cost)`.

    Runs that are open at their end are run again, watched, to see whether they come back.

    Args:
        setup: what is run.
        starts: where from.
        indices: which of the starts, `[N]`.
        targets: what runs may reach.
        steps: updates of each run.
        settling: when a run counts as settled.
        keys: index of every run for its random numbers; by default the index of its start.
        **options: the others of `run_in_stages`.
    """
    endings, cost = yield from run_in_stages(setup, starts, indices, steps=steps, keys=keys, **options)
    keys, quiet = indices if keys is None else keys, {**options, "progress": None}
    costs: list[Cost] = [cost]

    def again(runs: npt.NDArray[np.int64]) -> Recurrence:
        watched, cost = completed(
            [run_in_stages(setup, starts, indices[runs], steps=steps, keys=keys[runs], close=settling.close, **quiet)]
        )[0]
        costs.append(cost)
        return watched.recurrence

    made = label_endings(setup, endings, targets, settling, steps, again)
    return made, endings, together(costs, made)


def label_starts(
    setup: Setup, starts: Starts, indices: npt.NDArray[np.int64], targets: Sequence[Any], **options: Any
) -> tuple[Labelled, Endings, Cost]:
    """Run the starts with these indices and say where they are going; see `label_in_stages` for the arguments."""
    [result] = completed([label_in_stages(setup, starts, indices, targets, **options)])
    return cast(tuple[Labelled, Endings, Cost], result)


def label_endings(
    setup: Setup,
    endings: Endings,
    targets: Sequence[Target | PointTarget],
    settling: Settling,
    steps: int,
    recurrences: Any = None,
) -> Labelled:
    """Labels of runs of one setup after so many updates; without watching again, of those that were watched."""
    ended = Ended(
        setup=setup,
        asked=asked_once(setup, moment_of(setup, steps)),
        which=np.zeros(len(endings.theta), np.int64),
        theta=endings.theta,
        strategies=endings.strategies,
        largest=endings.largest,
    )

    def watched(runs: npt.NDArray[np.int64]) -> Recurrence:
        assert endings.recurrence is not None, "the second halves of these runs were not watched"
        return endings.recurrence[runs]

    return labelled(ended, targets, settling, recurrences or watched)


def together(costs: Sequence[Cost], made: Labelled) -> Cost:
    """All of it, and the time to compile what looked along paths."""
    return replace(
        costs[0],
        compile_seconds=sum(cost.compile_seconds for cost in costs) + made.compile_seconds,
        run_seconds=sum(cost.run_seconds for cost in costs),
        trajectory_steps=sum(cost.trajectory_steps for cost in costs),
    )
