"""Tasks of a universe as arrays, as each of both players sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from nashscape.games import Goal, GoalUniverse, GridTask

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """Tasks as one player sees them, who is "1" in its own goal.

    Attributes:
        goals: how often each predicate is wanted, and is not, of all literals of the goal, `[tasks, 2 predicates]`.
        cells: what each cell is like: its colours, near the other's start, on it, and how far from it, `[tasks, cells,
            attributes]`.
        reach: where one can end, `[tasks, cells]`.
        wins: where the goal holds, by one's own end and the other's, `[tasks, cells, cells]`.
        literals: how many a goal has, `[tasks]`.
    """

    goals: Floats
    cells: Floats
    reach: Bools
    wins: Bools
    literals: npt.NDArray[np.int64]

    def chosen(self, tasks: npt.NDArray[np.int64]) -> "Seen":
        """Some of the tasks, by number."""
        return Seen(*(getattr(self, field.name)[tasks] for field in fields(self)))

    @property
    def even(self) -> Floats:
        """All ends in reach alike, `[tasks, cells]`."""
        made: Floats = self.reach / self.reach.sum(1, keepdims=True)
        return made


def seen(universe: GoalUniverse, tasks: Sequence[GridTask], player: int) -> Seen:
    """Tasks as the first player, 0, or the second, 1, sees them."""
    names, truths = list(universe.predicates), universe.predicates
    swapped = {name: f"{3 - int(name[0])}{name[1:]}" if name[:1] in "12" else name for name in names}
    wanted = np.zeros((len(tasks), 2, len(names)))
    for t, task in enumerate(tasks):
        for name, positive in _literals(task.goals[player]):
            wanted[t, 0 if positive else 1, names.index(swapped[name] if player else name)] += 1
    literals = wanted.sum((1, 2)).astype(np.int64)
    wanted /= literals[:, None, None]
    mine, theirs = (np.array([task.starts[k] for task in tasks]) for k in (player, 1 - player))
    colours = np.stack([own[:, 0] for name, own in truths.items() if name.startswith("1 on")], axis=1)
    far = universe.distances[theirs]
    place = np.stack([far <= 1, far == 0, far / max(universe.distances.max(), 1)], axis=-1)
    cells = np.concatenate([np.broadcast_to(colours, (len(tasks), *colours.shape)), place], axis=-1)
    wins = np.stack([task.goals[player].holds(truths) for task in tasks])
    return Seen(
        goals=wanted.reshape(len(tasks), -1),
        cells=cells.astype(np.float64),
        reach=universe.reach[mine],
        wins=np.swapaxes(wins, 1, 2) if player else wins,
        literals=literals,
    )


def _literals(goal: Goal) -> list[tuple[str, bool]]:
    return [literal for option in goal.options for literal in option]


def apart(universe: GoalUniverse, count: int, held_out: int, seed: int) -> tuple[list[GridTask], list[GridTask]]:
    """Tasks to train on, and tasks with first goals that none of those has."""
    training = universe.draw(count, seed)
    known = {task.goals[0] for task in training}
    others: list[GridTask] = []
    turn = 0
    while len(others) < held_out:
        turn += 1
        others += [task for task in universe.draw(held_out, seed + 1_000_003 * turn) if task.goals[0] not in known]
    return training, others[:held_out]
