"""Following many boxes of starts through the updates of a rule at once, as one compiled program per structure."""

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core.intervals import Interval, compiled_whole
from nashscape.learning import TermRule
from nashscape.learning.schedules import Constant
from nashscape.semantics import ParametricGame
from nashscape.theory import schedule_bounds
from nashscape.theory.step_enclosures import enclosure

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int32]

WIDTH = 1024
"""Boxes in one call."""

MOST_TRAPS = 32
"""Traps that a call can tell apart."""

WIDEST = 0.2
"""Of the clipped box: boxes wider than this are given up. It saves time and has no part in the proof."""

RUNNING, FAILED = -2, -1


@dataclass(frozen=True, eq=False)
class Boxes:
    """N boxes of parameters on their way.

    Attributes:
        low: the ends, `[N, d]`.
        high: see `low`.
        step: updates made, `[N]`.
        label: RUNNING, FAILED, or the number of the trap in which the whole box lies, `[N]`.
    """

    low: Floats
    high: Floats
    step: Whole
    label: Whole

    @staticmethod
    def starting(low: Floats, high: Floats) -> "Boxes":
        """Boxes before the first update."""
        return Boxes(low, high, np.zeros(len(low), np.int32), np.full(len(low), RUNNING, np.int32))

    def __getitem__(self, which: Any) -> "Boxes":
        """Some of them."""
        return Boxes(self.low[which], self.high[which], self.step[which], self.label[which])

    def __len__(self) -> int:
        """N."""
        return len(self.step)

    @staticmethod
    def joined(parts: Sequence["Boxes"]) -> "Boxes":
        """All boxes of several parts."""
        columns = zip(*((one.low, one.high, one.step, one.label) for one in parts), strict=True)
        return Boxes(*(np.concatenate(column) for column in columns))


@dataclass(frozen=True, eq=False)
class Map:
    """The update map with bounds of its numbers at every step. Made by `map_of`.

    Attributes:
        program: the compiled program.
        numbers: those of the game and the rule that never change.
        sizes: bounds of the step sizes, `[2, K]`.
        coefficients: bounds of the coefficients, `[2, K, c]`.
        bound: low end, high end of the clipped box, and the size beyond which a proposal counts as diverged, `[3]`.
        widest: boxes wider than this have failed.
        kept: 1.0 for the update; 0.0 for `step size · field` alone.
    """

    program: Any
    numbers: Floats
    sizes: Floats
    coefficients: Floats
    bound: Floats
    widest: float
    kept: float = 1.0

    def run(self, boxes: Boxes, low: Floats, high: Floats, updates: int) -> Boxes:
        """The boxes after some more updates; stops those that lie in a trap, of which these are the ends `[B, d]`."""
        d = boxes.low.shape[1]
        traps = [np.full((MOST_TRAPS, d), np.inf), np.full((MOST_TRAPS, d), -np.inf)]
        traps[0][: len(low)], traps[1][: len(low)] = low, high
        fixed = (self.numbers, self.sizes, self.coefficients, self.bound, self.widest, self.kept, *traps)

        def call(first: int) -> Boxes:
            part = boxes[first : first + WIDTH]
            pad = WIDTH - len(part)
            state = [np.pad(part.low, ((0, pad), (0, 0))).T, np.pad(part.high, ((0, pad), (0, 0))).T]
            state += [np.pad(part.step, (0, pad)), np.pad(part.label, (0, pad), constant_values=FAILED)]
            with jax.enable_x64(True):
                made = [np.asarray(x) for x in self.program(*fixed, updates, *state)]
            return Boxes(made[0].T, made[1].T, made[2], made[3])[: len(part)]

        firsts = range(0, len(boxes), WIDTH)
        if len(firsts) < 2:
            return call(0) if len(boxes) else boxes
        with ThreadPoolExecutor(2) as pool:
            return Boxes.joined(list(pool.map(call, firsts)))

    def field_over_all_steps(self, ranges: Sequence[tuple[float, float]]) -> "Map":
        """The field itself for all coefficients in their ranges, in place of the map."""
        coefficients = np.zeros_like(self.coefficients)
        coefficients[:, 0] = np.array(ranges).reshape(-1, 2).T
        bound = np.array([-np.inf, np.inf, np.inf])
        return replace(
            self, sizes=np.ones_like(self.sizes), coefficients=coefficients, bound=bound, widest=np.inf, kept=0.0
        )


