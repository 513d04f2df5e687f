"""The linear program of the best mechanism for agents who find things out at a cost.

The unknowns are the chance `μ(b)` that efforts b are recommended, payments times that chance,
`x_i(b, s, θ) = μ(b) γ_i(b, s, θ)`, and what agent i gets at best with signal `s_i` where it is told a and does d,
`z_i(a, d, s_i)`. So there are no products of unknowns, and no inequality for each map from signals to reports.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.theory.mechanisms.chance_programs import Program

Integers = npt.NDArray[np.int_]
Row = tuple[Integers, Any]
"""Columns and entries of one inequality."""

Box = tuple[tuple[Any, Any], ...]
"""The least and the largest chance of every effort of one agent."""


@dataclass(frozen=True)
class Places:
    """Where the unknowns are.

    Attributes:
        chances: of μ, `[b_1, …, b_n]`.
        paid: of x, `[b_1, …, b_n, s_1, …, s_n, θ]` of each agent.
        best: of z, `[a, d, s_i]` of each agent.
        count: how many there are.
    """

    chances: Integers
    paid: tuple[Integers, ...]
    best: tuple[Integers, ...]
    count: int


def sizes_of(shape: Sequence[int], n: int) -> list[tuple[int, ...]]:
    """The shapes of μ, of x and of z of each agent, for information `[b_1, …, b_n, s_1, …, s_n, θ]` of a shape."""
    efforts, signals = tuple(shape[:n]), tuple(shape[n : 2 * n])
    return [efforts, *[tuple(shape)] * n, *[(k, k, s) for k, s in zip(efforts, signals, strict=True)]]


def places(shape: Sequence[int], n: int) -> Places:
    """The unknowns one after the other."""
    sizes = sizes_of(shape, n)
    ends = np.cumsum([int(np.prod(own)) for own in sizes])
    made = [np.arange(end - int(np.prod(own)), end).reshape(own) for own, end in zip(sizes, ends, strict=True)]
    return Places(made[0], tuple(made[1 : n + 1]), tuple(made[n + 1 :]), int(ends[-1]))


def program_of(
    information: Any,
    values: Any,
    costs: Sequence[Any],
    most_paid: Any,
    boxes: Sequence[Box] | None = None,
    *,
    margin: float = 0.0,
) -> Program:
    """The program of the best mechanism.

    Args:
        information: chances of signals and states by efforts, `[b_1, …, b_n, s_1, …, s_n, θ]`, doubles or fractions.
        values: what the principal gets before it pays, `[b_1, …, b_n]`.
        costs: of the efforts of each agent.
        most_paid: the largest payment to one agent.
        boxes: of recommendations near independent ones, see `conditions`; None where they may be correlated.
        margin: what an agent is to lose at least by another effort, and with each signal by each lie.
    """
    n = len(costs)
    at = places(information.shape, n)
    every = [row for i in range(n) for row in incentives(information, costs[i], i, at, margin)]
    every += [row for i in range(n) if margin for row in honesty(information, i, at, margin)]
    every += [] if boxes is None else list(conditions(at.chances, boxes, 0 * values.ravel()[0] + 1))
    first = len(every)
    capped = np.concatenate([own.ravel() for own in at.paid])
    chances = np.tile(np.repeat(at.chances.ravel(), at.paid[0].size // at.chances.size), n)
    cap_rows = first + np.arange(capped.size)
    rows = np.concatenate([np.repeat(np.arange(first), [len(own) for own, _ in every]), cap_rows, cap_rows])
    columns = np.concatenate([*(own for own, _ in every), capped, chances])
    one = np.full(capped.size, 0 * most_paid + 1)
    entries = np.concatenate([*(own for _, own in every), one, -most_paid * one])
    worth = np.full(at.count, 0 * most_paid)
    worth[at.chances] = values
    for own in at.paid:
        worth[own] = -information
    most = np.full(at.count, most_paid)
    most[at.chances] = 0 * most_paid + 1
    kept = entries != 0
    return Program(worth, rows[kept], columns[kept], entries[kept], first + capped.size, most, at.chances.size)


def incentives(information: Any, costs: Any, i: int, at: Places, margin: float = 0.0) -> Iterator[Row]:
    """What keeps agent i from doing d where it is told a, whatever it then reports.

    `Σ_s z(a, d, s) − Σ_{b: b_i = a} Σ_{s, θ} P(s, θ | b) x_i(b, s, θ) + Σ_{b: b_i = a} μ(b) (c(a) − c(d)) ≤ 0`, and
    with signal s and report r `Σ P(s, s_-i, θ | d, b_-i) x_i(b, (r, s_-i), θ) − z(a, d, s) ≤ 0`.
    """
    n, efforts, signals = len(at.paid), range(at.best[i].shape[0]), range(at.best[i].shape[2])
    axis = n - 1 + i  # of signals of i, where the axis of its efforts is gone
    for a, d in product(efforts, efforts):
        told, paid = np.take(at.chances, a, axis=i).ravel(), np.take(at.paid[i], a, axis=i)
        honest, other = np.take(information, a, axis=i), np.take(information, d, axis=i)
        best, zero = at.best[i][a, d], 0 * costs[a]
        effort = np.full(told.size, costs[a] - costs[d] + (zero if a == d else margin))
        entries = np.concatenate([-honest.ravel(), effort, np.full(best.size, zero + 1)])
        yield np.concatenate([paid.ravel(), told, best]), entries
        for s, report in product(signals, signals):
            columns = np.take(paid, report, axis=axis).ravel()
            entries = np.take(other, s, axis=axis).ravel()
            yield np.append(columns, best[s]), np.append(entries, zero - 1)


def honesty(information: Any, i: int, at: Places, margin: float) -> Iterator[Row]:
    """What makes agent i lose by each lie r, where it is told a, does it, and sees s, on average of these rounds.

    `Σ_{b: b_i = a} Σ P(s, s_-i, θ | b) (x_i(b, (r, s_-i), θ) − x_i(b, (s, s_-i), θ) + margin · μ(b)) ≤ 0`.
    """
    n, (efforts, _, signals) = len(at.paid), at.best[i].shape
    axis = n - 1 + i
    for a, s, lie in product(range(efforts), range(signals), range(signals)):
        if s == lie:
            continue
        paid, told = np.take(at.paid[i], a, axis=i), np.take(at.chances, a, axis=i)
        seen = np.take(np.take(information, a, axis=i), s, axis=axis)
        columns = [np.take(paid, one, axis=axis).ravel() for one in (lie, s)]
        often = margin * seen.sum(axis=tuple(range(n - 1, seen.ndim))).ravel()
        yield np.concatenate([*columns, told.ravel()]), np.concatenate([seen.ravel(), -seen.ravel(), often])


def conditions(chances: Integers, boxes: Sequence[Box], one: Any) -> Iterator[Row]:
    """What holds each agent's recommendation, given those of all later agents, within a box.

    `low(b_i) Σ_a μ_i(a, b_{>i}) ≤ μ_i(b_i, b_{>i}) ≤ high(b_i) Σ_a μ_i(a, b_{>i})`, with `μ_i` the chances of agents
    i, …, n. Where low and high are the same, recommendations are independent, with these chances.
    """
    for i, box in enumerate(boxes):
        table = chances.reshape(-1, *chances.shape[i:])  # those of agents before are summed up
        for k, (low, high) in enumerate(box):
            for later in np.ndindex(*table.shape[2:]):
                given = table[(slice(None), slice(None), *later)]
                own = np.zeros(given.shape, dtype=int)
                own[:, k] = 1
                if low > 0:
                    yield given.ravel(), low * one - own.ravel()
                if high < 1:
                    yield given.ravel(), own.ravel() - high * one
