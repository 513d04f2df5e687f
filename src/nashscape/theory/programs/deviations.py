"""The best deviation of a player with one parameter, by branch and bound over the whole of its range.

The utility `f(t)` of the player, whose parameter is t while all others stay, is bounded over intervals of t from its
own formula (`nashscape.tracing.intervals`) and from that of its derivative, `f(m) + f'(box)·(t − m)`. Boxes that cannot
hold anything better than what was found are dropped, as are boxes over which f only rises or only falls: their better
end belongs to a neighbour, or is an end of the range, which is looked at by itself. All others are halved. What
remains is a pair of numbers between which the largest gain lies, whatever f looks like between the points where it
was evaluated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games.offers import payoff_array
from nashscape.semantics import ParametricGame
from nashscape.theory.programs.deviation_bounds import WIDTH, bounds_program

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

FIRST = 16
"""Boxes of a range at the beginning."""

FINEST = 1e-7
"""Of the range: boxes smaller than this are close enough to leave a verdict open."""

MOST_HALVINGS = 60
MOST_BOXES = 4096
"""Boxes of one problem that may wait at once; beyond it they are left with what is known of them."""


@dataclass(frozen=True, eq=False)
class Deviations:
    """The best deviations found in K problems, every array `[K]`.

    Attributes:
        at: parameter of the best deviation found.
        gain_low: what it gains at least, in payoff units; zero where nothing better was found.
        gain_high: what no deviation exceeds.
        slope_low: bounds of the derivative of the utility at the point itself.
        slope_high: see `slope_low`.
        boxes: how many boxes were looked at.
    """

    at: Floats
    gain_low: Floats
    gain_high: Floats
    slope_low: Floats
    slope_high: Floats
    boxes: Whole


@dataclass(frozen=True, eq=False)
class Problems:
    """K problems of one structure, the same player deviating in all.

    Attributes:
        structure: the game without its numbers.
        leaves: its numbers, one row per problem, `[K, …]`.
        player: who deviates.
        profiles: what all others play: `[K, m, d]`, m profiles of parameters between which they mix together.
        weights: with which probabilities, `[K, m]`; None where m = 1.
    """

    structure: Any
    leaves: tuple[Floats, ...]
    player: int
    profiles: Floats
    weights: Floats | None = None

    @property
    def count(self) -> int:
        """The number of problems, K."""
        return len(self.profiles)


def problems(games: Sequence[ParametricGame], player: int, profiles: Floats, weights: Floats | None = None) -> Problems:
    """The problems of a player in several games that differ in numbers only, at profiles `[K, d]` or `[K, m, d]`.

    One game may stand for all problems.

    Raises:
        InputError: where the player has more than one parameter, or the games differ in more than numbers.
    """
    if games[0].sizes[player] != 1:
        raise InputError(
            f"a search over the whole range needs one parameter; player {player + 1} has {games[0].sizes[player]}"
        )
    flat = [jax.tree.flatten(centred(game)) for game in games]
    structure: Any = flat[0][1]
    if any(other != structure for _, other in flat[1:]):
        raise InputError("games that are tested together must be alike but for their numbers")
    profiles = np.asarray(profiles, dtype=np.float64)
    profiles = profiles[:, None] if profiles.ndim == 2 else profiles
    columns = zip(*(leaves for leaves, _ in flat), strict=True)
    stacked = [np.stack([np.asarray(leaf, np.float64) for leaf in column]) for column in columns]
    leaves = tuple(np.broadcast_to(table, (len(profiles), *table.shape[1:])) for table in stacked)
    return Problems(structure, leaves, player, profiles, weights)


def centred(game: ParametricGame) -> ParametricGame:
    """The same game with payoffs around zero where subtracting is exact: gains are the same, and bounds tighter."""
    bare: Any = game.game
    if payoff_array(bare) is None or not hasattr(bare, "replace"):
        return game
    payoffs = np.asarray(bare.payoffs)
    middle = payoffs.reshape(len(payoffs), -1).mean(axis=1).round().reshape(-1, *(1,) * (payoffs.ndim - 1))
    moved = payoffs - middle
    # what was lost in each difference, exactly (Knuth)
    other = payoffs - moved
    lost = (payoffs - (moved + other)) + (other - middle)
    return replace(game, game=bare.replace(payoffs=moved)) if not lost.any() else game


def best_deviations(asked: Problems, low: npt.ArrayLike, high: npt.ArrayLike, tolerance: npt.ArrayLike) -> Deviations:
    """Bounds of what the player can gain by moving its parameter within `[low, high]`, in every problem.

    Args:
        asked: the problems.
        low: the lower end of the range, a number or one per problem.
        high: the upper end.
        tolerance: in payoff units: how close the bounds are to come, a number or one per problem.

    Raises:
        NotUnrollable: for a game of whose utilities no bounds are known.
    """
    numbers = (np.broadcast_to(np.asarray(given, np.float64), asked.count) for given in (low, high, tolerance))
    return _Search(asked, *numbers).run()


class _Search:
    """Branch and bound over all problems together."""

    def __init__(self, asked: Problems, low: Floats, high: Floats, tolerance: Floats) -> None:
        self.asked, self.low, self.high, self.tolerance = asked, low, high, tolerance
        index = np.arange(asked.count)
        part = asked.profiles[:, 0, _place(asked)]
        ends = [self._bounds(index, x, x) for x in (low, high)]
        own = self._bounds(index, part, part)
        self.own, self.slope = own, (own.slope_low, own.slope_high)
        self.best, self.at = own.floor.copy(), part.copy()
        self.gain = np.zeros(asked.count)
        self.boxes = np.zeros(asked.count, np.int64)
        for x, end in zip((low, high), ends, strict=True):
            self._better(index, x, end.floor)
            elsewhere = part != x
            self._leave(index[elsewhere], end.top[elsewhere])

    def run(self) -> Deviations:
        """Halve until nothing is left."""
        count = self.asked.count
        edges = np.linspace(self.low, self.high, FIRST + 1, axis=1)
        index = np.repeat(np.arange(count), FIRST)
        low, high = edges[:, :-1].ravel(), edges[:, 1:].ravel()
        for _ in range(MOST_HALVINGS):
            if not len(index):
                break
            index, low, high = self._turn(index, low, high)
        if len(index):
            self._leave(index, self._bounds(index, low, high).top)
        gained = np.maximum(self.best - self.own.top, 0.0)
        return Deviations(self.at, gained, np.maximum(self.gain, gained), *self.slope, self.boxes)

    def _turn(self, index: Whole, low: Floats, high: Floats) -> tuple[Whole, Floats, Floats]:
        seen = self._bounds(index, low, high)
        middle = (low + high) / 2
        np.add.at(self.boxes, index, 1)
        self._better(index, middle, seen.floor)
        worse = seen.top <= self.own.floor[index]
        one_way = (seen.slope_low > 0) | (seen.slope_high < 0)
        known = ~(worse | one_way)
        crowded = np.bincount(index[known], minlength=len(self.own.floor))[index] > MOST_BOXES
        near = seen.top <= self.best[index] + self.tolerance[index]
        # where nothing better is known, what is open is the verdict itself: look closer before leaving it open
        fine = (self.best > self.own.top)[index] | (high - low < FINEST * (self.high - self.low)[index])
        done = known & ((near & fine) | crowded)
        self._leave(index[done], seen.top[done])
        kept = known & ~done
        index, low, middle, high = index[kept], low[kept], middle[kept], high[kept]
        return np.tile(index, 2), np.concatenate([low, middle]), np.concatenate([middle, high])

    def _better(self, index: Whole, at: Floats, floor: Floats) -> None:
        """Take in values that are certainly reached."""
        order = np.argsort(floor, kind="stable")
        # the best of every problem is written last
        index, at, floor = index[order], at[order], floor[order]
        last = np.full(len(self.best), -np.inf)
        where = np.zeros(len(self.best))
        last[index], where[index] = floor, at
        more = last > self.best
        self.best[more], self.at[more] = last[more], where[more]

    def _leave(self, index: Whole, top: Floats) -> None:
        """Nothing in these boxes gains more than this."""
        np.maximum.at(self.gain, index, np.nextafter(top - self.own.floor[index], np.inf))

    def _bounds(self, index: Whole, low: Floats, high: Floats) -> "_Bounds":
        program = bounds_program(self.asked.structure, _shapes(self.asked), self.asked.player)
        tables = (self.asked.leaves, self.asked.profiles, self.asked.weights)
        parts = []
        with jax.enable_x64(True):
            for first in range(0, len(index), WIDTH):
                here = np.arange(first, first + WIDTH).clip(max=len(index) - 1)
                rows = jax.tree.map(lambda table, here=here: np.ascontiguousarray(table[index[here]]), tables)
                made = program(*rows, low[here], high[here])
                parts.append(np.stack(made)[:, : len(index) - first])
        return _Bounds(*np.concatenate(parts, axis=1))


@dataclass(frozen=True, eq=False)
class _Bounds:
    """What is known of boxes: the value at the middle is at least `floor`, none is more than `top`."""

    floor: Floats
    top: Floats
    slope_low: Floats
    slope_high: Floats


def _place(asked: Problems) -> int:
    """Which entry of the flat profile the deviating player's parameter is."""
    game: ParametricGame = asked.structure.unflatten([leaf[0] for leaf in asked.leaves])
    return game.semantics.slices[asked.player].start


def _shapes(asked: Problems) -> tuple[Any, ...]:
    leaves = tuple(leaf.shape[1:] for leaf in asked.leaves)
    return leaves, asked.profiles.shape[1:], asked.weights is not None
