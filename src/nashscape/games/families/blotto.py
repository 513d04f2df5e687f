"""Colonel Blotto: two sides divide their troops among battlefields."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame


@public()
def colonel_blotto(
    battlefields: int = 3, troops: "int | Sequence[int]" = 5, *, values: npt.ArrayLike | None = None
) -> DenseGame:
    """Colonel Blotto: both sides divide whole troops among battlefields, and each field goes to whoever sent more.

    `u_1 = Σ_k v_k sign(x_k − y_k) = −u_2`: a field that is won counts its value, one that is lost counts it against, a
    tie nothing. Actions are all ways of dividing all troops, "3-0-2" for three on the first field.

    Args:
        battlefields: how many, K.
        troops: of both sides, or of each.
        values: of the fields, `[K]`, one each by default; numbers, fractions or texts such as "1/3".

    Raises:
        InputError: for no battlefields, negative troops, values that are not one for each field, and more than ten
            million payoffs; of N troops there are (N + K − 1 over K − 1) actions.

    Example:
        >>> print(colonel_blotto(2, (2, 1)).table())
               1-0    0-1
        2-0   1, -1   0, 0
        1-1   1, -1   1, -1
        0-2   0, 0   1, -1

    Source: Borel (1921); Gross, Wagner (1950); Hart (2008) for whole troops.
    """
    fields = positive_integer(battlefields, "number of battlefields")
    both = [troops, troops] if isinstance(troops, int) else list(troops)
    if len(both) != 2:
        raise InputError(f"troops are one number for both sides, or one for each of two; got {troops!r}")
    sizes = [positive_integer(own, "number of troops", at_least=0) for own in both]
    action_counts([math.comb(own + fields - 1, fields - 1) for own in sizes])
    worth = _worth(values, fields)
    ways = [list(divisions(own, fields)) for own in sizes]
    first, second = (np.array(own) for own in ways)
    payoffs = np.zeros((len(first), len(second)), dtype=worth.dtype)
    for k, value in enumerate(worth):
        payoffs = payoffs + np.sign(first[:, None, k] - second[None, :, k]) * value
    names = [["-".join(map(str, way)) for way in own] for own in ways]
    return bimatrix(payoffs, 0 - payoffs, actions=names, name="colonel_blotto")


def _worth(values: npt.ArrayLike | None, fields: int) -> npt.NDArray[Any]:
    rounded, exact = exact_array(np.ones(fields) if values is None else values, "values of battlefields", ndim=1)
    if rounded.shape != (fields,):
        raise InputError(f"values must be one for each of {fields} battlefields; got {rounded.size}")
    if (rounded < 0).any():
        raise InputError(f"values of battlefields must not be negative; got {rounded.tolist()}")
    return rounded if exact is None else exact


def divisions(troops: int, fields: int) -> Iterator[tuple[int, ...]]:
    """All ways of dividing troops among fields, most on the first field first.

    >>> list(divisions(2, 2))
    [(2, 0), (1, 1), (0, 2)]
    """
    if fields == 1:
        yield (troops,)
        return
    for first in range(troops, -1, -1):
        yield from ((first, *rest) for rest in divisions(troops - first, fields - 1))
