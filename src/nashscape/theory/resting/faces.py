"""Faces of a box on which a field can rest, and the directions along them that change what is played."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.linalg import qr
from scipy.optimize import linprog

from nashscape.learning.fields import Field
from nashscape.learning.gauges import complement
from nashscape.semantics import ParametricGame
from nashscape.theory.resting.stationary import Resting, faces

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
PURE = 1e-14
"""A strategy that leaves less than this to all actions but one cannot be told from a pure one."""


def open_faces(game: ParametricGame, low: Floats, high: Floats) -> list[tuple[int, ...]]:
    """The faces at which parameters are really stopped: points without bounds are not, at the ends of a search."""
    if game.semantics.domain == "logits":
        return faces(game.dimension)
    own = getattr(game.semantics, "bounds", None)
    ends = (np.full_like(low, -np.inf), np.full_like(high, np.inf)) if own is None else own
    stops = {-1: np.asarray(ends[0]) == low, 1: np.asarray(ends[1]) == high}
    if not (stops[-1] | stops[1]).any():
        return [(0,) * game.dimension]
    return [face for face in faces(game.dimension) if all(s == 0 or stops[s][k] for k, s in enumerate(face))]


def can_rest(game: ParametricGame, still: list[Floats], face: tuple[int, ...]) -> bool:
    """Whether the field could lead strictly out at all ends of a face.

    It is orthogonal to the directions that change no strategy, which leaves no choice where of all logits of a softmax
    only one is at an end, or all that are, are at the same end.
    """
    return all(
        _has_outward(tuple(face[part]), own.tobytes(), own.shape[1])
        for part, own in zip(game.semantics.slices, still, strict=True)
        if own.shape[1] and any(face[part])
    )


@lru_cache(maxsize=4096)
def _has_outward(sides: tuple[int, ...], directions: bytes, count: int) -> bool:
    own = np.frombuffer(directions).reshape(len(sides), count)
    at_end = [k for k, side in enumerate(sides) if side]
    rows = own[at_end].T * np.array([sides[k] for k in at_end])
    return bool(linprog(np.zeros(len(at_end)), A_eq=rows, b_eq=np.zeros(count), bounds=(1, None)).status == 0)


def joined(still: list[Floats]) -> Floats:
    """Every player's directions as columns over all parameters, `[d, g]`."""
    out = np.zeros((sum(map(len, still)), sum(own.shape[1] for own in still)))
    row = column = 0
    for own in still:
        out[row : row + own.shape[0], column : column + own.shape[1]] = own
        row, column = row + own.shape[0], column + own.shape[1]
    return out


def along_face(game: ParametricGame, still: list[Floats], fixed: tuple[int, ...]) -> Floats:
    """An orthonormal basis `[d, r]` of the directions along a face that change strategies."""
    blocks = []
    for part, own in zip(game.semantics.slices, still, strict=True):
        inside = np.array(fixed[part]) == 0
        # with a parameter at an end, what changed no strategy is no longer possible
        blocks.append(complement([own]) if inside.all() else np.eye(len(inside))[:, inside])
    return joined(blocks)


def searched(game: ParametricGame, still: list[Floats], fixed: tuple[int, ...]) -> Truths:
    """Which parameters a zero on a face is a zero in: those inside, less one for every direction without effect.

    One logit of each softmax that lies wholly inside is left where it is; its component of the field vanishes with
    those of the others.
    """
    free = np.array(fixed) == 0
    for part, own in zip(game.semantics.slices, still, strict=True):
        if own.shape[1] and not any(fixed[part]):
            # pivots: the directions are independent on the parameters that are left out
            order = qr(own.T, pivoting=True, mode="economic")[2]
            free[part.start + order[: own.shape[1]]] = False
    return free


def dies_out(field: Field, one: Resting) -> bool:
    """Whether parameters inside the box make a strategy pure to within rounding: there any field is zero.

    What is pure also with these at zero, such as play that depends on parameters at an end, is not their doing.
    """
    if field.game.semantics.domain != "logits":
        return False
    middle = np.where(np.array(one.fixed) == 0, 0.0, one.theta)
    played = zip(field.strategies(one.theta), field.strategies(middle), strict=True)
    return any(bool((_pure(own) & ~_pure(before)).any()) for own, before in played)


def _pure(strategy: Floats) -> Truths:
    return np.asarray(strategy.max(axis=-1) >= 1 - PURE)
