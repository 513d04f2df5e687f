"""The best mechanism among those that recommend efforts to each agent by itself: branch and bound over their chances.

That recommendations are independent is not linear. For fixed chances of all agents but the last it is, and where each
agent's chances, given what later agents are told, are held within a box only, the program bounds all that are in it.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from nashscape.theory.mechanisms.chance_programs import Solution
from nashscape.theory.mechanisms.incentive_programs import Box, program_of


@dataclass(frozen=True)
class BestIndependent:
    """The best found with independent recommendations, a bound of all, the boxes that prove it, and how it ended.

    Attributes:
        best: a solution.
        bound: what no mechanism with independent recommendations gets more than.
        leaves: boxes that cover all chances but such as no payment makes anybody follow, each with the solution whose
            prices bound what is in it.
        complete: whether best and bound are as near as was asked for.
    """

    best: Solution
    bound: float
    leaves: tuple[tuple[tuple[Box, ...], Solution], ...]
    complete: bool


def best_independent(
    information: Any, values: Any, costs: Sequence[Any], most_paid: float, *, gap: float, most: int
) -> BestIndependent:
    """Split the box whose bound is largest until that is near the best that was found.

    Args:
        information: as in `program_of`.
        values: as there.
        costs: as there.
        most_paid: as there.
        gap: how near, in units of the value.
        most: programs that are solved, at most.
    """
    order, solved = count(), 1
    whole = tuple(tuple((0.0, 1.0) for _ in own) for own in costs[:-1])
    cheapest = tuple(tuple((float(k == own.argmin()),) * 2 for k in range(len(own))) for own in costs[:-1])
    best = program_of(information, values, costs, most_paid, cheapest).solved()
    assert best is not None, "to recommend what costs least and to pay nothing is a mechanism"
    waiting: list[tuple[float, int, tuple[Box, ...], Solution | None]] = [(-math.inf, next(order), whole, None)]
    while waiting and solved < max(most, 2):  # the whole at least
        if -waiting[0][0] <= best.value + gap:
            break
        *_, boxes, _ = heapq.heappop(waiting)
        for part in [boxes] if solved == 1 else _halves(boxes):
            found = program_of(information, values, costs, most_paid, part).solved()
            solved += 1
            if found is None:
                continue
            heapq.heappush(waiting, (-found.value, next(order), part, found))
            point = program_of(information, values, costs, most_paid, _points(part, found, information)).solved()
            solved += 1
            if point is not None and point.value > best.value:
                best = point
    bound = max([-own for own, *_ in waiting], default=-math.inf)
    complete = bound <= best.value + gap
    return BestIndependent(best, bound, tuple((boxes, own) for *_, boxes, own in waiting if own is not None), complete)


def _points(boxes: Sequence[Box], found: Solution, information: Any) -> tuple[Box, ...]:
    """The chances of each agent in a solution, held in its box but for rounding."""
    n = len(boxes) + 1
    chances = found.point[: int(np.prod(information.shape[:n]))].reshape(information.shape[:n])
    made = []
    for i in range(len(boxes)):
        own = chances.sum(axis=tuple(j for j in range(n) if j != i))
        own = own / own.sum()
        made.append(tuple((float(p), float(p)) for p in own))
    return tuple(made)


def _halves(boxes: tuple[Box, ...]) -> list[tuple[Box, ...]]:
    """The boxes with the widest side halved; sides are narrowed by what the others leave."""
    _, i, k = max((high - low, -i, -k) for i, box in enumerate(boxes) for k, (low, high) in enumerate(box))
    i, k = -i, -k
    low, high = boxes[i][k]
    middle = (low + high) / 2
    made = []
    for side in ((low, middle), (middle, high)):
        box = _narrowed((*boxes[i][:k], side, *boxes[i][k + 1 :]))
        if box is not None:
            made.append((*boxes[:i], box, *boxes[i + 1 :]))
    return made


def _narrowed(box: Box) -> Box | None:
    """A box without what cannot sum to one with the rest of it; None where nothing can."""
    lows, highs = (np.array(own) for own in zip(*box, strict=True))
    low = np.maximum(lows, 1 - (highs.sum() - highs))
    high = np.minimum(highs, 1 - (lows.sum() - lows))
    return None if (low > high).any() else tuple(zip(low.tolist(), high.tolist(), strict=True))
