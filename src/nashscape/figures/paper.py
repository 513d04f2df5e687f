"""Where pictures are drawn: sizes, places in other figures, and titles and legends that fit the width."""

import functools
import inspect
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypedDict, TypeVar, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase, SubFigure

from nashscape.core import InputError, unknown
from nashscape.figures.style import DPI, INK, SMALL, TEXT, broken, wrapped

LEAST_PANEL = 2.6
"""Panels that would be narrower stand below each other, in inches."""
LINE = 0.165
"""A line of a legend or of a title, in inches."""
LEGEND_LETTERS = 14.5
"""Of a legend to an inch."""
HANDLE = 5
"""Letters that the sign of a legend's entry takes, with the gaps beside it."""


class Paper(TypedDict, total=False):
    """What every picture takes besides its own options and its `title`: `result.plot(size=3.4)`.

    Attributes:
        size: width and height in inches, or the width alone, from which the height follows. Letters have the same size
            on any paper; where it is too narrow for panels abreast they stand below each other.
        ax: an axes of your own figure, whose place the picture takes (the axes goes), or a whole figure or subfigure.
    """

    size: float | tuple[float, float] | None
    ax: Axes | FigureBase | None


@dataclass
class _Place:
    """What is asked of the picture that is being drawn, and what it asked for itself."""

    figure: Any = None
    width: float | None = None
    height: float | None = None
    whole: Figure | None = None
    """The figure of several pictures, of which this is one; it grows as they ask."""
    parts: tuple[int, int] = (1, 1)
    asked: list[tuple[float, float]] = field(default_factory=list)

    def fit(self) -> None:
        """Make the figure of several pictures as large as the largest of them ask."""
        if self.whole is not None:
            down, across = self.parts
            wide, tall = (max(one[k] for one in self.asked) for k in (0, 1))
            self.whole.set_size_inches(self.width or across * wide, self.height or down * tall)


_PLACE: ContextVar[_Place | None] = ContextVar("place of a figure", default=None)
Draw = TypeVar("Draw", bound=Callable[..., Any])


def on_paper(draw: Draw) -> Draw:
    """A picture that takes the options of `Paper` too.

    Raises:
        InputError: for a size that is none, an axes that has no place in a grid, both at once, and other options.
    """

    told = inspect.signature(draw).parameters
    known = [*(name for name in told if name != "paper"), *Paper.__optional_keys__]

    @functools.wraps(draw)
    def drawn(*given: Any, size: Any = None, ax: Any = None, **options: Any) -> Any:
        if "paper" in told:
            for name in options.keys() - set(known):
                raise unknown("option", name, known)
        if size is None and ax is None:
            return draw(*given, **options)
        token = _PLACE.set(_asked(size, ax))
        try:
            return draw(*given, **options)
        finally:
            _PLACE.reset(token)

    return cast(Draw, drawn)


def _asked(size: Any, ax: Any) -> _Place:
    if size is not None and ax is not None:
        raise InputError("give a size or a place, not both; the size of the place is that of its figure")
    if ax is not None:
        return _Place(_within(ax))
    ends = size if isinstance(size, tuple | list) else (size,)
    known = all(isinstance(one, int | float) and math.isfinite(one) and one > 0 for one in ends)
    if len(ends) not in (1, 2) or not known:
        raise InputError(f"size is a width, or a width and a height, in inches; got {size!r}")
    return _Place(width=float(ends[0]), height=float(ends[1]) if len(ends) == 2 else None)


def _within(ax: Any) -> FigureBase:
    """The part of a figure that an axes stood in, or a figure as it is, with a layout that makes room for words."""
    if isinstance(ax, FigureBase):
        part: Any = ax
    else:
        spec = ax.get_subplotspec() if isinstance(ax, Axes) else None
        if spec is None:
            raise InputError(
                f"ax is an axes that stands in a grid, as plt.subplots makes them, or a figure; got {type(ax).__name__}"
            )
        figure: Any = ax.figure
        ax.remove()
        part = figure.add_subfigure(spec)
    whole = _whole(part)
    if whole.get_layout_engine() is None:
        whole.set_layout_engine("constrained")
    return cast(FigureBase, part)


def _whole(part: Any) -> Any:
    """The figure that a part of one, or an axes, belongs to in the end."""
    whole = part.figure
    while isinstance(whole, SubFigure):
        whole = whole.figure
    return whole


def inches(figure: Any) -> tuple[float, float]:
    """Width and height of a figure, a part of one, or an axes that was placed by hand."""
    dots = _whole(figure).dpi
    return figure.bbox.width / dots, figure.bbox.height / dots


def fitting(columns: int, width: float) -> int:
    """How many panels stand abreast on paper so wide: at most so many, and one at least."""
    return max(1, min(columns, int(width / LEAST_PANEL + 1e-6)))


def page(width: float, height: float, *, layout: str | None = "constrained") -> Any:
    """An empty figure of so many inches, outside Matplotlib's global state, or what was asked for instead.

    Of a size of which the width alone was asked, the height is the one given here.
    """
    place = _PLACE.get() or _Place()
    place.asked.append((width, height))
    place.fit()
    if place.figure is not None:
        return place.figure
    # class: Matplotlib's types name the engines one by one
    engine: Any = layout
    return Figure(figsize=(place.width or width, place.height or height), dpi=DPI, layout=engine)


