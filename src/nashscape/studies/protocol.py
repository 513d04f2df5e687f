"""What running takes of a study."""

from collections.abc import Iterable
from typing import Protocol

from nashscape.studies.headers import Header
from nashscape.studies.items import Item, Place, Work
from nashscape.studies.stopping import Until


class Asked(Protocol):
    """Items by place, always in the same order, and what works on them."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def work(self) -> Work:
        """What engines send to workers."""
        ...

    def header(self) -> Header:
        """What keeps it must know: a store is of one study."""
        ...

    def places(self) -> Iterable[Place]:
        """Where items stand; of a measurement with a stopping rule, those of the first replicate of each point."""
        ...

    def item(self, place: Place) -> Item:
        """The item at a place: the same in every process."""
        ...

    def until(self, measure: int) -> Until | None:
        """The stopping rule of a measurement; None where the number of its replicates is given."""
        ...
