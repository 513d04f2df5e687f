"""What every result can do, whatever it holds."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import write_whole
from nashscape.core.outcomes import Status
from nashscape.core.pictures import drawn
from nashscape.core.plain_data import plain
from nashscape.core.provenance import Provenance
from nashscape.core.question import Question

if TYPE_CHECKING:
    from nashscape.core.columns import Columns
    from nashscape.core.tables import Table


class Result:
    """Base of the frozen dataclasses that hold results, which declare the fields `status` and `provenance`.

    >>> from dataclasses import dataclass
    >>> from nashscape.core.citations import WILSON
    >>> from nashscape.core.provenance import record
    >>> @dataclass(frozen=True)
    ... class Share(Result):
    ...     value: float
    ...     status: Status
    ...     provenance: Provenance
    >>> share = Share(0.25, Status.COMPLETE, record("share", {"grid": 51}, sources=[WILSON]))
    >>> share.to_dict()["status"], [line[:13] for line in share.citation.splitlines()]
    ('COMPLETE', ['The nashscape', 'Wilson: Proba'])
    """

    question_kind: ClassVar[str] = ""
    """The kind of the questions that results of this class answer, `question.kind`; files hold it."""

    schema: ClassVar[int] = 1
    """Counts the changes of what the fields of this class are, as far as files written before could not be read."""

    migrations: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = MappingProxyType({})
    """By schema, what makes the data of the fields of that schema into data of the next."""

    picture: ClassVar[str] = ""
    """The function that draws results of this class, "package.module:function"; it takes the result, or a dict of
    results by rule, and options."""

    as_columns: ClassVar[str] = ""
    """The function that makes columns of results of this class, "package.module:function": from the result to arrays
    with an entry per row, and scalars, by name. Without one a result is one row of its scalars."""

    as_grid: ClassVar[str] = ""
    """The function that says along what the rows of results of this class are laid out, "package.module:function": from
    the result to names of dimensions, outermost first, each with the column that holds its coordinates. Every
    combination has one row. Without one rows are no grid."""

    as_table: ClassVar[str] = ""
    """The function that makes a table of results of this class, "package.module:function"; it takes the result, or a
    dict of results by rule, and options. Without one a result prints its columns."""

    computed: ClassVar[tuple[str, ...]] = ("advice",)
    """Properties, and methods without arguments, that `to_dict` tells besides the fields; those of base classes too."""

    if TYPE_CHECKING:
        # For type checkers alone: at run time an inherited property would become the field's default.
        @property
        def status(self) -> Status: ...  # noqa: D102
        @property
        def provenance(self) -> Provenance: ...  # noqa: D102

    @property
    def question(self) -> Question:
        """What was asked, as data: `result.question["steps"]`, and `result.question.differs(other.question)`."""
        return self.provenance.question

    @property
    def citation(self) -> str:
        """What to cite for this result, one per line: this library, then the publications of rules and methods."""
        return self.provenance.citation

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done otherwise than asked, and what to look at before the result is used, in sentences."""
        return self.provenance.told

    @property
    def advice(self) -> str:
        """What to do about the status."""
        return self.status.advice

    @property
    def standing(self) -> str:
        """The status and the heads of the notes, for the end of a line: "complete; steps are out of scale"."""
        return f"{self.status.value}{self.provenance.remark}"

    def to_dict(self, *, largest: int | None = None) -> dict[str, Any]:
        """The result as plain data: its kind and schema, the fields, and what `computed` names.

        Enum members are told by name, arrays as lists, NaN as None. What a result refuses to say is None.

        Args:
            largest: in place of an array with more entries stands `{"left_out": "array", "shape": […]}`; by default
                nothing is left out.

        Returns:
            What JSON can hold: `"result"` is the kind, `"schema"` that of the fields.

        Example:
            >>> import nashscape as ns
            >>> told = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=8, steps=4).to_dict(largest=5)
            >>> told["result"], told["labels"], told["probabilities"]["CC"]["trials"]
            ('entry', {'left_out': 'array', 'shape': [8]}, 8)
        """
        assert dataclasses.is_dataclass(self), "a Result is declared as a dataclass"
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        own = {"result": self.question_kind, "schema": self.schema, **fields, **computed_of(self)}
        return {name: plain(value, largest) for name, value in own.items()}

    def to_json(self, path: str | Path | None = None) -> str:
        """The result as JSON text, also written to `path` where one is given."""
        text = json.dumps(self.to_dict(), indent=2, allow_nan=False, ensure_ascii=False)
        if path is not None:
            write_whole(path, text + "\n")
        return text

    def save(self, path: str | Path) -> Path:
        """Write the result to a file that `nashscape.load` reads; it is there whole or not at all.

        Args:
            path: of the file; what was there is replaced.

        Returns:
            The path.

        Raises:
            InputError: where nothing can be written, and for a class without a kind of its own.
        """
        from nashscape.core.files.saving import save

        return save(self, path)

    def to_columns(self) -> "Columns":
        """The result as a table: NumPy arrays of one length by name, of numbers, truth values and texts.

        One row per run where a result holds runs, by the number of its start; one per point where it holds points, such
        as values of a number that varies; one row of its scalars otherwise. An estimate is three columns, such as
        `share`, `share_low`, `share_high`. `status` and `question_key`, empty where the question has none, are the
        same in every row.

        Example:
            >>> import nashscape as ns
            >>> found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=3, steps=200).to_columns()
            >>> list(found)
            ['game', 'rule', 'start', 'outcome', 'held', 'first_hit', 'status', 'question_key']
            >>> found["start"].tolist(), found["first_hit"].dtype.kind
            ([0, 1, 2], 'i')
        """
        from nashscape.core.columns import columns_of

        return columns_of(self)

    def to_arrow(self) -> Any:
        """The columns of `to_columns` as an Arrow table, which pandas, Polars, DuckDB take without copying.

        Raises:
            InputError: where pyarrow is not installed.
        """
        from nashscape.core.frames import arrow_of

        return arrow_of(self.to_columns())

    def to_frame(self, library: str = "pandas") -> Any:
        """The columns of `to_columns` as a DataFrame of pandas or Polars.

        Args:
            library: "pandas" or "polars", which has no complex numbers: such a column is two there, as `…_real` and
                `…_imag`.

        Raises:
            InputError: for another library, and where it is not installed.

        Example:
            >>> import nashscape as ns
            >>> found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=3, steps=200)
            >>> found.to_frame("polars").shape
            (3, 8)
        """
        from nashscape.core.frames import frame_of

        return frame_of(self.to_columns(), library)

    def to_xarray(self) -> Any:
        """The columns of `to_columns` as an xarray Dataset along what varies, for results whose rows are a grid.

        Dimensions are called by what varies, such as `rollout`, `p1`, `p2` of a map, or "peer" of a sweep over that,
        and have its values as coordinates. What is the same in every row, such as `rule` and `status`, is a coordinate
        without a dimension, so that datasets can be joined along it. `attrs` hold the kind of the question, the
        question as JSON text, and the version of this library.

        Raises:
            InputError: for a result whose rows are no grid, and where xarray is not installed.
        """
        from nashscape.core.frames import dataset_of

        return dataset_of(self)

    def table(self, **options: Any) -> "Table":
        """The result as a table that prints itself; the options are those of the function that `as_table` names.

        Example:
            >>> import nashscape as ns
            >>> found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=8, steps=200)
            >>> found.table().rows[0][:2]
            ('pg', '0.1250\\n[0.0224, 0.4709]\\n[0.0032, 0.5265]')
        """
        from nashscape.core.usual_tables import table_of

        return table_of(self, **options)

    def plot(self, path: str | Path | None = None, **options: Any) -> Any:
        """The result as a Matplotlib figure, made without pyplot; saved too where a path is given.

        Args:
            path: of a file to write, as PNG, SVG or PDF by its ending; what was there is replaced.
            options: those of the function that `picture` names, by name; docs/results.md lists them by result.

        Raises:
            InputError: for a class that names no picture, an option that it does not have, and another ending.

        Example:
            >>> import nashscape as ns
            >>> found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=8, steps=20)
            >>> found.plot(outcom="CC")
            Traceback (most recent call last):
            nashscape.core.errors.InputError: unknown option 'outcom'; did you mean 'outcome'? Known:
            ax, entries, outcome, size, title.
        """
        return drawn(self, path, **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """For notebooks: the picture, and where there is none the table."""
        from nashscape.core.notebooks import shown

        return shown(self, bool(self.picture))


def computed_of(result: Result) -> dict[str, Any]:
    """What a result tells besides its fields, by name: what the class and its bases name in `computed`.

    What is refused, such as the one crossing of a line that has two, is None.
    """
    kinds = reversed(type(result).__mro__)
    names = dict.fromkeys(name for kind in kinds for name in vars(kind).get("computed", ()))
    return {name: _computed(result, name) for name in names}


def _computed(result: Result, name: str) -> Any:
    try:
        value = getattr(result, name)
        return value() if callable(value) else value
    except InputError:
        return None
