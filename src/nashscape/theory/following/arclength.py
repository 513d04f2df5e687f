"""Pseudo-arclength: curves of zeros followed round their folds, in steps that adapt."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nashscape.learning.gauges import ROUNDING
from nashscape.theory.following.equations import RANGE, Equations

Floats = npt.NDArray[np.float64]
NEWTON_STEPS = 12
CLOSE = 1e-12
"""A change of Newton's method below this share of `1 + |u|` is the last."""
STALLED = 1e-7
"""Beside a branch point rounding keeps changes from getting smaller; below this that is as good as it gets."""
SMALLEST = 1e-7
STRAIGHT = 0.95
"""Least cosine between the tangents at both ends of a step."""
NEUTRAL = 1e-12
"""Real parts below this share of the largest eigenvalue count as zero."""
SAME = 1e-6
"""Points nearer to each other than this, in units of θ, are one."""
LEVEL = 1e-7
"""A tangent with a smaller component along the parameter counts as level."""


@dataclass(frozen=True, eq=False)
class Node:
    """A point of a curve, and what changes at bifurcations.

    Attributes:
        u: the point, `[r + 1]`.
        tangent: unit tangent in the direction of travel.
        pull: `∂F/∂μ` there.
        eigenvalues: of the Jacobian, largest real part first, `[r]`.
        strategies: what is played.
        unstable: how many eigenvalues have positive real part.
        neutral: how many have none, up to rounding.
        turn: sign of the parameter's change along the curve, 0 where it is level.
        side: sign of the determinant of the equations bordered by the tangent, which changes at branch points.
        secant: unit direction of travel from points further apart, where it was taken. Beside a branch point, where two
            directions hardly differ, it is more exact than the tangent.
    """

    u: Floats
    tangent: Floats
    pull: Floats
    eigenvalues: npt.NDArray[np.complex128]
    strategies: tuple[Floats, ...]
    unstable: int
    neutral: int
    turn: int
    side: int
    secant: Floats | None = None

    @property
    def signature(self) -> tuple[int, int, int, int]:
        """What stays the same between bifurcations."""
        return self.unstable, self.neutral, self.turn, self.side

    @property
    def reversed(self) -> "Node":
        """The same point, travelled through the other way."""
        secant = None if self.secant is None else -self.secant
        return replace(self, tangent=-self.tangent, turn=-self.turn, side=-self.side, secant=secant)


def node_at(equations: Equations, u: Floats, towards: Floats) -> Node:
    """The node at a zero, with the tangent that points `towards`."""
    slope, pull = equations.slope(u), equations.pull(u)
    last = np.append(np.zeros(len(slope)), 1.0)
    try:
        tangent = np.linalg.solve(_bordered(slope, pull, towards), last)
        tangent /= np.linalg.norm(tangent)
    except np.linalg.LinAlgError:  # exactly at a branch point, where there is more than one
        tangent = towards / np.linalg.norm(towards)
    eigenvalues = np.linalg.eigvals(slope).astype(np.complex128)
    eigenvalues = eigenvalues[np.lexsort((eigenvalues.imag, -eigenvalues.real))]
    margin = NEUTRAL * np.abs(eigenvalues).max()
    return Node(
        u=u,
        tangent=tangent,
        pull=pull,
        eigenvalues=eigenvalues,
        strategies=tuple(equations.field(equations.value(u)).strategies(equations.theta(u))),
        unstable=int((eigenvalues.real > margin).sum()),
        neutral=int((np.abs(eigenvalues.real) <= margin).sum()),
        turn=0 if abs(tangent[-1]) < LEVEL else int(np.sign(tangent[-1])),
        side=int(np.linalg.slogdet(_bordered(slope, pull, tangent))[0]),
    )


def correct(equations: Equations, guess: Floats, normal: Floats, pull: Floats) -> Floats | None:
    """The zero near a guess in the plane through it with this normal, by Newton's method; None where it finds none."""
    u, before = guess.copy(), np.inf
    for _ in range(NEWTON_STEPS):
        if not equations.in_range(u):
            return None
        matrix = _bordered(equations.slope(u), pull, normal)
        try:
            change = np.linalg.solve(matrix, -np.append(equations.residual(u), normal @ (u - guess)))
        except np.linalg.LinAlgError:
            return None
        size, scale = float(np.linalg.norm(change)), 1.0 + float(np.linalg.norm(u))
        if not np.isfinite(size) or size > scale:
            return None
        u = u + change
        if size <= CLOSE * scale or (size <= STALLED * scale and size > before / 2):
            return u if equations.in_range(u) else None
        before = size
    return None


