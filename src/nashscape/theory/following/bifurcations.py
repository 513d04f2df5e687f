"""Where a curve of zeros bifurcates: narrowed down by halving, told apart, and left along the other branches."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import null_space

from nashscape.theory.following.arclength import Node, correct, node_at
from nashscape.theory.following.equations import Equations

Floats = npt.NDArray[np.float64]
HALVINGS = 60
LENGTH = 1e-4
"""Brackets are at most so long along the curve, in units of θ."""
SHARES = (0.5, 0.44, 0.57)
"""Where a bracket is cut; the others in case the first hits a place where Newton's method fails."""
KERNEL = 1e-6
"""Singular values below this share of the largest are zero at a branch point, whose place is interpolated."""
REACHES = (0.05, 0.02, 0.1, 0.005)
"""How far from a branch point other branches are looked for, in units of θ."""
CROSSES = 1e-4
"""A pair of eigenvalues with imaginary parts below this share of the largest is taken for two real ones."""


@dataclass(frozen=True, eq=False)
class Bifurcation:
    """A bifurcation as it is found: kind and bracket, the node beside it, and the first nodes of other branches."""

    kind: str
    low: float
    high: float
    node: Node
    sides: tuple[Node, ...] = ()
    multiplicity: int = 1
    frequency: float = 0.0


def located(equations: Equations, start: Node, end: Node, tolerance: float) -> list[tuple[Node, Node]]:
    """The brackets of all places between two neighbouring nodes at which their signature changes, in order.

    Args:
        equations: whose zeros.
        start: a node.
        end: the next.
        tolerance: the largest width of a bracket, in λ.
    """
    found: list[tuple[Node, Node]] = []
    low = start
    while low.signature != end.signature:
        below, above = low, end
        secant = above.u - below.u
        for _ in range(HALVINGS):
            lowest, highest = bracket(equations, below, above)
            if highest - lowest <= 0.8 * tolerance and np.linalg.norm(above.u - below.u) <= LENGTH:
                break
            middle = _between(equations, below, above)
            if middle is None:
                break
            below, above = (middle, above) if middle.signature == below.signature else (below, middle)
            if np.linalg.norm(above.u - below.u) >= LENGTH:
                secant = above.u - below.u
        below, above = (replace(node, secant=secant / np.linalg.norm(secant)) for node in (below, above))
        # a change by way of zero is one change: its parts touch
        if found and np.linalg.norm(below.u - found[-1][1].u) <= LENGTH:
            below = found.pop()[0]
        found.append((below, above))
        low = above
    return [pair for pair in found if pair[0].signature != pair[1].signature]


def _between(equations: Equations, below: Node, above: Node) -> Node | None:
    for share in SHARES:
        guess = below.u + share * (above.u - below.u)
        u = correct(equations, guess, below.tangent, below.pull)
        if u is not None and 0 < (u - below.u) @ below.tangent < (above.u - below.u) @ below.tangent:
            return node_at(equations, u, below.tangent)
    return None


def bracket(equations: Equations, below: Node, above: Node) -> tuple[float, float]:
    """Between which values of λ the branch bifurcates, if it does once between two nodes.

    Where it turns round, λ goes beyond both ends, but as it bends one way no further than its tangents there do.
    """
    values = [equations.value(node.u) for node in (below, above)]
    if below.turn * above.turn >= 0:
        return min(values), max(values)
    gap = float((above.u - below.u) @ below.tangent)
    reached = [
        value + equations.unit * below.turn * abs(node.tangent[-1]) * gap / float(node.tangent @ below.tangent)
        for value, node in zip(values, (below, above), strict=True)
    ]
    return (max(values), min(reached)) if below.turn > 0 else (max(reached), min(values))


def told_apart(equations: Equations, below: Node, above: Node, tolerance: float) -> Bifurcation | None:
    """What the change of signature between two close nodes means; None for one without a bifurcation."""
    low, high = bracket(equations, below, above)
    low, high = min(low, high) - tolerance / 10, max(low, high) + tolerance / 10
    near = min((below, above), key=_distance)
    critical = near.eigenvalues[np.abs(near.eigenvalues.real).argmin()]
    if below.side == above.side:
        if below.turn * above.turn < 0:
            return Bifurcation("fold", low, high, near)
        if (below.unstable, below.neutral) == (above.unstable, above.neutral):
            return None
        if abs(critical.imag) > CROSSES * np.abs(near.eigenvalues).max():
            return Bifurcation("Hopf", low, high, near, frequency=float(abs(critical.imag)))
    share = _distance(below) / max(_distance(below) + _distance(above), np.finfo(float).tiny)
    centre = below.u + share * (above.u - below.u)
    unstable = min(below.unstable, above.unstable)
    return _branching(equations, centre, near, (low, high), below.turn * above.turn < 0, unstable)


def _distance(node: Node) -> float:
    """Of the eigenvalues from the imaginary axis."""
    return float(np.abs(node.eigenvalues.real).min())


def _branching(
    equations: Equations, centre: Floats, near: Node, ends: tuple[float, float], turns: bool, unstable: int
) -> Bifurcation:
    """A branch point with the first nodes of the other branches, and its kind by how they leave."""
    directions, multiplicity = _directions(equations, centre, near)
    pairs = [[_side(equations, centre, sign * way) for sign in (1.0, -1.0)] for way in directions]
    sides = tuple(node for pair in pairs for node in pair if node is not None)
    near = replace(near, unstable=unstable, neutral=multiplicity)
    kind = "branch point"
    if multiplicity == 1 and len(sides) == 2:
        away = [node.u[-1] - centre[-1] for node in sides]
        if all(node.turn == 0 for node in sides):
            kind = "line"
        elif turns != (away[0] * away[1] > 0):
            kind = "pitchfork"
        elif not turns:
            kind = "transcritical"
    return Bifurcation(kind, *ends, near, sides, multiplicity)


def _directions(equations: Equations, centre: Floats, near: Node) -> tuple[list[Floats], int]:
    """Unit directions across a branch in which zeros can move at a branch point, and how many are independent.

    Of more than one, as symmetric games have, only those are taken in which one coordinate stands out.
    """
    matrix = np.column_stack([equations.slope(centre), equations.pull(centre)])
    _, sizes, rows = np.linalg.svd(matrix)
    kernel = rows[min(int((sizes > KERNEL * sizes[0]).sum()), len(sizes) - 1) :].T
    along = kernel.T @ (near.tangent if near.secant is None else near.secant)
    across = kernel @ null_space(along[None])
    if across.shape[1] == 1:
        return [across[:, 0]], 1
    found: list[Floats] = []
    for row in equations.basis:
        way = across @ (across.T @ np.append(row, 0.0))
        length = np.linalg.norm(way)
        if length > KERNEL and all(abs(way @ other) < 0.999 * length for other in found):
            found.append(way / length)
    return found, across.shape[1]


def _side(equations: Equations, centre: Floats, way: Floats) -> Node | None:
    """The first node of another branch on one side of a branch point."""
    for reach in REACHES:
        guess = centre + reach * way
        if not equations.within(guess):
            continue
        # at the centre itself it may be zero across the branch
        u = correct(equations, guess, way, equations.pull(guess))
        if u is None or not equations.within(u) or np.linalg.norm(u - guess) > 2 * reach:
            continue
        # it must have gone across, not along the branch itself
        if abs((u - centre) @ way) >= 0.1 * np.linalg.norm(u - centre):
            return node_at(equations, u, u - centre)
    return None
