"""Corners of a best-response polyhedron: the strategies at which as many labels meet as it takes to fix them."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

TIE = 1e-9
"""Of the range of payoffs, and of probability: differences below it are ties and zeros."""

SINGULAR = 1e-10
"""Systems whose least singular value is below this share of the largest have no solution of their own."""


@dataclass(frozen=True)
class Vertices:
    """Corners of the set of a player's strategies and what the other can earn against them.

    Attributes:
        strategies: mixed strategies, `[V, m]`, zero where a probability is below `TIE`.
        unplayed: which own actions have no probability, `[V, m]`.
        best: which actions of the other are best responses, `[V, k]`.
    """

    strategies: Floats
    unplayed: Flags
    best: Flags

    @property
    def degenerate(self) -> bool:
        """Whether some strategy has more best responses than actions it plays: then some corner has."""
        labels = self.unplayed.sum(axis=1) + self.best.sum(axis=1)
        return bool((labels > self.unplayed.shape[1]).any())


def bases(m: int, k: int) -> int:
    """How many pairs of supports of one size two players with m and k actions have: `C(m + k, m) − 1`.

    >>> bases(2, 2), bases(6, 6)
    (5, 923)
    """
    return math.comb(m + k, m) - 1


def response_vertices(earned: Floats) -> Vertices:
    """All corners of `{(x, v): x ≥ 0, Σ x = 1, xᵀE ≤ v}`, where `v` is the best that the other earns against x.

    At a corner some set S of own actions is played, and a set T, of as many actions of the other, earns v, such that
    these equations have one solution: so every pair of sets is solved, all of one size together, and kept if feasible.

    Args:
        earned: payoffs E of the *other* player, `[m, k]`, in units of their range.

    Example:
        >>> import numpy as np
        >>> response_vertices(np.eye(2)).strategies.tolist()
        [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]

    Source: von Stengel, Computing equilibria for two-person games (2002), section 2.
    """
    m, k = earned.shape
    found = [_of_size(earned, size) for size in range(1, min(m, k) + 1)]
    x, slack = (np.concatenate(parts) for parts in zip(*found, strict=True))
    unplayed, best = x <= TIE, slack <= TIE
    # a corner is known by its labels; where several pairs of sets give it, the game is degenerate there
    _, first = np.unique(np.hstack([unplayed, best]), axis=0, return_index=True)
    x = np.where(unplayed, 0.0, x)[first]
    x /= x.sum(axis=1, keepdims=True)
    order = np.lexsort(x.T[::-1])
    return Vertices(x[order], unplayed[first][order], best[first][order])


def _of_size(earned: Floats, size: int) -> tuple[Floats, Floats]:
    """Feasible solutions with `size` actions on both sides: strategies `[V, m]`, and `v − xᵀE`, `[V, k]`."""
    m, k = earned.shape
    own, other = _subsets(m, size), _subsets(k, size)
    systems = np.zeros((len(own), len(other), size + 1, size + 1))
    # unknowns are the probabilities on S and v: one equation for each action in T, and that the sum is one
    systems[..., :size, :size] = earned[own[:, None, None, :], other[None, :, :, None]]
    systems[..., :size, size] = -1.0
    systems[..., size, :size] = 1.0
    each = systems.reshape(-1, size + 1, size + 1)
    singular = np.linalg.svd(each, compute_uv=False)
    regular = singular[:, -1] > SINGULAR * singular[:, 0]
    solved = np.linalg.solve(each[regular], np.eye(size + 1)[size, :, None])[..., 0]
    x = np.zeros((len(solved), m))
    np.put_along_axis(x, np.repeat(own, len(other), axis=0)[regular], solved[:, :size], axis=1)
    slack = solved[:, size:] - x @ earned
    feasible = (x >= -TIE).all(axis=1) & (slack >= -TIE).all(axis=1)
    return x[feasible], slack[feasible]


def _subsets(count: int, size: int) -> Indices:
    return np.array(list(itertools.combinations(range(count), size)), dtype=np.int64)
