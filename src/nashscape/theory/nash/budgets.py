"""How long a search may go on, and how much it is to find."""

import time
from dataclasses import dataclass, field


class Stopped(Exception):
    """A search has used up its time."""


@dataclass
class Budget:
    """Seconds from its making on, less once it is interrupted.

    Attributes:
        seconds: how many there are.
        start: when they began.
        interrupted: whether somebody has asked to stop, which leaves none.

    >>> Budget(60.0).check()
    >>> Budget(0.0).spent
    True
    """

    seconds: float
    start: float = field(default_factory=time.monotonic)
    interrupted: bool = False

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return 0.0 if self.interrupted else max(0.0, self.start + self.seconds - time.monotonic())

    def part(self, share: float) -> "Budget":
        """A budget of a share of what is left."""
        return Budget(share * self.left if self.left else 0.0)

    @property
    def spent(self) -> bool:
        """Whether none are left."""
        return self.left == 0.0

    def check(self) -> None:
        """Raise `Stopped` when no time is left."""
        if self.spent:
            raise Stopped


FOREVER = Budget(float("inf"))
