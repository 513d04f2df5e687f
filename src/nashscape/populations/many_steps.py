"""Steps of members towards their best responses, in many populations of one game at once."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number, positive_integer
from nashscape.populations.sides import Sides

Floats = npt.NDArray[np.float64]
Mixtures = list[list[Floats]]
"""Of every pool and member what it plays in each population, `[b, a]`."""

NEAR = 1e-4
"""The sum of squares by which mixtures may differ from best responses that count as reached."""


def stepped(
    sides: Sides, fixed: Sequence[Floats], oneself: float, begun: Sequence[Floats], most: int, rate: float
) -> list[Floats]:
    """What members play when they are there, `[b, width]` by pool; see `lessons.steps`.

    What comes of one population does not hang on the others beside it, to the last bit.

    Args:
        sides: of the game.
        fixed: what joint actions get against opponents of the pools, `[b, J]` by side.
        oneself: how often the others are those who learn now.
        begun: where members begin, `[b, width]` by pool.
        most: steps.
        rate: from 0 to ½.
    """
    most = positive_integer(most, "most")
    rate = finite_number(rate, "rate", low=0.0, high=0.5, low_open=True)
    ended = [own.copy() for own in begun]
    going = np.arange(len(begun[0]))
    there = np.zeros(len(going), np.int64)
    learning = [_split(sides, side, own) for side, own in zip(sides.first, begun, strict=True)]
    for step in range(most):
        learning, far = _one_step(sides, fixed, oneself, learning, step, rate)
        there = np.where(far < NEAR, there + 1, 0)
        over = (there >= max(5, 0.1 * step)) & (step >= 50)
        if over.any() or step == most - 1:
            for pool, own in zip(ended, learning, strict=True):
                pool[going] = np.concatenate(own, axis=1)
            going, there, fixed = going[~over], there[~over], [own[~over] for own in fixed]
            learning = [[mixture[~over] for mixture in own] for own in learning]
        if not len(going):
            break
    return ended


def _split(sides: Sides, side: int, own: Floats) -> list[Floats]:
    return np.split(own, np.cumsum(sides.shapes[side])[:-1], axis=1)


def _one_step(
    sides: Sides, fixed: Sequence[Floats], oneself: float, learning: Mixtures, step: int, rate: float
) -> tuple[Mixtures, Floats]:
    """What members play after a step, and how far they are from best responses at most, `[b]`."""
    joints = [reduce(_outer, learning[seat]) for seat in sides.seats] if oneself else []
    made, far = [], np.zeros(len(fixed[0]))
    for seat, side in enumerate(sides.first):
        values = fixed[side]
        if oneself:
            values = values + oneself * _contracted(sides.table[side][None], joints, side)
        own, shaped = learning[seat], values.reshape(-1, *sides.shapes[side])
        new = []
        for k, mixture in enumerate(own):
            best = np.eye(mixture.shape[1])[_contracted(shaped, own, k).argmax(axis=1)]
            r = rate * (1 + (k == step % len(own)))
            new.append((1 - r) * mixture + r * best)
            far = np.maximum(far, ((new[-1] - best) ** 2).sum(axis=1))
        made.append(new)
    return made, far


def _outer(one: Floats, other: Floats) -> Floats:
    """How likely pairs of actions are, `[b, a · c]`."""
    made: Floats = (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)
    return made


def _contracted(payoffs: Floats, mixtures: Sequence[Floats], keep: int) -> Floats:
    """What each action of one gets, `[b, a]`, of tables `[b or 1, a_1, …]`, with the others averaged over, `[b, a]`."""
    remaining = np.moveaxis(payoffs, 1 + keep, 1)
    for own in (own for j, own in reversed(list(enumerate(mixtures))) if j != keep):
        column = own.reshape(len(own), *[1] * (remaining.ndim - 3), -1, 1)
        # a stack of products with one column each: every one by itself, whatever stands beside it
        remaining = (remaining @ column)[..., 0]
    return remaining
