"""Names of what traps lead to: those of profiles, of signs, or of places, worked out again from corners and centres.

A corner is called by the profile that is played there, where every player provably plays its action with probability
.82 or more, and else by which parameters are at the upper end, such as "+-". In games over states what is played in
the state that is most likely at first counts, and all corners are called by signs where two of them play the same.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from flint import arb

from nashscape.checking.documents import CornerTrap, Document, RestTrap, Row
from nashscape.checking.expressions import ball
from nashscape.checking.problems import Problem

PLAYED = Fraction(82, 100)


def name_faults(document: Document) -> list[str]:
    """Which names say something else than the traps that have them."""
    names = Names(document.problem)
    if names.ambiguous:
        return ["two profiles have the same name"]
    faults = []
    for number, trap in enumerate(document.traps):
        right = names.of(trap)
        if trap.target != right:
            faults.append(f"trap {number}: it leads to {right}, which it calls {trap.target}")
    if not faults and set(document.targets) != {trap.target for trap in document.traps}:
        faults.append(f"the targets {', '.join(document.targets)} are not what the traps lead to")
    return faults


class Names:
    """The names of the corners of a problem's box."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        chances = problem.game.initial
        self.state = chances.index(max(chances))
        self.join = ("" if all(len(name) == 1 for own in problem.names for name in own) else "/").join
        profiles = [self.join(profile) for profile in product(*problem.names)]
        self.ambiguous = len(set(profiles)) < len(profiles)
        corners = product((problem.high, problem.low), repeat=problem.total) if problem.game.markov else ()
        played = [found for corner in corners if (found := self._profile(corner)) is not None]
        self.by_signs = len(set(played)) < len(played)

    def of(self, trap: CornerTrap | RestTrap) -> str:
        """What a trap leads to."""
        if isinstance(trap, RestTrap):
            return place_name(self._place(trap))
        profile = None if self.by_signs else self._profile(trap.corner)
        middle = (self.problem.low + self.problem.high) / 2
        return "".join("+" if x > middle else "-" for x in trap.corner) if profile is None else profile

    def _place(self, trap: RestTrap) -> list[float]:
        """Parameters at their ends, and the centre."""
        centre = list(trap.centre)
        ends = {1: self.problem.high, -1: self.problem.low}
        return [float(ends[int(side)] if side else centre.pop(0)) for side in trap.sides]

    def _profile(self, corner: Sequence[Fraction]) -> str | None:
        """The actions that are mostly played at a corner, or None where nobody can say so of somebody."""
        found = []
        for own, chances in zip(self.problem.names, self._strategies(corner), strict=True):
            played = [name for name, chance in zip(own, chances, strict=True) if chance >= ball(PLAYED)]
            if not played:
                return None
            found += played
        return self.join(found)

    def _strategies(self, corner: Sequence[Fraction]) -> list[list[arb]]:
        """What all players play in the first state."""
        problem = self.problem
        states = len(problem.game.initial)
        logits = [
            sum((x * y for x, y in zip(row, corner, strict=True)), bias)
            for row, bias in zip(problem.matrix, problem.bias, strict=True)
        ]
        found, first = [], 0
        for count, soft in zip(problem.actions, problem.softmax, strict=True):
            rows = count if soft else 1
            place = first + self.state * rows
            own: Row = tuple(logits[place : place + rows])
            powers = [(ball(z - own[-1])).exp() for z in own] if soft else [ball(own[0]).exp(), arb(1)]
            found.append([power / sum(powers, arb(0)) for power in powers])
            first += rows * states
        return found


def place_name(at: Sequence[float]) -> str:
    """Such as "rest at (8, −1.32)"."""
    return f"rest at ({', '.join(f'{x:.4g}' for x in at)})"
