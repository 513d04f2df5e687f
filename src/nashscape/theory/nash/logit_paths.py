"""The logit path: quantal responses from the centroid, where payoffs do not matter, to where nothing else does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nashscape.core import choice
from nashscape.theory.nash.budgets import FOREVER, Budget

Floats = npt.NDArray[np.float64]

SCALES = ("rescaled", "raw")

END = 1e4
"""Precision λ, per range of payoffs, at which a path ends."""

STEPS = 4000
NEWTON_STEPS = 8
CLOSE = 1e-10
SHORTEST = 1e-8
CLOSER = 1e-3
"""Length of the steps in which it is seen whether two eigenvalues pass zero together."""

AT_ZERO = 1e-2
"""An eigenvalue below this, within such a step, has passed zero."""

REAL = 1e-6
"""An eigenvalue with an imaginary part below this share of it is real."""

STRAIGHT = 0.98
"""Least cosine between the tangents at both ends of a step: no sharp bend is cut."""


@dataclass(frozen=True)
class LogitPath:
    """Where the logit path from the centroid leads.

    Attributes:
        strategies: at the end of the path, or where it was left.
        precision: λ there, per range of payoffs: each player's own, or the largest of all where payoffs are raw.
        status: "arrived"; "branches" where other branches cross it, so that no equilibrium is selected; "lost"; "cut
            short" where time ran out.
    """

    strategies: tuple[Floats, ...]
    precision: float
    status: str


def logit_path(payoffs: Floats, scale: str = "rescaled", budget: Budget = FOREVER) -> LogitPath:
    """Follow `σ_i[a] ∝ exp(λ u_i(a, σ_-i))` from λ = 0, where it is the centroid, round all folds to a large λ.

    In games without ties the path leads to one equilibrium, the logit solution, which can depend on how the players'
    payoffs compare. Where a symmetry makes other branches cross it (battle of the sexes), it selects none.

    Args:
        payoffs: `[n, a_1, …, a_n]`.
        scale: "rescaled" for payoffs in units of each player's range, so that positive affine changes do not matter;
            "raw" for payoffs as they are, as Gambit has them.
        budget: when to leave the path.

    Example:
        >>> from nashscape import games
        >>> path = logit_path(games.stag_hunt().payoffs)
        >>> [own.round(3).tolist() for own in path.strategies], path.status
        ([[0.0, 1.0], [0.0, 1.0]], 'arrived')

    Source: McKelvey, Palfrey (1995); followed in logarithms of probabilities as by Turocy (2005).
    """
    units = in_units(payoffs, scale)
    at, status = np.concatenate([*(np.full(k, -np.log(k)) for k in payoffs.shape[1:]), [0.0]]), "lost"
    for step in walk(units, budget):
        if step.event:
            status = step.event
            break
        at = step.at
        if at[-1] >= END:
            status = "arrived"
    return LogitPath(strategies_at(at, payoffs.shape[1:]), float(at[-1]), status)


def in_units(payoffs: Floats, scale: str) -> Floats:
    """Payoffs in units of each player's range, or of the largest of all, `[n, a_1, …, a_n]`."""
    ranges = np.array([float(np.ptp(own)) for own in payoffs])
    largest = ranges if choice(scale, "scale", SCALES) == "rescaled" else np.full(len(ranges), ranges.max())
    # what is the same for all actions moves nothing: without it large payoffs round nothing away
    return np.stack([(own - own.min()) / (unit or 1.0) for own, unit in zip(payoffs, largest, strict=True)])


def strategies_at(at: Floats, shape: Sequence[int]) -> tuple[Floats, ...]:
    """The strategies of a point of the path."""
    parts = np.split(np.exp(at[:-1]), np.cumsum(shape)[:-1])
    return tuple(own / own.sum() for own in parts)


@dataclass(frozen=True)
class Step:
    """A point of the path.

    Attributes:
        at: log σ of all players, then λ, `[Σ a_i + 1]`.
        event: "branches" where other branches have crossed the path since the point before; "lost" or "cut short" where
            there is no further one; else "".
    """

    at: Floats
    event: str = ""


def walk(units: Floats, budget: Budget = FOREVER) -> Iterator[Step]:
    """The path from the centroid, point by point, straight on where other branches cross it, to a large λ.

    Args:
        units: payoffs in the units of `in_units`.
        budget: when to leave the path.
    """
    at = np.concatenate([*(np.full(k, -np.log(k)) for k in units.shape[1:]), [0.0]])
    heading = np.zeros_like(at)
    heading[-1] = 1.0
    heading, side, signs = _tangent(units, at, heading)
    length = 0.05
    yield Step(at)
    for _ in range(STEPS):
        if budget.spent:
            yield Step(at, "cut short")
            return
        ahead = _corrected(units, at + length * heading, heading)
        if ahead is not None:
            turned, new_side, new_signs = _tangent(units, ahead, heading)
            several = abs(new_signs[0] - signs[0]) > 1
            unsure = several or new_side != side
        # several eigenvalues may pass zero together, or come there as complex pairs, and a long step may have jumped to
        # another branch: a short one tells
        if ahead is None or turned @ heading < STRAIGHT or (unsure and length > CLOSER):
            length /= 2
            if length < SHORTEST:
                break
            continue
        crossed = new_side != side or (several and new_signs[1] < AT_ZERO)
        at, heading, side, signs, length = ahead, turned, new_side, new_signs, length * 1.3
        yield Step(at, "branches" if crossed else "")
        if at[-1] >= END:
            return
    yield Step(at, "lost")


