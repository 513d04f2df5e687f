"""What fits into memory: asked before anything is allocated."""

from collections.abc import Callable

from nashscape.core import machine
from nashscape.core.errors import InputError

SHARE = 0.5
"""Of the machine's memory that one result may take."""


def check_size(what: str, count: float, each: float, instead: Callable[[int], str], *, most: int | None = None) -> None:
    """Refuse what does not fit, and say what would.

    Args:
        what: there are to be so many of, such as "runs".
        count: how many.
        each: bytes that one takes.
        instead: says what would fit, from how many would.
        most: how many there may be at all, whatever the memory.

    Raises:
        InputError: where they would take more than half of the memory of this machine, or are more than that.

    Example:
        >>> check_size("payoffs", 1e15, 8.0, lambda most: "use fewer players")
        Traceback (most recent call last):
        nashscape.core.errors.InputError: 1,000,000,000,000,000 payoffs need about ... use fewer players
    """
    room = SHARE * machine.memory()
    fits = int(room / each) if most is None else min(int(room / each), most)
    if count <= fits:
        return
    wanted, there = (f"{size / 2**30:,.1f} GiB" for size in (count * each, room))
    limit = "" if most is None else f", and there may be {most:,} at most"
    raise InputError(
        f"{count:,.0f} {what} need about {wanted} of memory, and half of what this machine has is {there}{limit}: "
        f"{instead(fits)}"
    )
