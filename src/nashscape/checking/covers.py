"""Claims about all points of a set, proved on boxes that cover it, which are halved where a box is too large."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Ends = tuple[float, ...]

MOST_BOXES = 400_000
DEEPEST = 60
"""Halvings of one box."""


@dataclass(frozen=True)
class Finding:
    """What was found of a box.

    Attributes:
        holds: the claim is true at all its points of the set, of which there may be none.
        fails: it is false at one of them.
        side: what to halve where neither is known.
        box: a smaller box that holds all its points of the set, where one was found.
    """

    holds: bool = False
    fails: bool = False
    side: int = 0
    box: tuple[Ends, Ends] | None = None


HOLDS = Finding(holds=True)
FAILS = Finding(fails=True)


def fault(low: Sequence[float], high: Sequence[float], look: Callable[[Ends, Ends], Finding]) -> str | None:
    """What was not proved over a box, the deepest pieces first; None where the claim holds.

    `look` may give back a smaller box that holds all that matters of the one that it was given.
    """
    waiting = [(tuple(low), tuple(high), 0)]
    for _ in range(MOST_BOXES):
        if not waiting:
            return None
        bottom, top, depth = waiting.pop()
        found = look(bottom, top)
        if found.holds:
            continue
        if found.box is not None:
            bottom, top = found.box
        where = "[" + ", ".join(f"{x:.6g}" for x in bottom) + "] to [" + ", ".join(f"{x:.6g}" for x in top) + "]"
        if found.fails:
            return f"contradicted in {where}"
        middle = (bottom[found.side] + top[found.side]) / 2
        if depth == DEEPEST or not bottom[found.side] < middle < top[found.side]:
            return f"not proved in {where}"
        left, right = list(top), list(bottom)
        left[found.side] = right[found.side] = middle
        waiting += [(bottom, tuple(left), depth + 1), (tuple(right), top, depth + 1)]
    return f"not proved with {MOST_BOXES} boxes" if waiting else None
