"""Where runs start: grids over the square and the cube, over own parameters, and over the triangle of three actions."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.dynamics import starts

SIDE = 40
"""Points along each side of a triangle of mixed strategies."""

LOW, HIGH = 0.05, 0.95
"""The ends of maps, as `basin_map` has them."""


def logits(q: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Parameters at which players who read nobody take their first actions with these probabilities.

    >>> float(logits(0.75).round(4))
    1.0986
    """
    q = np.asarray(q, np.float64)
    return np.asarray(np.log(q) - np.log1p(-q))


def own_axis(cells: int) -> npt.NDArray[np.float64]:
    """The centres of so many cells between the ends of maps, `[cells]`."""
    return np.asarray(LOW + (np.arange(cells) + 0.5) / cells * (HIGH - LOW))


def own_starts(cells: int) -> Any:
    """Two players' own parameters at the centres of `cells²` cells, the first player's slowest."""
    theta = logits(own_axis(cells))
    return starts.parameters([[one, other] for one in theta for other in theta])


def corners_apart(side: int) -> npt.NDArray[np.float64]:
    """The middles of equal triangles that fill the simplex of three actions, base down, `[side (side + 1)/2, 3]`.

    >>> corners_apart(2).round(3).tolist()
    [[0.167, 0.167, 0.667], [0.167, 0.667, 0.167], [0.667, 0.167, 0.167]]
    """
    whole = [(i, j, side - 1 - i - j) for i in range(side) for j in range(side - i)]
    return (np.array(whole, float) + 1 / 3) / side


def alike_starts() -> Any:
    """Two players who start with the same mixture of three actions, one of `corners_apart(SIDE)`."""
    return starts.strategies([[own, own] for own in corners_apart(SIDE)])
