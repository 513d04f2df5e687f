"""Where a chain spends its time, without a subtraction: for doubles, for many chains at once, and for fractions.

States are taken out one by one (Grassmann, Taksar, Heyman 1985), so that shares are right to the last digits however
rare a step is. Arrays may have further axes behind those of the states, along which chains differ: all are solved at
once, and must have the same steps that are possible.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.ranking.pairs import closure
from nashscape.tournaments.stages import Length

Numbers = Any
"""An array of doubles or of fractions."""

LEAST = 1e-150
"""The product of two of these is a double."""


def share_of_time(start: Numbers, moves: Numbers, length: Length) -> Numbers:
    """The share of rounds in each state, as they count.

    Args:
        start: how likely a chain begins in each state, `[states, …]`.
        moves: how likely the state of the column follows that of the row, `[states, states, …]`.
        length: how rounds count; slips are in the moves already.
    """
    kind: Any = Fraction if moves.dtype == object else float
    discount, ends = kind(length.discount), kind(1 - length.discount)
    if length.turns is not None:
        return of_first_rounds(start, moves, length.turns, discount)
    # with discounting it is as if the match began anew with the probability 1 − δ
    return in_the_long_run(start, discount * moves + ends * start[None] if length.discount != 1 else moves)


def check_chances(chances: Numbers, length: Length) -> None:
    """Refuse probabilities whose products are no doubles: in the long run it counts whether they are 0.

    Raises:
        InputError: for what is so small that a product with another would be 0.
    """
    if length.turns is None and ((chances > 0) & (chances < LEAST)).any():
        raise InputError(
            f"probabilities below {LEAST:g} have no product as a double, and in the long run it counts whether they "
            "are 0: make them 0, give a number of turns, or ask for expected_payoffs(…, exact=True)"
        )


def in_the_long_run(start: Numbers, moves: Numbers) -> Numbers:
    """The mean over ever more rounds, where they need not all be reached from each other.

    >>> in_the_long_run(np.array([1.0, 0, 0]), np.array([[0, 0.25, 0.75], [0, 1.0, 0], [0, 0, 1.0]])).tolist()
    [0.0, 0.25, 0.75]
    """
    # the same steps are possible in all chains, so that the first tells
    reaches = closure(moves[(..., *(0,) * (moves.ndim - 2))] > 0)
    stays: Any = (reaches <= reaches.T).all(1)  # who can always come back
    if stays.all() and reaches.all():
        return _stationary(moves.copy())
    begins = _without(start, moves, np.flatnonzero(~stays), stays)
    found = np.zeros_like(start)
    left = stays.copy()
    while left.any():
        group = np.flatnonzero(reaches[int(left.argmax())])
        found[group] = _stationary(moves[np.ix_(group, group)].copy()) * begins[group].sum(0)
        left[group] = False
    return found


def _without(start: Numbers, moves: Numbers, passing: Any, stays: Any) -> Numbers:
    """How likely it is that a chain enters those states first that stay, when others only pass."""
    start, moves, left = start.copy(), moves.copy(), np.ones(len(start), dtype=bool)
    for k in passing[::-1]:
        left[k] = False
        after = np.flatnonzero(left)
        away = moves[k, after]
        shares = away / away.sum(0)
        start[after] = start[after] + start[k] * shares
        rows = np.flatnonzero(left & ~stays)
        moves[np.ix_(rows, after)] = moves[np.ix_(rows, after)] + moves[rows, k][:, None] * shares[None]
    return start


def _stationary(moves: Numbers) -> Numbers:
    """The shares of time of a chain that comes from everywhere to everywhere; writes over the moves."""
    n = len(moves)
    for k in range(n - 1, 0, -1):
        moves[:k, k] /= moves[k, :k].sum(0)
        for i in range(k):
            moves[i, :k] += moves[i, k] * moves[k, :k]
    masses = 0 * moves[0] + 1
    for k in range(1, n):
        masses[k] = (masses[:k] * moves[:k, k]).sum(0)
    return masses / masses.sum(0)


def of_first_rounds(start: Numbers, moves: Numbers, turns: int, discount: Any) -> Numbers:
    """The shares of so many rounds, `Σ_{t<T} δ^t start M^t / Σ_{t<T} δ^t`; by doubling the number of rounds."""
    step = moves * discount
    total, power, weight, factor = start, step, 1 + 0 * discount, discount
    for digit in f"{turns:b}"[1:]:
        total, weight = total + _row(total, power), weight + factor * weight
        power, factor = np.einsum("ij...,jk...->ik...", power, power), factor * factor
        if digit == "1":
            total, weight = start + _row(total, step), 1 + discount * weight
            power, factor = np.einsum("ij...,jk...->ik...", power, step), factor * discount
    return total / weight


def _row(row: Numbers, moves: Numbers) -> Numbers:
    return (row[:, None] * moves).sum(0)
