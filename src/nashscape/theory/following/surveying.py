"""Branches followed from starting points, and from the branch points found on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import beside
from nashscape.theory.following.arclength import Node, Stretch, follow, node_at, passes
from nashscape.theory.following.bifurcations import Bifurcation, located, told_apart
from nashscape.theory.following.equations import Equations

Floats = npt.NDArray[np.float64]
NEAR = 2e-3
"""A branch point this near to a known one, in units of θ, is that one."""


@dataclass(frozen=True)
class Limits:
    """How far a survey goes: longest step, points per branch, branches, width of brackets; whether it branches off."""

    step: float
    points: int
    branches: int
    tolerance: float
    switch: bool


@dataclass(frozen=True, eq=False)
class Curve:
    """A branch as it was followed."""

    nodes: list[Node]
    ends: tuple[str, str]


@dataclass(eq=False)
class Survey:
    """What has been found so far; it grows while branches are followed.

    Attributes:
        equations: whose zeros.
        limits: how far to go.
        curves: the branches.
        bifurcations: with the number of the branch on which each was found.
        children: for every bifurcation the branches that were followed from it.
        waiting: first nodes of branches, with the bifurcation from which they come or None.
    """

    equations: Equations
    limits: Limits
    curves: list[Curve] = field(default_factory=list)
    bifurcations: list[tuple[int, Bifurcation]] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    waiting: list[tuple[Node, int | None]] = field(default_factory=list)

    def add(self, zeros: Sequence[Floats]) -> None:
        """Take in zeros at which branches are to begin."""
        for u in zeros:
            along = np.append(np.zeros(len(u) - 1), 1.0)
            self.waiting.append((node_at(self.equations, u, along), None))

    def run(self, progress: Callable[[int, int], None] | None) -> None:
        """Follow whatever waits, and what turns up meanwhile, until nothing is left or there are enough branches."""
        left: list[tuple[Node, int | None]] = []
        while self.waiting:
            node, origin = self.waiting.pop(0)
            number = self._known(node)
            if number is None and len(self.curves) >= self.limits.branches:
                left.append((node, origin))
                continue
            if number is None:
                number = len(self.curves)
                self._grow(node, origin)
            if origin is not None:
                self.children[origin].append(number)
            if progress is not None:
                progress(len(self.curves), len(self.curves) + len(self.waiting))
        self.waiting = left

    def _known(self, node: Node) -> int | None:
        """The number of a branch that has been followed and goes through a node."""
        for number, curve in enumerate(self.curves):
            for before, after in pairwise(curve.nodes):
                if passes(self.equations, node, before.u, after.u):
                    return number
        return None

    def _grow(self, node: Node, origin: int | None) -> None:
        number, ahead = len(self.curves), self._follow(node)
        if origin is not None:
            nodes, ends = [self.bifurcations[origin][1].node, *ahead.nodes], ("point", ahead.end)
            changes = ahead.changes
        elif ahead.end == "loop":
            nodes, ends, changes = [*ahead.nodes, node], ("loop", "loop"), ahead.changes
        else:
            back = self._follow(node.reversed)
            nodes = [one.reversed for one in back.nodes[:0:-1]] + ahead.nodes
            ends, changes = (back.end, ahead.end), back.changes + ahead.changes
        found = beside(lambda: [told_apart(self.equations, *change, self.limits.tolerance) for change in changes])
        self.curves.append(Curve(nodes, ends))
        for one in found:
            self._take_in(number, one)

    def _follow(self, node: Node) -> Stretch:
        def narrowed(start: Node, end: Node) -> list[tuple[Node, Node]]:
            return located(self.equations, start, end, self.limits.tolerance)

        limits = self.limits
        return beside(lambda: follow(self.equations, node, limits.step, limits.points, narrowed, self._branched))

    def _branched(self, below: Node, above: Node) -> bool:
        """Whether a change of signature is that at a branch point where branches have been, or will be, followed."""
        return self.limits.switch and any(
            one.sides and np.linalg.norm(one.node.u - below.u) < NEAR for _, one in self.bifurcations
        )

    def _take_in(self, number: int, found: Bifurcation | None) -> None:
        if found is None or any(
            one.kind == found.kind and np.linalg.norm(one.node.u - found.node.u) < NEAR for _, one in self.bifurcations
        ):
            return
        self.bifurcations.append((number, found))
        self.children.append([])
        if self.limits.switch:
            # before other starts, which may lie on these branches
            self.waiting[:0] = [(node, len(self.bifurcations) - 1) for node in found.sides]
