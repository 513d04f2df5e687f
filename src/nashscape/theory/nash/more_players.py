"""All equilibria of three and more players: faces on which two mix exactly, supports of more mixers by boxes."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import Budget, Stopped
from nashscape.theory.nash.mixed_supports import Root, roots_of
from nashscape.theory.nash.pure_faces import Piece, Profile, on_faces
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.support_systems import Support, System
from nashscape.theory.nash.tableaus import whole_numbers

Floats = npt.NDArray[np.float64]


@dataclass
class Search:
    """What was found so far; it stays valid wherever the search stops.

    Attributes:
        payoffs: whole numbers, each player's in a unit of its own, `[n, a_1, …, a_n]`.
        pieces: equilibria in which at most two players mix.
        roots: those in which more do, with their systems.
        undecided: systems with boxes `[N, D, 2]` that stayed undecided.
        faces_done: whether all pieces are there.
        finished: whether all supports were searched.
        exact: all exact equilibria, in the order in which they were found.
    """

    payoffs: Objects
    pieces: list[Piece] = field(default_factory=list)
    roots: list[tuple[System, Root]] = field(default_factory=list)
    undecided: list[tuple[System, Floats]] = field(default_factory=list)
    faces_done: bool = False
    finished: bool = False
    exact: dict[Profile, None] = field(default_factory=dict)

    @classmethod
    def of(cls, payoffs: Objects) -> "Search":
        """An empty one, from payoffs as fractions."""
        return cls(np.stack([whole_numbers(own) for own in payoffs]))

    def run(self, budget: Budget, most: int | None) -> None:
        """Search until all is done, time runs out, or `most` equilibria are there."""
        try:
            self._faces(budget, most)
            self._supports(budget, most)
        except Stopped:
            pass

    def _enough(self, most: int | None) -> bool:
        return most is not None and len(self.exact) + sum(root.exact is None for _, root in self.roots) >= most

    def _faces(self, budget: Budget, most: int | None) -> None:
        for piece in on_faces(self.payoffs, budget):
            self._keep(piece)
            if self._enough(most):
                return
        self.faces_done = True

    def _keep(self, piece: Piece) -> None:
        self.pieces.append(piece)
        if piece.filled:
            self.exact.update(dict.fromkeys(piece.points))

    def _supports(self, budget: Budget, most: int | None) -> None:
        shape = self.payoffs.shape[1:]
        for support in wide_supports(shape):
            budget.check()
            if self._enough(most):
                return
            if hopeless(self.payoffs, support):
                continue
            system = System.of(self.payoffs, support)
            if system.whole:
                self._keep(Piece(corners(support, shape), filled=True))
                continue
            found = roots_of(system, self._known(system), budget)
            for root in found.roots:
                self.roots.append((system, root))
                if root.exact is not None:
                    self.exact[embedded(system, root.exact, shape)] = None
            if len(found.undecided):
                self.undecided.append((system, found.undecided))
        self.finished = self.faces_done

    def _known(self, system: System) -> list[tuple[Strategy, ...]]:
        """Exact equilibria on the border of a support that solve its equations."""
        made = []
        for profile in self.exact:
            inside = all(
                a in played for own, played in zip(profile, system.support, strict=True) for a, p in enumerate(own) if p
            )
            if inside:
                own = tuple(tuple(profile[p][a] for a in system.support[p]) for p in system.mixing)
                if system.solved_by(own):
                    made.append(own)
        return made


def wide_supports(shape: Sequence[int]) -> Iterator[Support]:
    """All supports in which three or more players mix, smallest first.

    >>> len(list(wide_supports((2, 2, 2)))), len(list(wide_supports((3, 3, 3))))
    (1, 64)
    """
    for sizes in sorted(itertools.product(*(range(1, k + 1) for k in shape)), key=sum):
        if sum(size > 1 for size in sizes) >= 3:
            each = (itertools.combinations(range(k), size) for k, size in zip(shape, sizes, strict=True))
            yield from itertools.product(*each)


def hopeless(payoffs: Objects, support: Support) -> bool:
    """Whether an action of the support is worse than another one against everything that the others may play."""
    for i, played in enumerate(support):
        others = [own for p, own in enumerate(support) if p != i]
        table = np.moveaxis(payoffs[i], i, 0)[np.ix_(range(payoffs.shape[1 + i]), *others)]
        table = table.reshape(len(table), -1)
        for a in played:
            if (table > table[a]).all(axis=1).any():
                return True
    return False


def corners(support: Support, shape: Sequence[int]) -> tuple[Profile, ...]:
    """All pure profiles of a support.

    >>> len(corners(((0, 1), (0, 2)), (2, 3)))
    4
    """
    return tuple(
        tuple(tuple(Fraction(int(b == a)) for b in range(k)) for a, k in zip(actions, shape, strict=True))
        for actions in itertools.product(*support)
    )


def embedded(system: System, mixing: Sequence[Strategy], shape: Sequence[int]) -> Profile:
    """Strategies of those who mix, over their supports, as a profile of the whole game."""
    made = []
    for p, played in enumerate(system.support):
        played_with = mixing[system.mixing.index(p)] if p in system.mixing else (Fraction(1),)
        own = dict(zip(played, played_with, strict=True))
        made.append(tuple(own.get(a, Fraction(0)) for a in range(shape[p])))
    return tuple(made)