@dataclass(frozen=True, eq=False)
class Stretch:
    """A curve followed in one direction: its nodes, its end, and the pairs of nodes between which it bifurcates."""

    nodes: list[Node]
    changes: list[tuple[Node, Node]]
    end: str


Locate = Callable[[Node, Node], list[tuple[Node, Node]]]


def follow(
    equations: Equations, first: Node, largest: float, most: int, locate: Locate, known: Callable[[Node, Node], bool]
) -> Stretch:
    """Follow a curve along the tangent of its first node, until it ends in one of the ways of `branches.ENDS`.

    Args:
        equations: whose zeros.
        first: where from.
        largest: the longest step, in units of θ.
        most: nodes at most.
        locate: narrows down where, between two nodes, the curve bifurcates.
        known: whether a place where it does is a branch point from which other branches have been followed.
    """
    nodes, step = [first], largest / 4
    changes: list[tuple[Node, Node]] = []
    while len(nodes) < most:
        here = nodes[-1]
        ahead, end = _advance(equations, here, step)
        if ahead is None:
            if end:
                return Stretch(nodes, changes, end)
            step /= 2
            if step < SMALLEST:
                return Stretch(nodes, changes, "lost")
            continue
        for change in locate(here, ahead):
            if known(*change):
                return Stretch([*nodes, change[0]], changes, "point")
            changes.append(change)
            # both ends of a bracket are points of the branch: what changes there, changes between them
            nodes += [node for node in change if node is not nodes[-1] and node is not ahead]
        nodes.append(ahead)
        if end:
            return Stretch(nodes, changes, end)
        if len(nodes) > 4 and _meets(equations, nodes[0], here, ahead):
            return Stretch(nodes, changes, "loop")
        step = min(largest, 1.5 * step)
    return Stretch(nodes, changes, "budget")


def _advance(equations: Equations, here: Node, step: float) -> tuple[Node | None, str]:
    """One step, and the end that it reaches; no node where the step is too long or the curve ends here already."""
    share, normal, end = _exit(equations, here, step)
    if end and share * step <= ROUNDING:
        return None, end
    guess = here.u + share * step * here.tangent
    u = correct(equations, guess, normal if end else here.tangent, here.pull)
    if u is None or not equations.within(u) or np.linalg.norm(u - guess) > 0.25 * step:
        return None, ""
    ahead = node_at(equations, u, here.tangent)
    forward = (u - here.u) @ here.tangent
    if ahead.tangent @ here.tangent < STRAIGHT or forward <= 0:
        return None, ""
    return ahead, end


def _exit(equations: Equations, here: Node, step: float) -> tuple[float, Floats, str]:
    """The share of a step at which the tangent first leaves the range or the box, that bound's normal, and its name."""
    move, theta = step * here.tangent, equations.theta(here.u)
    bounds = [(here.u[-1], move[-1], 0.0, RANGE, np.append(np.zeros(len(here.u) - 1), 1.0), "range")]
    moved = equations.basis @ move[:-1]
    for k, row in enumerate(equations.basis):
        bounds.append((theta[k], moved[k], equations.floor[k], equations.ceiling[k], np.append(row, 0.0), "box"))
    share, normal, end = 1.0, here.tangent, ""
    for at, by, low, high, across, name in bounds:
        room = (high - at) if by > 0 else (at - low)
        if abs(by) > max(room, 0.0) and max(room, 0.0) / abs(by) < share:
            share, normal, end = max(room, 0.0) / abs(by), across, name
    return share, normal, end


def _meets(equations: Equations, first: Node, here: Node, ahead: Node) -> bool:
    """Whether the step from here to ahead comes through the first node again, in the same direction."""
    before, after = (float((node.u - first.u) @ first.tangent) for node in (here, ahead))
    return before < 0 <= after and passes(equations, first, here.u, ahead.u)


def passes(equations: Equations, node: Node, start: Floats, end: Floats) -> bool:
    """Whether the curve between two neighbouring points of it goes through a node."""
    before, after = ((u - node.u) @ node.tangent for u in (start, end))
    length = float(np.linalg.norm(end - start))
    nearest = float(min(np.linalg.norm(start - node.u), np.linalg.norm(end - node.u)))
    if nearest < SAME:
        return True
    if before * after > 0 or before == after or nearest > 1.5 * length:
        return False
    guess = start + before / (before - after) * (end - start)
    u = correct(equations, guess, node.tangent, node.pull)
    return u is not None and float(np.linalg.norm(u - node.u)) < SAME


def _bordered(slope: Floats, pull: Floats, row: Floats) -> Floats:
    return np.vstack([np.column_stack([slope, pull]), row])
