"""What everybody gets of everybody, for thousands of strategies that remember one round."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.core.machine import cores
from nashscape.tournaments.laws import check_chances, share_of_time
from nashscape.tournaments.stages import AXELROD, Length, length_of, stage_of, swapped

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BLOCK = 128
"""Strategies of a block, against as many."""
MOST_ENTRIES = 1 << 28
"""Of a table: two gigabytes."""


@public()
def memory_one_scores(
    probabilities: npt.ArrayLike,
    stage: Any = AXELROD,
    *,
    turns: int | None = None,
    discount: Any = 1,
    noise: Any = 0,
) -> Floats:
    """The mean payoff per round of each of many memory-one strategies against each, itself included.

    As `expected_payoffs` of each pair. The law of the last round, or of all as they count, is solved for thousands of
    pairs at once by taking out one state after the other, without a subtraction; pairs are sorted by which of their
    steps are possible, so that the long run is right also where it depends on the first moves.

    Args:
        probabilities: of C in the first round and after CC, CD, DC, DD, `[strategies, 5]`.
        stage: payoffs of a round, as for `tournament`.
        turns: how many rounds; None for ever.
        discount: δ.
        noise: how likely each action is another than was meant.

    Returns:
        What the strategy of the row gets of that of the column, `[strategies, strategies]`.

    Raises:
        InputError: for what is no probability, and tables of more than 2^28 entries, two gigabytes.

    Example:
        >>> memory_one_scores([[1, 1, 0, 1, 0], [0, 0, 0, 0, 0]], turns=10).tolist()
        [[3.0, 0.9], [1.4, 1.0]]

    Source: Press and Dyson (2012) for the chain of four states.
    """
    given = finite_array(probabilities, "probabilities", shape=(None, 5))
    if given.size == 0 or given.min() < 0 or given.max() > 1:
        raise InputError(
            "probabilities of C in the first round and after CC, CD, DC, DD are from 0 to 1, a row for each strategy"
        )
    if len(given) ** 2 > MOST_ENTRIES:
        raise InputError(f"a table has at most {MOST_ENTRIES:,} entries; {len(given):,} strategies have more")
    length = length_of(turns, discount, noise)
    slip, steady, rest = float(length.slip), float(1 - length.slip), 1 - given
    chances = np.stack([steady * given + slip * rest, steady * rest + slip * given])
    return scores_of(chances, np.array(list(map(float, stage_of(stage).own))), length)


def scores_of(chances: Floats, own: Floats, length: Length) -> Floats:
    """The table of how likely C and D are played, `[2, strategies, 5]`, for own payoffs after CC, CD, DC, DD."""
    check_chances(chances, length)
    table = np.empty((chances.shape[1],) * 2)
    payoffs = np.stack([own, swapped(own)])

    def write(block: tuple[Ints, Ints]) -> None:
        rows, columns = block
        shares = shares_of_block(chances[:, rows], chances[:, columns], length)
        got = np.tensordot(payoffs, shares, 1)
        table[np.ix_(rows, columns)] = got[0]
        table[np.ix_(columns, rows)] = got[1].T

    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(write, _blocks(chances)):
            pass
    return table


def _blocks(chances: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of parts of the strategies, within each of which the same is possible; each pair once."""
    kinds = (chances[0] > 0) + 2 * (chances[1] > 0)
    order = np.lexsort(kinds.T)
    ends = np.flatnonzero((np.diff(kinds[order], axis=0) != 0).any(1)) + 1
    parts = [part for group in np.split(order, ends) for part in np.split(group, np.arange(BLOCK, len(group), BLOCK))]
    return ((parts[i], parts[j]) for i in range(len(parts)) for j in range(i, len(parts)))


def shares_of_block(one: Floats, other: Floats, length: Length) -> Floats:
    """The shares of CC, CD, DC and DD of each of some strategies against each of others, `[4, rows, columns]`."""
    p = one.transpose(0, 2, 1)[..., None]
    q = other.transpose(0, 2, 1)[:, [0, *swapped((1, 2, 3, 4))], None]
    joint = (p[:, None] * q[None]).reshape(4, 5, one.shape[1], other.shape[1])
    return share_of_time(joint[:, 0], joint[:, 1:].swapaxes(0, 1), length)
