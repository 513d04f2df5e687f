"""What players see and do: finitely many values, or arrays of real numbers within bounds."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public


@dataclass(frozen=True)
class Discrete:
    """Whole numbers from 0 to n − 1. Made by `discrete`.

    Attributes:
        n: how many.
        names: what each is called.
    """

    n: int
    names: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """One number."""
        return ()


@dataclass(frozen=True)
class Reals:
    """Arrays of real numbers of one shape, every entry between its bounds. Made by `reals`.

    Attributes:
        shape: of an array.
        low: least values, flat, in row-major order; −inf for none.
        high: largest values.
    """

    shape: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def bounds(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Least and largest values, of the shape of an array."""
        return np.array(self.low).reshape(self.shape), np.array(self.high).reshape(self.shape)


Space: TypeAlias = Discrete | Reals
"""What a player may see or do."""


@public()
def discrete(n: int, names: tuple[str, ...] = ()) -> Discrete:
    """Whole numbers from 0 to n − 1, such as the numbers of actions.

    >>> discrete(2, names=("C", "D"))
    Discrete(n=2, names=('C', 'D'))

    Raises:
        InputError: for fewer than one, and another number of names.
    """
    n, names = positive_integer(n, "n"), tuple(map(str, names))
    if names and len(names) != n:
        raise InputError(f"there are {n} values and {len(names)} names; give one each, or none")
    return Discrete(n, names)


@public()
def reals(shape: tuple[int, ...] | int, low: npt.ArrayLike = -np.inf, high: npt.ArrayLike = np.inf) -> Reals:
    """Arrays of real numbers, with bounds for all entries or for each.

    >>> reals(2, low=-1.0, high=[1.0, 3.0])
    Reals(shape=(2,), low=(-1.0, -1.0), high=(1.0, 3.0))

    Raises:
        InputError: for bounds that do not fit, or lie the wrong way round.
    """
    sizes = (shape,) if np.ndim(shape) == 0 else tuple(shape)  # type: ignore[arg-type]
    own = tuple(positive_integer(one, "an entry of shape") for one in sizes)
    try:
        ends = [np.broadcast_to(np.asarray(end, np.float64), own) for end in (low, high)]
    except ValueError:
        raise InputError(f"bounds must fit the shape {own}; got {np.shape(low)} and {np.shape(high)}") from None
    if not (ends[0] <= ends[1]).all():
        raise InputError("every least value must be at most the largest one; some are above, or no numbers")
    return Reals(own, *(tuple(end.ravel().tolist()) for end in ends))


def is_discrete(space: Space) -> bool:
    """Whether a space has finitely many values."""
    return hasattr(space, "n")
