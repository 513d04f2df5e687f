"""How a run from one start can end, and how complete a result is."""

import enum
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core.errors import InputError


class Outcome(enum.IntEnum):
    """How a run from one start ended. Outcomes are never merged.

    The codes are what label arrays hold. The code `TARGET + 3k` means that target number k was reached, `TARGET + 3k
    + 1` that the run rests inside the region of the target but at another place, `TARGET + 3k + 2` that it was in the
    region and is not known to stay. Each member has a `meaning` and an `advice`.

    >>> Outcome.OUT_OF_BUDGET.advice
    'Raise the number of steps or the step size.'
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
        "Still moving when the steps given were over, and not known to be going to any place.",
        "Raise the number of steps or the step size.",
    )
    DIVERGED = (
        1,
        "Not finite any more, or past the bound.",
        "Lower the step size or the coefficients, or project onto a box.",
    )
    CYCLING = (
        2,
        "Came back to an earlier profile after leaving it, on excursions that do not shrink.",
        "Lower the step size; if it stays, the rule has a cycle here.",
    )
    STATIONARY_UNKNOWN = (
        3,
        "At rest at a profile that attracts but whose regret is too large for an equilibrium.",
        "Look at the profile: a boundary of the box, or a fixed point of the rule's own.",
    )
    OTHER_EQUILIBRIUM = (
        4,
        "At rest at an equilibrium that attracts and is none of the targets.",
        "Name it a target if it is a pure profile; see where such runs rest.",
    )
    SLOW = (
        5,
        "Hardly moving, but neither at rest nor known to be going to any place: beside a saddle, say.",
        "Raise the step size, or the number of steps by a large factor.",
    )
    NOISY = (
        6,
        "Moved by random updates so large that their mean does not tell where the run is going.",
        "Use larger batches, a baseline or smaller steps, or go on with the run.",
    )
    FRAGILE = (
        7,
        "Going to a place only because it is exactly where it is: beside it, runs are not.",
        "Start off the symmetry that holds it, or with noise.",
    )
    TARGET = (
        8,
        "Reached a target, and will stay.",
        "Nothing needs to be done.",
    )


WITHIN = 1
"""Added to the code of a target: at rest inside its region but not at the target itself."""

PASSING = 2
"""Added to the code of a target: in its region for now, and not known to stay."""

MOST_TARGETS = (127 - int(Outcome.TARGET)) // 3


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
        "Some runs are open; what helps depends on their labels.",
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
    """The label code of target number k, which counts from zero: `TARGET + 3k`.

    >>> target_code(1)
    11

    Raises `InputError` for a negative number, and one for which label arrays have no room.
    """
    if not 0 <= k <= MOST_TARGETS:
        raise InputError(f"targets are numbered from 0 to {MOST_TARGETS}; got {k}: name fewer targets")
    return int(Outcome.TARGET) + 3 * k


def label_names(targets: Sequence[str]) -> dict[int, str]:
    """The name of every label code, given the names of the targets in order.

    >>> names = label_names(["CC", "DD"])
    >>> names[target_code(1)], names[target_code(1) + WITHIN], names[target_code(1) + PASSING], names[0]
    ('DD', 'rest within DD', 'passing DD', 'out of budget')

    Raises `InputError` if a target is named twice or has the name of an outcome.
    """
    names = {int(o): o.name.lower().replace("_", " ") for o in Outcome if o is not Outcome.TARGET}
    for k, target in enumerate(targets):
        for added, name in enumerate((target, f"rest within {target}", f"passing {target}")):
            if name in names.values():
                raise InputError(f"the label {name!r} is used twice; give every target a name of its own")
            names[target_code(k) + added] = name
    return names


def explained(name: str) -> str:
    """What a label means and what can be done, in sentences, by the name that `label_names` gives it.

    >>> explained("passing CC").split(";")[0]
    'In the region of CC after the last update'
    >>> explained("slow") == f"{Outcome.SLOW.meaning} {Outcome.SLOW.advice}"
    True
    """
    if name.startswith("passing "):
        where = name.removeprefix("passing ")
        return (
            f"In the region of {where} after the last update; whether runs stay there or go through is open. "
            "Raise the number of steps."
        )
    if name.startswith("rest within "):
        return f"At rest in the region of {name.removeprefix('rest within ')}, but at another place. See where."
    member = Outcome.__members__.get(name.upper().replace(" ", "_"), Outcome.TARGET)
    return f"{member.meaning} {member.advice}"


def is_complete(codes: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Which labels say for good where a run ends: at a target, at rest inside its region, or at rest elsewhere.

    >>> is_complete(np.array([target_code(0), target_code(0) + PASSING, Outcome.CYCLING, Outcome.OTHER_EQUILIBRIUM]))
    array([ True, False, False,  True])
    """
    rest = np.isin(codes, [Outcome.STATIONARY_UNKNOWN, Outcome.OTHER_EQUILIBRIUM])
    return np.asarray(rest | ((codes >= Outcome.TARGET) & ((codes - int(Outcome.TARGET)) % 3 != PASSING)))
