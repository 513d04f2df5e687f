"""Equilibria of games over points: found from many starts, checked one by one, and whether there is only one."""

from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import Source, Status
from nashscape.core.eigenvalues import eigenvalue_discs, flow_type, singular
from nashscape.core.provenance import record
from nashscape.theory.continuous.complementarity import complementarity
from nashscape.theory.continuous.contraction import Contraction
from nashscape.theory.continuous.faces import on_faces
from nashscape.theory.continuous.ranges import SlopeRanges, ranges_of
from nashscape.theory.continuous.replies import gains
from nashscape.theory.continuous.residuals import drawn, solved, tangents
from nashscape.theory.continuous.results import PointEquilibria, PointEquilibrium
from nashscape.theory.continuous.rosen import diagonal_concavity
from nashscape.theory.continuous.sensitivities_of_replies import reply_contraction
from nashscape.theory.continuous.slopes import (
    affine,
    gradients_at,
    looked_at,
    nearest,
    quadratic_players,
    sets_of,
    split,
)

Floats = npt.NDArray[np.float64]

ROSEN = Source(
    "rosen",
    "Rosen: Existence and Uniqueness of Equilibrium Points for Concave N-Person Games. Econometrica 33, 520–534, 1965.",
)

STARTS, FACE_STARTS = 32, 96
ZERO = 1e-8
"""A residual up to this share of one plus the size of the point counts as zero."""

GAIN = 1e-7
"""The largest gain of what is called an equilibrium, in the game's unit of payoffs."""

APART = 1e-5
"""Points nearer than this, beside one plus their size, are one."""

FAR = 1e-2
"""Points that may belong to a continuum are different from here on: near one that is flat the search stops early."""

SHIFTS, SHIFT, SAME = 4, 1e-7, 1e-3
"""How often, and by how much beside one plus the size of a point, it is moved to see whether bounds bind firmly."""

MOST_LISTED = 50

GRID = 17
"""Arrows of a picture along each axis."""


def point_equilibria(game: Any, *, starts: int = STARTS, seed: int = 0, most: int | None = None) -> PointEquilibria:
    """Nash equilibria of a game over points, by search, and a verdict on whether there are others."""
    sets, ranges, known = sets_of(game), ranges_of(game), affine(game)
    begin = drawn(sets, starts, seed)
    found_in = solved(game, sets, begin), on_faces(game, sets, drawn(sets, FACE_STARTS, seed + 1), seed)
    points, sizes = (np.concatenate(own) for own in zip(*found_in, strict=True))
    exact = None if known is None else _of_box(sets, *known)
    if exact is not None:
        points, sizes = np.vstack([exact[None], points]), np.append(0.0, sizes)
    zero = np.isfinite(points).all(axis=1) & (sizes <= ZERO * (1.0 + np.abs(points).max(axis=1)))
    different = _different(points[zero])
    steep = _usual_size(game, begin)
    quadratic = quadratic_players(game)
    looked = [_described(game, sets, ranges, quadratic, one, steep) for one in different[:MOST_LISTED]]
    held = [one for one in looked if one.gains.max() <= GAIN * float(game.payoff_range)]
    rosen, shrinks = diagonal_concavity(game), reply_contraction(game, ranges)
    found = _told_apart(held, proved=rosen is not None or shrinks is not None)
    found.sort(key=lambda one: -float(one.payoffs.sum()))
    uniqueness, reason = _verdict(found, rosen is not None, shrinks)
    kept = found if most is None else found[:most]
    grid, arrows = _field(game, sets, found)
    return PointEquilibria(
        game=game.name,
        players=tuple(game.players),
        equilibria=tuple(kept),
        uniqueness=uniqueness,
        reason=reason,
        weights=None if rosen is None else rosen.weights,
        rate=None if shrinks is None else shrinks.rate,
        grid=grid,
        arrows=arrows,
        stationary=len(looked) - len(held),
        starts=starts,
        status=Status.COMPLETE if uniqueness == "proved" and len(found) == 1 else Status.UNDECIDED,
        provenance=record(
            "point equilibria", {"game": game, "starts": starts, "seed": seed, "most": most}, sources=[ROSEN]
        ),
    )


def _verdict(found: list[PointEquilibrium], rosen: bool, shrinks: Contraction | None) -> tuple[str, str]:
    if rosen or shrinks is not None:
        by = ["diagonal strict concavity"] if rosen else []
        by += [f"contraction of best replies, at rate {shrinks.rate:.4g}"] if shrinks is not None else []
        if len(found) > 1:
            return "not proved", f"{' and '.join(by)} says so, and {len(found)} were found: please report this game"
        return "proved", " and ".join(by) + ("" if found else "; the search found none")
    if len(found) > 1:
        return "refuted", f"{len(found)} different ones were found"
    return "not proved", "neither diagonal strict concavity nor contraction of best replies was shown"


