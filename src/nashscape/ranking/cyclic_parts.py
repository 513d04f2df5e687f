"""Antisymmetric tables as ratings and circles: the Hodge decomposition, and the largest circles by themselves."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, positive_integer
from nashscape.core.calls import public

Floats = npt.NDArray[np.float64]


class RatedCircles(NamedTuple):
    """A table of log odds as ratings and circles, `r_i − r_j + c_iᵀ Ω c_j`.

    `Ω` turns each plane by a right angle: `c_iᵀ Ω c_j = Σ_m (c_i,2m c_j,2m+1 − c_i,2m+1 c_j,2m)`.

    Attributes:
        ratings: `r`, of mean zero, `[players]`.
        places: `c`, whose columns sum to zero, in planes of falling strength, `[players, 2 k]`.
        strengths: of each plane, the size of its part of the table, `[k]`.
    """

    ratings: Floats
    places: Floats
    strengths: Floats

    @property
    def log_odds(self) -> Floats:
        """What they say of every two, `[players, players]`."""
        return self.ratings[:, None] - self.ratings[None, :] + turned(self.places)

    @property
    def chances(self) -> Floats:
        """How likely each beats each other, `1/(1 + exp(−log odds))`, `[players, players]`."""
        made: Floats = 0.5 * (1.0 + np.tanh(0.5 * self.log_odds))
        return made


def turned(places: Floats) -> Floats:
    """`c Ω cᵀ`, `[players, players]`."""
    one, other = places[:, 0::2], places[:, 1::2]
    made: Floats = one @ other.T
    return made - made.T


@public()
def rated_circles(log_odds: npt.ArrayLike, *, k: int | None = None) -> RatedCircles:
    """A table of log odds as ratings, which explain what a line of players can, and circles, which explain the rest.

    Ratings are the means of rows, `r_i = Σ_j L_ij / n`; no ratings are nearer to the table in the sum of squares. What
    is left, `Z = L − (r_i − r_j)`, has rows that sum to zero: everybody wins as much as it loses in circles. It is a
    sum of `⌊(n − 1)/2⌋` planes at most, `Z = Σ_m ω_m (u_m v_mᵀ − v_m u_mᵀ)` with orthonormal u and v, whose strengths
    `ω` are its singular values, each of which comes twice; the k strongest are the nearest table of so many planes.

    Args:
        log_odds: `[players, players]`, the opposite of its transpose.
        k: planes that are kept; by default all that a table of so many players can have.

    Raises:
        InputError: for a table that is not square or not the opposite of its transpose.

    Example:
        >>> found = rated_circles([[0, 2, -2], [-2, 0, 2], [2, -2, 0]])
        >>> found.ratings.tolist(), found.strengths.round(4).tolist(), found.log_odds.round(4)[0].tolist()
        ([0.0, 0.0, 0.0], [3.4641], [0.0, 2.0, -2.0])

    Source: Jiang, Lim, Yao and Ye (2011) for the decomposition; Balduzzi et al. (2018) for ratings in planes.
    """
    table = finite_array(log_odds, "log odds", ndim=2)
    n = len(table)
    if not n or table.shape != (n, n) or np.abs(table + table.T).max() > 1e-9 * (1 + np.abs(table).max()):
        raise InputError("log odds are a square table that is the opposite of its transpose: what i gets of j, j loses")
    kept = most_planes(n) if k is None else positive_integer(k, "k", at_least=0)
    ratings = table.mean(1)
    # i Z is Hermitian: its eigenvalues are ±ω, and the eigenvector of ω is (u − i v)/√2 of one plane
    values, vectors = np.linalg.eigh(1j * (table - ratings[:, None] + ratings[None, :]))
    order = np.argsort(-values)[: min(kept, most_planes(n))]
    strengths = np.maximum(values[order], 0.0)
    planes = np.sqrt(2.0 * strengths) * vectors[:, order]
    places = np.zeros((n, 2 * kept))
    places[:, 0 : 2 * len(order) : 2], places[:, 1 : 2 * len(order) : 2] = planes.imag, planes.real
    return RatedCircles(ratings, places, np.append(strengths, np.zeros(kept - len(order))))


def most_planes(players: int) -> int:
    """How many planes a table of so many players can have: `⌊(n − 1)/2⌋`."""
    return (players - 1) // 2
