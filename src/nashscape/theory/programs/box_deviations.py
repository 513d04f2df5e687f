"""The best deviation of a player with several parameters, by branch and bound over the whole of its box.

As for one parameter (`programs.deviations`), in every direction: the utility `f(t)` of the player, whose parameters are
t while all others stay, is bounded over boxes from its own formula and from that of its derivatives,
`f(m) + Σ_c f'_c(box)·(t_c − m_c)`. Boxes that cannot hold anything better than what was found are dropped. Where f only
rises in some direction, the best lies on the upper side of a box: at the end of the range it is kept as a box without
width in that direction, elsewhere a neighbour has that side. All others are halved in the direction in which f may
change most. When the boxes that are allowed run out, what is left is bounded as it is: the bounds hold in any case.
"""

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.semantics import ParametricGame
from nashscape.theory.programs.box_bounds import WIDTH, box_program
from nashscape.theory.programs.deviations import centred
from nashscape.theory.programs.searches import searched

Floats = npt.NDArray[np.float64]

MOST_PARAMETERS = 6
"""Of one player: boxes of more have too many halves."""

MOST_BOXES, FEW_BOXES = 200_000, 8_000
"""Boxes of one question, and of one that is answered already, so that only the size of the gain is open."""


@dataclass(frozen=True, eq=False)
class BoxDeviation:
    """The best deviation found of one player, and what no deviation exceeds.

    Attributes:
        at: parameters of the best deviation found, `[d_i]`; the player's own where none is better.
        gain_low: what it gains at least, in payoff units; zero where nothing better was found.
        gain_high: what no deviation in the box exceeds, proved.
        slopes: bounds of the derivatives of the utility at the player's own parameters, `[d_i, 2]`.
        boxes: how many boxes were looked at.
    """

    at: Floats
    gain_low: float
    gain_high: float
    slopes: Floats
    boxes: int


def box_deviation(
    game: ParametricGame,
    player: int,
    theta: Floats,
    bound: float,
    tolerance: float,
    *,
    starts: int = 32,
    seed: int = 0,
) -> BoxDeviation:
    """Bounds of what a player can gain by any of its parameters in the box `[−M, M]`.

    Args:
        game: a game of whose utilities bounds are known.
        player: who deviates.
        theta: what all play, `[d]`.
        bound: M.
        tolerance: in payoff units: how close the bounds are to come.
        starts: of the search for something better.
        seed: of its random starts.

    Raises:
        NotUnrollable: for a game of whose utilities no bounds are known.
    """
    better, _, _ = searched(game, player, theta, bound, starts, seed)
    return _Boxes(centred(game), player, theta, bound, tolerance).run(better)


class _Boxes:
    """Branch and bound over one question."""

    def __init__(self, game: ParametricGame, player: int, theta: Floats, bound: float, tolerance: float) -> None:
        leaves, structure = jax.tree.flatten(game)
        self.tables = [np.asarray(leaf, np.float64) for leaf in leaves], theta
        self.program: Any = box_program(structure, tuple(leaf.shape for leaf in self.tables[0]), player)
        self.bound, self.tolerance, self.own = bound, tolerance, theta[game.semantics.slices[player]]
        value = self._bounds(self.own[None], self.own[None])
        self.own_low, self.own_high, self.slopes = value.floor[0], value.top[0], value.slopes[0]
        self.best, self.at, self.left, self.looked = self.own_low, self.own, -np.inf, 0

    def run(self, better: Floats) -> BoxDeviation:
        """From something better, where there is, halve until nothing is left or the boxes have run out."""
        self._better(better[None], self._bounds(better[None], better[None]).floor)
        most = FEW_BOXES if self.best > self.own_high + self.tolerance else MOST_BOXES
        low, high = np.full((1, len(self.own)), -self.bound), np.full((1, len(self.own)), self.bound)
        while len(low) and self.looked + len(low) <= most:
            low, high = self._turn(low, high)
        if len(low):
            self.left = max(self.left, float(self._bounds(low, high).top.max()))
        gained = max(0.0, float(np.nextafter(self.best - self.own_high, -np.inf)))
        above = float(np.nextafter(self.left - self.own_low, np.inf))
        return BoxDeviation(self.at, gained, max(gained, above, 0.0), self.slopes, self.looked)

    def _turn(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        seen = self._bounds(low, high)
        self.looked += len(low)
        self._better((low + high) / 2, seen.floor)
        rises, falls = seen.slopes[..., 0] > 0, seen.slopes[..., 1] < 0
        wide = low < high
        # the best of a box lies on a side that is a neighbour's, who has more to tell of it
        elsewhere = (wide & rises & (high < self.bound)) | (wide & falls & (low > -self.bound))
        itself = (low == high).all(axis=1) & (low == self.own).all(axis=1)
        known = (seen.top <= self.own_low) | elsewhere.any(axis=1) | itself
        near = ~known & (seen.top <= self.best + self.tolerance) & self._fine(low, high)
        self.left = max(self.left, float(seen.top[near].max(initial=-np.inf)))
        kept = ~known & ~near
        low, high, rises, falls = low[kept], high[kept], rises[kept], falls[kept]
        low, high = np.where(rises, high, low), np.where(falls, low, high)
        return self._halved(low, high, seen.slopes[kept])

    def _fine(self, low: Floats, high: Floats) -> Any:
        """Where nothing better is known what is open is the verdict itself: look closer before leaving it open."""
        if self.best > self.own_high:
            return np.ones(len(low), bool)
        return ((high - low) < 1e-7 * self.bound).all(axis=1) | (low == high).all(axis=1)

    def _halved(self, low: Floats, high: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        rows = np.arange(len(low))
        steep = np.where(np.isfinite(slopes), np.abs(slopes), 1e300).max(axis=2)
        side = np.argmax(np.where(high > low, steep * (high - low) + TINY * (high - low), -1.0), axis=1)
        middle = (low[rows, side] + high[rows, side]) / 2
        left, right = high.copy(), low.copy()
        left[rows, side], right[rows, side] = middle, middle
        whole = (low == high).all(axis=1)  # a single point is not halved
        return np.concatenate([low, right[~whole]]), np.concatenate([left, high[~whole]])

    def _better(self, at: Floats, floor: Floats) -> None:
        k = int(np.argmax(floor))
        if floor[k] > self.best:
            self.best, self.at = float(floor[k]), at[k]

    def _bounds(self, low: Floats, high: Floats) -> "_Bounds":
        parts = []
        with jax.enable_x64(True):
            for first in range(0, len(low), WIDTH):
                here = np.arange(first, first + WIDTH).clip(max=len(low) - 1)
                made = [np.asarray(part) for part in self.program(*self.tables, low[here], high[here])]
                parts.append([part[: len(low) - first] for part in made])
        floor, top, below, above = (np.concatenate(column) for column in zip(*parts, strict=True))
        return _Bounds(floor, top, np.stack([below, above], axis=-1))


TINY = 1e-12
"""Of the width of a box: where no slope is known to matter the widest side is halved."""


@dataclass(frozen=True, eq=False)
class _Bounds:
    """What is known of boxes: the value at the middle is at least `floor`, none exceeds `top`; slopes `[B, d_i, 2]`."""

    floor: Floats
    top: Floats
    slopes: Floats