def map_of(game: ParametricGame, rule: TermRule, step_size: Any, projection: Any, steps: int) -> Map:
    """The map of a rule in a game, for so many steps."""
    schedules = coefficients_of(rule)
    constants: dict[str, Any] = {name: Constant(0.0) for name in schedules}
    bare = replace(rule, **constants)
    leaves: list[Any]
    structure: Any
    leaves, structure = jax.tree.flatten((game, bare))
    shapes = tuple(np.shape(leaf) for leaf in leaves)
    fixed = leaves[: len(leaves) - len(schedules)]
    tables = [schedule_bounds.values(own, steps) for own in schedules.values()]
    low, high = float(projection.low), float(projection.high)
    return Map(
        program=_program(structure, shapes, len(schedules), steps),
        numbers=np.concatenate([np.asarray(leaf, np.float64).ravel() for leaf in fixed]),
        sizes=np.array(schedule_bounds.values(step_size, steps)),
        coefficients=np.array(tables).reshape(len(tables), 2, steps).transpose(1, 2, 0),
        bound=np.array([low, high, float(projection.escape)]),
        widest=WIDEST * (high - low),
    )


def coefficients_of(rule: TermRule) -> dict[str, Any]:
    """The schedules of the terms that a rule uses, in the order in which they are numbers of it."""
    return {name: getattr(rule, name) for name in ("own", "peer", "lookahead") if getattr(rule, name) is not None}


@functools.lru_cache(maxsize=32)
def _program(structure: Any, shapes: tuple[Any, ...], count: int, steps: int) -> Any:
    """Boxes after some updates, compiled; numbers of game, rule, schedules, traps and projection are arguments."""
    made = enclosure(structure, shapes)

    def segment(
        numbers: Any, sizes: Any, coefficients: Any, bound: Any, widest: Any, kept: Any, low: Any, high: Any,
        updates: Any, *state: Any,
    ) -> Any:  # fmt: skip
        fixed = [Interval(number) for number in numbers]

        def turn(_: Any, state: Any) -> Any:
            bottom, top, step, label = state
            held = (bottom[None] >= low[:, :, None]).all(1) & (top[None] <= high[:, :, None]).all(1)
            label = jnp.where((label == RUNNING) & held.any(0), jnp.argmax(held, axis=0).astype(jnp.int32), label)
            label = jnp.where((label == RUNNING) & (step >= steps), FAILED, label)
            k = jnp.minimum(step, steps - 1)
            own = [Interval(coefficients[0, k, c], coefficients[1, k, c]) for c in range(count)]
            size = Interval(sizes[0, k], sizes[1, k])
            box = [Interval(a, b) for a, b in zip(bottom, top, strict=True)]
            after = made.moved([*fixed, *own], box, size, Interval(kept))
            least, most = (jnp.stack(ends) for ends in zip(*((x.low, x.high) for x in after), strict=True))
            whole = ((least > -bound[2]) & (most < bound[2])).all(0)
            least, most = jnp.clip(least, bound[0], bound[1]), jnp.clip(most, bound[0], bound[1])
            whole &= (most - least <= widest).all(0)
            goes = label == RUNNING
            return (
                jnp.where(goes, least, bottom),
                jnp.where(goes, most, top),
                jnp.where(goes, step + 1, step),
                jnp.where(goes & ~whole, FAILED, label),
            )

        return lax.fori_loop(0, updates, turn, state)

    return compiled_whole(segment)
