"""Bounds of the concave envelope from above: a linear function of the belief that the value nowhere exceeds.

In a cell with corners v, who does not know the state may mix columns by `y(q) = Σ_v μ_v y_v`, where μ are the weights
of the corners that make the belief q. Each row then gets a quadratic function of μ, which is nowhere above φ·q if its
coefficients are not: `½ (A(v) y_w + A(w) y_v)_i ≤ φ·(v + w)/2` for all corners v, w of a cell and rows i.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.one_sided.belief_cells import Cells, Pair, rounded
from nashscape.theory.one_sided.state_games import Floats, StateGames

NEAR = 0.02
"""Of the gap: where no more room is left under the bound, cells are halved."""


class Proposal(NamedTuple):
    """What a linear program in doubles proposes.

    Attributes:
        slopes: φ, `[states]`.
        columns: a mixture for every corner, `[n, columns]`.
        bound: φ at the prior.
        tight: pairs of corners that hold the bound where it is.
        room: of every pair, by how much it is under the bound, `[pairs]`.
    """

    slopes: Floats
    columns: Floats
    bound: float
    tight: list[Pair]
    room: Floats


def proposed(games: StateGames, cover: Cells) -> Proposal:
    """The least linear function of the belief above the value that can be shown with these cells."""
    from scipy import sparse
    from scipy.optimize import linprog

    places, pairs = cover.places, cover.pairs
    first, second = np.array(pairs).T
    (n, states), (m, columns) = places.shape, games.payoffs.shape[1:]
    tables = np.einsum("vk,kij->vij", places, games.payoffs)
    row = np.arange(len(pairs) * m).reshape(len(pairs), m, 1)
    parts = [
        (0.5 * tables[own], row, states + other[:, None, None] * columns + np.arange(columns))
        for own, other in ((first, second), (second, first))
    ]
    parts.append((-0.5 * (places[first] + places[second])[:, None, :], row, np.arange(states)))
    entries = [[own.ravel() for own in np.broadcast_arrays(*part)] for part in parts]
    values, rows, places_in = (np.concatenate(own) for own in zip(*entries, strict=True))
    under = sparse.csr_matrix((values, (rows, places_in)), shape=(len(pairs) * m, states + n * columns))
    sums = sparse.hstack([sparse.csr_matrix((n, states)), sparse.kron(sparse.eye(n), np.ones((1, columns)))])
    found = linprog(
        np.concatenate([games.chances, np.zeros(n * columns)]), under, np.zeros(len(pairs) * m), sums.tocsr(),
        np.ones(n), [(None, None)] * states + [(0, None)] * (n * columns), method="highs",
    )  # fmt: skip
    held = (-found.ineqlin.marginals).reshape(len(pairs), m).sum(axis=1) > 1e-9
    mixtures = np.maximum(found.x[states:].reshape(n, columns), 0.0)
    return Proposal(
        found.x[:states], mixtures / mixtures.sum(axis=1, keepdims=True), float(found.fun),
        [pairs[k] for k in np.flatnonzero(held)], found.ineqlin.residual.reshape(len(pairs), m).min(axis=1),
    )  # fmt: skip


def to_halve(cover: Cells, found: Proposal, gap: float) -> set[Pair]:
    """The pairs whose cells are to be smaller: those that hold the bound, and those that nearly do."""
    near = np.flatnonzero(found.room <= NEAR * gap)
    return {*found.tight, *(cover.pairs[k] for k in near)}


def proved(games: StateGames, cover: Cells, found: Proposal) -> tuple[Fraction, Strategy]:
    """A bound of the envelope at the prior, and φ, in fractions: what was proposed, lifted by what it fails to hold.

    Numbers are taken as the doubles that they are and rounded to small denominators, and the better one is kept.
    """
    plain = [tuple(map(Fraction, own)) for own in found.columns.tolist()]
    plain = [tuple(p / sum(own) for p in own) for own in plain]
    tries = [
        (tuple(map(Fraction, found.slopes.tolist())), plain),
        (tuple(_near(own) for own in found.slopes.tolist()), [rounded(own) for own in found.columns]),
    ]
    made = []
    for slopes, columns in tries:
        lift = _missing(games, cover, np.array(slopes, dtype=object), np.array(columns, dtype=object))
        lifted = tuple(own + lift for own in slopes)
        made.append((sum((p * own for p, own in zip(games.prior, lifted, strict=True)), Fraction(0)), lifted))
    return min(made)


def _near(value: float) -> Fraction:
    return Fraction(value).limit_denominator(1000)


def _missing(games: StateGames, cover: Cells, slopes: Objects, columns: Objects) -> Fraction:
    """By how much the largest coefficient is above the linear function; negative where there is room everywhere."""
    points = np.array(cover.points, dtype=object)
    states, m = games.exact.shape[:2]
    paid = (games.exact.reshape(states * m, -1) @ columns.T).reshape(states, m, -1)
    worst: list[Fraction] = []
    for v, w in cover.pairs:
        rows = np.tensordot(points[v], paid[:, :, w], 1) + np.tensordot(points[w], paid[:, :, v], 1)
        worst.append((max(rows.tolist()) - slopes @ (points[v] + points[w])) / 2)
    return max(worst)
