"""A match of a duel as it went, frame by frame."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status

Integers = npt.NDArray[np.int64]
Both = tuple[str, str]

PHASES = ("step", "start-up", "active", "recovery", "stun", "guard")
"""What a fighter is in, in a frame."""
EVENTS = ("hit", "guarded", "thrown", "broke free")
"""What the other's blow does to one whom it meets; two who grab at once break free."""


@dataclass(frozen=True, eq=False)
class DuelMatch(Result):
    """One duel, in T frames; of every pair the first is the left fighter's.

    Attributes:
        fighters: names of both.
        doings: what both do in each frame, such as "attack 2", the second frame of one; T pairs.
        phases: in which part of it they are: step, start-up, active, recovery, stun or guard; T pairs.
        events: what happens to both in it: hit, guarded, thrown, broke free, or ""; T pairs.
        distances: before each frame, and at the end, `[T + 1]`.
        health: of both before each frame, and at the end, `[T + 1, 2]`.
        reach: largest distances at which an attack and a throw meet.
        bell: whether the bell ended it, else somebody has no health left.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "duel match"
    picture: ClassVar[str] = "nashscape.figures.duels:duel_match_figure"
    as_table: ClassVar[str] = "nashscape.environments.duels.match_tables:match_table"
    as_columns: ClassVar[str] = "nashscape.environments.duels.match_tables:columns_of_match"

    fighters: Both
    doings: tuple[Both, ...]
    phases: tuple[Both, ...]
    events: tuple[Both, ...]
    distances: Integers
    health: Integers
    reach: tuple[int, int]
    bell: bool
    status: Status
    provenance: Provenance

    @property
    def winner(self) -> str | None:
        """Who has more health at the end, None of a draw."""
        left, right = self.health[-1].tolist()
        return None if left == right else self.fighters[int(right > left)]

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        won = "a draw" if self.winner is None else f"{self.winner} wins"
        return f"{won}, {self.health[-1, 0]}:{self.health[-1, 1]}{' at the bell' if self.bell else ''}"

    def __repr__(self) -> str:
        """How it ended, as one line."""
        return f"<DuelMatch of {self.fighters[0]} and {self.fighters[1]}, {len(self.phases)} frames: {self.ending}>"


@dataclass(frozen=True, eq=False)
class DuelExploitability(Result):
    """What there is to exploit in policies of a duel in which what one gets the other loses.

    Attributes:
        names: of the policies.
        payoffs: what each gets against each, `[n, n]`, exactly.
        exploitability: what the best response to each gets, `[n]`, exactly; 0 is the least, that of a minimax policy.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "duel exploitability"
    picture: ClassVar[str] = "nashscape.figures.duels:duel_exploitability_figure"
    as_table: ClassVar[str] = "nashscape.environments.duels.match_tables:exploitability_table"
    as_columns: ClassVar[str] = "nashscape.environments.duels.match_tables:columns_of_exploitability"

    names: tuple[str, ...]
    payoffs: npt.NDArray[np.float64]
    exploitability: npt.NDArray[np.float64]
    status: Status
    provenance: Provenance

    @property
    def order(self) -> Integers:
        """Numbers of the policies, the least exploitable first."""
        return np.argsort(self.exploitability.round(9), kind="stable")

    def __repr__(self) -> str:
        """The least and the most exploitable, as one line."""
        told = [f"{self.names[k]} {self.exploitability[k]:.3f}" for k in self.order]
        return f"<DuelExploitability: {', '.join(told if len(told) <= 3 else [*told[:2], '…', told[-1]])}>"
