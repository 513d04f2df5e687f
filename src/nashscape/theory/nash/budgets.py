"""How long a search may go on, and how much it is to find."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nashscape.core.interrupts import asked_to_stop, until_stopped


class Stopped(Exception):
    """A search has used up its time."""


@dataclass
class Budget:
    """Seconds from its making on; none are left once somebody has asked to stop.

    Attributes:
        seconds: how many there are.
        start: when they began.
        asked: set where somebody had asked to stop when the search ended.

    >>> Budget(60.0).check()
    >>> Budget(0.0).spent
    True
    """

    seconds: float
    start: float = field(default_factory=time.monotonic)
    asked: threading.Event = field(default_factory=threading.Event)

    @property
    def interrupted(self) -> bool:
        """Whether somebody has asked to stop."""
        return self.asked.is_set() or asked_to_stop()

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return 0.0 if self.interrupted else max(0.0, self.start + self.seconds - time.monotonic())

    def part(self, share: float) -> "Budget":
        """A budget of a share of what is left."""
        return Budget(share * self.left if self.left else 0.0, asked=self.asked)

    @property
    def spent(self) -> bool:
        """Whether no seconds are left."""
        return self.left == 0.0

    def check(self) -> None:
        """Raise `Stopped` when no time is left."""
        if self.spent:
            raise Stopped

    @contextmanager
    def until_asked(self) -> Iterator[None]:
        """Let Ctrl-C ask to stop, and the second one raise; see `until_stopped`."""
        with until_stopped(lambda: True):
            yield
            if self.interrupted:
                self.asked.set()


FOREVER = Budget(float("inf"))
