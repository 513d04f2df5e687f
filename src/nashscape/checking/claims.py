"""The claims of a document, one kind after the other."""

from collections.abc import Sequence

from nashscape.checking.corner_traps import corner_fault
from nashscape.checking.documents import CornerTrap, Document
from nashscape.checking.models import Model
from nashscape.checking.names import name_faults
from nashscape.checking.rest_traps import rest_fault
from nashscape.checking.tubes import Tubes


def problem_faults(document: Document) -> list[str]:
    """What keeps the problem from being one about which anything can be proved."""
    problem, faults = document.problem, []
    for name, schedule in problem.coefficients.items():
        wrong = schedule.fault()
        if wrong:
            faults.append(f"the coefficient {name} is not bounded: {wrong}")
    if problem.step_size is not None and (wrong := problem.step_size.step_fault()):
        faults.append(f"the step sizes: {wrong}")
    return faults or name_faults(document)


def trap_fault(document: Document, model: Model, number: int) -> str | None:
    """What was not proved of a trap."""
    trap = document.traps[number]
    wrong = corner_fault(trap, model) if isinstance(trap, CornerTrap) else rest_fault(trap, model)
    return None if wrong is None else f"trap {number}: {wrong}"


class Claims:
    """The claims of one document, each asked for by its number."""

    def __init__(self, document: Document) -> None:
        self.document, self.model = document, Model(document.problem)
        self.tubes = Tubes(document, self.model)

    def traps(self, numbers: Sequence[int]) -> list[str]:
        """What was not proved of some traps."""
        return [wrong for k in numbers if (wrong := trap_fault(self.document, self.model, k)) is not None]

    def cells(self, numbers: Sequence[int]) -> list[str]:
        """What was not proved of some cells."""
        return [wrong for cell in numbers if (wrong := self.tubes.fault(cell)) is not None]

    def asked(self, kind: str, numbers: Sequence[int]) -> list[str]:
        """What was not proved of some "traps" or "cells"."""
        return self.traps(numbers) if kind == "traps" else self.cells(numbers)
