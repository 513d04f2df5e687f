"""Contraction of best replies: one equilibrium, reached by every order of updates, with proved rates and errors.

Where every player's reply moves by at most `S_ij` times what player j moves, errors obey `e(t + 1) ≤ S e(t) + d` with
the size d of disturbances. If weights `v > 0` with `S v ≤ ρ v` and ρ < 1 exist, the largest `e_i / v_i` shrinks by ρ.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each

Floats = npt.NDArray[np.float64]

POLISHED = 500
"""Steps of the power iteration that looks for weights."""


@dataclass(frozen=True, eq=False)
class Contraction:
    """A proof that replies contract. Made by `contraction`.

    The condition is sufficient and not necessary: without it replies may converge all the same.

    Attributes:
        sensitivity: `S`, `[n, n]`: by how much i's reply moves at most for each unit that j moves.
        weights: `v`, `[n]`, positive.
        rate: `ρ = max_i (S v)_i / v_i`, in fractions, rounded up: the factor of a round in which all reply. Below 1.
    """

    sensitivity: Floats
    weights: Floats
    rate: float

    def error_bound(self, disturbance: npt.ArrayLike) -> Floats:
        """The largest errors `(I − S)⁻¹ d` that remain under disturbances of sizes at most d, `[n]`.

        It holds for updates in any order and with delays, since the errors obey `e ≤ S e + d` in the end. What is
        returned is checked in fractions: `e ≥ S e + d`, from which `e ≥ (I − S)⁻¹ d` follows.

        Args:
            disturbance: the size of what is added to each player's reply, `[n]` or a number for all.

        Raises:
            InputError: for sizes that are negative or do not fit.

        Example:
            >>> contraction([[0, 0.5], [0.5, 0]]).error_bound(0.1).round(6).tolist()
            [0.2, 0.2]
        """
        n = len(self.weights)
        noise = one_or_each(disturbance, "disturbance", n)
        if (noise < 0).any():
            raise InputError(f"sizes of disturbances are not negative; got {noise.tolist()}")
        solved = np.maximum(np.linalg.solve(np.eye(n) - self.sensitivity, noise), 0.0)
        spare = 2.0**-40
        while True:
            # along the weights every error may grow until the inequality holds in fractions
            tried = solved + spare * (1.0 + np.abs(solved).max()) * self.weights / self.weights.max()
            if _at_least(self.sensitivity, tried, noise):
                return tried
            spare *= 16.0

    def errors_after(self, rounds: int, first: npt.ArrayLike, *, every: int = 1, delay: int = 0) -> Floats:
        """Bounds of the errors after so many rounds without disturbances, `[n]`: `ρ^k v max_j (e_j / v_j)`.

        Args:
            rounds: steps of time.
            first: sizes of the first errors, `[n]` or a number for all.
            every: each player replies at least once in so many rounds; 1 where all reply in each, at once or in turn.
            delay: a reply is to what others did at most so many rounds before.

        Returns:
            With `k = ⌊rounds / (every + delay)⌋`: after so long every reply is to replies of the period before.

        Raises:
            InputError: for sizes that are negative or do not fit.

        Example:
            >>> contraction([[0, 0.5], [0.5, 0]]).errors_after(6, 1.0, every=2, delay=1).tolist()
            [0.25, 0.25]

        Source: Bertsekas, Tsitsiklis, Parallel and distributed computation (1989), chapter 6.
        """
        error = one_or_each(first, "first", len(self.weights))
        if (error < 0).any():
            raise InputError(f"sizes of errors are not negative; got {error.tolist()}")
        period = positive_integer(every, "every") + positive_integer(delay, "delay", at_least=0)
        size = float((error / self.weights).max())
        return np.asarray(self.rate ** (positive_integer(rounds, "rounds", at_least=0) // period) * size * self.weights)

    def rounds_to(self, share: float) -> int:
        """Rounds after which errors are at most a share of the first ones in the weighted norm, if all reply in each.

        >>> contraction([[0, 0.5], [0.5, 0]]).rounds_to(0.001)
        10
        """
        wanted = finite_number(share, "share", low=0.0, high=1.0, low_open=True, high_open=True)
        return 1 if self.rate == 0 else math.ceil(math.log(wanted) / math.log(self.rate))

    def __repr__(self) -> str:
        """The rate, as one line."""
        return f"<Contraction of {len(self.weights)} players: errors shrink to {self.rate:.4g} in a round>"


@public()
def contraction(sensitivity: npt.ArrayLike) -> Contraction | None:
    """The proof that replies contract, from how far each moves with the others at most; None where there is none.

    There is one if and only if the spectral radius of S is below 1. Weights are found by power iteration, and the
    inequality `S v ≤ ρ v` is checked in fractions.

    Args:
        sensitivity: `S`, `[n, n]`, not negative.

    Raises:
        InputError: for a matrix that is not square, or has negative entries.

    Example:
        >>> contraction([[0, 2.0], [0.3, 0]]), contraction([[0, 2.0], [0.6, 0]])
        (<Contraction of 2 players: errors shrink to 0.7746 in a round>, None)

    Source: Perron, Frobenius; Collatz (1942) for the bound.
    """
    s = finite_array(sensitivity, "sensitivity", ndim=2)
    if s.shape[0] != s.shape[1] or (s < 0).any():
        raise InputError(f"a sensitivity is a square matrix without negative entries; got {s.tolist()}")
    weights = _perron(s)
    rate = max(_ratios(s, weights))
    if rate >= 1:
        return None
    # the double above the fraction
    up = float(rate)
    up = up if Fraction(up) >= rate else float(np.nextafter(up, 2.0))
    return Contraction(s, weights, up) if up < 1 else None


def _perron(s: Floats) -> Floats:
    """Positive weights that nearly minimise the largest `(S v)_i / v_i`."""
    n = len(s)
    # a little of everything, so that no weight vanishes; the shift keeps cycles from alternating
    mixed = s + np.eye(n) * max(float(s.max(initial=0.0)), 1e-3) + 1e-12 * (1.0 + s.max(initial=0.0))
    v = np.ones(n)
    for _ in range(POLISHED):
        v = mixed @ v
        v /= v.max()
    return np.maximum(v, 1e-9)


def _ratios(s: Floats, v: Floats) -> list[Fraction]:
    weights = [Fraction(float(own)) for own in v]
    sums = [sum((Fraction(float(a)) * b for a, b in zip(row, weights, strict=True)), Fraction(0)) for row in s]
    return [own / weight for own, weight in zip(sums, weights, strict=True)]


def _at_least(s: Floats, errors: Floats, noise: Floats) -> bool:
    e = [Fraction(float(own)) for own in errors]
    for i, row in enumerate(s):
        if e[i] < Fraction(float(noise[i])) + sum(Fraction(float(a)) * b for a, b in zip(row, e, strict=True)):
            return False
    return True


def spectral_radius(sensitivity: Any) -> float:
    """The largest size of an eigenvalue, as floating point has it."""
    return float(np.abs(np.linalg.eigvals(np.asarray(sensitivity, np.float64))).max(initial=0.0))