def _field(game: Any, sets: Any, found: list[PointEquilibrium]) -> tuple[Floats, Floats]:
    """Own gradients over a grid, for pictures of games in which two players choose a number each."""
    if tuple(game.sizes) != (1, 1):
        return np.zeros((0, 2)), np.zeros((0, 2))
    low, high = sets.bounds
    spots = np.array([np.concatenate(one.point) for one in found]).reshape(-1, 2)
    wide = 1.0 + np.abs(spots).max(axis=0, initial=0.0)
    low, high = np.where(np.isfinite(low), low, -1.5 * wide), np.where(np.isfinite(high), high, 1.5 * wide)
    axes = [a + (b - a) * (np.arange(GRID) + 0.5) / GRID for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    return grid, np.nan_to_num(gradients_at(game, grid), posinf=0.0, neginf=0.0)


def _of_box(sets: Any, jacobian: Floats, offset: Floats) -> Floats | None:
    """The equilibrium to which the path of Lemke leads, of affine own gradients within bounds from below."""
    low, high = sets.bounds
    boxes = all(getattr(part, "prices", True) is None for part in sets.parts)
    if not boxes or not np.isfinite(low).all() or (high <= low).any():
        return None
    ends = np.where(np.isfinite(high), high - low, np.inf)
    found = complementarity(-jacobian, -(jacobian @ low + offset), high=ends)
    return None if found.point is None or found.residual > 1e-9 else low + found.point


def _different(points: Floats) -> Floats:
    kept: list[Floats] = []
    for one in points:
        near = APART * (1.0 + np.abs(one).max())
        if all(np.abs(one - other).max() > near for other in kept):
            kept.append(one)
    return np.array(kept).reshape(-1, points.shape[1])


def _usual_size(game: Any, starts: Floats) -> float:
    """The size of derivatives of own gradients where they are small: beside it those near a flat point are zero."""
    sizes = [float(np.abs(looked_at(game, one)[2]).max(initial=0.0)) for one in starts[:8]]
    return min((own for own in sizes if np.isfinite(own)), default=0.0)


def _told_apart(held: list[PointEquilibrium], *, proved: bool) -> list[PointEquilibrium]:
    """Equilibria without further approximations of the same one, those of the smallest residuals kept."""
    kept: list[PointEquilibrium] = []
    for one in sorted(held, key=lambda own: own.residual):
        at = np.concatenate(one.point)
        near = FAR * (1.0 + np.abs(at).max())
        same = (other for other in kept if proved or not (one.isolated and other.isolated))
        if all(np.abs(at - np.concatenate(other.point)).max() > near for other in same):
            kept.append(one)
    return kept


def _described(
    game: Any, sets: Any, ranges: SlopeRanges | None, quadratic: frozenset[int], x: Floats, steep: float
) -> PointEquilibrium:
    values, slopes, bends = looked_at(game, x)
    possible, known = gains(game, x, ranges, quadratic)
    moves, steady = _moves(game, sets, x)
    sizes, directions = np.linalg.eigh((moves + moves.T) / 2)
    free = directions[:, sizes > 0.5]
    low, high = (bends, bends) if ranges is None else (end[0] for end in ranges.hessians(x[None], x[None]))
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        low, high = bends, bends
    middle, around = (low + high) / 2, (high - low) / 2
    inner = free.T @ middle @ free
    spread = np.abs(free).T @ around @ np.abs(free) + 1e-13 * (1.0 + np.abs(inner).max(initial=0.0))
    centres, radii = eigenvalue_discs(inner - spread, inner + spread)
    residual = float(np.abs(x - nearest(sets, x + slopes)).max())
    return PointEquilibrium(
        point=tuple(np.array(own) for own in split(game.sizes, x)),
        payoffs=values,
        residual=residual,
        gains=possible,
        known=known,
        free=free.shape[1],
        isolated=not singular(inner, steep),
        eigenvalues=centres,
        radii=radii,
        flow=flow_type(centres, radii) if steady else "undecided",
    )


def _moves(game: Any, sets: Any, x: Floats) -> tuple[Floats, bool]:
    """The projector on directions in which players can move, and whether it stays the same near a point."""
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (SHIFTS, len(x)))
    shifts = np.vstack([0.0 * x, signs, -signs]) * SHIFT * (1.0 + np.abs(x).max())
    with jax.enable_x64(True):
        each = np.stack([np.asarray(tangents(game, sets, x, shift)) for shift in shifts])
    each = np.where(np.isfinite(each), each, 0.0)
    return each[0], bool(np.abs(each - each[0]).max() < SAME)
