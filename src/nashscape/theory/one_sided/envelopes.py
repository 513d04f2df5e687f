"""The value of infinitely repeated games with one-sided information: the concave envelope, between proved bounds."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from nashscape.core import Status, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.theory.concepts.team_bounds import matrix_value
from nashscape.theory.nash.linear_programs import maximum
from nashscape.theory.nash.matrix_games import MatrixGame, matrix_game
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.tableaus import Tableau, whole_numbers
from nashscape.theory.one_sided.belief_cells import Cells, rounded
from nashscape.theory.one_sided.contact_points import contact_points
from nashscape.theory.one_sided.envelope_results import OneSidedValue
from nashscape.theory.one_sided.state_games import AUMANN_MASCHLER, Floats, StateGames, state_games
from nashscape.theory.one_sided.upper_bounds import Proposal, proposed, proved, to_halve

CURVE = 101
"""Beliefs of a curve."""
EFFORTS = ((1, 8), (4, 1))
"""Of searches for a split, one after the other: how much, and by what all cells are divided that a bound may take."""


@public()
def one_sided_value(payoffs: Any, prior: Any, *, tolerance: float = 1e-4, most_cells: int = 1_000) -> OneSidedValue:
    """What an informed player gets in a zero-sum game repeated without end, and how much it reveals.

    One of the tables A_k is drawn by the prior p; the player who chooses rows is told k, both see all actions, and
    payoffs are not seen. Where rows do not depend on k the game is worth `u(p) = max_x min_j Σ_k p_k (xᵀA_k)_j`. The
    infinitely repeated game is worth `cav u (p) = max Σ_s λ_s u(q_s)` over all splits `Σ_s λ_s q_s = p`, the least
    concave function above u: a signal s is sent once, and at the belief q_s nothing more is revealed. No split needs
    more signals than there are states.

    The split found is worth `low`. A linear function φ with `u(q) ≤ φ·q` for all q, proved cell by cell, gives
    `high = φ·p`: the other player can hold the payoff of every state k to φ_k. Both are exact, in fractions.

    Args:
        payoffs: what the informed player gets, `[states, rows, columns]`; texts such as "1/3" are taken exactly.
        prior: of the states, `[states]`.
        tolerance: how near the bounds are to be, in units of the largest payoff less the smallest.
        most_cells: into which beliefs are cut at most; with many states bounds may stay apart.

    Raises:
        InputError: for tables of different shapes, a prior that does not sum to one, and more than 10,000 payoffs.

    Example:
        >>> one_sided_value([[[4, 0, 2], [4, 0, -2]], [[0, 4, -2], [0, 4, 2]]], ["1/2", "1/2"])
        <OneSidedValue of 2 states: 1 (2 signals; concealed: 0)>
        >>> one_sided_value([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], ["1/3", "2/3"])
        <OneSidedValue of 2 states: 2/9 (nothing is revealed; concealed: 2/9)>

    Source: Aumann, Maschler (1995), chapter I, written 1966–68.
    """
    games = state_games(payoffs, prior)
    tolerance = finite_number(tolerance, "tolerance", low=0.0)
    most_cells = positive_integer(most_cells, "most_cells")
    # programs in doubles have tolerances of their own, and want payoffs near 1
    unit, scale, shift = games.in_units, games.scale, games.shift
    near = tolerance * float(np.ptp(unit.payoffs))
    split, cover, bound = _searched(unit, near, most_cells)
    high, slopes = proved(unit, cover, bound)
    solved = [matrix_game(games.exactly_at(point)) for point in split.posteriors]
    grid, *curves = _curves(unit, split)
    curve, envelope = (float(shift) + float(scale) * own for own in curves)
    return OneSidedValue(
        prior=games.prior,
        low=shift + scale * split.low,
        high=shift + scale * high,
        concealed=matrix_game(games.exactly_at(games.prior)).value,
        weights=split.weights,
        posteriors=split.posteriors,
        mixtures=tuple(own.row for own in solved),
        slopes=tuple(shift + scale * own for own in slopes),
        beliefs=grid,
        curve=curve,
        envelope=envelope,
        status=Status.COMPLETE if high - split.low <= near else Status.INTERRUPTED,
        provenance=record(
            "one-sided value",
            {"payoffs": games.exact.tolist(), "prior": list(games.prior), "tolerance": tolerance,
             "most_cells": most_cells},
            sources=[AUMANN_MASCHLER],
        ),
    )  # fmt: skip


class Split(NamedTuple):
    """A split of the prior: its worth, and the weight of every belief."""

    low: Fraction
    weights: Strategy
    posteriors: tuple[Strategy, ...]


def _searched(games: StateGames, near: float, most_cells: int) -> tuple[Split, Cells, Proposal]:
    """A split and a bound, with more effort as long as they are not as near as wanted."""
    split = _split(games, [games.prior])
    cover, bound = _bounded(games, split, near, 1)
    for effort, part in EFFORTS:
        if bound.bound - float(split.low) <= near:
            break
        found = map(rounded, contact_points(games, near, effort))
        split = _split(games, [games.prior, *split.posteriors, *found])
        cover, bound = _bounded(games, split, near, max(1, most_cells // part))
    return split, cover, bound


def _split(games: StateGames, found: Sequence[Strategy]) -> Split:
    """The best split into beliefs that were found and the corners, exactly."""
    states = len(games.prior)
    points = list(dict.fromkeys([*found, *Cells.whole(states).points]))
    solved: list[MatrixGame] = [matrix_game(games.exactly_at(point)) for point in points]
    worth = np.array([own.value for own in solved], dtype=object)
    # Σ_s λ_s q_s ≤ p with positive worths: what were left over would go to a corner, so that nothing is
    above_zero = whole_numbers(worth - worth.min() + 1)
    prior = np.array(games.prior, dtype=object)
    rows = [whole_numbers(own) for own in np.column_stack([np.array(points, dtype=object).T, prior])]
    scaled = np.array(rows, dtype=object)
    weights = maximum(Tableau.of(scaled[:, :-1], scaled[:, -1]), above_zero.tolist()).solution
    # the first signal speaks most for the first state
    used = sorted((k for k, weight in enumerate(weights) if weight), key=points.__getitem__, reverse=True)
    mean = [sum((weights[k] * points[k][j] for k in used), Fraction(0)) for j in range(states)]
    assert tuple(mean) == games.prior, "a split averages to the prior"
    low = sum((weights[k] * solved[k].value for k in used), Fraction(0))
    return Split(low, tuple(weights[k] for k in used), tuple(points[k] for k in used))


def _bounded(games: StateGames, split: Split, near: float, most_cells: int) -> tuple[Cells, Proposal]:
    """Cells, and a bound by them that is as near to the split as wanted, or the last one."""
    cover = Cells.whole(len(games.prior))
    for point in split.posteriors:
        cover = cover.cut_at(point)
    while True:
        found = proposed(games, cover)
        gap = found.bound - float(split.low)
        if gap <= near or len(cover.cells) >= most_cells:
            return cover, found
        finer = cover.halved(to_halve(cover, found, gap))
        if len(finer.cells) == len(cover.cells):
            return cover, found
        cover = finer


def _curves(games: StateGames, split: Split) -> tuple[Floats, Floats, Floats]:
    """Of two states: a grid of probabilities of the second, u there, and its concave envelope; else nothing."""
    if len(games.prior) != 2:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    grid = np.union1d(np.linspace(0.0, 1.0, CURVE), [float(own[1]) for own in split.posteriors])
    curve = np.array([matrix_value(games.at(np.array([1 - q, q])))[0] for q in grid])
    hull: list[int] = []
    for k in range(len(grid)):
        while len(hull) > 1 and _under(grid[[*hull[-2:], k]], curve[[*hull[-2:], k]]):
            hull.pop()
        hull.append(k)
    return grid, curve, np.interp(grid, grid[hull], curve[hull])


def _under(x: Floats, y: Floats) -> bool:
    """Whether the second of three points is not above the line from the first to the third."""
    return bool((x[1] - x[0]) * (y[2] - y[0]) >= (x[2] - x[0]) * (y[1] - y[0]))