def solved_at(units: Floats, guess: Floats) -> Floats | None:
    """The quantal response equilibrium at the λ of a point near it, as such a point; None where there is none near."""
    at = guess.copy()
    for _ in range(NEWTON_STEPS):
        residual, slope = _equations(units, at)
        try:
            step = np.linalg.solve(slope[:, :-1], residual)
        except np.linalg.LinAlgError:
            return None
        at[:-1] -= step
        if not np.isfinite(at).all() or at[:-1].max() > 1.0:
            return None
        if np.abs(step).max() < CLOSE:
            return at
    return None


def between(units: Floats, one: Floats, other: Floats, share: float) -> tuple[Floats, float] | None:
    """The point of the path across the straight line between two of it, and by how much λ grows there on the way.

    Args:
        units: payoffs in the units of `in_units`.
        one: a point of the path.
        other: the next one.
        share: of the line from one to the other.

    Returns:
        The point, and the last entry of the unit tangent; None where Newton's method finds none.
    """
    heading = (other - one) / np.linalg.norm(other - one)
    found = _corrected(units, one + share * (other - one), heading)
    return None if found is None else (found, float(_tangent(units, found, heading)[0][-1]))


def _corrected(payoffs: Floats, guess: Floats, heading: Floats) -> Floats | None:
    """The point of the path in the plane across the heading, or None where Newton's method does not find it."""
    at = guess
    for _ in range(NEWTON_STEPS):
        residual, slope = _equations(payoffs, at)
        wrong = np.append(residual, heading @ (at - guess))
        try:
            step = np.linalg.solve(np.vstack([slope, heading]), wrong)
        except np.linalg.LinAlgError:
            return None
        at = at - step
        # probabilities above one are far off the path
        if not np.isfinite(at).all() or at[:-1].max() > 1.0:
            return None
        if np.abs(step).max() < CLOSE * (1 + np.abs(at).max()):
            return at
    return None


def _tangent(payoffs: Floats, at: Floats, heading: Floats) -> tuple[Floats, int, tuple[int, float]]:
    """Unit tangent in the direction of travel, and what tells of branches.

    The sign of the determinant of the equations bordered by the tangent; and at fixed λ how many real eigenvalues are
    negative, and the size of the smallest of all.
    """
    _, slope = _equations(payoffs, at)
    tangent: Floats = np.linalg.svd(slope)[2][-1]
    tangent = tangent if tangent @ heading >= 0 else -tangent
    values = np.linalg.eigvals(slope[:, :-1])
    real = np.abs(values.imag) < REAL * (1 + np.abs(values))
    signs = int((values.real[real] < 0).sum()), float(np.abs(values).min())
    return tangent, int(np.linalg.slogdet(np.vstack([slope, tangent]))[0]), signs


def _equations(payoffs: Floats, at: Floats) -> tuple[Floats, Floats]:
    """`log σ_a − log σ_0 − λ (u_a − u_0)` for a > 0 and `Σ σ − 1` of every player, and their derivatives."""
    shape = payoffs.shape[1:]
    starts = np.concatenate([[0], np.cumsum(shape)])
    logs, precision = at[:-1], at[-1]
    sigma = [np.exp(logs[a:b]) for a, b in pairwise(starts)]
    residual, slope = np.zeros(len(logs)), np.zeros((len(logs), len(at)))
    for i, (a, b) in enumerate(pairwise(starts)):
        own = contracted(payoffs[i], sigma, [i])
        residual[a] = sigma[i].sum() - 1
        residual[a + 1 : b] = logs[a + 1 : b] - logs[a] - precision * (own[1:] - own[0])
        slope[a, a:b] = sigma[i]
        slope[a + 1 : b, a] = -1.0
        slope[range(a + 1, b), range(a + 1, b)] = 1.0
        slope[a + 1 : b, -1] = own[0] - own[1:]
        for j in (j for j in range(len(shape)) if j != i):
            pairs = contracted(payoffs[i], sigma, [i, j]) * sigma[j]
            slope[a + 1 : b, starts[j] : starts[j + 1]] = -precision * (pairs[1:] - pairs[0])
    return residual, slope


def contracted(own: Floats, strategies: Sequence[Floats], keep: Sequence[int]) -> Floats:
    """A player's payoffs with everybody's strategy averaged over but those of `keep`, whose axes come in that order.

    >>> from nashscape import games
    >>> contracted(games.stag_hunt().payoffs[0], [np.array([1.0, 0.0]), np.array([0.5, 0.5])], [0]).tolist()
    [2.0, 2.5]
    """
    remaining = np.moveaxis(own, list(keep), list(range(len(keep))))
    for j in reversed([j for j in range(own.ndim) if j not in keep]):
        remaining = remaining @ strategies[j]
    return remaining
