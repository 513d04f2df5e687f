"""Certificates: starts of which it is proved where a learning rule takes them.

Everything is about the update map in real numbers, `θ ← clip(θ + h_t F_t(θ))` with the schedule of step sizes from step
0 on, for exact updates. The proof has two parts: traps at corners of the clipped box
(`nashscape.proofs.certification.traps`), and tubes of boxes from cells of starts into traps
(`nashscape.proofs.certification.tubes`), each step of which is a bound rounded outwards
(`nashscape.proofs.bounds.step_enclosures`). No sampled point is part of it. What is not proved is undecided.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Status
from nashscape.proofs.certification.labelled_cells import LabelledCells
from nashscape.proofs.certification.played import ends_in
from nashscape.proofs.certification.resting_traps import RestTrap
from nashscape.proofs.certification.traps import Trap

Floats = npt.NDArray[np.float64]


ADVICE = {
    "time": "Most of what is undecided waited when the time was over; give more seconds.",
    "steps": "Most of what is undecided was still on its way after the last step; give more steps.",
    "resolution": "Most of what is undecided is near a separatrix or in cells that spread too far; a finer resolution "
    "decides more.",
}


@dataclass(frozen=True, eq=False)
class Certificate(LabelledCells):
    """Cells of starts and the corner that every start of each provably reaches. Made by `certify`.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the corners that have traps; those asked for come first, places of rest that are none last.
        coordinates: "strategies" (probabilities of the first action, `[n]`) or "parameters", for a softmax the logits
            of all actions but the last less that of the last (`[d]`).
        region: its low and high ends in these coordinates, `[2, d]`.
        low: low ends of the cells, `[N, d]`; together they fill the region.
        high: high ends.
        trap: index in `traps` of the trap that all starts of a cell enter, `[N]`; −1 where undecided.
        steps: updates after which they are inside, `[N]`; −1 where undecided.
        traps: the traps.
        resolution: sides of the smallest cells, as a share of the region's.
        problem: everything that the proof speaks of, as plain data: payoffs, semantics, rule, schedules, box.
        undecided_by: the undecided share of the region by why nothing was proved: "time" was over; "steps": the box was
            in no trap after the last of them; "resolution": boxes spread too far, and the cell was too small to be cut.
        curve: seconds since cells were first followed, and the shares of the region that were certified for each of
            the targets by then, `[K, 1 + T]`. It says what more time would bring, and is no part of the proof.
        status: INTERRUPTED where the time ended before all cells were decided or small; what it holds is valid.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "certificate"
    picture: ClassVar[str] = "nashscape.figures.certificates:certificate_figure"
    as_table: ClassVar[str] = "nashscape.proofs.certification.tables:certificate_table"
    computed: ClassVar[tuple[str, ...]] = ("margin",)

    game: str
    rule: str
    targets: tuple[str, ...]
    coordinates: str
    region: Floats
    low: Floats
    high: Floats
    trap: npt.NDArray[np.int32]
    steps: npt.NDArray[np.int32]
    traps: tuple[Trap | RestTrap, ...]
    resolution: float
    problem: Mapping[str, Any]
    undecided_by: Mapping[str, float]
    curve: Floats
    status: Status
    provenance: Provenance

    def fraction(self, target: str | None = None) -> float:
        """The share of the region that provably goes to a corner called so, by default the first; it stays there."""
        name = self.targets[0] if target is None else target
        return self._share(self.ends(name), True, ("corner",) if name in self.profiles else ("corner", "rest"))

    def escaping(self, target: str | None = None) -> float:
        """The share that provably never ends in a profile: in the end somebody plays its action with less than .82.

        It goes to another corner, or to a place of rest where that is so. Of a name that is no profile: the share that
        provably goes elsewhere.
        """
        return self._share(self.ends(self.targets[0] if target is None else target), False, ("corner", "rest"))

    def resting(self, target: str | None = None) -> float:
        """The share that comes to rest, at no corner, where a profile is played with .82 or more, or may be.

        It never goes to the corner and is not known to end outside of the profile's neighbourhood: part neither of
        `fraction` nor of `escaping`. With both and what is undecided it makes 1.
        """
        ends = self.ends(self.targets[0] if target is None else target)
        return sum(self._share(ends, end, ("rest",)) for end in (True, None))

    def ends(self, target: str) -> tuple[bool | None, ...]:
        """For every trap whether its runs end in a profile, each player playing its action with .82 or more.

        None where that is not known. For a name that is no profile, whether it is that of the trap.

        Raises:
            InputError: for a name that is neither a profile nor that of a trap.
        """
        if target not in self.profiles:
            self.number(target)
            return tuple(trap.target == target for trap in self.traps)
        profile = self.profiles[target]
        return tuple(trap.target == target or ends_in(self.problem, trap, profile) for trap in self.traps)

    @cached_property
    def profiles(self) -> dict[str, tuple[int, ...]]:
        """The actions of every profile that may be asked for, by its name."""
        actions = self.problem["actions"]
        join = ("" if all(len(name) == 1 for own in actions for name in own) else "/").join
        return {join(name for _, name in own): tuple(k for k, _ in own) for own in product(*map(enumerate, actions))}

    def _share(self, ends: Sequence[bool | None], wanted: bool | None, kinds: tuple[str, ...]) -> float:
        """The share of the cells with a trap of which this is said."""
        these = [end is wanted and trap.kind in kinds for end, trap in zip(ends, self.traps, strict=True)]
        return float(self.shares[np.append(np.array(these, bool), False)[self.trap]].sum())

    @property
    def margin(self) -> float:
        """How strongly the field points towards the corners in all their traps, at least; in payoff per parameter."""
        return min((trap.margin for trap in self.traps if trap.kind == "corner"), default=float("nan"))

    @property
    def advice(self) -> str:
        """What would decide more of the region, by what most of the undecided part is due to."""
        most = max(self.undecided_by, key=lambda why: self.undecided_by[why], default="")
        return ADVICE[most] if most and self.undecided_by[most] > 0 else "Everything is decided."

    def save(self, path: str | Path) -> Path:
        """Write it as one JSON file that holds everything a checker needs; see docs/certificates.md."""
        from nashscape.proofs.certification.files import write

        return write(self, path)

    def __repr__(self) -> str:
        """Rule, game and shares, as one line."""
        shares = ", ".join(f"{name} {self.fraction(name):.4f}" for name in self.targets)
        escape = self.question.get("escape")
        escaping = f"{self.escaping(escape):.4f} never ends in {escape} (" if escape else ""
        why = ", ".join(f"{share:.4f} by {name}" for name, share in self.undecided_by.items() if share > 0)
        return (
            f"<Certificate {self.rule} on {self.game}: {escaping}{shares}{')' if escape else ''}, undecided "
            f"{self.undecided:.4f}{f' ({why})' if why else ''}; {len(self.low)} cells; {self.status.value}>"
        )


Progress = Callable[[int, int], None]
