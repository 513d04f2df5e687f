"""What is given of agents who find things out, checked before anything is computed."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.core.checks import SUM_TOLERANCE
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of
from nashscape.theory.mechanisms.incentive_programs import sizes_of

MOST_UNKNOWNS = 20_000
"""Unknowns of the largest linear program that is solved: some seconds."""


def fractions_given(value: Any, name: str, ndim: int | None = None) -> Objects:
    """An array of numbers as the fractions that they are."""
    rounded, exact = exact_array(value, name, ndim=ndim)
    return fractions_of(rounded) if exact is None else exact


def check_shapes(table: Objects, costs: Sequence[Sequence[Fraction]], worth: Objects, states: int) -> None:
    """Refuse signals and worths whose axes do not fit the costs and the prior."""
    n, efforts = len(costs), tuple(map(len, costs))
    fits = n and table.ndim == 2 * n + 1 and table.shape[: n + 1] == (*efforts, states)
    if not fits:
        wanted = ", ".join(map(str, (*efforts, states, *(f"signals of {i + 1}" for i in range(n)))))
        raise InputError(
            f"signals must have the shape ({wanted}), by the efforts of {n} agents whose costs are given and a prior "
            f"of {states} states; got {table.shape}"
        )
    if worth.shape[1] != states or not worth.size or not table.size:
        raise InputError(f"worth must have shape (decisions, {states}), a column for each state; got {worth.shape}")


def check_unknowns(shape: Sequence[int], n: int) -> None:
    """Refuse a problem of n agents, by the shape of its signals, whose linear program is too large."""
    given = (*shape[:n], *shape[n + 1 :], shape[n])
    count = sum(int(np.prod(own)) for own in sizes_of(given, n))
    if count > MOST_UNKNOWNS:
        raise InputError(
            f"{n} agents with {' × '.join(map(str, given[:n]))} efforts and {' × '.join(map(str, given[n:-1]))} "
            f"signals need {count:,} unknowns, of which there may be {MOST_UNKNOWNS:,}: take fewer agents, efforts or "
            "signals"
        )


def normalised(chances: Objects, axes: tuple[int, ...], name: str) -> Objects:
    """Chances that sum to one along axes, exactly, where they do to within rounding."""
    total = chances.sum(axis=axes, keepdims=True)
    if (chances < 0).any():
        raise InputError(f"{name} must not be negative; the least chance is {float(chances.min()):g}")
    wrong = [own for own in total.ravel() if abs(own - 1) > SUM_TOLERANCE]
    if wrong:
        raise InputError(f"{name} must sum to one; there is a sum of {float(wrong[0]):g}")
    made: Objects = chances / total
    return made


def effort_names(
    efforts: Sequence[Sequence[str]] | None, costs: Sequence[Sequence[Fraction]]
) -> tuple[tuple[str, ...], ...]:
    """The names of efforts by agent; by default numbers from 0."""
    if efforts is None:
        return tuple(tuple(map(str, range(len(own)))) for own in costs)
    names = tuple(tuple(map(str, own)) for own in efforts)
    if tuple(map(len, names)) != tuple(map(len, costs)) or any(len(set(own)) != len(own) for own in names):
        raise InputError("efforts must be a name for each effort of each agent, all different within an agent")
    return names
