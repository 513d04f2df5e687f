"""A universe of tasks on a grid: two players walk a few steps, and each wants a formula to hold of where they end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.families.goals import Bools, Goal, goal_game
from nashscape.games.forms.dense_game import DenseGame

COLOUR = re.compile(r"\w+")
MOST_CELLS = 144
MOST_FORMULAS = 1_000_000
"""Goals that are compared one by one to count different ones."""


class GridTask(NamedTuple):
    """A task: where both players start, by number of the cell, and the goal of each."""

    starts: tuple[int, int]
    goals: tuple[Goal, Goal]


@dataclass(frozen=True, eq=False)
class GoalUniverse:
    """All tasks on one grid; made by `goal_universe`.

    Attributes:
        colours: of each row the colour of each of its cells.
        steps: how many a player walks at most.
        options: how many a goal has at most.
        literals: how many an option has at most.
    """

    colours: tuple[tuple[str, ...], ...]
    steps: int
    options: int
    literals: int

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of the cells, row by row: the colour and the place."""
        return tuple(f"{colour} {r}:{c}" for r, row in enumerate(self.colours) for c, colour in enumerate(row))

    @cached_property
    def distances(self) -> npt.NDArray[np.int64]:
        """Steps from each cell to each other, `[cells, cells]`."""
        places = np.array(list(product(range(len(self.colours)), range(len(self.colours[0])))))
        made: npt.NDArray[np.int64] = np.abs(places[:, None] - places[None]).sum(-1)
        return made

    @property
    def reach(self) -> Bools:
        """Where one can end who starts in the cell of the row, `[cells, cells]`."""
        return self.distances <= self.steps

    @cached_property
    def predicates(self) -> dict[str, Bools]:
        """What may be true, of where the first ends and where the second ends, `[cells, cells]`."""
        every = [colour for row in self.colours for colour in row]
        made: dict[str, Bools] = {}
        for colour in dict.fromkeys(every):
            own = np.array([one == colour for one in every])
            made[f"1 on {colour}"] = np.repeat(own[:, None], len(own), axis=1)
            made[f"2 on {colour}"] = np.repeat(own[None], len(own), axis=0)
        made["near"] = self.distances <= 1
        made["together"] = self.distances == 0
        return made

    @property
    def formulas(self) -> int:
        """How many goals can be written: sets of options, each of literals of different predicates."""
        ways = sum(comb(len(self.predicates), k) * 2**k for k in range(1, self.literals + 1))
        return sum(comb(ways, k) for k in range(1, self.options + 1))

    @property
    def tasks(self) -> int:
        """How many tasks can be written: two starts and two goals."""
        return (len(self.cells) * self.formulas) ** 2

    def meanings(self) -> int:
        """How many goals differ in some outcome.

        Raises:
            InputError: where there are more than a million goals to compare.
        """
        if self.formulas > MOST_FORMULAS:
            raise InputError(
                f"{self.formulas:,} goals are too many to compare; a universe of up to {MOST_FORMULAS:,} is not"
            )
        names, ways = list(self.predicates), set[int]()
        for count in range(1, self.literals + 1):
            for chosen in combinations(names, count):
                for signs in product((True, False), repeat=count):
                    one = Goal((tuple(zip(chosen, signs, strict=True)),)).holds(self.predicates)
                    ways.add(int.from_bytes(np.packbits(one).tobytes()))
        found = set(ways)
        for _ in range(1, self.options):
            found |= {one | other for one in found for other in ways}
        return len(found)

    def draw(self, count: int, seed: int = 0) -> list[GridTask]:
        """Random tasks: starts alike, and for each goal a number of options, and of literals of each, alike.

        Args:
            count: how many.
            seed: of the draws.
        """
        count, draws = (
            positive_integer(count, "count"),
            np.random.default_rng(positive_integer(seed, "seed", at_least=0)),
        )
        return [self._drawn(draws) for _ in range(count)]

    def _drawn(self, draws: np.random.Generator) -> GridTask:
        one, other = (int(cell) for cell in draws.integers(len(self.cells), size=2))
        return GridTask((one, other), (self._goal(draws), self._goal(draws)))

    def _goal(self, draws: np.random.Generator) -> Goal:
        names, wanted = list(self.predicates), int(draws.integers(1, self.options + 1))
        made: dict[frozenset[tuple[str, bool]], None] = {}
        while len(made) < wanted:
            chosen = draws.choice(len(names), size=int(draws.integers(1, self.literals + 1)), replace=False)
            made[frozenset((names[k], bool(draws.integers(2))) for k in chosen)] = None
        return Goal(tuple(tuple(sorted(option)) for option in made))

    def ends(self, task: GridTask) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The cells in which each player can end."""
        one, other = (np.flatnonzero(self.reach[start]) for start in task.starts)
        return one, other

    def game(self, task: GridTask) -> DenseGame:
        """A task as a game of where to end, of those cells that are in reach; all that matters of a walk is its end."""
        one, other = self.ends(task)
        within = {name: own[np.ix_(one, other)] for name, own in self.predicates.items()}
        names = [[self.cells[k] for k in own] for own in (one, other)]
        return goal_game(within, task.goals, actions=names, name="task")


@public()
def goal_universe(
    colours: Sequence[Sequence[str]] = ("rgby", "ybrg", "grbr"), *, steps: int = 3, options: int = 2, literals: int = 2
) -> GoalUniverse:
    """A universe of tasks on a grid: both players walk up to some steps, and only where they end counts.

    A task is two starts and two goals. A goal is a formula in disjunctive normal form over predicates of the end: `1 on
    red`, `2 on red`, … for all colours, `near`, one step apart or none, and `together`. A player is paid 1 where its
    goal holds. Players do not block each other, so that a task is the game of choosing an end in reach, which is exact.

    Args:
        colours: of each row the colours of its cells, a letter each or names.
        steps: how many a player walks at most; from 0.
        options: how many a goal has at most.
        literals: how many an option has at most.

    Raises:
        InputError: for rows of different lengths, more than 144 cells, and more literals than predicates.

    Example:
        >>> universe = goal_universe(["rg", "gr"], steps=1)
        >>> list(universe.predicates), f"{universe.formulas:,}", f"{universe.tasks:,}", universe.meanings()
        (['1 on r', '2 on r', '1 on g', '2 on g', 'near', 'together'], '2,628', '110,502,144', 64)
        >>> task = universe.draw(1, seed=2)[0]
        >>> print(*task.goals, sep="; ")
        1 on g; 1 on g
        >>> universe.game(task).payoffs[0].tolist()
        [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]

    Source: after Stooke et al. (2021); grid, predicates and numbers are ours.
    """
    rows = [tuple(map(str, row)) for row in colours]
    if not rows or len(set(map(len, rows))) != 1 or not 0 < len(rows) * len(rows[0]) <= MOST_CELLS:
        raise InputError(f"colours are rows of one length, of {MOST_CELLS} cells at most in all; got {list(colours)!r}")
    strange = [own for row in rows for own in row if not COLOUR.fullmatch(own)]
    if strange:
        raise InputError(f"colours are letters or words of letters, for goals to speak of; got {strange[0]!r}")
    counts = (positive_integer(own, what) for own, what in ((options, "options"), (literals, "literals")))
    made = GoalUniverse(tuple(rows), positive_integer(steps, "steps", at_least=0), *counts)
    if literals > len(made.predicates):
        raise InputError(f"an option has at most as many literals as there are predicates, {len(made.predicates)}; got "
                         f"{literals}")  # fmt: skip
    return made
