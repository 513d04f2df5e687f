"""The law of a sum of independent whole numbers that all have the same law, from its characteristic function."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

BEYOND = 1e-12
"""Probability that a sum may have outside the stretch that is looked at."""


@dataclass(frozen=True)
class Lattice:
    """A sum between `low` and `high` of which only the likely stretch is looked at, `first` to `last`.

    The characteristic function at as many frequencies as that stretch is long gives the law modulo its length, so that
    the work grows with the square root of the number of summands.
    """

    first: int
    last: int

    @property
    def frequencies(self) -> npt.NDArray[np.float64]:
        """Where the characteristic function is needed, `[L/2 + 1]`."""
        size = self._size
        return 2 * np.pi * np.arange(size // 2 + 1) / size

    @property
    def _size(self) -> int:
        # a power of two is the length that transforms are fastest for
        return 1 << int(self.last - self.first).bit_length()

    def masses(self, characteristic: npt.NDArray[np.complex128]) -> npt.NDArray[np.float64]:
        """Probabilities of `first` to `last`, `[…, last − first + 1]`, from `E exp(i t X)` at the frequencies."""
        law = np.fft.irfft(np.conj(characteristic), n=self._size, axis=-1)
        return np.maximum(np.roll(law, -(self.first % self._size), axis=-1)[..., : self.last - self.first + 1], 0.0)


def likely(low: int, high: int, mean: Any, variance: Any, largest: float) -> Lattice:
    """The stretch of [low, high] outside of which sums lie with probability below `BEYOND`, by Bernstein's inequality.

    Args:
        low: the least value of a sum.
        high: the largest.
        mean: of the sum; an array for several sums, of which the stretch holds them all.
        variance: of the sum, or more.
        largest: how far one summand can lie from its mean.
    """
    reach = -np.log(BEYOND / 2)
    away = np.sqrt(2 * np.asarray(variance) * reach) + 2 / 3 * largest * reach
    return Lattice(max(low, int(np.floor(np.min(mean - away)))), min(high, int(np.ceil(np.max(mean + away)))))


def power(one: Any, count: int) -> npt.NDArray[np.complex128]:
    """The characteristic function of a sum of so many from that of one of them."""
    return np.asarray(np.power(np.asarray(one, np.complex128), count))