def width_asked(usual: float) -> float:
    """The width of the paper that is drawn on, in inches: the usual one, if none was asked for."""
    place = _PLACE.get() or _Place()
    if place.whole is not None and place.width is None:
        return usual
    if place.figure is not None:
        return inches(place.figure)[0]
    return place.width or usual


def canvas(rows: int, columns: int, width: float, height: float, **options: Any) -> tuple[Any, Any]:
    """A figure of `width` × `height` inches and its axes `[rows, columns]`.

    On paper that was asked for, and is too narrow for so many panels abreast, they stand below each other, in order.
    """
    wide = width_asked(width)
    across = columns if wide >= width else fitting(columns, wide)
    down = math.ceil(rows * columns / across)
    figure = page(width, height * max(down / rows, wide / width))
    if across == columns:
        return figure, figure.subplots(rows, columns, squeeze=False, **options)
    shared = {name: own for name, own in options.items() if name in ("sharex", "sharey")}
    panels = figure.subplots(down, across, squeeze=False, **shared).ravel()
    for blank in panels[rows * columns :]:
        blank.remove()
    return figure, panels[: rows * columns].reshape(rows, columns)


def beside(drawings: Mapping[str, Callable[[], Any]], title: str | None = None) -> Any:
    """One figure of several pictures side by side, each of which is drawn on one `canvas` and headed by its name."""
    outer, count = _PLACE.get() or _Place(), len(drawings)
    known = outer.width if outer.figure is None else inches(outer.figure)[0]
    across = count if known is None else fitting(count, known)
    parts = (math.ceil(count / across), across)
    whole = Figure(dpi=DPI, layout="constrained") if outer.figure is None else outer.figure
    grows = whole if outer.figure is None else None
    if outer.width is not None:
        whole.set_size_inches(outer.width, outer.height or outer.width)
    asked: list[tuple[float, float]] = []
    subfigures = whole.subfigures(*parts, squeeze=False).ravel()
    for part, (name, draw) in zip(subfigures, drawings.items(), strict=False):
        token = _PLACE.set(_Place(part, outer.width, outer.height, grows, parts, asked))
        try:
            draw()
        finally:
            _PLACE.reset(token)
        heads = [part.get_suptitle(), *(axes.get_title() for axes in part.axes)]
        if not any(name in one for one in heads):
            head(part, f"{name}: {heads[0]}" if heads[0] else name, size=TEXT + 2)
    if title is not None:
        head(whole, title)
    return whole


def _grow(figure: Any, more: float) -> None:
    """Make room below or above, where the height was not asked for."""
    place = _PLACE.get() or _Place()
    if more <= 0 or place.height is not None:
        return
    if place.whole is not None and figure is place.figure:
        width, height = place.asked[-1]
        place.asked[-1] = (width, height + more)
        place.fit()
    elif place.figure is None and not isinstance(figure, SubFigure):
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + more)


def head(over: Any, title: str, *, size: float = TEXT + 1) -> None:
    """The title of a figure, or of the one panel of a figure, in lines that fit its width."""
    figure = over.figure if isinstance(over, Axes) else over
    lines = wrapped(title, inches(figure)[0] * 10.0 / size)
    _grow(figure, LINE * (lines.count("\n") - title.count("\n")))
    if isinstance(over, Axes):
        over.set_title(lines, fontsize=size, color=INK)
    else:
        over.suptitle(lines, fontsize=size, color=INK)


def _wide(texts: Sequence[str], abreast: int) -> int:
    """How many letters entries take in so many columns, filled one after the other as Matplotlib does."""
    longest = [max(map(len, text.splitlines()), default=0) + HANDLE for text in texts]
    each, more = divmod(len(texts), abreast)
    ends = [0, *itertools.accumulate(each + (k < more) for k in range(abreast))]
    return sum(max(longest[low:high]) for low, high in itertools.pairwise(ends))


def key(figure: Any, handles: Sequence[Any] | None = None, *, columns: int = 1, **options: Any) -> None:
    """A legend under all panels, in as many columns as fit the width, at most so many.

    Args:
        figure: whose panels.
        handles: its entries; by default whatever has a label in a panel.
        columns: the most abreast.
        **options: of Matplotlib's legend.
    """
    if handles is None:
        found = [one for axes in figure.axes for one in axes.get_legend_handles_labels()[0]]
        # of signs with one name the first
        handles = list({one.get_label(): one for one in reversed(found)}.values())
        handles.sort(key=found.index)
    if not handles:
        return
    texts = [str(one.get_label()) for one in handles]
    room = int(inches(figure)[0] * LEGEND_LETTERS)
    lines_of = ["\n".join(broken(text, max(12, room - HANDLE))) or text for text in texts]
    abreast = next(n for n in range(min(columns, len(handles)), 0, -1) if n == 1 or _wide(lines_of, n) <= room)
    lines = math.ceil(len(handles) / abreast) + sum(text.count("\n") for text in lines_of)
    _grow(figure, LINE * (lines - math.ceil(len(handles) / columns)))
    figure.legend(
        handles, lines_of, loc="outside lower center", ncols=abreast, fontsize=SMALL, frameon=False, labelcolor=INK,
        borderaxespad=0.0, **{"handleheight": 1.1, **options},
    )  # fmt: skip
