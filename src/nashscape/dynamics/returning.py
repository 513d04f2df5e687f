"""Whether a path that was looked at now and then comes back to where it was."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def came_back(strategies: Sequence[npt.NDArray[Any]], close: float) -> bool:
    """Whether the second half of a path comes within `close` of its beginning after leaving it by ten times that.

    Args:
        strategies: one array `[K, …]` per player. Between two looks the path counts as straight.
        close: a distance in probability, largest coordinate.

    Example:
        >>> angle = np.linspace(0.0, 8.0 * np.pi, 90)
        >>> came_back([np.stack([np.cos(angle), np.sin(angle)], axis=1)], 0.01)
        True
        >>> came_back([angle[:, None]], 0.01)
        False
    """
    path = np.concatenate([own.reshape(len(own), -1) for own in strategies], axis=1)
    path = path[len(path) // 2 :]
    offsets = path - path[0]
    left = np.abs(offsets).max(axis=1) > 10.0 * close
    if not left.any():
        return False
    begin, moved = offsets[:-1], np.diff(offsets, axis=0)
    length = np.sum(moved**2, axis=1)
    # the nearest point of every straight piece to the place of the beginning, which is zero here
    share = np.clip(-np.sum(begin * moved, axis=1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    nearest = np.abs(begin + share[:, None] * moved).max(axis=1)
    return bool((nearest[int(left.argmax()) :] < close).any())
