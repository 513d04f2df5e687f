"""How long a search may go on, and how much it is to find."""

import time
from dataclasses import dataclass, field


class Stopped(Exception):
    """A search has used up its time."""


@dataclass(frozen=True)
class Budget:
    """Seconds from its making on.

    >>> Budget(60.0).check()
    >>> Budget(0.0).spent
    True
    """

    seconds: float
    start: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.start + self.seconds - time.monotonic())

    @property
    def spent(self) -> bool:
        """Whether none are left."""
        return self.left == 0.0

    def check(self) -> None:
        """Raise `Stopped` when no time is left."""
        if self.spent:
            raise Stopped
