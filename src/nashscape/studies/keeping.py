"""What a study is kept in while it runs: the same for memory and for a folder."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from nashscape.core.columns import Columns
from nashscape.studies.items import Failure, Finished


class Keeping(Protocol):
    """Finished items by key, and their rows by table."""

    @property
    def keys(self) -> frozenset[str]:
        """The items that are done, failed ones not among them."""
        ...

    @property
    def failures(self) -> Mapping[str, Failure]:
        """Why items failed, by key."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        ...

    def add(self, finished: Sequence[Finished]) -> None:
        """Take finished items; a store writes them when there are enough of them, or when some time has passed.

        An item that is there already is not taken twice. One that failed and then was done is done. Every table gets
        the columns `item` and `maker`, the key of the item and the name of the code that made it.

        Raises:
            InputError: for rows that do not fit to the types of the columns; and where nothing can be written: what is
                not written is held still. All other items have been taken.
        """
        ...

    def flush(self) -> None:
        """Write what is not written yet."""
        ...

    def columns(self, table: str, names: Sequence[str] | None = None, keys: Iterable[str] | None = None) -> Columns:
        """Rows of a table, sorted by key of their item and then in the order of their item; verified where read.

        Args:
            table: which one.
            names: of columns; by default all.
            keys: of items; by default all.

        Raises:
            InputError: for a table or a column that is not there, and for rows that are not as they were written.
        """
        ...
