"""Tables that print themselves: as plain text, and in notebooks."""

import functools
import html
import io
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, cast

from nashscape.core.errors import InputError
from nashscape.core.outcomes import Status
from nashscape.core.statistics.estimates import Estimate

WIDTH = 120
"""Characters of a line of text whose cells may be broken."""

MOST_WIDTH = 1000

MOST_ROWS = 24
"""Rows that are shown of those of which there may be many."""


@dataclass(frozen=True, repr=False)
class Table:
    """A table of texts, with lines under it; what a result gives when it is printed.

    `str(table)` is plain text, and a notebook shows it as a table of its own.

    Attributes:
        title: a line above it, or "".
        columns: headings; none for lines alone.
        rows: a text for each column; a text may have several lines.
        left: the columns that are flush left, as the first always is; others are flush right.
        wrap: the columns whose texts are broken where they do not fit. Without any the table is as wide as it needs.
        notes: sentences under it, a line each.
        below: further tables, printed under all of this.

    Example:
        >>> print(Table("Shares", ("rule", "CC"), [("pg", "0.25"), ("lola", "0.5")], notes=["Of 4 starts."]))
        Shares
        <BLANKLINE>
         rule    CC
         ──────────
         pg    0.25
         lola   0.5
        <BLANKLINE>
        Of 4 starts.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: Sequence[str] = ()
    wrap: Sequence[str] = ()
    notes: Sequence[str] = ()
    below: Sequence["Table"] = ()

    def __post_init__(self) -> None:
        """Make tuples of what was given, and refuse rows that do not fit the columns."""
        for name in ("columns", "left", "wrap", "notes", "below"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "rows", tuple(map(tuple, self.rows)))
        for row in self.rows:
            if len(row) != len(self.columns):
                raise InputError(f"a row of a table has {len(row)} cells for {len(self.columns)} columns: {row}")

    def __str__(self) -> str:
        """The text, in lines of 120 characters where texts of cells are broken."""
        return self.text()

    __repr__ = __str__

    def text(self, width: int | None = None) -> str:
        """The table, its notes and the tables below it as plain text.

        Args:
            width: characters of a line. It counts where texts may be broken: the columns in `wrap`, by default at 120,
                and the notes, by default nowhere.
        """
        notes = self.notes if width is None else [_broken(note, width) for note in self.notes]
        own = "\n".join([*self._lines(width or WIDTH), *notes])
        return "\n\n".join([own, *(one.text(width) for one in self.below)])

    def _lines(self, width: int) -> list[str]:
        """The title and the grid, and an empty line where notes follow."""
        title = [self.title] if self.title else []
        if not self.columns:
            return title
        return [*title, *([""] if title else []), *self._grid(width), *([""] if self.notes else [])]

    def _grid(self, width: int) -> list[str]:
        from rich import box
        from rich.console import Console
        from rich.table import Table as Grid

        leading = int(any("\n" in cell for row in self.rows for cell in row))
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), leading=leading)
        for k, name in enumerate(self.columns):
            side: Literal["left", "right"] = "left" if k == 0 or name in self.left else "right"
            grid.add_column(name, justify=side, no_wrap=name not in self.wrap, overflow="fold")
        for row in self.rows:
            grid.add_row(*row)
        # names of games and rules are never read as markup, and nothing is coloured, wherever this is printed
        plain: dict[str, Any] = {"color_system": None, "force_terminal": False, "force_jupyter": False}
        screen = Console(file=io.StringIO(), markup=False, highlight=False, emoji=False, width=MOST_WIDTH, **plain)
        if self.wrap:
            screen.width = max(width, screen.measure(grid).minimum)
        with screen.capture() as printed:
            screen.print(grid)
        lines = [line.rstrip() for line in printed.get().splitlines()]
        # the style has an empty line above, and one below rows of several lines
        filled = [k for k, line in enumerate(lines) if line]
        return lines[filled[0] : filled[-1] + 1]

    def _repr_html_(self) -> str:
        """For notebooks: the same with every text escaped."""
        return "\n".join([self._own_html(), *(one._repr_html_() for one in self.below)])

    def _own_html(self) -> str:
        def row(kind: str, cells: Iterable[str]) -> str:
            sides = ("left" if k == 0 or self.columns[k] in self.left else "right" for k in range(len(self.columns)))
            return "".join(
                f'<{kind} style="text-align: {side}">{_escaped(cell)}</{kind}>'
                for side, cell in zip(sides, cells, strict=True)
            )

        body = "".join(f"<tr>{row('td', own)}</tr>" for own in self.rows)
        head = f"<thead><tr>{row('th', self.columns)}</tr></thead><tbody>{body}</tbody>" if self.columns else ""
        title = f"<caption>{_escaped(self.title)}</caption>" if self.title else ""
        return f"<table>{title}{head}</table>" + "".join(f"<p>{_escaped(note)}</p>" for note in self.notes)


Make = TypeVar("Make", bound=Callable[..., Table])


def one_by_one(make: Make) -> Make:
    """A table of one result that, given several by rule, is one table under the other, each with its rule in the title.

    Raises:
        InputError: for a mapping that holds none.
    """

    @functools.wraps(make)
    def made(found: Any, **options: Any) -> Table:
        if isinstance(found, Mapping):
            return under([_named(name, make(one, **options)) for name, one in found.items()])
        return make(found, **options)

    return cast(Make, made)


def _named(name: str, table: Table) -> Table:
    return table if name in table.title else replace(table, title=f"{name}: {table.title}")


def under(tables: Iterable[Table]) -> Table:
    """Tables one under another, as one.

    Raises:
        InputError: for none.
    """
    every = list(tables)
    if not every:
        raise InputError("there are no results to print")
    return replace(every[0], below=(*every[0].below, *every[1:]))


def results_by_rule(found: Any) -> dict[str, Any]:
    """What a function of tables was given, a result or several by rule, as results by rule.

    Raises:
        InputError: for a mapping that holds none.
    """
    if not isinstance(found, Mapping):
        return {found.rule: found}
    if not found:
        raise InputError("there are no results to print")
    return dict(found)


def facts(title: str, lines: Mapping[str, str], notes: Iterable[str] = ()) -> Table:
    """A table of names and what they are, line after line.

    >>> facts("A line", {"points": "7"}).rows
    (('points', '7'),)
    """
    return Table(title, ("", ""), tuple(lines.items()), left=("",), notes=tuple(notes))


def shortened(rows: Iterable[tuple[str, ...]], most: int = MOST_ROWS) -> tuple[tuple[str, ...], ...]:
    """Rows of a table, of many the first and the last with dots between.

    >>> shortened([(str(k),) for k in range(9)], most=4)
    (('0',), ('1',), ('…',), ('7',), ('8',))
    """
    every = tuple(rows)
    half = most // 2
    return every if len(every) <= most else (*every[:half], ("…",) * len(every[0]), *every[-half:])


def interval(estimate: Estimate) -> str:
    """Value and interval on two lines; the value alone where it is exact.

    >>> from nashscape.core.statistics.estimates import bracket
    >>> interval(bracket(0.1, 0.25, 0.5, "by hand"))
    '0.2500\\n[0.1000, 0.5000]'
    """
    exact = estimate.level is None and estimate.low == estimate.high
    return f"{estimate.value:.4f}" if exact else f"{estimate.value:.4f}\n{ends(estimate)}"


def ends(estimate: Estimate) -> str:
    """The interval of an estimate, without its value."""
    return f"[{estimate.low:.4f}, {estimate.high:.4f}]"


def standing(results: Iterable[Any], *, statuses: bool = True) -> tuple[str, ...]:
    """What is to be known about results before they are used, every line once: advice on statuses, and notes."""
    every = list(results)
    lines = [f"{one.status.value}: {one.advice}" for one in every if one.status is not Status.COMPLETE]
    notes = [f"{note[0].upper()}{note[1:]}." for one in every for note in one.notes]
    return tuple(dict.fromkeys([*(lines if statuses else []), *notes]))


def _broken(text: str, width: int) -> str:
    return "\n".join(textwrap.fill(line, width, break_long_words=False) for line in text.split("\n"))


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
