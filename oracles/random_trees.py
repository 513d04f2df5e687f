"""Random trees of three players, as texts of Gambit's format and as they are, to be followed by hand."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

DEPTH = 4
"""Moves on the longest path."""


@dataclass(frozen=True)
class Branch:
    """A node.

    Attributes:
        mover: the player, -1 for chance; None where the tree ends.
        place: the number of the information set, from 1, over all players.
        chances: of the branches, for chance.
        payoffs: of the three players at this node; None for nothing.
        branches: what follows.
    """

    mover: int | None
    place: int
    chances: tuple[Fraction, ...]
    payoffs: tuple[Fraction, ...] | None
    branches: tuple["Branch", ...]


Past = tuple[tuple[int, tuple[int, int]], ...]


class Drawn:
    """A tree, with payoffs on inner nodes, chances that may be 0, and moves with a single action.

    Attributes:
        sets: by what tells an information set from others, the mover and the number of actions first, its number.
        root: its first node.
        text: of the file.
    """

    def __init__(self, seed: int, *, forgets: bool = False) -> None:
        """Players know all that they did, or, where they forget, next to nothing, and may meet a set again."""
        self._draws, self._forgets = np.random.default_rng(seed), forgets
        self._lines: list[str] = []
        self._outcomes = 0
        self.sets: dict[tuple[object, ...], int] = {}
        self.root = self._node(0, ())
        self.text = 'EFG 2 R "drawn" { "A" "B" "C" } ""\n' + "\n".join(self._lines)

    def _node(self, depth: int, past: Past) -> Branch:
        draws = self._draws
        moves = depth < DEPTH and draws.random() > 0.15 * depth
        mover = int(draws.integers(-1, 3)) if moves else None
        payoffs, said = self._payoffs() if not moves or draws.random() < 0.3 else (None, "0")
        if mover is None:
            self._lines.append(f't "" {said}')
            return Branch(None, 0, (), payoffs, ())
        size = int(draws.integers(1, 4))
        if mover < 0:
            weights = [int(x) for x in draws.integers(0, 4, size)]
            chances = tuple(Fraction(x, sum(weights)) if any(weights) else Fraction(1, size) for x in weights)
            labels = " ".join(f'"{k}" {chance}' for k, chance in enumerate(chances))
            self._lines.append(f'c "" {len(self._lines) + 1} "" {{ {labels} }} {said}')
            return Branch(-1, 0, chances, payoffs, tuple(self._node(depth + 1, past) for _ in chances))
        known = (int(draws.integers(2)),) if self._forgets else tuple(choice for who, choice in past if who == mover)
        place = self.sets.setdefault((mover, size, known), len(self.sets) + 1)
        actions = " ".join(f'"{place}.{k}"' for k in range(size))
        self._lines.append(f'p "" {mover + 1} {place} "" {{ {actions} }} {said}')
        below = tuple(self._node(depth + 1, (*past, (mover, (place, k)))) for k in range(size))
        return Branch(mover, place, (), payoffs, below)

    def _payoffs(self) -> tuple[tuple[Fraction, ...], str]:
        """Payoffs of three players, and the outcome as it is written."""
        self._outcomes += 1
        payoffs = tuple(Fraction(int(x), 6) for x in self._draws.integers(-20, 20, 3))
        return payoffs, f'{self._outcomes} "" {{ {" ".join(map(str, payoffs))} }}'
