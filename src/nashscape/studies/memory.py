"""Results of a study that are kept in memory alone."""

from collections.abc import Iterable, Mapping, Sequence

from nashscape.core.columns import Columns
from nashscape.core.errors import InputError
from nashscape.studies.headers import Header
from nashscape.studies.items import VALUES, Failure, Finished
from nashscape.studies.schemas import Cells, Schemas, arrays, chosen, joined, value_types


class Memory:
    """What `Keeping` says, without a folder: gone when the program ends.

    Args:
        header: the study that the results are of.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self._schemas = Schemas({VALUES: value_types(header.varied)})
        self._done: dict[str, dict[str, Cells]] = {}
        self._failures: dict[str, Failure] = {}

    @property
    def keys(self) -> frozenset[str]:
        """The items that are done."""
        return frozenset(self._done)

    @property
    def failures(self) -> Mapping[str, Failure]:
        """Why items failed, by key."""
        return dict(self._failures)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self._schemas.types)

    def add(self, finished: Sequence[Finished]) -> None:
        """Take finished items; one that is there already is not taken twice.

        Raises:
            InputError: for rows that do not fit to the columns; all other items have been taken.
        """
        wrong: list[InputError] = []
        for one in finished:
            if one.key not in self._done:
                try:
                    self._take(one)
                except InputError as error:
                    wrong.append(error)
        if wrong:
            raise wrong[0]

    def _take(self, one: Finished) -> None:
        if one.failure is not None:
            self._failures[one.key] = one.failure
        else:
            self._done[one.key] = self._schemas.fitted(one.key, one.tables, self.header.maker.name)
            self._failures.pop(one.key, None)

    def flush(self) -> None:
        """Nothing: there is nowhere to write to."""

    def columns(self, table: str, names: Sequence[str] | None = None, keys: Iterable[str] | None = None) -> Columns:
        """Rows of a table; see `Keeping.columns`.

        Raises:
            InputError: for a table or a column that is not there.
        """
        types = self._schemas.of(table)
        asked = chosen(table, types, names)
        wanted = self._done if keys is None else set(keys) & self._done.keys()
        cells = joined(types, [self._done[key][table] for key in sorted(wanted) if table in self._done[key]])
        return arrays(asked, {name: cells[name] for name in asked})
