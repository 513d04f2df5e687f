"""Borders of the region in which all contribute and the threshold is met, in penalties, and welfare over terms."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nashscape.systems.sequential_public_goods.enclosures import enclosed
from nashscape.systems.sequential_public_goods.induction import CLOSE, Floats, Terms, outcome

LEAST = 0.02
"""Whoever gives less counts as giving nothing, in contributions."""

LARGEST = 3.0
"""Of the penalties in which a border is looked for."""

HALVINGS = 12


def least_penalty(terms: Terms, cells: int = 200) -> tuple[float, float]:
    """Between which penalties the region begins: proved to be outside at the first, and inside at the second.

    NaN for what is not proved of any penalty from 0 to 3.
    """

    def holds(penalty: float) -> bool | None:
        return enclosed(replace(terms, penalty=penalty), cells).holds(LEAST)

    inside = _bisected(lambda x: holds(x) is True)
    outside = _bisected(lambda x: holds(x) is not False)
    return outside[0], inside[1]


def _bisected(true: Callable[[float], bool]) -> tuple[float, float]:
    """Between which penalties something begins to be true."""
    if true(0.0):
        return float("nan"), 0.0
    if not true(LARGEST):
        return LARGEST, float("nan")
    low, high = 0.0, LARGEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if true(middle) else (middle, high)
    return low, high


def welfares(points: int, penalties: tuple[float, ...], cells: int = 100) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Sums of payoffs, and whether all give and the threshold is met, over γ 1.5–3, ρ 1.8–4.2, B 0–3, and penalties."""
    axes = (np.linspace(1.5, 3, points), np.linspace(1.8, 4.2, points), np.linspace(0, 3, points), np.array(penalties))
    found, inside = np.zeros([len(own) for own in axes]), np.zeros([len(own) for own in axes], bool)
    for place in np.ndindex(*found.shape):
        bonus, multiplier, threshold, penalty = (float(own[k]) for own, k in zip(axes, place, strict=True))
        terms = Terms(bonus, multiplier, penalty, threshold)
        given = outcome(terms, cells)
        found[place] = terms.welfare(given)
        inside[place] = given.min() >= LEAST and given.sum() >= threshold - CLOSE
    return found, inside


def steps_along(axis: int, welfare: Floats, inside: npt.NDArray[np.bool_]) -> Floats:
    """How welfare changes from one point to the next, where the region holds both."""
    count = welfare.shape[axis]
    both = np.take(inside, range(count - 1), axis) & np.take(inside, range(1, count), axis)
    found: Floats = np.diff(welfare, axis=axis)[both]
    return found
