"""When the payoffs of a profile are looked at, and between which bounds their means lie at every look, all at once."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST, GROWTH = 8, 1.25
"""Plays of a profile before the first look, and by how much their number grows from one look to the next."""


def looks(most: int) -> Ints:
    """After how many plays of one profile its means are looked at, up to the first number above `most`.

    >>> looks(30).tolist()
    [8, 10, 13, 17, 22, 28, 35]
    """
    made = [FIRST]
    while made[-1] <= most:
        made.append(int(np.ceil(GROWTH * made[-1])))
    return np.array(made, np.int64)


def errors(look: Any, means: int, level: float) -> Floats:
    """The chance that an interval may miss its mean, by the number of the look, from 0.

    `δ / (means (j + 1)(j + 2))`, δ = 1 − level: over all looks and means these sum to δ.

    >>> float(errors(np.arange(10**6), 1, 0.95).sum().round(5))
    0.05
    """
    j = np.asarray(look, float)
    return np.asarray((1.0 - level) / (means * (j + 1) * (j + 2)))


def hoeffding(sums: Floats, plays: Any, error: Any) -> tuple[Floats, Floats]:
    """`mean ± √(log(2/error)/(2n))`, for values from 0 to 1 (Hoeffding 1963)."""
    mean, half = sums / plays, half_width(plays, error)
    return np.maximum(mean - half, 0.0), np.minimum(mean + half, 1.0)


def half_width(plays: Any, error: Any) -> Floats:
    """`√(log(2/error)/(2n))`."""
    return np.asarray(np.sqrt(np.log(2.0 / np.asarray(error)) / (2.0 * np.asarray(plays))))


def clopper_pearson_ends(sums: Floats, plays: Any, error: Any) -> tuple[Floats, Floats]:
    """Ends of the exact intervals of shares, for values 0 and 1; they lie within those of Hoeffding."""
    from scipy.special import betaincinv

    k, n, tail = np.broadcast_arrays(np.rint(sums), plays, np.asarray(error) / 2)
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1), 1 - tail), 1.0)
    return low, high


Ends = Callable[[Floats, Any, Any], tuple[Floats, Floats]]

BOUNDS: Mapping[str, Ends] = {"hoeffding": hoeffding, "clopper-pearson": clopper_pearson_ends}
"""By name, what makes the ends of intervals from sums of values from 0 to 1, how many they are, and the error."""


class Edges(NamedTuple):
    """Pairs of profiles that differ in the strategy of one player.

    Attributes:
        first: number of the one profile, in the order of payoffs; `[edges]`.
        second: of the other, a larger number.
        player: who plays differently.
    """

    first: Ints
    second: Ints
    player: Ints

    def touch(self, profiles: int) -> npt.NDArray[np.bool_]:
        """Which edge has which profile as an end, `[edges, profiles]`."""
        every = np.arange(profiles)
        return np.asarray((self.first[:, None] == every) | (self.second[:, None] == every))


def edges_of(actions: tuple[int, ...]) -> Edges:
    """All pairs of profiles that differ in one player's strategy.

    >>> edges_of((2, 2))
    Edges(first=array([0, 1, 0, 2]), second=array([2, 3, 1, 3]), player=array([0, 0, 1, 1]))
    """
    numbers = np.arange(int(np.prod(actions))).reshape(actions)
    first, second, player = [], [], []
    for k, count in enumerate(actions):
        lines = np.moveaxis(numbers, k, -1).reshape(-1, count)
        one, other = np.triu_indices(count, 1)
        first.append(lines[:, one].ravel())
        second.append(lines[:, other].ravel())
        player.append(np.full(first[-1].size, k))
    return Edges(*(np.concatenate(parts).astype(np.int64) for parts in (first, second, player)))


def plays_for_gaps(gaps: Floats, means: int, level: float, tolerance: float) -> Ints:
    """How many plays of both ends of an edge suffice, by the gap between their means, as parts of the range.

    While all intervals of half-width h hold, two means that are Δ apart are told apart where `4 h < Δ`, and called
    equal within ε where `4 h ≤ ε − Δ`: so the first look with `4 h < max(Δ, ε − Δ)` does.

    Raises:
        InputError: where a gap is zero and so is ε.
    """
    needed = np.maximum(gaps, tolerance - gaps)
    if (needed <= 0).any():
        raise InputError("two payoffs that are compared are equal, which no number of plays shows; give a tolerance")
    most = FIRST
    while True:
        plays = looks(most)
        enough = 4 * half_width(plays, errors(np.arange(len(plays)), means, level)) < needed.min()
        if enough.any():
            break
        most *= 4
    widths = 4 * half_width(plays, errors(np.arange(len(plays)), means, level))
    return np.asarray(plays[(widths[None] < needed[:, None]).argmax(axis=1)])
