"""Counterfactual regret minimisation on Hexner's game with few controls, as what belief trees are compared with.

Both choose at once, from the same controls in every step, and see all controls afterwards. As costs are separable, what
the other did changes nothing for the informed player, whose information sets hold its goal and its own past alone. The
other remembers both pasts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.theory import DifferentialGame, hexner_game
from nashscape.theory.one_sided.saddle_steps import held

Floats = npt.NDArray[np.float64]
Before = Callable[[int, Floats], Floats]
"""From a step and the costs after it, by past, to those of the controls of that step."""


class Costs(NamedTuple):
    """What every path of controls costs its player, for each goal, `[goals, controls^steps]`; and their number."""

    first: Floats
    second: Floats
    controls: int
    steps: int


def costs(steps: int, levels: Floats, game: DifferentialGame | None = None) -> Costs:
    """The costs of all paths of Hexner's game whose controls have these levels on either axis.

    >>> found = costs(2, np.array([-1.0, 1.0]))
    >>> found.first.shape, found.controls
    ((2, 16), 4)
    """
    game = game or hexner_game()
    move, push = held(game, steps)
    chosen = np.array(list(product(levels, repeat=2)))
    made = []
    for k, running in enumerate((game.first_cost, game.second_cost)):
        own, sign = slice(4 * k, 4 * k + 4), 1 - 2 * k
        x, paid = game.start[None, own], np.zeros(1)
        for _ in range(steps):
            after = (x @ move[own, own].T)[:, None] + chosen @ push[own, 2 * k : 2 * k + 2].T
            spent = np.einsum("ai,ij,aj->a", chosen, running, chosen) * game.horizon / steps
            x, paid = after.reshape(-1, 4), (paid[:, None] + spent).ravel()
        ends = np.einsum("ni,ij,nj->n", x, sign * game.terminal[own, own], x)
        # |y − g|² = yᵀy + 2 qᵀy + 1 for goals at distance one
        made.append(np.stack([paid + ends + 2 * sign * x @ pull[own] + 1.0 for pull in game.pulls]))
    return Costs(made[0], made[1], len(chosen), steps)


@dataclass
class Solver:
    """Regrets and average strategies of both, by step; `improve` makes them better.

    Attributes:
        paid: of all paths.
        prior: of the goals.
    """

    paid: Costs
    prior: Floats

    def __post_init__(self) -> None:
        """Begin with nothing regretted."""
        a, every = self.paid.controls, range(self.paid.steps)
        shapes = [[(len(self.prior), a**n, a) for n in every], [(a**n, a**n, a) for n in every]]
        self.regrets = [[np.zeros(shape) for shape in own] for own in shapes]
        self.sums = [[np.zeros(shape) for shape in own] for own in shapes]
        self.done = 0

    @property
    def entries(self) -> int:
        """How many numbers a strategy of both has."""
        return sum(own.size for side in self.sums for own in side)

    def improve(self, iterations: int) -> None:
        """So many iterations of CFR+: regrets not below zero, one player after the other, averages weighted by time."""
        for _ in range(iterations):
            self.done += 1
            for side in (0, 1):
                now = [self._matched(k) for k in (0, 1)]
                reach = self.plans(now[0]) if side == 0 else self.replies(now[1])
                for n, (values, own) in enumerate(zip(self._values(side, now), now[side], strict=True)):
                    mean = (values * own).sum(axis=-1, keepdims=True)
                    self.regrets[side][n] = np.maximum(self.regrets[side][n] + mean - values, 0.0)
                    self.sums[side][n] += self.done * reach[n][..., None] * own

    def _matched(self, side: int) -> list[Floats]:
        return [shares(own) for own in self.regrets[side]]

    def averages(self) -> list[list[Floats]]:
        """The average strategies of both."""
        return [[shares(own) for own in side] for side in self.sums]

    def plans(self, first: list[Floats]) -> list[Floats]:
        """The probability of each goal and past of the informed player, by step, `[goals, a^n]`."""
        made = [self.prior[:, None]]
        for own in first[:-1]:
            made.append((made[-1][..., None] * own).reshape(len(self.prior), -1))
        return made

    def replies(self, second: list[Floats]) -> list[Floats]:
        """Of each past of the informed player that of the other's, by step, `[a^n, a^n]`."""
        a, made = self.paid.controls, [np.ones((1, 1))]
        for own in second[:-1]:
            after = (made[-1][..., None] * own).reshape(len(own), -1)
            made.append(np.repeat(after, a, axis=0))
        return made

    def _values(self, side: int, now: list[list[Floats]], best: bool = False) -> list[Floats]:
        """What each control costs its player from there on, weighed by the other and chance, by step."""
        return self._first_values(now, best) if side == 0 else self._second_values(now, best)

    def _first_values(self, now: list[list[Floats]], best: bool) -> list[Floats]:
        last = now[1][-1]
        ends = (self.replies(now[1])[-1][..., None] * last).reshape(len(last), -1)
        own = self.paid.first.reshape(len(self.prior), len(last), -1)
        values = self.prior[:, None, None] * (own - (self.paid.second @ ends.T)[..., None])
        return self._back(values, now[0], best, lambda n, left: left.reshape(len(self.prior), -1, self.paid.controls))

    def _second_values(self, now: list[list[Floats]], best: bool) -> list[Floats]:
        a, last = self.paid.controls, now[1][-1]
        values = (self.plans(now[0])[-1].T @ self.paid.second).reshape(last.shape)

        def before(n: int, left: Floats) -> Floats:
            return left.reshape(a**n, a, a**n, a).sum(axis=1)

        return self._back(values, now[1], best, before)

    def _back(self, values: Floats, own: list[Floats], best: bool, before: Before) -> list[Floats]:
        made = [values]
        for n in reversed(range(self.paid.steps - 1)):
            left = made[-1].min(axis=-1) if best else (made[-1] * own[n + 1]).sum(axis=-1)
            made.append(before(n, left))
        return made[::-1]

    def bounds(self) -> tuple[float, float]:
        """What the informed player pays at least against the other's average, and at most with its own."""
        both = self.averages()
        low = float(self._values(0, both, best=True)[0].min(axis=-1).sum())
        other = float(self._values(1, both, best=True)[0].min())
        paths = self.plans(both[0])[-1][..., None] * both[0][-1]
        paid = float((paths.reshape(self.paid.first.shape) * self.paid.first).sum())
        return low, paid - other


def shares(weights: Floats) -> Floats:
    """Weights over their sum along the last axis; even ones where there are none."""
    total = weights.sum(axis=-1, keepdims=True)
    made: Floats = np.where(total > 0, weights, 1.0) / np.where(total > 0, total, weights.shape[-1])
    return made
