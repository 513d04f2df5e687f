"""The same claims with the actions of softmax players in another order, so that the one played at a corner is last.

Coordinates are then differences to the logit of that action. Near its corner all of them are far below zero, and a trap
is a box in them.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from nashscape.checking.documents import CornerTrap, Row
from nashscape.checking.problems import Problem


def with_corner_last(problem: Problem, trap: CornerTrap) -> tuple[Problem, CornerTrap]:
    """Problem and trap with a softmax player's actions moved, where exactly one of them is at the upper end."""
    orders = []
    for block, soft in zip(problem.blocks, problem.softmax, strict=True):
        ends = [trap.corner[k] for k in block]
        order = list(range(len(ends)))
        if soft and ends.count(problem.high) == 1:
            order.remove(ends.index(problem.high))
            order.append(ends.index(problem.high))
        orders.append(order)
    if all(order == sorted(order) for order in orders):
        return problem, trap
    corner = tuple(trap.corner[block[a]] for block, order in zip(problem.blocks, orders, strict=True) for a in order)
    rows = tuple(_row(row, problem, orders) for row in trap.rows)
    return _reordered(problem, orders), replace(trap, corner=corner, rows=rows)


def _row(row: Row, problem: Problem, orders: Sequence[Sequence[int]]) -> Row:
    """A row of W for the new coordinates: first for parameters, of which the new last ones are then left out."""
    slopes = parameter_slopes(row, problem)
    found = []
    for block, order, soft in zip(problem.blocks, orders, problem.softmax, strict=True):
        found += [slopes[block[a]] for a in (order[:-1] if soft else order)]
    return tuple(found)


def parameter_slopes(row: Row, problem: Problem) -> list[Fraction]:
    """`row · E`: what a row of coordinates is as one of parameters."""
    slopes = [Fraction(0)] * problem.total
    for k, slope in zip(problem.followed, row, strict=True):
        slopes[k] += slope
        last = problem.last[k]
        if last is not None:
            slopes[last] -= slope
    return slopes


def _reordered(problem: Problem, orders: Sequence[Sequence[int]]) -> Problem:
    actions = [order if soft else [0, 1] for order, soft in zip(orders, problem.softmax, strict=True)]

    def places(old: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        found = []
        for profile in product(*actions):
            place = 0
            for a, count in zip(profile, problem.actions, strict=True):
                place = place * count + a
            found.append(old[place])
        return tuple(found)

    payoffs = tuple(tuple(places(state) for state in own) for own in problem.game.payoffs)
    names = tuple(tuple(own[a] for a in order) for own, order in zip(problem.names, actions, strict=True))
    return replace(problem, names=names, game=replace(problem.game, payoffs=payoffs))
