"""Where a Markov chain leaves some of its states first, without a subtraction.

Some states are taken out, and the rates through them added to those between the others, as Grassmann, Taksar and
Heyman (1985) do with one after the other. How fast a state is left is the sum of the rates that lead out of it, never
what is left of a total: so a chance of 10⁻²⁰⁰ has all its digits.
"""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEW = 32
"""States that are taken out together at least."""


def first_exits(inner: Any, out: Floats) -> Floats:
    """From each state how likely the chain leaves by each way first, and what that costs.

    Args:
        inner: rates between the states, a sparse table that connects all of them; the diagonal counts nothing.
        out: rates to the ways out, and, in the last column, what each update costs, `[states, ways + 1]`.

    Returns:
        `[states, ways + 1]`: how likely each way is, a row of which adds up to 1, and the mean cost until then.

    >>> from scipy.sparse import csr_array
    >>> inner, out = csr_array([[0.0, 0.5], [0.5, 0.0]]), np.array([[0.5, 0.0, 1.0], [0.0, 0.5, 1.0]])
    >>> first_exits(inner, out).round(4).tolist()
    [[0.6667, 0.3333, 2.0], [0.3333, 0.6667, 2.0]]
    """
    order, ends = _levels(inner)
    inner, out = inner[order][:, order], out[order]
    parts = [slice(a, b) for a, b in zip((0, *ends), (*ends, len(order)), strict=True)]
    within, ways = inner[parts[0], parts[0]].toarray(), []
    for here, after in itertools.pairwise(parts):
        found = _dense_exits(within, np.concatenate([inner[here, after].toarray(), out[here]], axis=1))
        there, left = np.split(found, [after.stop - after.start], axis=1)
        back = inner[after, here]
        within = inner[after, after].toarray() + back @ there
        out[after] += back @ left
        ways.append((there, left))
    last = [_dense_exits(within, out[parts[-1]])]
    for there, left in reversed(ways):
        last.append(there @ last[-1] + left)
    made = np.empty_like(out)
    made[order] = np.concatenate(last[::-1])
    return made


def _levels(inner: Any) -> tuple[Ints, list[int]]:
    """States in an order, and where parts of them begin, such that each part leads to itself and its neighbours alone.

    They are in the order of how many changes they are away from the first.
    """
    from scipy.sparse import csgraph

    far = csgraph.dijkstra(inner, directed=False, unweighted=True, indices=0).astype(np.int64)
    ends = [0]
    for end in np.bincount(far).cumsum()[:-1].tolist():
        if end - ends[-1] >= FEW:
            ends.append(end)
    return np.argsort(far, kind="stable"), ends[1:]


def _dense_exits(inner: Floats, out: Floats) -> Floats:
    """The same by halves: the first half is left first, to the ways out or to the second."""
    size = len(inner)
    if size == 1:
        made: Floats = out / out[:, :-1].sum()
        return made
    half = size // 2
    found = _dense_exits(inner[:half, :half], np.concatenate([inner[:half, half:], out[:half]], axis=1))
    there, left = found[:, : size - half], found[:, size - half :]
    back = inner[half:, :half]
    second = _dense_exits(inner[half:, half:] + back @ there, out[half:] + back @ left)
    return np.concatenate([there @ second + left, second])
