"""Results of one question by name, such as those of several rules: a mapping that is shown like one result."""

from pathlib import Path
from typing import Any, ClassVar, TypeVar

from nashscape.core.errors import UnknownKey, unknown
from nashscape.core.notebooks import shown
from nashscape.core.pictures import drawn
from nashscape.core.result import Result
from nashscape.core.tables import Table
from nashscape.core.usual_tables import table_of

R = TypeVar("R", bound=Result)


class ResultsByName(dict[str, R]):
    """Results of one class by name, in the order in which these were given.

    >>> from nashscape.ranking import rank
    >>> found = rank([("ann", "bob", 1), ("bob", "cy", 1), ("cy", "ann", 1)], ["copeland", "elo"])
    >>> list(found), found["copeland"].ranks.tolist()
    (['copeland', 'elo'], [1, 1, 1])
    """

    what: ClassVar[str] = "name"
    """What the names are of."""

    def __missing__(self, name: object) -> R:
        raise UnknownKey(str(unknown(f"{self.what} of these results", name, self)))

    def table(self, **options: Any) -> Table:
        """All of them in one table; the options are those of the function that the results' class names."""
        return table_of(self, **options)

    def to_dict(self, *, largest: int | None = None) -> dict[str, Any]:
        """The results as plain data, by name; see `Result.to_dict`."""
        return {name: one.to_dict(largest=largest) for name, one in self.items()}

    def plot(self, path: str | Path | None = None, **options: Any) -> Any:
        """All of them in one figure, saved too where a path is given; see `Result.plot`."""
        return drawn(self, path, **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """For notebooks: the picture of all, and where there is none the table."""
        return shown(self, any(one.picture for one in self.values()))
