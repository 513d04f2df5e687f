"""How a run from one start can end, and how complete a result is."""

import enum
from collections.abc import Sequence

from nashscape.core.errors import InputError


class Outcome(enum.IntEnum):
    """How a run from one start ended. Outcomes are never merged.

    The codes are what label arrays hold; the code `TARGET + k` means that target number k was reached. Each
    member has a `meaning` and an `advice`.

    >>> Outcome.OUT_OF_BUDGET.advice
    'Raise the number of steps or the step size; watch longer for cycles with Settling(window=…).'
    """

    meaning: str
    advice: str

    def __new__(cls, code: int, meaning: str, advice: str) -> "Outcome":
        """Make the member of this code, with its sentences."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        member.advice = advice
        return member

    OUT_OF_BUDGET = (
        0,
        "Not settled within the steps given.",
        "Raise the number of steps or the step size; watch longer for cycles with Settling(window=…).",
    )
    DIVERGED = (
        1,
        "Not finite any more, or past the bound.",
        "Lower the step size or the coefficients, or project onto a box.",
    )
    CYCLING = (
        2,
        "Came back to an earlier profile after leaving it.",
        "Lower the step size; if it stays, the rule has a cycle here.",
    )
    STATIONARY_UNKNOWN = (
        3,
        "At rest at a profile whose regret is too large for an equilibrium.",
        "Look at the profile: a boundary of the box, a saddle, or a fixed point of the rule's own.",
    )
    OTHER_EQUILIBRIUM = (
        4,
        "At rest at an equilibrium that is none of the targets; whether it attracts is not tested.",
        "Start beside it to see whether it attracts or is a saddle; name it a target if it is a pure profile.",
    )
    TARGET = (
        5,
        "Reached a target.",
        "Nothing needs to be done.",
    )


class Status(enum.Enum):
    """How complete a result is. A result that is not complete is still valid for what it holds.

    >>> Status.INTERRUPTED.advice
    'The result is partial and valid for the starts it holds; run again to finish it.'
    """

    advice: str

    def __new__(cls, value: str, advice: str) -> "Status":
        """Make the member of this value, with its advice."""
        member = object.__new__(cls)
        member._value_ = value
        member.advice = advice
        return member

    COMPLETE = (
        "complete",
        "Nothing needs to be done.",
    )
    UNRESOLVED = (
        "unresolved",
        "Some starts ran out of budget or cycled; raise the number of steps, or lower the step size.",
    )
    UNDECIDED = (
        "undecided",
        "The bounds leave the question open: a tie within the tolerance, or a search that proves nothing.",
    )
    DIVERGED = (
        "diverged",
        "Some starts diverged; lower the step size or the coefficients, or project onto a box.",
    )
    INTERRUPTED = (
        "interrupted",
        "The result is partial and valid for the starts it holds; run again to finish it.",
    )


def target_code(k: int) -> int:
    """The label code of target number k, which counts from zero: `TARGET + k`.

    >>> target_code(1)
    6
    """
    if k < 0:
        raise InputError(f"the number of a target must be at least 0; got {k}")
    return int(Outcome.TARGET) + k


def label_names(targets: Sequence[str]) -> dict[int, str]:
    """The name of every label code, given the names of the targets in order.

    >>> label_names(["CC", "DD"])[6], label_names(["CC", "DD"])[0]
    ('DD', 'out of budget')

    Raises `InputError` if a target is named twice or has the name of an outcome.
    """
    names = {int(o): o.name.lower().replace("_", " ") for o in Outcome if o is not Outcome.TARGET}
    for k, target in enumerate(targets):
        if target in names.values():
            raise InputError(f"the label {target!r} is used twice; give every target a name of its own")
        names[target_code(k)] = target
    return names
