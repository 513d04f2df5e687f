"""Following many boxes of starts through the updates of a rule at once, as one compiled program per structure."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.learning import TermRule
from nashscape.learning.schedules import Constant
from nashscape.proofs.bounds import schedule_bounds
from nashscape.proofs.bounds.flow_enclosures import flowed
from nashscape.proofs.bounds.followed import Followed
from nashscape.proofs.bounds.step_enclosures import enclosure, followed_of
from nashscape.proofs.certification.exact_games import number_ends
from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.intervals import Interval, compiled_whole, down, up

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int32]

WIDTH = 256
"""Boxes in one call."""

MANY = 2048
"""The same where programs are short."""

MOST_TRAPS = 32
"""Traps that a call can tell apart."""

FEW_TRAPS = 8
"""For so many a call is made shorter."""

WIDEST = 0.1
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
        return Boxes(self.low[which], self.high[which], self.step[which], self.label[which])

    def __len__(self) -> int:
        return len(self.step)

    @staticmethod
    def joined(parts: Sequence["Boxes"]) -> "Boxes":
        """All boxes of several parts."""
        columns = zip(*((one.low, one.high, one.step, one.label) for one in parts), strict=True)
        return Boxes(*(np.concatenate(column) for column in columns))


@dataclass(frozen=True, eq=False)
class Map:
    """The update map, or a step of the flow, with bounds of its numbers at every step. Made by `map_of`.

    Attributes:
        followed: which numbers are followed, d of D parameters.
        program: the compiled program.
        numbers: bounds of those of the game and the rule that never change, `[2, K]`.
        sizes: bounds of the step sizes, `[2, K]`.
        coefficients: bounds of the coefficients, `[2, K, c]`.
        clip: ends to which the followed numbers are clipped, infinite for differences of logits, `[2, d]`.
        limits: ends between which centred logits have to stay, times the number of actions, `[2, D]`.
        escape: the size beyond which a proposal counts as diverged.
        widest: boxes wider than this have failed.
        width: boxes in one call.
        kept: 1.0 for the update; 0.0 for `step size · field` alone.
    """

    followed: Followed
    program: Any
    numbers: Floats
    sizes: Floats
    coefficients: Floats
    clip: Floats
    limits: Floats
    escape: float
    widest: float
    width: int
    kept: float = 1.0

    def run(self, boxes: Boxes, rows: Floats, least: Floats, updates: int) -> Boxes:
        """The boxes after some more updates; stops those in a trap `rows · y ≥ least`, `[B, k, d]` and `[B, k]`."""
        d = boxes.low.shape[1]
        count = FEW_TRAPS if len(rows) <= FEW_TRAPS else MOST_TRAPS
        # one program for sets and for boxes, where that costs little
        sides = 2 * d if d <= 2 else rows.shape[1]
        edges, ends = np.zeros((count, sides, d)), np.full((count, sides), np.inf)
        edges[: len(rows), : rows.shape[1]] = rows
        # rows that are not used hold anything; traps that are not used hold nothing
        ends[: len(rows)] = -np.inf
        ends[: len(rows), : rows.shape[1]] = least
        fixed = (
            self.numbers,
            self.sizes,
            self.coefficients,
            self.clip,
            self.limits,
            self.escape,
            self.widest,
            self.kept,
        )

        def call(first: int) -> Boxes:
            part = boxes[first : first + self.width]
            pad = self.width - len(part)
            state = [np.pad(part.low, ((0, pad), (0, 0))).T, np.pad(part.high, ((0, pad), (0, 0))).T]
            state += [np.pad(part.step, (0, pad)), np.pad(part.label, (0, pad), constant_values=FAILED)]
            with jax.enable_x64(True):
                made = [np.asarray(x) for x in self.program(*fixed, edges, ends, updates, *state)]
            return Boxes(made[0].T, made[1].T, made[2], made[3])[: len(part)]

        firsts = range(0, len(boxes), self.width)
        if len(firsts) < 2:
            return call(0) if len(boxes) else boxes
        with ThreadPoolExecutor(2) as pool:
            return Boxes.joined(list(pool.map(call, firsts)))


def map_of(game: ParametricGame, rule: TermRule, step_size: Any, projection: Any, steps: int, time_step: float) -> Map:
    """The map of a rule in a game, for so many steps; without a step size the flow, by steps of time."""
    schedules = coefficients_of(rule)
    structure, shapes, fixed = without_coefficients(game, rule)
    numbers, rounded = number_ends(game, fixed)
    tables = [schedule_bounds.values(own, steps) for own in schedules.values()]
    low, high = float(projection.low), float(projection.high)
    followed = followed_of(game)
    clipped, scale = followed.is_clipped, followed.centred[1]
    flow = step_size is None
    sizes = np.full((2, steps), time_step) if flow else np.array(schedule_bounds.values(step_size, steps))
    return Map(
        followed=followed,
        program=_program(structure, shapes, len(schedules), steps, flow, rounded),
        numbers=numbers,
        sizes=sizes,
        coefficients=np.array(tables).reshape(len(tables), 2, steps).transpose(1, 2, 0),
        clip=np.stack([np.where(clipped, low, -np.inf), np.where(clipped, high, np.inf)]),
        limits=np.stack([np.nextafter(low * scale, np.inf), np.nextafter(high * scale, -np.inf)]),
        escape=np.inf if flow else float(projection.escape),
        widest=WIDEST * (high - low),
        width=WIDTH if enclosure(structure, shapes, flow).polynomials is None else MANY,
    )


def without_coefficients(game: ParametricGame, rule: TermRule) -> tuple[Any, tuple[Any, ...], Floats]:
    """The structure of (game, rule) with numbers for coefficients, the shapes of its numbers, and all but the last."""
    schedules = coefficients_of(rule)
    constants: dict[str, Any] = {name: Constant(0.0) for name in schedules}
    leaves: list[Any]
    structure: Any
    leaves, structure = jax.tree.flatten((game, replace(rule, **constants)))
    shapes = tuple(np.shape(leaf) for leaf in leaves)
    fixed = leaves[: len(leaves) - len(schedules)]
    return structure, shapes, np.concatenate([np.asarray(leaf, np.float64).ravel() for leaf in fixed])


def coefficients_of(rule: TermRule) -> dict[str, Any]:
    """The schedules of the terms that a rule uses, in the order in which they are numbers of it."""
    return {name: getattr(rule, name) for name in ("own", "peer", "lookahead") if getattr(rule, name) is not None}


@kept_while_code_stays(32)
def _program(
    structure: Any, shapes: tuple[Any, ...], count: int, steps: int, flow: bool, rounded: tuple[int, ...]
) -> Any:
    """Boxes after some updates, compiled; numbers of game, rule, schedules, traps and projection are arguments.

    Those that are no doubles, of which there are bounds, are said beforehand: the others have half as many operations.
    """
    made = enclosure(structure, shapes, flow)
    centred, scale = made.followed.centred

    def segment(
        numbers: Any, sizes: Any, coefficients: Any, clip: Any, limits: Any, escape: Any, widest: Any, kept: Any,
        rows: Any, least: Any, updates: Any, *state: Any,
    ) -> Any:  # fmt: skip
        fixed = [Interval(low, high if k in rounded else None) for k, (low, high) in enumerate(numbers.T)]

        def turn(_: Any, state: Any) -> Any:
            bottom, top, step, label = state
            held = (down(_least(rows, bottom, top)) >= least[:, :, None]).all(1)
            label = jnp.where((label == RUNNING) & held.any(0), jnp.argmax(held, axis=0).astype(jnp.int32), label)
            label = jnp.where((label == RUNNING) & (step >= steps), FAILED, label)
            k = jnp.minimum(step, steps - 1)
            known = [*fixed, *(Interval(coefficients[0, k, c], coefficients[1, k, c]) for c in range(count))]
            size = Interval(sizes[0, k], sizes[1, k])
            box = [Interval(a, b) for a, b in zip(bottom, top, strict=True)]
            if flow:
                after, way, whole = flowed(made, known, box, size, clip)
            else:
                after = way = made.updated(known, box, size, Interval(kept))
                whole = True
            low, high = (jnp.stack(ends) for ends in zip(*((x.low, x.high) for x in after), strict=True))
            whole &= ((low > -escape) & (high < escape)).all(0)
            if made.followed.has_softmax:
                whole &= _inside(centred[scale > 1], limits[:, scale > 1], way)
            low, high = (jnp.clip(end, clip[0][:, None], clip[1][:, None]) for end in (low, high))
            whole &= (high - low <= widest).all(0)
            goes = label == RUNNING
            return (
                jnp.where(goes, low, bottom),
                jnp.where(goes, high, top),
                jnp.where(goes, step + 1, step),
                jnp.where(goes & ~whole, FAILED, label),
            )

        return lax.fori_loop(0, updates, turn, state)

    return compiled_whole(segment)


def _inside(rows: Any, limits: Any, box: list[Interval]) -> Any:
    """Whether centred logits, times the number of actions, are certainly within their limits: none is clipped."""
    low, high = (jnp.stack(ends) for ends in zip(*((x.low, x.high) for x in box), strict=True))
    above = (down(_least(rows, low, high)) >= limits[0][:, None]).all(0)
    return above & (up(-_least(-rows, low, high)) <= limits[1][:, None]).all(0)


def _least(rows: Any, low: Any, high: Any) -> Any:
    """The least values of `rows · y` over boxes `[d, N]`, as rounded; rows are of small whole numbers, `[…, d]`."""
    return sum(
        jnp.maximum(rows[..., j, None], 0.0) * low[j] + jnp.minimum(rows[..., j, None], 0.0) * high[j]
        for j in range(rows.shape[-1])
    )
